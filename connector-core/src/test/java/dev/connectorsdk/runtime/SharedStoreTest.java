package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two nodes on one PostgreSQL: how one sees what the other has changed. */
@ExtendWith(PostgresServer.Extension.class)
class SharedStoreTest {

  /** By the clock that the test sets; the store is asked as often by the machine's. */
  private static final Duration FRESHNESS = Duration.ofMillis(400);

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Caller BOB = Principal.user("bob").in("dev");
  private static final Flow SYNC = Flow.of("sync", ADA.principal()).runnableBy(BOB.principal());
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");
  private static final ConnectionReference TEAMS =
      ConnectionReference.embedded("team-tickets", "tickets");
  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));

  /** Sends nothing. */
  private static final Action<TicketId, String> NAME =
      Action.builder("name", Effect.READ, TicketId.class, String.class)
          .run((in, call) -> call.connection().displayName());

  private final PostgresServer server;
  private final SettableClock clock = new SettableClock();
  private final KeyRing keys = KeyRing.random();
  private JdbcConnectionPool pool;
  private Statements statements;
  private ConnectorRuntime here;
  private ConnectorRuntime there;

  SharedStoreTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void start() throws SQLException {
    pool = JdbcConnectionPool.create(server.emptySchema());
    pool.setMaxConnections(30);
    statements = new Statements(pool);
    here = node(statements.source());
    there = node(pool);
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
    pool.dispose();
  }

  private ConnectorRuntime node(DataSource source) {
    return ConnectorRuntime.builder()
        .connector(Tickets.builder("https://tickets.example").action(NAME).build())
        .store(JdbcStore.builder(source).build(), keys)
        .clock(clock)
        .sleeper(clock)
        .freshness(FRESHNESS)
        .build();
  }

  private Connection connect(Caller caller) {
    return there.connections().create(caller, ConnectionSpec.of("tickets", "none"));
  }

  private String name(Caller caller) {
    return here.invoke(caller, MINE, NAME, new TicketId("1"));
  }

  private ConnectionId mine(Caller caller) {
    return here.references().resolve(caller, MINE).connection().id();
  }

  @Test
  @DisplayName("What others have not changed is not asked for again, however long it is used")
  void whatIsUnchangedIsNotAskedForAgain() throws InterruptedException {
    Connection adas = connect(ADA);
    Connection bobs = connect(BOB);
    there.references().bind(ADA.running(SYNC), TEAMS, adas.id());
    mine(ADA);
    statements.awaitChanges(2); // What was read before is not known to hold.
    clock.advance(FRESHNESS);
    mine(ADA);
    mine(BOB);
    here.references().resolve(BOB.running(SYNC), TEAMS);
    statements.others.clear();

    for (int i = 0; i < 10; i++) {
      statements.awaitChanges(3); // The second one began, and ended, after the clock was set.
      clock.advance(FRESHNESS.minusMillis(1));

      assertThat(mine(ADA)).isEqualTo(adas.id());
      assertThat(mine(BOB)).isEqualTo(bobs.id());
      assertThat(here.references().resolve(BOB.running(SYNC), TEAMS).connection().id())
          .isEqualTo(adas.id());
    }

    assertThat(statements.others).isEmpty();
  }

  @Test
  @Tag("I2")
  @DisplayName("I2: what another node takes away is gone before the freshness ends")
  void whatAnotherNodeTakesAwayIsGone() throws InterruptedException {
    Connection connection = connect(ADA);
    mine(ADA);
    statements.awaitChanges(2);

    there.connections().disable(ROOT, connection.id(), "lost laptop");
    statements.awaitChanges(2);

    assertThatExceptionOfType(ResolutionException.Broken.class).isThrownBy(() -> mine(ADA));
  }

  @Test
  @Tag("I2")
  @DisplayName("I2: a call that went well before sees what another node has changed before that")
  void aRepeatedCallSeesWhatAnotherNodeHasChanged() throws InterruptedException {
    Connection connection = connect(ADA);
    name(ADA);
    statements.awaitChanges(2);
    clock.advance(FRESHNESS);
    name(ADA);
    assertThat(name(ADA)).isEqualTo(connection.displayName());

    there
        .connections()
        .update(ADA, connection.id(), ConnectionSpec.of("tickets", "none").named("renamed"));
    statements.awaitChanges(2);

    assertThat(name(ADA)).isEqualTo("renamed");
  }

  @Test
  void whatAnotherNodeAddsIsFound() throws InterruptedException {
    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> mine(ADA));
    statements.awaitChanges(2);

    Connection connection = connect(ADA);
    statements.awaitChanges(2);

    assertThat(mine(ADA)).isEqualTo(connection.id());
  }

  @Test
  @Tag("I5")
  @DisplayName("I5: if changes cannot be read, what was read holds for the freshness and no longer")
  void withoutTheChangesEachThingIsAskedForAgain() throws InterruptedException {
    Connection connection = connect(ADA);
    mine(ADA);
    statements.awaitChanges(2);
    statements.cut = true;
    statements.awaitChanges(2);
    there.connections().disable(ROOT, connection.id(), "lost laptop");

    assertThat(mine(ADA)).isEqualTo(connection.id());

    clock.advance(FRESHNESS);
    assertThatExceptionOfType(ResolutionException.Broken.class).isThrownBy(() -> mine(ADA));
  }

  /** What one node asks the database. */
  private static final class Statements {

    private final DataSource pool;
    private final Semaphore askedForChanges = new Semaphore(0);
    private final List<String> others = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    Statements(DataSource pool) {
      this.pool = pool;
    }

    /**
     * Waits until what was changed has been asked for so often from now on; all answers but the
     * last have been heeded by then.
     */
    void awaitChanges(int times) throws InterruptedException {
      askedForChanges.drainPermits();
      assertThat(askedForChanges.tryAcquire(times, 30, TimeUnit.SECONDS)).isTrue();
    }

    DataSource source() {
      return proxy(DataSource.class, (proxy, method, arguments) -> lend());
    }

    private java.sql.Connection lend() throws SQLException {
      java.sql.Connection lent = pool.getConnection();
      return proxy(
          java.sql.Connection.class,
          (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
              asked((String) arguments[0]);
            }
            try {
              return method.invoke(lent, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
    }

    private void asked(String sql) throws SQLException {
      if (!sql.contains("connector_change")) {
        others.add(sql);
        return;
      }
      if (sql.startsWith("SELECT")) {
        askedForChanges.release();
      }
      if (cut) {
        throw new SQLTransientConnectionException("cut");
      }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
      return type.cast(
          Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
  }
}

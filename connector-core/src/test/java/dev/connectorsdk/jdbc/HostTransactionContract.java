package dev.connectorsdk.jdbc;

import static dev.connectorsdk.api.spi.TriggerStore.EventStatus.ACCEPTED;
import static dev.connectorsdk.api.spi.TriggerStore.EventStatus.STORED;
import static dev.connectorsdk.fixtures.ManyThreads.atOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.internal.trigger.AcceptingHandler;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.HandledEvent;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler writes and that it has handled the event are one thing. */
@Tag("G9")
abstract class HostTransactionContract {

  private static final Set<String> HANDLERS = Set.of("announce");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration OVER = Duration.ofSeconds(-1);
  private static final Retention SEVEN_DAYS = new Retention(Duration.ZERO, Duration.ofDays(7));

  private DataSource database;
  private JdbcStore store;
  private TriggerStore triggers;

  /** Returns a database without tables. */
  abstract DataSource emptyDatabase() throws Exception;

  @BeforeEach
  void makeStore() throws Exception {
    database = emptyDatabase();
    store = JdbcStore.builder(database).build();
    triggers = store.triggers();
    PostgresServer.execute(database, "CREATE TABLE announced (event_id VARCHAR(500))");
    triggers.insertSubscription(
        new StoredSubscription(
            "s1",
            1,
            new Subject(
                Environment.of("prod"),
                "triage",
                ConnectorId.of("tasks"),
                "inbox",
                "done",
                "announce",
                ""),
            "{}",
            new Life("ACTIVE", "", true),
            Sealed.NONE,
            Progress.NONE,
            Outcome.NONE),
        null);
  }

  @Test
  @DisplayName("G9: what a handler writes is committed together with the acceptance")
  void whatAHandlerWritesIsCommittedTogetherWithTheAcceptance() throws Exception {
    deliver("a");

    assertThat(handle(claim(LONG), store.inTransaction(this::announce))).isTrue();

    assertThat(announced()).containsExactly("a");
    assertThat(ids(ACCEPTED)).containsExactly("a");
  }

  @Test
  @DisplayName("G9: after an exception neither is committed, and the exception is the handler's")
  void afterAnExceptionNeitherIsCommitted() throws Exception {
    deliver("a");
    EventClaim claim = claim(LONG);
    IOException failure = new IOException("the printer is out of paper");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                handle(
                    claim,
                    store.<String>inTransaction(
                        (payload, event, connection) -> {
                          announce(payload, event, connection);
                          throw failure;
                        })))
        .isSameAs(failure);

    assertThat(announced()).isEmpty();
    assertThat(triggers.retry(claim, OVER, "paper")).isTrue();
    assertThat(handle(claim(LONG), store.inTransaction(this::announce))).isTrue();
    assertThat(announced()).containsExactly("a");
  }

  @Test
  @DisplayName("G9: whoever has lost the claim meanwhile commits nothing")
  void whoeverHasLostTheClaimMeanwhileCommitsNothing() throws Exception {
    deliver("a");
    EventClaim late = claim(OVER);
    EventClaim next = claim(LONG);

    assertThat(handle(late, store.inTransaction(this::announce))).isFalse();
    assertThat(announced()).isEmpty();

    assertThat(handle(next, store.inTransaction(this::announce))).isTrue();
    assertThat(handle(next, store.inTransaction(this::announce))).isFalse();
    assertThat(announced()).containsExactly("a");
  }

  @Test
  @DisplayName("G9: if the process ends between the acceptance and the commit, neither is kept")
  void ifTheProcessEndsBeforeTheCommitNeitherIsKept() throws Exception {
    deliver("a");
    EventClaim claim = claim(OVER);
    HostTransactions ending =
        work -> {
          try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.run(connection);
            connection.rollback();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
          throw new IllegalStateException("The process has ended");
        };

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> handle(claim, store.inTransaction(ending, this::announce)))
        .withMessage("The process has ended");

    assertThat(announced()).isEmpty();
    assertThat(handle(claim(LONG), store.inTransaction(this::announce))).isTrue();
    assertThat(announced()).containsExactly("a");
  }

  @Test
  @DisplayName("G9: a transaction that the host manages is accepted in, and rolled back, the same")
  void aTransactionThatTheHostManagesIsAcceptedIn() throws Exception {
    HostTransactions own = this::transact;
    deliver("a", "b");
    EventClaim late = claim(OVER);
    EventClaim next = claim(LONG);
    EventClaim other = claim(LONG);

    assertThat(handle(late, store.inTransaction(own, this::announce))).isFalse();
    assertThat(handle(next, store.inTransaction(own, this::announce))).isTrue();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                handle(
                    other,
                    store.<String>inTransaction(
                        own,
                        (payload, event, connection) -> {
                          announce(payload, event, connection);
                          throw new IOException("no");
                        })));

    assertThat(announced()).containsExactly(next.event().event().id());
    assertThat(ids(STORED)).containsExactly(other.event().event().id());
  }

  @Test
  @DisplayName("G9: a transaction that the host repeats has its effect once, and others go on")
  void aTransactionThatTheHostRepeatsHasItsEffectOnce() throws Exception {
    HostTransactions repeating =
        work -> {
          try {
            transact(
                connection -> {
                  work.run(connection);
                  throw new IllegalStateException("Chosen to end a deadlock");
                });
          } catch (IllegalStateException e) {
            transact(work);
          }
        };
    deliver("a");

    assertThat(handle(claim(LONG), store.inTransaction(repeating, this::announce))).isTrue();

    CompletableFuture.runAsync(() -> deliver("b")).orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(announced()).containsExactly("a");
    assertThat(ids(ACCEPTED)).containsExactly("a");
    assertThat(ids(STORED)).containsExactly("b");
  }

  private void transact(HostTransactions.Work work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        work.run(connection);
        connection.commit();
      } catch (RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many events are handled in {@link #everyEventHasItsEffectExactlyOnce}. */
  abstract int many();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("G9: whatever fails, stalls or is handled twice, each event has its effect once")
  void everyEventHasItsEffectExactlyOnce(boolean isTheHosts) throws Exception {
    int events = many();
    for (int from = 0; from < events; from += 500) {
      List<String> ids = new ArrayList<>();
      for (int i = from; i < Math.min(events, from + 500); i++) {
        ids.add("e" + i);
      }
      deliver(ids.toArray(String[]::new));
    }
    AtomicInteger calls = new AtomicInteger();
    TransactionalHandler<String> announcing =
        (payload, event, connection) -> {
          announce(payload, event, connection);
          if (calls.incrementAndGet() % 7 == 0) {
            throw new IOException("every seventh call");
          }
        };
    EventHandler<String> handler =
        isTheHosts
            ? store.inTransaction(this::transact, announcing)
            : store.inTransaction(announcing);

    atOnce(
        6,
        thread -> {
          while (triggers.load("s1").events() > 0) {
            // Every third batch stalls at once: others handle the same events at the same time.
            Duration lease = calls.get() % 3 == 0 ? OVER : LONG;
            for (EventClaim claim : triggers.claimEvents(HANDLERS, Set.of(), lease, 20)) {
              try {
                handle(claim, handler);
              } catch (IOException e) {
                triggers.retry(claim, OVER, "again");
              }
            }
          }
          return true;
        });

    assertThat(announced()).hasSize(events).doesNotHaveDuplicates();
    assertThat(ids(ACCEPTED)).hasSize(events);
  }

  private void announce(String payload, HandledEvent event, Connection connection)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO announced (event_id) VALUES (?)")) {
      insert.setString(1, event.id());
      insert.executeUpdate();
    }
  }

  private void deliver(String... ids) {
    List<NewEvent> events = new ArrayList<>();
    for (String id : ids) {
      events.add(new NewEvent(id, id, new Sealed("k1", "payload")));
    }
    triggers.deliver("s1", events, new Load(Long.MAX_VALUE, Long.MAX_VALUE));
  }

  private EventClaim claim(Duration lease) {
    return triggers.claimEvents(HANDLERS, Set.of(), lease, 1).get(0);
  }

  private static boolean handle(EventClaim claim, EventHandler<String> handler) throws Exception {
    StoredEvent event = claim.event();
    return ((AcceptingHandler<String>) handler)
        .handle(
            "payload",
            new HandledEvent(
                event.event().id(),
                event.attempts(),
                event.subscription(),
                new Caller(Principal.user("ada"), Environment.of("prod"), null),
                event.storedAt()),
            claim,
            SEVEN_DAYS);
  }

  private List<String> ids(TriggerStore.EventStatus status) {
    return triggers.listEvents("s1", status, 0, 100_000).stream()
        .map(row -> row.event().id())
        .toList();
  }

  private List<String> announced() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT event_id FROM announced")) {
      List<String> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
      return ids;
    }
  }
}

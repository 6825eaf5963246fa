package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.SignIns;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.storm.FaultyLine.Fault;
import dev.connectorsdk.storm.StrictProvider.Behaviour;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * The line to PostgreSQL fails while a grant is refreshed, at a provider that ends the grant if a
 * refresh token comes twice.
 *
 * <p>The system property {@code storm.faults} says how often it fails in each way.
 */
@ExtendWith(PostgresServer.Extension.class)
@Tag("I5")
@Timeout(300)
class DatabaseFaultTest {

  private static final int FAULTS = Integer.getInteger("storm.faults", 0);
  private static final String GRANT = "grant";
  private static final int PAUSES = 2;

  /** A pool that does not look at its connections hands out each broken one once. */
  private static final int CONNECTIONS = 3;

  private final PostgresServer server;
  private final SettableClock clock = new SettableClock();
  private final AtomicInteger pauses = new AtomicInteger();
  private StrictProvider provider;
  private FaultyLine line;
  private JdbcConnectionPool pool;
  private ConnectorRuntime runtime;

  DatabaseFaultTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void start() throws Exception {
    PGConnectionPoolDataSource source = server.emptySchema();
    line = new FaultyLine(source.getPortNumbers()[0]);
    source.setPortNumbers(new int[] {line.port()});
    source.setSocketTimeout(1);
    source.setConnectTimeout(1);
    source.setLoginTimeout(1);
    pool = JdbcConnectionPool.create(source);
    pool.setMaxConnections(CONNECTIONS);
    pool.setLoginTimeout(5);
    provider = new StrictProvider();
    runtime =
        StormNode.builder(JdbcStore.builder(pool).build(), provider.url())
            .clock(clock)
            .sleeper(this::pause)
            .build();
    signIn();
  }

  @AfterEach
  void stop() throws Exception {
    runtime.close();
    pool.dispose();
    line.close();
    provider.close();
  }

  private void pause(Duration pause) {
    clock.sleep(pause);
    if (pauses.incrementAndGet() == PAUSES) {
      line.heal();
    }
  }

  @ParameterizedTest
  @CsvSource({"SILENT, 2", "RESET, 10", "CUT, 10"})
  @DisplayName("I5: a new token is not lost if the line fails when it is stored")
  void aNewTokenIsNotLostIfTheLineFailsWhenItIsStored(Fault fault, int usual) {
    int rounds = FAULTS == 0 ? usual : FAULTS;
    for (int round = 1; round <= rounds; round++) {
      clock.advance(Duration.ofHours(2));
      pauses.set(0);
      provider.beforeAnswer(() -> line.fail(fault));

      callUntilItWorks();

      provider.beforeAnswer(() -> {});
      line.heal();
      callUntilItWorks();
      assertThat(provider.refreshes(GRANT)).isEqualTo(round);
      assertThat(provider.hasEnded(GRANT)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"SILENT", "RESET"})
  @DisplayName("I5, B15: without the database no refresh token is spent")
  void withoutTheDatabaseNoRefreshTokenIsSpent(Fault fault) {
    clock.advance(Duration.ofHours(2));
    line.fail(fault);

    ConnectorException failure = failure();
    assertThat(failure).isNotNull().matches(ConnectorException::isRetryable);
    assertThat(provider.refreshes(GRANT)).isZero();

    line.heal();
    callUntilItWorks();
    assertThat(provider.refreshes(GRANT)).isEqualTo(1);
    assertThat(provider.hasEnded(GRANT)).isFalse();
  }

  private void callUntilItWorks() {
    for (int failures = 0; ; failures++) {
      ConnectorException failure = failure();
      if (failure == null) {
        return;
      }
      assertThat(failure).matches(ConnectorException::isRetryable);
      assertThat(failures).as("failed calls in a row").isLessThan(CONNECTIONS);
    }
  }

  private ConnectorException failure() {
    try {
      runtime.invoke(StormNode.ada("dev"), StormNode.MINE, Tickets.GET, new TicketId("1"));
      return null;
    } catch (ConnectorException e) {
      return e;
    }
  }

  private void signIn() {
    provider.grant(GRANT, Behaviour.ANSWERS);
    SignIns.signIn(runtime, StormNode.ada("dev"), ConnectionSpec.of("tickets", "signIn"), GRANT);
  }
}

package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long connections to the database are held. */
class BorrowedConnectionsTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");

  private final SettableClock clock = new SettableClock();
  private final List<Integer> borrowed = new CopyOnWriteArrayList<>();

  @AutoClose("dispose")
  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:borrowed;DB_CLOSE_DELAY=-1", "sa", "");

  @AutoClose private final RawTokenEndpoint service = new RawTokenEndpoint();

  @Test
  @DisplayName("I5: no connection to the database is held while anybody else is asked")
  void noConnectionIsHeldWhileAnybodyElseIsAsked() {
    service.answers(
        request -> {
          borrowed.add(pool.getActiveConnections());
          return request.contains(" /token ")
              ? RawTokenEndpoint.pair("t" + borrowed.size(), "r" + borrowed.size())
              : json(200, "{\"id\":\"1\",\"title\":\"T\"}");
        });
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder(service.url()).build())
            .client("tickets", "signIn", HostTest.CLIENT)
            .store(JdbcStore.builder(pool).build(), KeyRing.random())
            .clock(clock)
            .sleeper(clock)
            .build()) {
      SignIns.signIn(runtime, ADA, ConnectionSpec.of("tickets", "signIn"), "c");
      runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
      clock.advance(Duration.ofHours(2));
      runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    }

    assertThat(borrowed).as("a code, a call, a refresh, a call").containsExactly(0, 0, 0, 0);
  }
}

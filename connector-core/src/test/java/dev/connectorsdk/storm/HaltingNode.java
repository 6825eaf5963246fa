package dev.connectorsdk.storm;

import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.SignIns;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.time.Clock;
import java.time.Duration;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A host on H2 that makes one call, after a sign-in if there was none, and dies as soon as it has
 * the result.
 */
final class HaltingNode {

  private HaltingNode() {}

  /**
   * Runs it.
   *
   * @param args the JDBC URL, the URL of the provider, and by how many hours the clock is wrong
   */
  public static void main(String[] args) {
    var pool = JdbcConnectionPool.create(args[0], "sa", "");
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(Long.parseLong(args[2])));
    ConnectorRuntime runtime =
        StormNode.builder(JdbcStore.builder(pool).build(), args[1]).clock(clock).build();
    var ada = StormNode.ada("prod");
    if (runtime.connections().list(ada).isEmpty()) {
      SignIns.signIn(runtime, ada, ConnectionSpec.of("tickets", "signIn"), "halted");
    }
    runtime.invoke(ada, StormNode.MINE, Tickets.GET, new TicketId("1"));
    Runtime.getRuntime().halt(0);
  }
}

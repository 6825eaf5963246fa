package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.examples.helpdesk.Helpdesk.OpenedTicket;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A host as it starts: a database file, a key file, the plugins of the class path, a runtime.
 *
 * @param alarms the titles of the tickets that its handler was called for
 */
record Host(JdbcConnectionPool database, ConnectorRuntime runtime, BlockingQueue<String> alarms)
    implements AutoCloseable {

  private static final URI CALLBACK = URI.create("https://host.example/callback/helpdesk");

  static Host start(
      Path folder, Connector rooms, InstantSource clock, String site, FlowDirectory flows) {
    BlockingQueue<String> alarms = new LinkedBlockingQueue<>();
    Path keyFile = folder.resolve("keys");
    KeyRing keys = KeyRing.loadOrCreate(keyFile, "demo-1");
    JdbcConnectionPool database =
        JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("connections"), "sa", "");
    ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .discover(Host.class.getClassLoader())
            // The tour's services are on this machine.
            .addressPolicy(AddressPolicy.allowAll())
            .connector(rooms)
            .client(
                "helpdesk",
                "signIn",
                ClientRegistration.of("demo", Secret.of(DemoService.CLIENT_SECRET))
                    .sentTo(site)
                    .redirectingTo(CALLBACK))
            .store(JdbcStore.builder(database).build(), keys)
            .clock(clock.withZone(ZoneOffset.UTC))
            .flows(flows)
            .handler("alarm", OpenedTicket.class, (ticket, event) -> alarms.add(ticket.title()))
            .build();
    return new Host(database, runtime, alarms);
  }

  @Override
  public void close() {
    runtime.close();
    database.dispose();
  }
}

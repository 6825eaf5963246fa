package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.examples.console.Console;
import dev.connectorsdk.examples.console.OneTimeLinks;
import dev.connectorsdk.examples.helpdesk.Helpdesk.OpenedTicket;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * The web console with the services and the people of the tour, on this machine and in memory. All
 * of it ends with {@link #close}.
 */
public final class ConsoleDemo implements AutoCloseable {

  private static final String THIS_MACHINE = "127.0.0.1";
  private static final String ENVIRONMENT = "dev";

  private final DemoService service;
  private final JdbcConnectionPool database;
  private final ConnectorRuntime runtime;
  private final Javalin app;
  private final URI address;
  private final OneTimeLinks visitors;
  private final DemoGateway gateway;

  private ConsoleDemo(int port) throws IOException {
    this.app = Javalin.create(config -> config.showJavalinBanner = false);
    app.start(THIS_MACHINE, port);
    this.address = URI.create("http://" + THIS_MACHINE + ":" + app.port() + "/console");
    this.service = DemoService.start(Clock.systemUTC());
    this.visitors = new OneTimeLinks(address);
    this.database = JdbcConnectionPool.create("jdbc:h2:mem:console-" + app.port(), "sa", "");
    this.runtime = runtime();
    new DemoConnections(runtime, service, ENVIRONMENT).make();
    DemoFlows.make(runtime, ENVIRONMENT, person("Root"));
    this.gateway =
        DemoGateway.start(
            runtime, app, person("Root").in(ENVIRONMENT), person("Ada").in(ENVIRONMENT));
    visitors.addTo(app);
    Console.of(runtime, visitors, address)
        .flows(DemoFlows.ALL)
        .people(DemoPeople::nameOf)
        .addTo(app);
  }

  /**
   * Starts it.
   *
   * @param port of this machine, and reached from it alone; 0 for any that is free
   */
  public static ConsoleDemo start(int port) throws IOException {
    return new ConsoleDemo(port);
  }

  private ConnectorRuntime runtime() throws IOException {
    URI callback = URI.create(address + "/callback/" + ENVIRONMENT + "/helpdesk");
    return ConnectorRuntime.builder()
        .discover(ConsoleDemo.class.getClassLoader())
        // The services are on this machine.
        .addressPolicy(AddressPolicy.allowAll())
        .connector(DemoRooms.connector(service.port()))
        .client(
            "helpdesk",
            "signIn",
            ClientRegistration.of("demo", Secret.of(DemoService.CLIENT_SECRET))
                .sentTo(service.site(ENVIRONMENT))
                .redirectingTo(callback))
        .store(JdbcStore.builder(database).build(), KeyRing.random())
        .flows(DemoFlows.ALL)
        .audit(AuditSettings.inStore())
        .handler(DemoFlows.ALARM_HANDLER, OpenedTicket.class, DemoFlows.alarm())
        .build();
  }

  /** Returns where the console is. */
  public URI address() {
    return address;
  }

  /** Returns a new link for each person, by name, which signs in who opens it first. */
  public Map<String, URI> links() {
    Map<String, URI> links = new LinkedHashMap<>();
    for (String name : new String[] {"Ada", "Ben", "Cleo"}) {
      links.put(name, visitors.link(person(name).in(ENVIRONMENT), name));
    }
    Principal root = person("Root");
    links.put("Root", visitors.link(root.in(ENVIRONMENT), "Root", Administrator.ofRuntime(root)));
    return links;
  }

  private static Principal person(String name) {
    return Principal.user(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    gateway.close();
    app.stop();
    runtime.close();
    database.dispose();
    service.close();
  }
}

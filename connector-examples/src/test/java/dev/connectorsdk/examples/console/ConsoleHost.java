package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * A host with a console, in which whoever sends the cookie {@code session} is signed in as the user
 * before its dash: {@code ada-1} is Ada. Root administers everything.
 */
final class ConsoleHost implements AutoCloseable {

  private final Javalin app = Javalin.create(config -> config.showJavalinBanner = false);
  private final URI address;
  private final ConnectorRuntime runtime;

  /** Starts a host whose runtime is made when it is known where the console is. */
  ConsoleHost(Function<URI, ConnectorRuntime> runtime) {
    this(runtime, FlowDirectory.of());
  }

  /** Starts a host with flows. */
  ConsoleHost(Function<URI, ConnectorRuntime> runtime, FlowDirectory flows) {
    this(runtime, flows, null);
  }

  /** Starts a host with flows that says who people are. */
  ConsoleHost(Function<URI, ConnectorRuntime> runtime, FlowDirectory flows, People people) {
    this.address = URI.create("http://127.0.0.1:" + LocalServer.freePort() + "/console");
    this.runtime = runtime.apply(address);
    Console console = Console.of(this.runtime, ConsoleHost::visitor, address).flows(flows);
    (people == null ? console : console.people(people)).addTo(app);
    app.start("127.0.0.1", address.getPort());
  }

  URI address() {
    return address;
  }

  ConnectorRuntime runtime() {
    return runtime;
  }

  /** Returns a browser in which somebody is signed in. */
  ConsoleBrowser browserOf(String user) {
    return new ConsoleBrowser(address, user + "-1");
  }

  private static Optional<Visitor> visitor(Context request) {
    return Optional.ofNullable(request.cookie("session"))
        .filter(session -> !session.isEmpty())
        .map(ConsoleHost::visitor);
  }

  private static Visitor visitor(String session) {
    Principal user = Principal.user(session.substring(0, session.indexOf('-')));
    Visitor visitor = Visitor.of(user.in("dev"), "The user " + user.id(), session);
    return user.id().equals("root")
        ? visitor.administering(Administrator.ofRuntime(user))
        : visitor;
  }

  @Override
  public void close() {
    app.stop();
    runtime.close();
  }
}

package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.examples.console.Console;
import dev.connectorsdk.examples.console.Visitor;
import dev.connectorsdk.examples.console.Visitors;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;

/** The web console inside an application that has a log-in of its own. */
public final class OwnConsole {

  private OwnConsole() {}

  /** What the application's log-in has put into its session. */
  public record Login(Principal user, String name, boolean administrator) {}

  // tag::console[]
  /** The address is that of the application with a path, as https://app.example.com/console. */
  public static void add(Javalin app, ConnectorRuntime runtime, FlowDirectory flows, URI address) {
    Visitors visitors =
        request ->
            Optional.ofNullable(request.<Login>sessionAttribute("login"))
                .map(login -> visitor(login, request));
    Console.of(runtime, visitors, address).flows(flows).addTo(app);
  }

  private static Visitor visitor(Login login, Context request) {
    Caller caller = login.user().in("prod");
    Visitor visitor = Visitor.of(caller, login.name(), request.req().getSession().getId());
    return login.administrator()
        ? visitor.administering(Administrator.of(login.user(), caller.environment()))
        : visitor;
  }

  // end::console[]
}

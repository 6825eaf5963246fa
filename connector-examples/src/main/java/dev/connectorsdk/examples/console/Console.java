package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.net.URI;
import java.util.List;

/**
 * The web console of a runtime, to be added to the Javalin application that a host has; the package
 * says what its pages show.
 *
 * <pre>{@code
 * Console.of(runtime, visitors, URI.create("https://app.example.com/console")).addTo(app);
 * }</pre>
 *
 * <p>It keeps nothing itself that a page needs: several processes of a host serve the same console.
 * That a confirmed call is not sent again when its form is, holds within a process, since each
 * knows only the calls that it has sent itself.
 */
public final class Console {

  private final Site site;

  private Console(Site site) {
    this.site = site;
  }

  /**
   * Returns a console.
   *
   * @param runtime whose connections are shown; it stays the host's to close
   * @param visitors who sends a request
   * @param address where browsers reach the console, with a path below which all its pages are. It
   *     answers requests for this very host and port alone; a proxy before it hands the {@code
   *     Host} header on.
   * @throws IllegalArgumentException if {@code address} is neither http nor https, or has no path
   */
  public static Console of(ConnectorRuntime runtime, Visitors visitors, URI address) {
    return new Console(new Site(runtime, visitors, Address.of(address), FlowDirectory.of(), null));
  }

  /**
   * Returns this console, which shows the flows of a directory besides.
   *
   * @param flows the ones that the runtime knows: {@code RuntimeBuilder.flows}
   */
  public Console flows(FlowDirectory flows) {
    return new Console(
        new Site(site.runtime(), site.visitors(), site.address(), flows, site.people()));
  }

  /**
   * Returns this console, which calls people by their names besides their ids, and warns of ids
   * that nobody has.
   */
  public Console people(People people) {
    return new Console(
        new Site(site.runtime(), site.visitors(), site.address(), site.flows(), people));
  }

  /** Adds the pages to an application. */
  public void addTo(Javalin app) {
    Routes routes = new Routes(app, site);
    pages().forEach(pages -> pages.addTo(routes));
    routes.addRest();
  }

  private static List<Pages> pages() {
    return List.of(
        new HomePages(),
        new ConnectionPages(),
        new ConnectPages(),
        new SignInPages(),
        new SharePages(),
        new ConnectorPages(),
        new TryPages(),
        new FlowPages(),
        new FlowSharingPages(),
        new FlowDecisionPages(),
        new SharedPages(),
        new SubscriptionPages(),
        new AdministeredConnectionPages(),
        new PolicyPages(),
        new PolicyChangePages(),
        new PolicyAdoptionPages(),
        new PolicyDeletionPages(),
        new PolicyFilePages(),
        new GatewayPages(),
        new AuditPages());
  }
}

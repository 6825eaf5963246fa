package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The same flow in another environment: one settings file changes, no code. */
final class Deployment {

  // tag::flow[]
  static final ConnectionReference TEAM = ConnectionReference.embedded("team-desk", "helpdesk");
  static final ConnectionReference MINE = ConnectionReference.invoker("my-desk", "helpdesk");

  static Flow triage(Principal owner, Principal... users) {
    return Flow.of("triage", owner).runnableBy(users).using(TEAM, MINE);
  }

  // end::flow[]

  private Deployment() {}

  // tag::run[]
  static List<Ticket> openTickets(ConnectorRuntime runtime, Caller caller) {
    return runtime.invoke(caller, TEAM, Helpdesk.LIST_TICKETS, new TicketQuery("open", 20));
  }

  // end::run[]

  static void export(
      ConnectorRuntime runtime, Principal owner, Flow flow, Environment from, Path file)
      throws IOException {
    // tag::export[]
    runtime.references().export(owner.in(from).running(flow)).save(file);
    // end::export[]
  }

  // tag::deploy[]
  static List<ReferenceReadiness> deploy(
      ConnectorRuntime runtime, Principal owner, Flow flow, Environment to, Path file)
      throws IOException {
    Caller deployer = owner.in(to).running(flow);
    runtime.references().apply(deployer, DeploymentSettings.load(file));
    return runtime.references().readiness(deployer);
  }

  // end::deploy[]

  static void deployAsAdministrator(ConnectorRuntime runtime, Principal admin, Flow flow, Path file)
      throws IOException {
    // tag::administrator[]
    var administrator = Administrator.of(admin, "prod");
    runtime.references().apply(administrator, flow, DeploymentSettings.load(file));
    // end::administrator[]
  }

  static void replace(
      ConnectorRuntime runtime, Principal ben, Flow flow, ConnectionId bensConnection) {
    // tag::co-owner[]
    Flow shared = flow.coOwnedBy(ben);
    runtime.references().bind(ben.in("dev").running(shared), TEAM, bensConnection);
    // end::co-owner[]
  }

  static Flow useAdas(ConnectorRuntime runtime, Principal ada, Principal ben) {
    // tag::grant[]
    runtime.references().grant(ada.in("dev"), TEAM, ben);
    Flow bens = Flow.of("evening-report", ben).using(TEAM.ownedBy(ada));
    // end::grant[]
    return bens;
  }

  static void lend(
      ConnectorRuntime runtime,
      Principal ada,
      Principal ben,
      Connection connection,
      Instant endOfYear) {
    // tag::use[]
    runtime.connections().grant(ada.in("dev"), connection.id(), ben, Right.USE, endOfYear);
    // end::use[]
  }

  static void letUsersBringTheirOwn(ConnectorRuntime runtime, Principal ada, Flow flow) {
    // tag::bring-own[]
    runtime.references().letRunOnlyUsersBringOwn(ada.in("dev").running(flow), TEAM);
    // end::bring-own[]
  }

  static void share(ConnectorRuntime runtime, Principal ada, Flow app, PrintStream out) {
    // tag::share[]
    ImpactPreview preview = runtime.references().previewShare(ada.in("dev").running(app));
    out.print(preview.text());
    runtime.references().confirmShare(ada.in("dev").running(app), preview);
    // end::share[]
  }

  static void addCoOwner(
      ConnectorRuntime runtime, Principal ada, Flow flow, Principal ben, PrintStream out) {
    // tag::change[]
    Caller owner = ada.in("dev").running(flow);
    Flow changed = flow.coOwnedBy(ben);
    ImpactPreview preview = runtime.references().previewChange(owner, changed);
    out.print(preview.text());
    runtime.references().confirmChange(owner, changed, preview); // and then store the changed flow
    // end::change[]
  }

  static RuntimeBuilder privileged(RuntimeBuilder builder, Set<String> administrators) {
    // tag::privileged[]
    builder.privileged(
        connection ->
            connection.account() != null && administrators.contains(connection.account().id()));
    // end::privileged[]
    return builder;
  }

  static void bindPrivileged(
      ConnectorRuntime runtime, Caller owner, ConnectionId connection, PrintStream out) {
    // tag::bind[]
    ImpactPreview preview = runtime.references().previewBind(owner, TEAM, connection);
    out.print(preview.text());
    runtime.references().confirmBind(owner, TEAM, connection, preview);
    // end::bind[]
  }
}

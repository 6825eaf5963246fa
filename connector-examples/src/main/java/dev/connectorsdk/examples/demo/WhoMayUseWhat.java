package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A chapter of the tour: three users, two environments and two policies. Ada owns an app, Ben
 * becomes its co-owner, Cleo uses it. Root administers everything, Dee the environment prod.
 */
final class WhoMayUseWhat {

  // tag::world[]
  static final ConnectionReference DESK = ConnectionReference.embedded("desk", "helpdesk");
  static final ConnectionReference ROOMS = ConnectionReference.embedded("rooms", "rooms");

  static final Principal ADA = Principal.user("ada");
  static final Principal BEN = Principal.user("ben");
  static final Principal CLEO = Principal.user("cleo");

  /** The app says which operations it calls. */
  static final Flow VISITORS =
      Flow.app("visitors", ADA)
          .runnableBy(CLEO)
          .calling(DESK, "listTickets")
          .calling(ROOMS, "FindRooms");

  static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  static final Administrator DEE = Administrator.of(Principal.user("dee"), "prod");
  // end::world[]

  private static final List<Environment> ENVIRONMENTS =
      List.of(Environment.of("dev"), Environment.of("prod"));

  private final ConnectorRuntime runtime;
  private final BiFunction<String, Environment, ConnectionSpec> specs;
  private final PrintStream out;

  /**
   * @param specs what is entered for a connection of a connector in an environment
   */
  WhoMayUseWhat(
      ConnectorRuntime runtime,
      BiFunction<String, Environment, ConnectionSpec> specs,
      PrintStream out) {
    this.runtime = runtime;
    this.specs = specs;
    this.out = out;
  }

  void run() {
    for (Environment environment : ENVIRONMENTS) {
      connect(environment, DESK);
      connect(environment, ROOMS);
    }
    say("Before Ada shares the app, nobody but she uses her connections:");
    table(VISITORS);
    say("Ada reads what sharing means, and confirms it in both environments:");
    ENVIRONMENTS.forEach(this::share);
    Flow shared = withCoOwner();
    table(shared);
    say("Root's policy 'together' holds everywhere, Dee's policy 'apart' in prod besides:");
    policies();
    table(shared);
    out.print(runtime.policies().check(Environment.of("prod"), shared).explanation().indent(4));
    say("Dee does what the explanation says, and it works again:");
    allowTogether();
    table(shared);
  }

  private void connect(Environment environment, ConnectionReference reference) {
    Caller ada = ADA.in(environment);
    Connection connection =
        runtime.connections().create(ada, specs.apply(reference.connector().value(), environment));
    runtime.references().bind(ada, reference, connection.id());
  }

  private void share(Environment environment) {
    Caller ada = ADA.in(environment).running(VISITORS);
    ImpactPreview preview = runtime.references().previewShare(ada);
    out.print(preview.text().indent(4));
    runtime.references().confirmShare(ada, preview);
  }

  private Flow withCoOwner() {
    Caller ada = ADA.in("dev").running(VISITORS);
    Flow changed = VISITORS.coOwnedBy(BEN);
    ImpactPreview preview = runtime.references().previewChange(ada, changed);
    preview
        .users()
        .forEach(one -> say("  " + one.user() + " becomes a co-owner and gains " + one.gains()));
    runtime.references().confirmChange(ada, changed, preview);
    return changed;
  }

  private void policies() {
    // tag::two-policies[]
    DataPolicy together = DataPolicy.named("together").business("helpdesk", "rooms").build();
    DataPolicy apart = DataPolicy.named("apart").ofEnvironment("prod").business("helpdesk").build();
    runtime.policies().save(ROOT, together, 0);
    runtime.policies().save(DEE, apart, 0);
    // end::two-policies[]
  }

  private void allowTogether() {
    // tag::allowing[]
    DataPolicy apart = runtime.policies().list(DEE).get(0).policy();
    runtime.policies().save(DEE, apart.toBuilder().business("rooms").build(), 1);
    // end::allowing[]
  }

  /** Prints for each user what came of using the app in each environment. */
  private void table(Flow app) {
    for (Principal user : List.of(ADA, BEN, CLEO)) {
      StringBuilder line = new StringBuilder("  %-10s".formatted(user.id()));
      for (Environment environment : ENVIRONMENTS) {
        String used = used(user.in(environment).running(app));
        line.append(environment).append(": ").append("%-34s".formatted(used));
      }
      say(line.toString().stripTrailing());
    }
  }

  private String used(Caller caller) {
    try {
      runtime.invoke(caller, DESK, Helpdesk.LIST_TICKETS, new TicketQuery("open", 50));
      runtime.invoke(caller, ROOMS, "FindRooms", Map.of("floor", 2));
      return "uses Ada's connections";
    } catch (PolicyException e) {
      return "refused by policy '" + e.policy() + "'";
    } catch (ResolutionException.ConnectionRequired e) {
      return "needs own connections";
    } catch (ResolutionException.Denied e) {
      return "may not use it";
    }
  }

  private void say(String text) {
    out.println("  " + text);
  }
}

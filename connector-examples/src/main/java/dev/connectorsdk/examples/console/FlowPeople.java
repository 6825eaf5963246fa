package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.UsedConnection;
import j2html.tags.DomContent;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may run a flow, and what each of them brings. */
final class FlowPeople {

  private static final int NAMED_PEOPLE = 25;

  private FlowPeople() {}

  static DomContent people(FlowVisit seen) {
    Flow flow = seen.flow();
    Table table = new Table("People", "Who", "May", "Brings own connections for", "State");
    if (!seen.isAdministered() && !seen.isOwned()) {
      return Html.part("Who may run it", p("Its owners see who else may run it."));
    }
    Map<Principal, String> people = new LinkedHashMap<>();
    people.put(flow.owner(), "change and run it (owner)");
    sorted(flow.coOwners()).forEach(one -> people.put(one, "change and run it (co-owner)"));
    boolean runnable = flow.startsBy(Flow.Start.PERSON);
    sorted(flow.runOnlyUsers())
        .forEach(
            one ->
                people.putIfAbsent(
                    one, runnable ? "run it (run-only user)" : "nothing: only triggers start it"));
    people.entrySet().stream()
        .limit(NAMED_PEOPLE)
        .forEach(one -> person(seen, one.getKey(), one.getValue(), table));
    return Html.part(
        "Who may run it",
        table.orElse("Nobody."),
        iff(people.size() > NAMED_PEOPLE, p("and " + (people.size() - NAMED_PEOPLE) + " others")),
        iff(
            seen.isOwned(),
            div(Html.linkButton("What run-only users get...", seen.to("sharing")))
                .withClass("actions")));
  }

  private static List<Principal> sorted(Set<Principal> some) {
    return some.stream().sorted(Comparator.comparing(Principal::toString)).toList();
  }

  private static void person(FlowVisit seen, Principal who, String may, Table table) {
    if (seen.isAdministered() && !who.isGroup()) {
      List<ReferenceReadiness> theirs = seen.readinessFor(who);
      table.row(
          text(seen.visit().name(who)),
          text(may),
          brought(seen, theirs),
          div(each(theirs, FlowPeople::named)));
      return;
    }
    String brings = who.isGroup() ? "each member what the flow asks for" : brings(seen, who);
    table.row(text(seen.visit().name(who)), text(may), text(brings), text("-"));
  }

  private static DomContent named(ReferenceReadiness one) {
    return iff(
        !one.isReady() || Substitute.of(one).isPresent(),
        div(p(one.reference().displayName() + ":"), Substitute.state(one)));
  }

  private static DomContent brought(FlowVisit seen, List<ReferenceReadiness> theirs) {
    List<ReferenceReadiness> brought = theirs.stream().filter(FlowPeople::isBrought).toList();
    return brought.isEmpty() ? text("nothing") : each(brought, one -> brought(seen, one));
  }

  /** Returns whether whoever runs the flow brings the connection. */
  static boolean isBrought(ReferenceReadiness one) {
    return one.reference().source() == Source.INVOKER
        || one.state() == ReferenceReadiness.State.CONNECTION_REQUIRED
        || one.state() == ReferenceReadiness.State.AMBIGUOUS;
  }

  private static DomContent brought(FlowVisit seen, ReferenceReadiness one) {
    UsedConnection used = one.connection();
    return p(
        text(one.reference().displayName() + ": "),
        used == null ? text("none yet") : FlowConnections.runsWith(seen, used));
  }

  private static String brings(FlowVisit seen, Principal who) {
    ImpactPreview sharing = seen.sharing();
    if (sharing == null) {
      return "-";
    }
    return sharing.users().stream()
        .filter(user -> user.user().equals(who))
        .map(user -> user.brings().isEmpty() ? "nothing" : String.join(", ", user.brings()))
        .findFirst()
        .orElseGet(
            () ->
                seen.flow().references().stream()
                    .filter(one -> one.source() == Source.INVOKER)
                    .map(ConnectionReference::displayName)
                    .collect(Collectors.joining(", ")));
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.Policies.Saved;
import j2html.tags.DomContent;
import java.util.stream.Collectors;

/** What follows before a policy is deleted. */
final class PolicyDeletionPages implements Pages {

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/policies/delete", PolicyDeletionPages::aboutToDelete);
    routes.administratorsPost("administration/policies/delete", PolicyDeletionPages::delete);
  }

  private static Answer aboutToDelete(Visit visit) {
    Saved saved = PolicyPages.required(visit, visit.query("name").orElse(""));
    DataPolicy policy = saved.policy();
    return Answer.page(
            Section.POLICIES,
            "Delete " + policy.label() + "?",
            Html.part("What it says", PolicyView.facts(policy)),
            PolicyComparison.difference(
                visit,
                "Without it, in " + visit.caller().environment(),
                nothing(policy.name()),
                visit.query("after").orElse(""),
                last -> Html.linkButton("Look at further flows", visit.here().with("after", last))),
            candidates(visit, policy),
            Html.part(
                "Delete",
                p("It stops holding at once. Nothing brings it back but writing it again."),
                PolicyFilePages.keep(visit, saved),
                Html.post(
                    visit,
                    PolicyPages.to(visit, "delete"),
                    Html.hidden("name", policy.name()),
                    Html.hidden("version", String.valueOf(saved.version())),
                    div(
                            Html.danger("Delete the policy"),
                            Html.link("Keep it", PolicyView.page(visit, policy.name())))
                        .withClass("actions"))))
        .intro("Nothing has been deleted yet.");
  }

  /** One that refuses nothing has the same effect as none. */
  private static DataPolicy nothing(String name) {
    return DataPolicy.named(name).mode(Mode.AUDIT).build();
  }

  private static DomContent candidates(Visit visit, DataPolicy policy) {
    String candidates =
        visit.runtime().policies().list(visit.administrator()).stream()
            .map(Saved::policy)
            .filter(one -> policy.name().equals(one.insteadOf()))
            .map(DataPolicy::label)
            .collect(Collectors.joining(", "));
    return iff(
        !candidates.isEmpty(),
        Html.part(
            "Tried out in its place",
            p(candidates + ": there is then nothing whose place that could take.")));
  }

  private static Answer delete(Visit visit) throws Refusal {
    Policies policies = visit.runtime().policies();
    policies.delete(
        visit.administrator(), visit.field("name").orElse(""), PolicyPages.version(visit));
    return Answer.seeOther(visit.to(Section.POLICIES), Notice.POLICY_DELETED);
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.Policies.Saved;

/** What follows before a candidate takes the place of a policy. */
final class PolicyAdoptionPages implements Pages {

  /** The field with the version of the policy whose place is taken. */
  private static final String HOLDS = "holds";

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/policies/adopt", PolicyAdoptionPages::aboutToAdopt);
    routes.administratorsPost("administration/policies/adopt", PolicyAdoptionPages::adopt);
  }

  /** Returns the page on which a candidate is adopted. */
  static Link page(Visit visit, String candidate) {
    return PolicyPages.to(visit, "adopt").with("name", candidate);
  }

  private static Answer aboutToAdopt(Visit visit) {
    Saved shown = PolicyPages.required(visit, visit.query("name").orElse(""));
    DataPolicy candidate = shown.policy();
    Saved holds = inPlaceOf(visit, candidate);
    DataPolicy adopted = adopted(candidate, holds.policy());
    return Answer.page(
            Section.POLICIES,
            "Adopt " + candidate.label() + "?",
            Html.part(
                "What changes in " + holds.policy().label(),
                PolicyDifferences.table(holds.policy(), adopted)),
            PolicyPages.review(visit, adopted),
            PolicyComparison.difference(
                visit,
                "If it were adopted in " + visit.caller().environment(),
                adopted,
                visit.query("after").orElse(""),
                last -> Html.linkButton("Look at further flows", visit.here().with("after", last))),
            Html.part(
                "Adopt",
                p(
                    holds.policy().label()
                        + " keeps its name, title and mode. It then says what the candidate says,"
                        + " and the candidate is deleted."),
                PolicyFilePages.keep(visit, holds),
                Html.post(
                    visit,
                    PolicyPages.to(visit, "adopt"),
                    Html.hidden("name", candidate.name()),
                    Html.hidden("version", String.valueOf(shown.version())),
                    Html.hidden(HOLDS, String.valueOf(holds.version())),
                    div(
                            Html.primary("Adopt the candidate"),
                            Html.link("Do not", PolicyView.page(visit, candidate.name())))
                        .withClass("actions"))))
        .intro("Nothing has been changed yet.");
  }

  private static Saved inPlaceOf(Visit visit, DataPolicy candidate) {
    String place = candidate.insteadOf();
    if (place == null) {
      throw new NotFoundException(
          "candidate", candidate.name(), "This policy is tried out in place of no other one.");
    }
    return PolicyPages.required(visit, place);
  }

  private static DataPolicy adopted(DataPolicy candidate, DataPolicy holds) {
    return PolicyNames.renamed(candidate, holds.name()).toBuilder()
        .titled(holds.displayName())
        .mode(holds.mode())
        .build();
  }

  private static Answer adopt(Visit visit) throws Refusal {
    Saved shown = PolicyPages.shown(visit);
    DataPolicy holds = inPlaceOf(visit, shown.policy()).policy();
    visit
        .runtime()
        .policies()
        .save(
            visit.administrator(),
            adopted(shown.policy(), holds),
            PolicyPages.version(visit, HOLDS));
    return Answer.seeOther(PolicyView.page(visit, holds.name()), deleted(visit, shown));
  }

  /** The policy holds by now, whatever becomes of the candidate: whoever adopts has to know. */
  private static Notice deleted(Visit visit, Saved candidate) {
    Policies policies = visit.runtime().policies();
    try {
      policies.delete(visit.administrator(), candidate.policy().name(), candidate.version());
      return Notice.POLICY_ADOPTED;
    } catch (NotFoundException e) {
      return Notice.POLICY_ADOPTED;
    } catch (ConnectorException e) {
      return Notice.POLICY_ADOPTED_CANDIDATE_KEPT;
    }
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies.Saved;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it is being written.
 *
 * @param version of the policy that it takes the place of; 0 for none
 * @param counterpart the version of its candidate, or, if it is a candidate, that of the policy in
 *     whose place it is tried out; 0 for none
 * @param saved as it is stored, or {@code null} if it is new
 */
record PolicyDraft(
    Visit visit, String json, long version, long counterpart, @Nullable DataPolicy saved) {

  /** The id of the form that a draft is written in. */
  static final String FORM = "draft";

  /** Begins the name of an act: look at flows after the one that follows. */
  static final String WHAT_IF = "what-if/";

  Answer.Page page(DomContent... findings) {
    return page(null, findings);
  }

  Answer.Page page(@Nullable String fault, DomContent... findings) {
    Field field =
        Field.lines("json", "The policy, as JSON of the platform")
            .mandatory()
            .value(json)
            .hint("The JSON calls Business Confidential, and Non-business General.")
            .fault(fault);
    return Answer.page(
            Section.POLICIES,
            saved == null ? "New policy" : saved.label(),
            PolicyPages.back(visit),
            Field.summary(List.of(field)),
            each(List.of(findings), one -> one),
            iff(Optional.ofNullable(saved).filter(one -> !visit.isForm()), this::overview),
            Html.part(
                "Write",
                Html.post(
                        visit,
                        PolicyPages.to(visit, "edit"),
                        Html.hidden("version", String.valueOf(version)),
                        Html.hidden(PolicyPages.FROM, PolicyPages.from(visit).orElse("")),
                        Html.hidden("candidate", String.valueOf(counterpart)),
                        Html.hidden("name", saved == null ? "" : saved.name()),
                        field.html(),
                        div(
                                act("check", "Check"),
                                act(WHAT_IF, "What if?"),
                                act("candidate", "Try out as a candidate"),
                                Html.primary("Save").withName("act").withValue("save"))
                            .withClass("actions"))
                    .withId(FORM)),
            iff(Optional.ofNullable(saved), this::others))
        .intro(
            "Check finds rules without effect. What if? says which flows it would break, and"
                + " changes nothing. A candidate is judged beside what holds, and refuses"
                + " nothing.");
  }

  private static DomContent act(String act, String label) {
    return button(label).withName("act").withValue(act);
  }

  private DomContent overview(DataPolicy policy) {
    return each(
        Html.part(
            "What it says",
            PolicyView.facts(policy),
            PolicyFilePages.keep(visit, new Saved(policy, version))),
        SuspendedFlows.by(visit, policy),
        PolicyChangePages.forms(visit, policy, version));
  }

  private DomContent others(DataPolicy policy) {
    return each(
        iff(
            policy.insteadOf() != null,
            Html.part(
                "Candidate",
                p("It is tried out in place of " + policy.insteadOf() + "."),
                div(Html.linkButton(
                        "Adopt in place of " + policy.insteadOf() + "...",
                        PolicyAdoptionPages.page(visit, policy.name())))
                    .withClass("actions"))),
        Html.part(
            "Delete",
            div(Html.linkButton(
                    "Delete...", PolicyPages.to(visit, "delete").with("name", policy.name())))
                .withClass("actions")));
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies.Saved;
import j2html.tags.DomContent;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Changes of a policy that are shown, as a difference and by what follows, before they hold. */
final class PolicyChangePages implements Pages {

  /** The field that says which form was sent. */
  static final String CHANGE = "change";

  private static final String JSON = "json";

  @Override
  public void addTo(Routes routes) {
    routes.administratorsPostPolicy("administration/policies/change", PolicyChangePages::change);
  }

  /** Returns the forms that change one thing each. */
  static DomContent forms(Visit visit, DataPolicy policy, long version) {
    return Html.part(
        "Change one thing",
        Html.hint("You see the difference, and which flows it concerns, before it is saved."),
        PolicyChoices.forChanges(visit, policy),
        each(
            Stream.of(PolicyChangeForm.Kind.values())
                .map(kind -> form(visit, policy, version, kind))));
  }

  private static DomContent form(
      Visit visit, DataPolicy policy, long version, PolicyChangeForm.Kind kind) {
    return Html.post(
        visit,
        PolicyPages.to(visit, "change"),
        about(visit, policy.name(), version),
        Html.hidden(CHANGE, kind.id()),
        h3(kind.title()),
        div(each(new PolicyChangeForm(visit, kind, policy).fields().stream().map(Field::html)))
            .withClass("filters wide"),
        div(button("Show what changes").attr("aria-label", "Show what changes: " + kind.title()))
            .withClass("actions"));
  }

  /** Returns a button that shows what follows from a change that somebody proposes. */
  static DomContent toPreview(Visit visit, Saved now, DataPolicy then, @Nullable String from) {
    return Html.post(
        visit,
        PolicyPages.to(visit, "change"),
        Html.hidden("name", then.name()),
        Html.hidden("version", String.valueOf(now.version())),
        Html.hidden(PolicyPages.FROM, from == null ? "" : from),
        Html.hidden(JSON, then.toJson()),
        div(button("Show what follows from it")
                .attr("aria-label", "Show what follows: change " + then.label()))
            .withClass("actions"));
  }

  private static DomContent about(Visit visit, String name, long version) {
    return each(
        Html.hidden("name", name),
        Html.hidden("version", String.valueOf(version)),
        Html.hidden(PolicyPages.FROM, PolicyPages.from(visit).orElse("")));
  }

  private static Answer change(Visit visit) throws Refusal {
    Saved shown = PolicyPages.shown(visit);
    Optional<PolicyChangeForm> form =
        visit
            .field(CHANGE)
            .flatMap(PolicyChangeForm.Kind::of)
            .map(kind -> new PolicyChangeForm(visit, kind, shown.policy()));
    if (form.filter(PolicyChangeForm::isFaulty).isPresent()) {
      return PolicyPages.draft(visit, shown)
          .page(Field.summary(form.get().fields()), forms(visit, shown.policy(), shown.version()))
          .status(422);
    }
    try {
      DataPolicy then =
          form.isPresent()
              ? form.get().changed()
              : DataPolicy.read("The policy", visit.field(JSON).orElse(""));
      return preview(visit, shown, then, "");
    } catch (InvalidInputException e) {
      return PolicyPages.draft(visit, shown).page(e.getMessage()).status(422);
    }
  }

  /** Returns what a change of a policy brings about. Nothing is saved. */
  static Answer.Page preview(Visit visit, Saved now, DataPolicy then, String after) {
    boolean isChanged = !then.equals(now.policy());
    Link back = PolicyView.page(visit, now.policy().name());
    return Answer.page(
            Section.POLICIES,
            "Change " + now.policy().label() + "?",
            Html.part("What changes", PolicyDifferences.table(now.policy(), then)),
            PolicyPages.review(visit, then),
            PolicyComparison.difference(visit, then, after),
            Html.part(
                "Save",
                PolicyFilePages.keep(visit, now),
                Html.post(
                        visit,
                        PolicyPages.to(visit, "edit"),
                        about(visit, now.policy().name(), now.version()),
                        Html.hidden("view", CHANGE),
                        Html.hidden(
                            "candidate",
                            visit
                                .field("candidate")
                                .orElse(
                                    String.valueOf(PolicyPages.draft(visit, now).counterpart()))),
                        Html.hidden(JSON, then.toJson()),
                        div(
                                iff(
                                    isChanged,
                                    Html.primary("Save this change")
                                        .withName("act")
                                        .withValue("save")),
                                button("Go on in the JSON").withName("act").withValue("check"),
                                Html.link(
                                    "Do not",
                                    PolicyPages.from(visit)
                                        .map(flow -> back.with(PolicyPages.FROM, flow))
                                        .orElse(back)))
                            .withClass("actions"))
                    .withId(PolicyDraft.FORM)))
        .intro("Nothing has been saved yet.");
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.Policies.Saved;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Data policies: written as JSON of the platform, checked and tried out before they hold. */
final class PolicyPages implements Pages {

  /** Names, in queries and forms, the flow whose page the visitor comes from. */
  static final String FROM = "from";

  private static final String CANDIDATE = "-candidate";
  private static final DataPolicy FIRST = DataPolicy.named("new-policy").build();

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/policies", PolicyPages::list);
    routes.administratorsGet("administration/policies/edit", PolicyPages::edit);
    routes.administratorsPostPolicy("administration/policies/edit", PolicyPages::edited);
    routes.administratorsGet("administration/policies/explain", PolicyExplanation::explain);
  }

  private static Policies policies(Visit visit) {
    return visit.runtime().policies();
  }

  static Link to(Visit visit, String last) {
    return visit.to("administration", "policies", last);
  }

  /** Returns the flow whose page the visitor comes from; empty if there is no such flow. */
  static Optional<String> from(Visit visit) {
    return visit
        .query(FROM)
        .or(() -> visit.field(FROM))
        .flatMap(visit.site().flows()::find)
        .map(Flow::id);
  }

  /** Returns the way back to the page that the visitor comes from. */
  static DomContent back(Visit visit) {
    return iff(
        from(visit),
        flow ->
            nav(Html.link("Back to flow " + flow, visit.to("flows", flow)))
                .withClass("back")
                .attr("aria-label", "Back"));
  }

  static Optional<Saved> saved(Visit visit, String name) {
    return policies(visit).list(visit.administrator()).stream()
        .filter(one -> one.policy().name().equals(name))
        .findFirst();
  }

  private static Answer list(Visit visit) {
    Table table =
        new Table(
            "Policies",
            "Policy",
            "Mode",
            "Where",
            Wording.group(Group.BUSINESS),
            Wording.group(Group.NON_BUSINESS),
            Wording.group(Group.BLOCKED),
            "Version");
    for (Saved saved : policies(visit).list(visit.administrator())) {
      DataPolicy policy = saved.policy();
      table.row(
          div(
              Html.link(policy.label(), PolicyView.page(visit, policy.name())),
              iff(policy.insteadOf() != null, candidate(visit, policy))),
          Wording.mode(policy.mode()),
          text(PolicyView.where(policy)),
          text(PolicyView.connectors(policy, Group.BUSINESS)),
          text(PolicyView.connectors(policy, Group.NON_BUSINESS)),
          div(
              text(PolicyView.connectors(policy, Group.BLOCKED)),
              each(PolicyView.blockedActions(policy), blocked -> p(blocked))),
          text(String.valueOf(saved.version())));
    }
    return Answer.page(
            Section.POLICIES,
            "Data policies",
            div(
                    Html.linkButton("New policy", to(visit, "edit")),
                    Html.linkButton("Why is something refused?", to(visit, "explain")))
                .withClass("actions"),
            Html.part("Policies", table.orElse("There is none: everything is allowed.")))
        .intro("Which connectors may be used, and together. All that apply hold together.");
  }

  private static DomContent candidate(Visit visit, DataPolicy policy) {
    return p(
        text("tried out in place of " + policy.insteadOf() + ": "),
        Html.linkLabelled(
            "Adopt...", "Adopt " + policy.label(), PolicyAdoptionPages.page(visit, policy.name())));
  }

  private static Answer edit(Visit visit) {
    Optional<String> name = visit.query("name");
    if (name.isEmpty()) {
      return new PolicyDraft(visit, FIRST.toJson(), 0, 0, null).page();
    }
    return draft(visit, required(visit, name.get())).page();
  }

  /**
   * Returns a policy that is saved.
   *
   * @throws NotFoundException if there is none
   */
  static Saved required(Visit visit, String name) {
    return saved(visit, name)
        .orElseThrow(() -> new NotFoundException("policy", name, "It is not saved."));
  }

  /**
   * Returns the policy that a form was made from.
   *
   * @throws ConflictException if its version is another by now
   */
  static Saved shown(Visit visit) throws Refusal {
    Saved saved = required(visit, visit.field("name").orElse(""));
    if (saved.version() != version(visit)) {
      throw ConflictException.ofVersion(
          "Data policy '" + saved.policy().name() + "'", saved.version(), version(visit));
    }
    return saved;
  }

  /** Returns a policy that is saved as it is changed. */
  static PolicyDraft draft(Visit visit, Saved saved) {
    String name = saved.policy().name();
    String place = saved.policy().insteadOf();
    long counterpart =
        saved(visit, place == null ? name + CANDIDATE : place).map(Saved::version).orElse(0L);
    return new PolicyDraft(
        visit, saved.policy().toJson(), saved.version(), counterpart, saved.policy());
  }

  static long version(Visit visit) throws Refusal {
    return version(visit, "version");
  }

  static long version(Visit visit, String field) throws Refusal {
    try {
      return Long.parseLong(visit.field(field).orElse("0"));
    } catch (NumberFormatException e) {
      throw new Refusal(400, "This form is not as the console made it.");
    }
  }

  private static Answer edited(Visit visit) throws Refusal {
    String json = visit.field("json").orElse("");
    DataPolicy saved =
        visit.field("name").flatMap(name -> saved(visit, name)).map(Saved::policy).orElse(null);
    PolicyDraft draft =
        new PolicyDraft(visit, json, version(visit), version(visit, "candidate"), saved);
    DataPolicy policy;
    try {
      policy = DataPolicy.read("The policy", json);
    } catch (InvalidInputException e) {
      return draft.page(e.getMessage()).status(422);
    }
    String act = visit.field("act").orElse("check");
    if (act.startsWith(PolicyDraft.WHAT_IF)) {
      String after = act.substring(PolicyDraft.WHAT_IF.length());
      return visit.field("view").filter(PolicyChangePages.CHANGE::equals).isPresent()
          ? PolicyChangePages.preview(visit, shown(visit), policy, after)
          : draft.page(
              differences(saved, policy), PolicyComparison.difference(visit, policy, after));
    }
    return switch (act) {
      case "save" -> save(draft, policy);
      case "candidate" -> candidate(draft, policy);
      default -> draft.page(review(visit, policy), differences(saved, policy));
    };
  }

  private static DomContent differences(@Nullable DataPolicy saved, DataPolicy policy) {
    return saved == null
        ? each()
        : Html.part("What changes", PolicyDifferences.table(saved, policy));
  }

  private static Answer save(PolicyDraft draft, DataPolicy policy) {
    Visit visit = draft.visit();
    boolean isRenamed = draft.saved() != null && !draft.saved().name().equals(policy.name());
    try {
      policies(visit).save(visit.administrator(), policy, isRenamed ? 0 : draft.version());
    } catch (InvalidInputException e) {
      return draft.page(e.getMessage()).status(422);
    }
    Link page = PolicyView.page(visit, policy.name());
    return Answer.seeOther(
        from(visit).map(flow -> page.with(FROM, flow)).orElse(page), Notice.POLICY_SAVED);
  }

  private static Answer candidate(PolicyDraft draft, DataPolicy policy) {
    Visit visit = draft.visit();
    DataPolicy saved = draft.saved();
    if (saved == null || policy.insteadOf() != null) {
      return draft
          .page("Save it first: a candidate is tried out in place of a policy that holds.")
          .status(422);
    }
    DataPolicy tried =
        renamed(policy, saved.name() + CANDIDATE)
            .insteadOf(saved.name())
            .titled(saved.label() + " (candidate)")
            .build();
    Optional<Saved> there = saved(visit, tried.name());
    if (there.isPresent() && !saved.name().equals(there.get().policy().insteadOf())) {
      return draft
          .page("'" + tried.name() + "' is a policy of its own. Rename it first.")
          .status(422);
    }
    policies(visit).save(visit.administrator(), tried, draft.counterpart());
    return Answer.seeOther(PolicyView.page(visit, tried.name()), Notice.CANDIDATE_SAVED);
  }

  private static DataPolicy.Builder renamed(DataPolicy policy, String name) {
    return PolicyNames.renamed(policy, name).toBuilder().mode(Mode.AUDIT);
  }

  /** Returns what the author of a policy may not expect. */
  static DomContent review(Visit visit, DataPolicy policy) {
    List<String> remarks = policies(visit).review(policy);
    return remarks.isEmpty()
        ? div(p("It can be read, and each of its rules has an effect.")).withClass("notice good")
        : div(p("It can be read. What its author may not expect:"), ul(each(remarks, r -> li(r))))
            .withClass("notice warn");
  }
}

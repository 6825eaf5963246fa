package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.input;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import j2html.tags.DomContent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Data policies: written as the platform's JSON, checked and tried out before they hold. */
final class PolicyPages implements Pages {

  private static final int SHOWN_FLOWS = 100;
  private static final String CANDIDATE = "-candidate";
  private static final DataPolicy FIRST = DataPolicy.named("new-policy").build();

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/policies", PolicyPages::list);
    routes.administratorsGet("administration/policies/edit", PolicyPages::edit);
    routes.administratorsPost("administration/policies/edit", PolicyPages::edited);
    routes.administratorsPost("administration/policies/delete", PolicyPages::delete);
    routes.administratorsPost("administration/policies/adopt", PolicyPages::adopt);
    routes.administratorsGet("administration/policies/explain", PolicyPages::explain);
  }

  private static Policies policies(Visit visit) {
    return visit.runtime().policies();
  }

  private static Link to(Visit visit, String last) {
    return visit.to("administration", "policies", last);
  }

  private static Optional<Saved> saved(Visit visit, String name) {
    return policies(visit).list(visit.administrator()).stream()
        .filter(one -> one.policy().name().equals(name))
        .findFirst();
  }

  private static Answer list(Visit visit) {
    Table table =
        new Table("Policies", "Policy", "Mode", "Where", "Blocked", "Business", "Version");
    for (Saved saved : policies(visit).list(visit.administrator())) {
      DataPolicy policy = saved.policy();
      table.row(
          div(
              Html.link(policy.label(), PolicyView.page(visit, policy.name())),
              iff(policy.insteadOf() != null, p("tried out in place of " + policy.insteadOf()))),
          Wording.mode(policy.mode()),
          text(where(policy)),
          text(connectors(policy, Group.BLOCKED)),
          text(connectors(policy, Group.BUSINESS)),
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

  private static String where(DataPolicy policy) {
    String named =
        policy.environments().stream().map(Object::toString).collect(Collectors.joining(", "));
    return switch (policy.scope()) {
      case ALL_ENVIRONMENTS -> "everywhere";
      case ONLY_ENVIRONMENTS, SINGLE_ENVIRONMENT -> named;
      case EXCEPT_ENVIRONMENTS -> "everywhere but " + named;
    };
  }

  private static String connectors(DataPolicy policy, Group group) {
    List<String> named = policy.connectors(group);
    String listed = named.stream().limit(5).collect(Collectors.joining(", "));
    String more = named.size() > 5 ? listed + " and " + (named.size() - 5) + " more" : listed;
    return policy.defaultGroup() == group
        ? named.isEmpty() ? "all others" : more + ", and all others"
        : named.isEmpty() ? "-" : more;
  }

  private static Answer edit(Visit visit) {
    Optional<String> name = visit.query("name");
    if (name.isEmpty()) {
      return new Draft(visit, FIRST.toJson(), 0, null).page();
    }
    Saved saved =
        saved(visit, name.get())
            .orElseThrow(() -> new NotFoundException("policy", name.get(), "It is not saved."));
    return new Draft(visit, saved.policy().toJson(), saved.version(), saved.policy()).page();
  }

  /**
   * A policy as it is being written.
   *
   * @param version of the policy that it takes the place of; 0 for none
   * @param saved as it is stored, or {@code null} if it is new
   */
  private record Draft(Visit visit, String json, long version, @Nullable DataPolicy saved) {

    Answer.Page page(DomContent... findings) {
      return page(null, findings);
    }

    Answer.Page page(@Nullable String fault, DomContent... findings) {
      Field field =
          Field.lines("json", "The policy, as JSON of the platform")
              .mandatory()
              .value(json)
              .fault(fault);
      return Answer.page(
              Section.POLICIES,
              saved == null ? "New policy" : saved.label(),
              Field.summary(List.of(field)),
              each(List.of(findings), one -> one),
              Html.part(
                  "Write",
                  Html.post(
                      visit,
                      to(visit, "edit"),
                      hidden("version", String.valueOf(version)),
                      hidden("name", saved == null ? "" : saved.name()),
                      field.html(),
                      div(
                              act("check", "Check"),
                              act("what-if", "What if?"),
                              act("candidate", "Try out as a candidate"),
                              Html.primary("Save").withName("act").withValue("save"))
                          .withClass("actions"))),
              iff(Optional.ofNullable(saved), this::others))
          .intro(
              "Check finds rules without effect. What if? says which flows it would break, and"
                  + " changes nothing. A candidate is judged beside what holds, and refuses nothing.");
    }

    private static DomContent act(String act, String label) {
      return button(label).withName("act").withValue(act);
    }

    private DomContent others(DataPolicy policy) {
      return each(
          iff(
              policy.insteadOf() != null,
              Html.part(
                  "Candidate",
                  p("It is tried out in place of " + policy.insteadOf() + "."),
                  Html.post(
                      visit,
                      to(visit, "adopt"),
                      hidden("name", policy.name()),
                      hidden("version", String.valueOf(version)),
                      button("Adopt in place of " + policy.insteadOf())))),
          Html.part(
              "Delete",
              Html.post(
                  visit,
                  to(visit, "delete"),
                  hidden("name", policy.name()),
                  hidden("version", String.valueOf(version)),
                  Html.danger("Delete " + policy.name()))));
    }
  }

  private static DomContent hidden(String name, String value) {
    return input().withType("hidden").withName(name).withValue(value);
  }

  private static long version(Visit visit) throws Refusal {
    try {
      return Long.parseLong(visit.field("version").orElse("0"));
    } catch (NumberFormatException e) {
      throw new Refusal(400, "This form is not as the console made it.");
    }
  }

  private static Answer edited(Visit visit) throws Refusal {
    String json = visit.field("json").orElse("");
    DataPolicy saved =
        visit.field("name").flatMap(name -> saved(visit, name)).map(Saved::policy).orElse(null);
    Draft draft = new Draft(visit, json, version(visit), saved);
    DataPolicy policy;
    try {
      policy = DataPolicy.read("The policy", json);
    } catch (InvalidInputException e) {
      return draft.page(e.getMessage()).status(422);
    }
    return switch (visit.field("act").orElse("check")) {
      case "save" -> save(draft, policy);
      case "candidate" -> candidate(draft, policy);
      case "what-if" -> draft.page(difference(visit, policy));
      default -> draft.page(review(visit, policy));
    };
  }

  private static Answer save(Draft draft, DataPolicy policy) {
    Visit visit = draft.visit();
    boolean isRenamed = draft.saved() != null && !draft.saved().name().equals(policy.name());
    try {
      policies(visit).save(visit.administrator(), policy, isRenamed ? 0 : draft.version());
    } catch (InvalidInputException e) {
      return draft.page(e.getMessage()).status(422);
    }
    return Answer.seeOther(PolicyView.page(visit, policy.name()), Notice.POLICY_SAVED);
  }

  private static Answer candidate(Draft draft, DataPolicy policy) {
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
    long version = saved(visit, tried.name()).map(Saved::version).orElse(0L);
    policies(visit).save(visit.administrator(), tried, version);
    return Answer.seeOther(PolicyView.page(visit, tried.name()), Notice.POLICY_SAVED);
  }

  private static DataPolicy.Builder renamed(DataPolicy policy, String name) {
    return PolicyNames.renamed(policy, name).toBuilder().mode(Mode.AUDIT);
  }

  private static Answer adopt(Visit visit) throws Refusal {
    String name = visit.field("name").orElse("");
    DataPolicy candidate =
        saved(visit, name)
            .map(Saved::policy)
            .orElseThrow(() -> new NotFoundException("policy", name, "It is not saved."));
    String place = String.valueOf(candidate.insteadOf());
    Saved holds =
        saved(visit, place)
            .orElseThrow(() -> new NotFoundException("policy", place, "It is not saved."));
    DataPolicy adopted =
        PolicyNames.renamed(candidate, place).toBuilder()
            .titled(holds.policy().displayName())
            .mode(holds.policy().mode())
            .build();
    long version = version(visit);
    policies(visit).save(visit.administrator(), adopted, holds.version());
    policies(visit).delete(visit.administrator(), name, version);
    return Answer.seeOther(PolicyView.page(visit, place), Notice.POLICY_ADOPTED);
  }

  private static Answer delete(Visit visit) throws Refusal {
    policies(visit).delete(visit.administrator(), visit.field("name").orElse(""), version(visit));
    return Answer.seeOther(visit.to(Section.POLICIES), Notice.POLICY_DELETED);
  }

  private static DomContent review(Visit visit, DataPolicy policy) {
    List<String> remarks = policies(visit).review(policy);
    return remarks.isEmpty()
        ? div(p("It can be read, and each of its rules has an effect.")).withClass("notice good")
        : div(p("It can be read. What its author may not expect:"), ul(each(remarks, r -> li(r))))
            .withClass("notice warn");
  }

  private static DomContent difference(Visit visit, DataPolicy policy) {
    PolicyDifference difference = policies(visit).whatIf(visit.administratorHere(), policy);
    boolean breaks = !difference.newlyBroken().isEmpty();
    return Html.part(
        "If it held in " + visit.caller().environment(),
        p(
            breaks
                ? Html.badge(Tone.BAD, count(difference.newlyBroken().size()) + " would be refused")
                : Html.badge(Tone.GOOD, "No flow would be refused that is allowed now")),
        decisions(visit, "Newly refused", difference.newlyBroken()),
        decisions(visit, "Refused now and then", difference.stillBroken()),
        named(visit, "Allowed again", difference.healed()),
        unknown(visit, difference.unknown()));
  }

  private static String count(int flows) {
    return flows == 1 ? "1 flow" : flows + " flows";
  }

  private static DomContent decisions(
      Visit visit, String title, Map<String, PolicyDecision> decisions) {
    Table table = new Table(title + " (" + count(decisions.size()) + ")", "Flow", "Why");
    new TreeMap<>(decisions)
        .entrySet().stream()
            .limit(SHOWN_FLOWS)
            .forEach(
                one ->
                    table.row(
                        Html.link(one.getKey(), visit.to("flows", one.getKey())),
                        text(PolicyView.inShort(one.getValue()))));
    return iff(!decisions.isEmpty(), each(table.orElse(""), more(decisions.size())));
  }

  private static DomContent more(int all) {
    return iff(all > SHOWN_FLOWS, p("and " + count(all - SHOWN_FLOWS) + " more"));
  }

  private static DomContent named(Visit visit, String title, List<String> flows) {
    Table table = new Table(title + " (" + count(flows.size()) + ")", "Flow");
    flows.stream()
        .limit(SHOWN_FLOWS)
        .forEach(id -> table.row(Html.link(id, visit.to("flows", id))));
    return iff(!flows.isEmpty(), each(table.orElse(""), more(flows.size())));
  }

  private static DomContent unknown(Visit visit, Map<String, String> unknown) {
    Table table =
        new Table("Not known (" + count(unknown.size()) + ")", "Flow", "What is not known");
    new TreeMap<>(unknown)
        .entrySet().stream()
            .limit(SHOWN_FLOWS)
            .forEach(
                one ->
                    table.row(
                        Html.link(one.getKey(), visit.to("flows", one.getKey())),
                        text(one.getValue())));
    return iff(!unknown.isEmpty(), each(table.orElse(""), more(unknown.size())));
  }

  private static Answer explain(Visit visit) {
    Optional<String> flow = visit.query("flow");
    Optional<String> connector = visit.query("connector");
    Optional<String> url = visit.query("url");
    Field ofFlow = Field.text("flow", "Id of a flow").value(flow.orElse(null));
    Field ofConnector = Field.text("connector", "Connector").value(connector.orElse(null));
    Field ofUrl =
        Field.text("url", "Address that it calls")
            .value(url.orElse(null))
            .hint("Such as https://api.example.com/tickets");
    List<DomContent> answers = new ArrayList<>();
    List<Field> faults = new ArrayList<>();
    if (flow.isPresent()) {
      Optional<Flow> found = visit.site().flows().find(flow.get());
      found.ifPresent(
          one ->
              answers.add(
                  decision(
                      visit,
                      "Flow " + one.id(),
                      policies(visit).check(visit.caller().environment(), one))));
      ofFlow = ofFlow.fault(found.isPresent() ? null : "There is no such flow.");
    }
    if (url.isPresent() || connector.isPresent()) {
      Optional<ConnectorId> id = Entered.connector(connector);
      ofConnector = ofConnector.fault(id.isPresent() ? null : "Say which connector calls it.");
      try {
        URI address = URI.create(url.orElse(""));
        id.ifPresent(
            one ->
                answers.add(
                    decision(
                        visit,
                        "Request of " + one + " to " + address,
                        policies(visit).checkRequest(visit.caller().environment(), one, address))));
      } catch (IllegalArgumentException e) {
        ofUrl = ofUrl.fault("This is no address that begins with http:// or https://.");
      }
    }
    Stream.of(ofFlow, ofConnector, ofUrl).forEach(faults::add);
    return Answer.page(
            Section.POLICIES,
            "Why is something refused?",
            Field.summary(faults),
            each(answers, one -> one),
            Html.part("A flow", ask(visit, ofFlow)),
            Html.part("A request", ask(visit, ofConnector, ofUrl)))
        .intro("What the policies say in " + visit.caller().environment() + ", and why.");
  }

  private static DomContent ask(Visit visit, Field... fields) {
    return form(
            each(Stream.of(fields).map(Field::html)), div(button("Explain")).withClass("actions"))
        .withMethod("get")
        .withAction(to(visit, "explain").toString());
  }

  private static DomContent decision(Visit visit, String title, PolicyDecision decision) {
    return Html.part(
        title,
        p(
            decision.isAllowed()
                ? Html.badge(Tone.GOOD, "Allowed")
                : Html.badge(Tone.BAD, "Refused")),
        iff(!decision.findings().isEmpty(), PolicyView.findings(decision)),
        iff(
            !decision.reasons().isEmpty(),
            pre(String.join("\n", decision.reasons())).withTabindex(0)),
        iff(!decision.smallestChange().isEmpty(), PolicyView.smallestChange(visit, decision)));
  }
}

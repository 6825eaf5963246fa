package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.PolicyDecision;
import j2html.tags.DomContent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says whether policies allow a flow or a request, and why. */
final class PolicyExplanation {

  private PolicyExplanation() {}

  static Answer explain(Visit visit) {
    Optional<String> flow = visit.query("flow");
    Optional<String> connector = visit.query("connector");
    Optional<String> url = visit.query("url");
    Field ofFlow =
        Field.text("flow", "Id of a flow")
            .value(flow.orElse(null))
            .choosingFrom(PolicyChoices.FLOWS);
    Field ofConnector =
        Field.text("connector", "Connector")
            .value(connector.orElse(null))
            .choosingFrom(PolicyChoices.CONNECTORS);
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
                      visit.runtime().policies().check(visit.caller().environment(), one))));
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
                        visit
                            .runtime()
                            .policies()
                            .checkRequest(visit.caller().environment(), one, address))));
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
            PolicyChoices.forQuestions(visit),
            Html.part("A flow", ask(visit, ofFlow)),
            Html.part("A request", ask(visit, ofConnector, ofUrl)))
        .intro("What the policies say in " + visit.caller().environment() + ", and why.");
  }

  private static DomContent ask(Visit visit, Field... fields) {
    return form(
            each(Stream.of(fields).map(Field::html)), div(button("Explain")).withClass("actions"))
        .withMethod("get")
        .withAction(PolicyPages.to(visit, "explain").toString());
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
        iff(
            !decision.smallestChange().isEmpty(),
            PolicyView.smallestChange(visit, decision, null)));
  }
}

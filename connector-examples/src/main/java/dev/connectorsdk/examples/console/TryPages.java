package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.code;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.examples.dryrun.Mask;
import dev.connectorsdk.invocation.CallOptions;
import j2html.tags.DomContent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Calls an operation by hand: fill in a form, look at the request, then send it. */
final class TryPages implements Pages {

  /** A page is no place for more. */
  private static final int SHOWN = 100_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final SentOnce sent = new SentOnce();

  @Override
  public void addTo(Routes routes) {
    routes.get("connectors/{connector}/try", TryPages::open);
    routes.post("connectors/{connector}/try", TryPages::show);
    routes.post("connectors/{connector}/try/call", this::call);
  }

  /** Returns the link to an operation's form. */
  static Link link(Visit visit, ConnectorId connector, String operation) {
    return visit.to("connectors", connector.value(), "try").with("operation", operation);
  }

  private static Answer open(Visit visit) {
    TryTarget target = TryTarget.of(visit);
    Optional<Mine> connection = target.connection();
    if (connection.isEmpty()) {
      return choose(visit, target);
    }
    return form(visit, target, TryForm.of(visit, target, false));
  }

  /** Returns the page on which one of several connections is chosen, or none is there yet. */
  private static Answer choose(Visit visit, TryTarget target) {
    return Answer.page(
            Section.CONNECTORS,
            "Try " + target.title(),
            Html.panel(
                target.candidates().isEmpty()
                    ? div(
                        p("You have no connection to " + target.connector().title() + " yet."),
                        Html.linkButton(
                            "Connect",
                            visit.to("connectors", target.connector().id().value(), "connect")))
                    : div(
                        p("With which of your connections?"),
                        iff(
                            target.candidates().size() == TryTarget.MOST,
                            Html.hint(
                                "Not all may be here. The page of each leads to what can be tried"
                                    + " with it.")),
                        ul(
                            each(
                                target.candidates(),
                                mine ->
                                    li(
                                        Html.link(
                                            mine.connection().displayName()
                                                + ", "
                                                + mine.accountLabel(),
                                            target.link(visit, mine))))))))
        .intro(target.connector().title());
  }

  private static Answer.Page form(Visit visit, TryTarget target, TryForm form) {
    return page(
            target,
            Field.summary(form.fields()),
            others(form.otherFaults()),
            Html.panel(
                Html.post(
                    visit,
                    target.here(visit),
                    form.html(),
                    iff(form.fields().isEmpty(), p("It takes no input.")),
                    div(
                            Html.primary("Show the request"),
                            iff(
                                form.isDynamic(),
                                button("Load choices")
                                    .withName("load")
                                    .withValue("yes")
                                    .attr("formnovalidate")))
                        .withClass("actions"))))
        .status(form.isFaulty() ? 422 : 200);
  }

  private static Answer.Page page(TryTarget target, DomContent... content) {
    Mine mine = target.connection().orElseThrow();
    return Answer.page(Section.CONNECTORS, "Try " + target.title())
        .with(
            div(
                    ConnectorPages.effect(target.action()),
                    code(target.action().id()),
                    text("with "),
                    text(mine.connection().displayName()),
                    mine.standing().badge())
                .withClass("row about"))
        .with(content)
        .intro(target.action().description());
  }

  private static DomContent others(List<String> faults) {
    return iff(
        !faults.isEmpty(),
        div(ul(each(faults, fault -> li(fault)))).withClass("notice bad").attr("role", "alert"));
  }

  private static Answer show(Visit visit) {
    TryTarget target = TryTarget.of(visit);
    if (target.connection().isEmpty()) {
      return choose(visit, target);
    }
    boolean check = visit.field("load").isEmpty() && visit.field("edit").isEmpty();
    TryForm form = TryForm.of(visit, target, check);
    if (form.isFaulty() || !check) {
      return form(visit, target, form);
    }
    Mine mine = target.connection().orElseThrow();
    Optional<String> request =
        mine.option()
            .flatMap(
                option ->
                    new TryDryRun(target.connector(), option, mine.connection(), form.entered())
                        .request(target.action().id(), form.json()));
    return page(
        target,
        Html.part(
            "The request, not sent yet",
            request.isPresent()
                ? div(
                    pre(request.get()).withTabindex(0).attr("aria-label", "Request"),
                    Html.hint("Credentials stand as ***: they are put in when it is sent."))
                : div(
                    p("It cannot be shown before it is sent. The input is:"),
                    pre(Mask.of(form.entered()).hide(PRETTY.writeValueAsString(form.json()))))),
        Html.panel(
            warning(target.action()),
            Html.post(
                visit,
                target.here(visit),
                form.again(),
                Html.hidden(SentOnce.FIELD, SentOnce.newName()),
                div(
                        Html.primary("Send it").attr("formaction", target.call(visit).toString()),
                        button("Change the input")
                            .withName("edit")
                            .withValue("yes")
                            .attr("formnovalidate"))
                    .withClass("actions"))));
  }

  private static DomContent warning(Action<?, ?> action) {
    Effect effect = action.effect();
    return iff(
        effect != Effect.READ,
        Html.notice(
            Html.Tone.WARN,
            effect == Effect.DESTRUCTIVE
                ? "This removes or overwrites something at the service that cannot be brought back."
                : "This changes something at the service."));
  }

  private Answer call(Visit visit) throws Refusal {
    TryTarget target = TryTarget.of(visit);
    if (target.connection().isEmpty()) {
      return choose(visit, target);
    }
    TryForm form = TryForm.of(visit, target, true);
    if (form.isFaulty()) {
      return form(visit, target, form);
    }
    String once = SentOnce.name(visit);
    if (isRepeated(visit, target.action(), once)) {
      return page(
              target,
              Html.problem(
                  "This was sent before. It is not sent again.",
                  "To send it once more, look at the request again."),
              Html.panel(again(visit, target, form)))
          .status(409);
    }
    try {
      JsonNode answer =
          visit
              .runtime()
              .invoke(
                  visit.caller(),
                  target.reference(visit),
                  target.action().id(),
                  form.json(),
                  CallOptions.standard().within(PATIENCE).idempotencyKey(once));
      return page(target, Html.part("The answer", answer(answer), again(visit, target, form)));
    } catch (InvalidInputException e) {
      return form(visit, target, form.refused(e));
    } catch (ConnectorException e) {
      return page(
              target,
              Html.problem(Wording.inWords(String.valueOf(e.getMessage())), e.remedy()),
              Html.panel(again(visit, target, form)))
          .status(502);
    }
  }

  /** Where a service recognises a repetition by its key, it says itself what came of the first. */
  private boolean isRepeated(Visit visit, Action<?, ?> action, String once) {
    boolean repeatable = action.effect() == Effect.READ || action.idempotencyHeader().isPresent();
    return !repeatable && !sent.isFirst(visit, once);
  }

  private static DomContent answer(JsonNode answer) {
    String whole = answer.isString() ? answer.stringValue() : PRETTY.writeValueAsString(answer);
    boolean cut = whole.length() > SHOWN;
    return div(
        pre(cut ? whole.substring(0, SHOWN) : whole).withTabindex(0).attr("aria-label", "Answer"),
        iff(cut, Html.hint("It is longer: " + whole.length() + " characters.")));
  }

  private static DomContent again(Visit visit, TryTarget target, TryForm form) {
    return Html.post(
        visit,
        target.here(visit),
        form.hidden(),
        Html.hidden("edit", "yes"),
        div(button("Change the input")).withClass("actions"));
  }
}

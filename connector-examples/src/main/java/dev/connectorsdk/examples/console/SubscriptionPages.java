package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.Triggers;
import j2html.tags.DomContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Triggers: how far each has come, what it has found, and what could not be handled. */
final class SubscriptionPages implements Pages {

  private static final int PAGE = 25;
  private static final String NUMBER = "number";
  private static final int LONGEST_PAYLOAD = 4_000;

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/triggers", SubscriptionPages::all);
    routes.get("flows/{flow}/triggers/{id}", visit -> one(FlowVisit.of(visit), null));
    routes.post("flows/{flow}/triggers/{id}/replay", SubscriptionPages::replay);
    routes.get("flows/{flow}/triggers/{id}/drop", SubscriptionPages::aboutToDrop);
    routes.post("flows/{flow}/triggers/{id}/drop", SubscriptionPages::drop);
    routes.post("flows/{flow}/triggers/{id}/pause", SubscriptionPages::pause);
    routes.post("flows/{flow}/triggers/{id}/resume", SubscriptionPages::resume);
  }

  private static Triggers triggers(Visit visit) {
    return visit.runtime().triggers();
  }

  private static Answer all(Visit visit) {
    String flow = visit.query("search").orElse(null);
    ListPage<Subscription> page = administered(visit, flow);
    return Answer.page(
            Section.TRIGGERS,
            "Triggers",
            Html.search(visit.to(Section.TRIGGERS), "Of the flow with this id", flow),
            Html.part(
                "Triggers in " + visit.caller().environment(),
                table(visit, page.items(), false),
                Html.paging(visit, page.next())))
        .intro(
            "You see how each is. What it watches and what it has found the owners of its flow see,"
                + " who also replay what was parked.");
  }

  /** Returns the triggers of a flow, as far as the visitor may know of them. */
  static DomContent ofFlow(FlowVisit seen) {
    Visit visit = seen.visit();
    if (!seen.isOwned() && !seen.isAdministered()) {
      return each();
    }
    ListPage<Subscription> page =
        seen.isOwned()
            ? ListPage.of(visit, triggers(visit).list(seen.running()), Subscription::id, PAGE)
            : administered(visit, seen.flow().id());
    return Html.part(
            "Triggers", table(visit, page.items(), seen.isOwned()), Html.paging(visit, page.next()))
        .withId(ParkedEvents.TRIGGERS);
  }

  private static ListPage<Subscription> administered(Visit visit, @Nullable String flow) {
    String after = visit.query("after").orElse("");
    List<Subscription> found =
        triggers(visit).list(visit.administratorHere(), flow, after, PAGE + 1);
    List<Subscription> shown = found.subList(0, Math.min(PAGE, found.size()));
    return new ListPage<>(shown, found.size() > PAGE ? shown.get(PAGE - 1).id() : null);
  }

  private static DomContent table(Visit visit, List<Subscription> some, boolean isOwned) {
    Table table =
        new Table(
            "Triggers",
            "Trigger",
            "Flow",
            "State",
            "Complete up to",
            "Last event",
            "Waiting",
            "Parked");
    for (Subscription one : some) {
      Link flow = visit.to("flows", one.flow());
      table.row(
          isOwned
              ? Html.link(one.trigger(), Link.below(flow.path(), "triggers", one.id()))
              : text(one.trigger()),
          Html.link(one.flow(), flow),
          state(visit, one),
          Html.time(one.completeUpTo()),
          Html.time(one.lastEventAt()),
          text(String.valueOf(one.waiting())),
          one.parked() == 0 ? text("0") : Html.badge(Tone.WARN, String.valueOf(one.parked())));
    }
    return table.orElse("There is none.");
  }

  private static DomContent state(Visit visit, Subscription one) {
    boolean suspended = one.phase() == Subscription.Phase.ACTIVE && isSuspended(visit, one);
    return div(
        suspended
            ? Html.badge(Tone.BAD, "Active, but the flow is suspended")
            : Wording.phase(one.phase()),
        iff(suspended, p("A data policy suspends it: the flow's page says why.")),
        why(one));
  }

  private static boolean isSuspended(Visit visit, Subscription one) {
    return visit
        .site()
        .flows()
        .find(one.flow())
        .filter(
            flow ->
                !visit.runtime().policies().check(visit.caller().environment(), flow).isAllowed())
        .isPresent();
  }

  private static DomContent why(Subscription one) {
    return each(
        iff(!one.reason().isBlank(), p(Wording.inWords(one.reason()))),
        iff(!one.lastError().isBlank(), p(one.lastError())),
        iff(!one.hasHandler(), p("This process does not have its handler.")));
  }

  private static Answer.Page one(FlowVisit seen, @Nullable String problem) {
    Visit visit = seen.visit();
    requireOwned(seen);
    Subscription subscription = triggers(visit).inspect(seen.running(), visit.path("id"));
    boolean parkedOnly = visit.query("show").filter("parked"::equals).isPresent();
    long after = number(visit.query("after").orElse("0"));
    List<InboxEvent> found =
        triggers(visit)
            .events(
                seen.running(),
                subscription.id(),
                parkedOnly ? EventStatus.PARKED : null,
                after,
                PAGE + 1);
    List<InboxEvent> shown = found.subList(0, Math.min(PAGE, found.size()));
    return Answer.page(
            Section.FLOWS,
            subscription.trigger(),
            problem == null ? each() : Html.problem(problem, ""),
            Html.part("How it is", facts(visit, subscription), actions(seen, subscription)),
            Html.part(
                "Events",
                div(
                        Html.linkButton("All", page(seen, subscription.id())),
                        Html.linkButton(
                            "Parked (" + subscription.parked() + ")",
                            page(seen, subscription.id()).with("show", "parked")))
                    .withClass("actions"),
                events(seen, subscription, shown),
                Html.paging(
                    visit,
                    found.size() > PAGE ? String.valueOf(shown.get(PAGE - 1).number()) : null)))
        .intro("A trigger of flow " + seen.flow().id() + ".");
  }

  private static void requireOwned(FlowVisit seen) {
    if (!seen.isOwned()) {
      throw new NotFoundException(
          "subscription", seen.visit().path("id"), "Only the owners of a flow see its events.");
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Link page(FlowVisit seen, String subscription) {
    return seen.to("triggers", subscription);
  }

  private static DomContent facts(Visit visit, Subscription one) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put("State", state(visit, one));
    facts.put("Complete up to (watermark)", Html.time(one.completeUpTo()));
    facts.put("Proved by", text(one.proof().isBlank() ? "nothing yet" : one.proof()));
    facts.put("Last event", Html.time(one.lastEventAt()));
    facts.put("Next poll", Html.time(one.nextPollAt()));
    facts.put("Waiting", text(String.valueOf(one.waiting())));
    facts.put("Parked", text(String.valueOf(one.parked())));
    facts.put("Failed polls in a row", text(String.valueOf(one.failures())));
    facts.put("Handler", text(one.handler()));
    facts.put("Connection reference", text(one.reference().displayName()));
    facts.put("Watches", text(one.configuration().toString()));
    return Html.facts(facts);
  }

  private static DomContent actions(FlowVisit seen, Subscription one) {
    Link page = page(seen, one.id());
    boolean goesOn =
        one.phase() == Phase.ACTIVE
            || one.phase() == Phase.WAITING
            || one.phase() == Phase.SUBSCRIBING;
    boolean resumes = one.phase() == Phase.PAUSED || one.phase() == Phase.GUARDED;
    return div(
            iff(
                goesOn,
                Html.action(seen.visit(), Link.below(page.path(), "pause"), button("Pause"))),
            iff(
                resumes,
                Html.action(
                    seen.visit(), Link.below(page.path(), "resume"), Html.primary("Resume"))))
        .withClass("actions");
  }

  private static DomContent events(FlowVisit seen, Subscription of, List<InboxEvent> events) {
    Table table = new Table("Events", "Event", "State", "Tries", "Stored", "What it says", "Do");
    for (InboxEvent event : events) {
      table.row(
          text(event.id()),
          div(status(event.status()), iff(!event.error().isBlank(), p(event.error()))),
          text(String.valueOf(event.attempts())),
          Html.time(event.storedAt()),
          payload(event.payload()),
          div(
                  iff(
                      event.status() != EventStatus.STORED && event.payload() != null,
                      replay(seen, of, event)),
                  iff(event.status() == EventStatus.PARKED, drop(seen, of, event)))
              .withClass("row"));
    }
    return table.orElse("There is none.");
  }

  private static DomContent status(EventStatus status) {
    return switch (status) {
      case STORED -> Html.badge(Tone.QUIET, "Waiting");
      case ACCEPTED -> Html.badge(Tone.GOOD, "Handled");
      case PARKED -> Html.badge(Tone.BAD, "Parked");
    };
  }

  private static DomContent payload(@Nullable JsonNode payload) {
    if (payload == null) {
      return text("not kept");
    }
    String json = payload.toPrettyString();
    return details(
        summary("Show"),
        pre(json.length() > LONGEST_PAYLOAD ? json.substring(0, LONGEST_PAYLOAD) + "..." : json));
  }

  private static DomContent replay(FlowVisit seen, Subscription of, InboxEvent event) {
    return Html.post(
        seen.visit(),
        below(seen, of, "replay"),
        Html.hidden(NUMBER, String.valueOf(event.number())),
        button("Replay").attr("aria-label", "Replay event " + event.id()));
  }

  private static DomContent drop(FlowVisit seen, Subscription of, InboxEvent event) {
    return a("Drop...")
        .withHref(below(seen, of, "drop").with(NUMBER, String.valueOf(event.number())).toString())
        .withClass("button")
        .attr("aria-label", "Drop event " + event.id());
  }

  private static Link below(FlowVisit seen, Subscription of, String act) {
    return Link.below(page(seen, of.id()).path(), act);
  }

  private static Answer aboutToDrop(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    requireOwned(seen);
    Subscription of = triggers(visit).inspect(seen.running(), visit.path("id"));
    Optional<InboxEvent> parked = parked(seen, of, number(visit.query(NUMBER).orElse("0")));
    if (parked.isEmpty()) {
      return noLongerParked(seen, of);
    }
    InboxEvent event = parked.get();
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put("Event", text(event.id()));
    facts.put("Why it is parked", text(event.error()));
    facts.put("Tries", text(String.valueOf(event.attempts())));
    facts.put("Stored", Html.time(event.storedAt()));
    facts.put("What it says", payload(event.payload()));
    return Answer.page(
            Section.FLOWS,
            "Drop event " + event.id() + "?",
            Html.part("The event", Html.facts(facts)),
            Html.part(
                "What follows",
                p(
                    "It is not handled any more, and what it says is gone. If the service tells of"
                        + " it once more within 7 days, it is left out. Replay it instead if what"
                        + " went wrong is mended."),
                Html.post(
                    visit,
                    below(seen, of, "drop"),
                    Html.hidden(NUMBER, String.valueOf(event.number())),
                    div(Html.danger("Drop the event"), Html.link("Keep it", page(seen, of.id())))
                        .withClass("actions"))))
        .intro("Trigger " + of.trigger() + " of flow " + seen.flow().id() + ".");
  }

  private static Answer.Page noLongerParked(FlowVisit seen, Subscription of) {
    return Answer.page(
            Section.FLOWS,
            "It is not parked any more",
            p("Somebody has had this event handled again, or has dropped it."),
            div(Html.linkButton(
                    "Events of trigger " + of.trigger(),
                    page(seen, of.id()).with("show", "parked")))
                .withClass("actions"))
        .status(404);
  }

  private static Optional<InboxEvent> parked(FlowVisit seen, Subscription of, long number) {
    return triggers(seen.visit())
        .events(seen.running(), of.id(), EventStatus.PARKED, number - 1, 1)
        .stream()
        .filter(event -> event.number() == number)
        .findFirst();
  }

  private static Answer replay(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    String id = visit.path("id");
    boolean done = triggers(visit).replay(seen.running(), id, number(visit));
    return Answer.seeOther(page(seen, id), done ? Notice.EVENT_REPLAYED : Notice.EVENT_GONE);
  }

  private static Answer drop(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    String id = visit.path("id");
    boolean done = triggers(visit).drop(seen.running(), id, number(visit));
    return Answer.seeOther(page(seen, id), done ? Notice.EVENT_DROPPED : Notice.EVENT_GONE);
  }

  private static long number(Visit visit) {
    return number(visit.field(NUMBER).orElse("0"));
  }

  private static Answer pause(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    return changed(
        seen, id -> triggers(visit).pause(seen.running(), id), Notice.SUBSCRIPTION_PAUSED);
  }

  private static Answer resume(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    return changed(
        seen, id -> triggers(visit).resume(seen.running(), id), Notice.SUBSCRIPTION_RESUMED);
  }

  /** Somebody else may have been faster: then the page says how it is now. */
  private static Answer changed(FlowVisit seen, Consumer<String> change, Notice notice) {
    String id = seen.visit().path("id");
    try {
      change.accept(id);
      return Answer.seeOther(page(seen, id), notice);
    } catch (IllegalStateException e) {
      return one(seen, e.getMessage()).status(409);
    }
  }
}

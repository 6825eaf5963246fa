package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.each;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import j2html.tags.DomContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much of an environment waits for somebody, as its administrators see it first. */
final class EnvironmentOverview {

  private static final String CONNECTIONS = "Connections that do not work";
  private static final String FLOWS = "Flows that a data policy suspends";
  private static final String EVENTS = "Events that could not be handled";
  private static final int LOOKED_AT = 100;

  private EnvironmentOverview() {}

  static DomContent of(Visit visit) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put(CONNECTIONS, connections(visit));
    facts.put(FLOWS, flows(visit));
    facts.put(EVENTS, events(visit));
    return Html.part("All of " + visit.caller().environment(), Html.facts(facts));
  }

  private static DomContent connections(Visit visit) {
    ConnectionSearch search =
        ConnectionSearch.some(
            query -> visit.runtime().connections().list(visit.administratorHere(), query),
            ConnectionQuery.all().in(visit.caller().environment()),
            one -> !one.status().isConnected(),
            ConnectionSearch.LOOKED_AT);
    return counted(
        CONNECTIONS,
        search.found().size(),
        search.next() == null,
        ConnectionSearch.LOOKED_AT + " connections",
        AdministeredConnectionPages.notWorking(visit));
  }

  private static DomContent flows(Visit visit) {
    List<Flow> flows = visit.site().flows().list(Filter.ALL, "", LOOKED_AT + 1);
    long suspended =
        flows.stream().limit(LOOKED_AT).filter(flow -> isSuspended(visit, flow)).count();
    return counted(
        FLOWS, suspended, flows.size() <= LOOKED_AT, LOOKED_AT + " flows", visit.to(Section.FLOWS));
  }

  private static boolean isSuspended(Visit visit, Flow flow) {
    return !visit.runtime().policies().check(visit.caller().environment(), flow).isAllowed();
  }

  private static DomContent events(Visit visit) {
    ParkedEvents.Count parked = ParkedEvents.administered(visit, null);
    return counted(
        EVENTS,
        parked.events(),
        parked.isAll(),
        ParkedEvents.LOOKED_AT + " triggers",
        visit.to(Section.TRIGGERS));
  }

  /**
   * @param isAll whether all were looked at
   * @param lookedAt how many were looked at otherwise
   * @param to the list of all of them
   */
  private static DomContent counted(
      String what, long found, boolean isAll, String lookedAt, Link to) {
    String count = isAll ? String.valueOf(found) : "at least " + found;
    DomContent counted =
        found == 0
            ? text("none")
            : a(Html.badge(Tone.WARN, count))
                .withHref(to.toString())
                .attr("aria-label", what + ": " + count);
    return isAll
        ? counted
        : each(
            counted,
            text(" among the first " + lookedAt + ". The others are not counted here: "),
            Html.linkLabelled("see the list", "see the list: " + what, to),
            text("."));
  }
}

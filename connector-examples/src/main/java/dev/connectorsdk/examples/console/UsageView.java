package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.connection.ConnectionUsage;
import j2html.tags.DomContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What uses a connection, and stops with it. */
final class UsageView {

  /** How many flows are looked at. */
  static final int NAMED = 50;

  private UsageView() {}

  static DomContent of(Visit visit, ConnectionId connection, ConnectionUsage usage) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put("Flows", flows(visit, usage));
    facts.put(
        "Connection references of the owner",
        names(
            usage.references().stream()
                .filter(name -> !TryTarget.isConsoles(name, connection))
                .toList(),
            0,
            name -> text(name)));
    facts.put("Connection references of others", text(String.valueOf(usage.otherReferences())));
    facts.put("Triggers", text((usage.isWhole() ? "" : "at least ") + usage.subscriptions()));
    facts.put("Last used", Html.time(usage.lastUse()));
    return Html.facts(facts);
  }

  private static DomContent flows(Visit visit, ConnectionUsage usage) {
    return div(
        names(usage.flows(), usage.otherFlows(), id -> Html.link(id, visit.to("flows", id))),
        iff(!usage.isWhole(), p("and further ones, which were not looked at")));
  }

  private static DomContent names(
      List<String> names, int others, Function<String, DomContent> shown) {
    List<String> named = names.subList(0, Math.min(NAMED, names.size()));
    int more = names.size() - named.size() + others;
    return named.isEmpty() && more == 0
        ? text("none")
        : div(
            ul(each(named, name -> li(shown.apply(name)))),
            p(more == 0 ? "" : "and " + more + " others"));
  }
}

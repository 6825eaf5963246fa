package dev.connectorsdk.examples.console;

import static j2html.TagCreator.code;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorOperation;
import dev.connectorsdk.examples.console.Html.Tone;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The connectors that the visitor's environment has, and what each offers. */
final class ConnectorPages implements Pages {

  private static final int PAGE = 40;
  private static final int OWN = 25;

  @Override
  public void addTo(Routes routes) {
    routes.get("connectors", ConnectorPages::list);
    routes.get("connectors/{connector}", ConnectorPages::page);
  }

  /** Of a catalogue only titles are at hand: descriptions are read for those that are shown. */
  private static Answer list(Visit visit) {
    String search = visit.query("search").orElse("");
    List<Connector> found =
        visit.runtime().connectors(visit.caller()).stream()
            .filter(one -> Search.matches(search, one.title(), one.id().value()))
            .sorted(
                Comparator.comparing((Connector one) -> one.title().toLowerCase(Locale.ROOT))
                    .thenComparing(one -> one.id().value()))
            .toList();
    ListPage<Connector> page = ListPage.of(visit, found, one -> one.id().value(), PAGE);
    Table table = new Table(counted(found.size()), "Connector", "What it is", "");
    for (Connector connector : page.items()) {
      Link link = visit.to("connectors", connector.id().value());
      table.row(
          Html.link(connector.title(), link),
          text(connector.description()),
          Html.linkLabelled(
              "Connect", "Connect to " + connector.title(), Link.below(link.path(), "connect")));
    }
    return Answer.page(
            Section.CONNECTORS,
            "Connectors",
            Html.search(visit.to(Section.CONNECTORS), "Search by name", search),
            Html.panel(
                table.orElse("No connector has that in its name."),
                Html.paging(visit, page.next())))
        .intro("What can be connected to in " + visit.caller().environment() + ".");
  }

  private static String counted(int connectors) {
    return connectors == 1 ? "1 connector" : connectors + " connectors";
  }

  private static Answer page(Visit visit) {
    Connector connector =
        visit.runtime().connector(visit.caller(), Entered.connector(visit.path("connector")));
    List<Mine> own =
        ConnectionPages.own(visit, connector.id(), OWN + 1).stream()
            .map(connection -> new Mine(connection, Optional.of(connector)))
            .toList();
    return Answer.page(
            Section.CONNECTORS,
            connector.title(),
            Html.part("Ways to connect", ways(visit, connector)),
            iff(!own.isEmpty(), own(visit, connector, own)),
            operations(visit, connector))
        .intro(connector.description());
  }

  private static DomContent own(Visit visit, Connector connector, List<Mine> own) {
    return Html.panel(
        ConnectionPages.table(visit, own.subList(0, Math.min(OWN, own.size()))).orElse(""),
        iff(
            own.size() > OWN,
            p(
                Html.link(
                    "You have more: all of them",
                    visit.to(Section.CONNECTIONS).with("search", connector.title())))));
  }

  private static DomContent ways(Visit visit, Connector connector) {
    Link connect = visit.to("connectors", connector.id().value(), "connect");
    return div(each(
            connector.authOptions(),
            option -> Html.linkButton(option.title(), connect.with("option", option.id()))))
        .withClass("actions");
  }

  private static DomContent operations(Visit visit, Connector connector) {
    String search = visit.query("search").orElse("");
    List<ConnectorOperation> all = new ArrayList<>(connector.actions());
    all.addAll(connector.triggers());
    List<ConnectorOperation> found =
        all.stream()
            .filter(one -> !one.isInternal())
            .filter(one -> Search.matches(search, one.title(), one.id(), one.description()))
            .toList();
    ListPage<ConnectorOperation> page = ListPage.of(visit, found, ConnectorPages::key, PAGE);
    Table table = new Table("Operations", "Operation", "What it does", "Effect", "");
    for (ConnectorOperation operation : page.items()) {
      table.row(
          div(text(operation.title()), p(code(operation.id())).withClass("hint")),
          div(
              text(operation.description()),
              iff(operation.isDeprecated(), p("Not for new work any more.").withClass("hint"))),
          effect(operation),
          operation instanceof Action
              ? Html.linkLabelled(
                  "Try", "Try " + operation.title(), tryLink(visit, connector, operation))
              : text(""));
    }
    return Html.panel(
        iff(
            all.size() > PAGE,
            Html.search(
                visit.to("connectors", connector.id().value()), "Search operations", search)),
        table.orElse("No operation has that in its name or description."),
        Html.paging(visit, page.next()));
  }

  /** Returns the form of an operation, with the connection that the query names, if it does. */
  private static Link tryLink(Visit visit, Connector connector, ConnectorOperation operation) {
    Link link = TryPages.link(visit, connector.id(), operation.id());
    return visit.query("connection").map(id -> link.with("connection", id)).orElse(link);
  }

  /** Actions and triggers have ids of their own each. */
  private static String key(ConnectorOperation operation) {
    return (operation instanceof Action ? "a:" : "t:") + operation.id();
  }

  static DomContent effect(ConnectorOperation operation) {
    if (!(operation instanceof Action<?, ?> action)) {
      return Html.badge(Tone.QUIET, "Trigger");
    }
    return switch (action.effect()) {
      case READ -> Html.badge(Tone.GOOD, "Reads");
      case IDEMPOTENT_WRITE, WRITE -> Html.badge(Tone.WARN, "Changes");
      case DESTRUCTIVE -> Html.badge(Tone.BAD, "Removes");
    };
  }
}

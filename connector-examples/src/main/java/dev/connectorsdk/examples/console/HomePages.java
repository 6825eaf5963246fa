package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import java.util.List;

/** The first page: what needs the visitor's attention, and where things are. */
final class HomePages implements Pages {

  @Override
  public void addTo(Routes routes) {
    routes.get("", HomePages::home);
  }

  private static Answer home(Visit visit) {
    List<Mine> all =
        visit.runtime().connections().list(visit.caller()).stream()
            .map(connection -> Mine.of(visit, connection))
            .toList();
    List<Mine> broken =
        all.stream().filter(mine -> !mine.connection().status().isConnected()).toList();
    int connectors = visit.runtime().connectors(visit.caller()).size();
    return Answer.page(
            Section.HOME,
            "Hello, " + visit.visitor().name(),
            iff(!broken.isEmpty(), attention(visit, broken)),
            ul(
                    card(
                        all.size(),
                        "My connections",
                        visit.to(Section.CONNECTIONS),
                        "Your accounts at other services, and how they stand."),
                    card(
                        connectors,
                        "Connectors",
                        visit.to(Section.CONNECTORS),
                        "Services that you can connect to, and what they offer."))
                .withClass("cards"))
        .intro(
            broken.isEmpty()
                ? "Nothing of yours needs your attention."
                : "Something of yours needs your attention.");
  }

  private static DomContent attention(Visit visit, List<Mine> broken) {
    Table table = new Table("Connections that do not work", "Name", "Status", "What to do");
    for (Mine mine : broken) {
      table.row(
          Html.link(mine.connection().displayName(), mine.link(visit)),
          mine.standing().badge(),
          each(
              iff(!mine.standing().problem().isEmpty(), p(mine.standing().problem())),
              p(mine.standing().remedy(mine.signsIn())).withClass("hint")));
    }
    return Html.panel(table.orElse(""));
  }

  private static DomContent card(int count, String title, Link to, String about) {
    return li(
        span(String.valueOf(count)).withClass("count"),
        Html.link(title, to),
        p(about).withClass("hint"));
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import java.util.List;
import java.util.stream.Stream;

/** The first page: what needs the visitor's attention, and where things are. */
final class HomePages implements Pages {

  private static final int NAMED = 25;

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
    FlowsToLookAt flows = FlowsToLookAt.of(visit);
    Stream<DomContent> sections =
        Stream.of(Section.values())
            .filter(section -> section != Section.HOME)
            .filter(
                section ->
                    !section.isForAdministrators() || visit.visitor().administrator().isPresent())
            .map(section -> card(visit, section));
    return Answer.page(
            Section.HOME,
            "Hello, " + visit.visitor().name(),
            iff(!broken.isEmpty(), attention(visit, broken)),
            flows.html(visit),
            ul(each(sections)).withClass("cards"))
        .intro(
            broken.isEmpty() && flows.isEmpty()
                ? "Nothing of yours needs your attention."
                : "Something of yours needs your attention.");
  }

  private static DomContent attention(Visit visit, List<Mine> broken) {
    Table table = new Table("Connections that do not work", "Name", "Status", "What to do");
    for (Mine mine : broken.subList(0, Math.min(NAMED, broken.size()))) {
      table.row(
          Html.link(mine.connection().displayName(), mine.link(visit)),
          mine.standing().badge(),
          each(
              iff(!mine.standing().problem().isEmpty(), p(mine.standing().problem())),
              p(mine.standing().remedy(mine.signsIn())).withClass("hint")));
    }
    int more = broken.size() - NAMED;
    return Html.panel(
        table.orElse(""),
        iff(
            more > 0,
            p(Html.link("And " + more + " more: my connections", visit.to(Section.CONNECTIONS)))));
  }

  private static DomContent card(Visit visit, Section section) {
    return li(Html.link(section.title(), visit.to(section)), p(section.about()).withClass("hint"));
  }
}

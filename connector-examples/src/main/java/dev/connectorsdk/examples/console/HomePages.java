package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectionQuery;
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
    ConnectionSearch search =
        ConnectionSearch.some(
            ConnectionPages.own(visit),
            ConnectionQuery.all(),
            one -> !one.status().isConnected(),
            NAMED);
    List<Mine> broken = search.found().stream().map(one -> Mine.of(visit, one)).toList();
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
            iff(!broken.isEmpty(), attention(visit, broken, search)),
            iff(
                !search.isAll(),
                Html.hint(
                    "The first "
                        + ConnectionSearch.LOOKED_AT
                        + " of your connections were looked at.")),
            flows.html(visit),
            iff(visit.visitor().administrator(), one -> EnvironmentOverview.of(visit)),
            ul(each(sections)).withClass("cards"))
        .intro(
            broken.isEmpty() && flows.isEmpty()
                ? search.isAll()
                    ? "Nothing of yours needs your attention."
                    : "Nothing of what was looked at needs your attention."
                : "Something of yours needs your attention.");
  }

  private static DomContent attention(Visit visit, List<Mine> broken, ConnectionSearch search) {
    Table table = new Table("Connections that do not work", "Name", "Status", "What to do");
    for (Mine mine : broken) {
      table.row(
          Html.link(mine.connection().displayName(), mine.link(visit)),
          mine.standing().badge(),
          each(
              iff(!mine.standing().problem().isEmpty(), p(mine.standing().problem())),
              p(mine.standing().remedy(mine.signsIn())).withClass("hint")));
    }
    return Html.panel(
        table.orElse(""),
        iff(
            search.next() != null,
            p(Html.link("There may be more: my connections", visit.to(Section.CONNECTIONS)))));
  }

  private static DomContent card(Visit visit, Section section) {
    return li(Html.link(section.title(), visit.to(section)), p(section.about()).withClass("hint"));
  }
}

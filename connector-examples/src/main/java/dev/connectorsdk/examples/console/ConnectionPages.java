package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.code;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.iffElse;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionQuery.Order;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.examples.console.Standing.Mend;
import j2html.tags.DomContent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The visitor's own connections: how they stand, what mends them, what uses them. */
final class ConnectionPages implements Pages {

  private static final int PAGE = 50;

  @Override
  public void addTo(Routes routes) {
    routes.get("connections", ConnectionPages::list);
    routes.get("connections/{id}", visit -> page(visit, Mine.of(visit)));
    routes.post("connections/{id}/test", ConnectionPages::test);
    routes.get("connections/{id}/delete", ConnectionPages::aboutToDelete);
    routes.post("connections/{id}/delete", ConnectionPages::delete);
  }

  private static Answer list(Visit visit) throws Refusal {
    String search = visit.query("search").orElse("");
    Optional<String> after = visit.query("after");
    ConnectionSearch page = page(visit, search, after);
    List<Mine> shown = page.found().stream().map(one -> Mine.of(visit, one)).toList();
    boolean isWhole = search.isEmpty() && after.isEmpty() && page.next() == null;
    return Answer.page(
            Section.CONNECTIONS,
            "My connections",
            div(Html.primaryLink("New connection", visit.to(Section.CONNECTORS)))
                .withClass("actions"),
            iff(
                !isWhole,
                Html.search(visit.to(Section.CONNECTIONS), "Search by name or connector", search)),
            Html.panel(
                table(visit, shown)
                    .orElse(
                        isWhole
                            ? "You have no connection yet. Choose a connector to make one."
                            : page.isAll()
                                ? "None of your connections has that in its name."
                                : "None of these has that in its name."),
                iff(!page.isAll(), page.hint()),
                Html.paging(visit, page.next())))
        .intro(
            "Your accounts at other services, in the environment "
                + visit.caller().environment()
                + ".");
  }

  private static ConnectionSearch page(Visit visit, String search, Optional<String> after)
      throws Refusal {
    ConnectionQuery query = ConnectionQuery.all();
    if (after.isPresent()) {
      query = query.after(Entered.place(after.get()));
    }
    Map<ConnectorId, String> titles = new HashMap<>();
    return search.isEmpty()
        ? ConnectionSearch.all(own(visit), query, PAGE)
        : ConnectionSearch.some(
            own(visit),
            query,
            one ->
                Search.matches(
                    search,
                    one.displayName(),
                    titles.computeIfAbsent(
                        one.connector(), id -> Mine.of(visit, one).connectorTitle())),
            PAGE);
  }

  /** Returns what asks for pages of the visitor's own connections. */
  static Function<ConnectionQuery, List<Connection>> own(Visit visit) {
    return query -> visit.runtime().connections().list(visit.caller(), query);
  }

  /** Returns the first of the visitor's own connections to a connector. */
  static List<Connection> own(Visit visit, ConnectorId connector, int most) {
    return own(visit)
        .apply(ConnectionQuery.all().of(connector).sortedBy(Order.CONNECTOR).limit(most));
  }

  static Table table(Visit visit, List<Mine> connections) {
    Table table = new Table("Connections", "Name", "Connector", "Account", "Status", "Changed");
    for (Mine mine : connections) {
      table.row(
          Html.link(mine.connection().displayName(), mine.link(visit)),
          text(mine.connectorTitle()),
          text(mine.accountLabel()),
          div(mine.standing().badge(), problem(mine)),
          Html.time(mine.connection().updatedAt()));
    }
    return table;
  }

  private static DomContent problem(Mine mine) {
    String problem = mine.standing().problem();
    return iff(!problem.isEmpty(), p(problem).withClass("hint"));
  }

  /** Returns the page of a connection. */
  static Answer.Page page(Visit visit, Mine mine, DomContent... first) {
    return Answer.page(Section.CONNECTIONS, mine.connection().displayName(), first)
        .with(
            mending(visit, mine),
            div(
                    iff(
                        mine.connection().status().isConnected(),
                        Html.linkButton(
                            "Try it",
                            visit
                                .to("connectors", mine.connection().connector().value())
                                .with("connection", mine.id().value()))),
                    iff(!mine.isDisabled(), changes(visit, mine)),
                    iff(
                        mine.mayShare(visit),
                        Html.linkButton("Delete", mine.link(visit, "delete"))))
                .withClass("actions"),
            Html.part(
                "What it is",
                facts(visit, mine),
                iff(
                    mine.signsIn() && !mine.isDisabled() && mine.connection().account() != null,
                    SignInPages.asSomebodyElse(visit, mine))),
            mine.isOwn(visit) ? Html.part("What uses it", usage(visit, mine)) : each())
        .intro(mine.connectorTitle());
  }

  private static DomContent changes(Visit visit, Mine mine) {
    return each(
        Html.action(visit, mine.link(visit, "test"), button("Test")),
        Html.linkButton("Change", mine.link(visit, "change")),
        iff(mine.signsIn(), SignInPages.start(visit, mine, "Sign in again")),
        iff(mine.mayShare(visit), Html.linkButton("Share", mine.link(visit, "share"))));
  }

  private static DomContent mending(Visit visit, Mine mine) {
    Standing standing = mine.standing();
    String problem = standing.problem();
    if (standing.mend() == Mend.NOTHING) {
      return each();
    }
    DomContent way =
        switch (standing.mend()) {
          case CREDENTIALS ->
              mine.signsIn()
                  ? SignInPages.start(visit, mine, "Sign in")
                  : Html.primaryLink("Enter credentials", mine.link(visit, "change"));
          case VALUES -> Html.primaryLink("Change values", mine.link(visit, "change"));
          default -> each();
        };
    return div(
            p(strong(problem.isEmpty() ? "It is not ready." : problem)),
            p(standing.remedy(mine.signsIn())),
            way)
        .withClass("notice " + (standing.mend() == Mend.ELSEWHERE ? "bad" : "warn"));
  }

  private static DomContent facts(Visit visit, Mine mine) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put("Status", mine.standing().badge());
    facts.put("Account", text(mine.accountLabel()));
    facts.put(
        "Connector",
        iffElse(
            mine.connector().isPresent(),
            Html.link(
                mine.connectorTitle(),
                visit.to("connectors", mine.connection().connector().value())),
            text(mine.connectorTitle())));
    facts.put(
        "Way to authenticate",
        text(mine.option().map(o -> o.title()).orElse(mine.connection().authOption())));
    if (!mine.isOwn(visit)) {
      facts.put("Owner", text(visit.name(mine.connection().owner())));
    }
    mine.connection()
        .parameters()
        .forEach((name, value) -> facts.put(title(mine, name), text(value.toString())));
    List<String> scopes = mine.connection().grantedScopes();
    if (!scopes.isEmpty()) {
      facts.put("Granted at the sign-in", text(String.join(", ", scopes)));
    }
    facts.put("When an app is shared", text(mine.connection().sharing().why()));
    if (mine.connection().credentialExpiresAt() != null) {
      facts.put("Credential expires", Html.time(mine.connection().credentialExpiresAt()));
    }
    facts.put("Made", Html.time(mine.connection().createdAt()));
    facts.put("Id", code(mine.id().value()));
    return Html.facts(facts);
  }

  private static String title(Mine mine, String parameter) {
    return mine.connector()
        .flatMap(
            connector ->
                mine.option().stream()
                    .flatMap(option -> connector.parameters(option).stream())
                    .filter(one -> one.isNamed(parameter))
                    .findFirst())
        .map(ConnectionParameter::title)
        .orElse(parameter);
  }

  private static DomContent usage(Visit visit, Mine mine) {
    ConnectionUsage usage =
        visit.runtime().connections().usage(visit.caller(), mine.id(), UsageView.NAMED);
    return UsageView.of(visit, mine.id(), usage);
  }

  private static Answer test(Visit visit) {
    Mine before = Mine.of(visit);
    ConnectionTestResult result = visit.runtime().connections().test(visit.caller(), before.id());
    return page(visit, Mine.of(visit), said(result));
  }

  private static DomContent said(ConnectionTestResult result) {
    return switch (result.outcome()) {
      case OK -> Html.notice(Tone.GOOD, "The service was asked: it works.");
      case NO_TEST ->
          Html.notice(Tone.QUIET, "This connector has no test. The service was not asked.");
      case NOT_REACHABLE ->
          Html.notice(
              Tone.WARN, "It is not known whether it works. " + orNothing(result.problem()));
      case NOT_AUTHENTICATED, FAILED ->
          Html.notice(Tone.BAD, "It does not work. " + orNothing(result.problem()));
    };
  }

  private static String orNothing(@Nullable String problem) {
    return problem == null ? "" : problem;
  }

  private static Answer aboutToDelete(Visit visit) {
    Mine mine = Mine.of(visit);
    boolean own = mine.isOwn(visit);
    return Answer.page(
            Section.CONNECTIONS,
            "Delete " + mine.connection().displayName() + "?",
            Html.part(
                "What stops working",
                iffElse(
                    own,
                    own ? usage(visit, mine) : each(),
                    p("Only its owner sees what uses it."))),
            Html.part(
                "What is deleted",
                p(
                    "Its credentials are erased, and revoked at the service where that is"
                        + " possible. Callbacks that were registered with it are removed there."
                        + " Nothing brings it back."),
                Html.post(
                    visit,
                    mine.link(visit, "delete"),
                    div(
                            Html.danger("Delete the connection"),
                            Html.link("Keep it", mine.link(visit)))
                        .withClass("actions"))))
        .intro(mine.connectorTitle() + ", " + mine.accountLabel());
  }

  private static Answer delete(Visit visit) {
    Mine mine = Mine.of(visit);
    if (!visit.runtime().connections().delete(visit.caller(), mine.id())) {
      throw new NotFoundException(
          "connection", mine.id().value(), "Its owner alone, and who may share it, deletes it.");
    }
    return Answer.seeOther(visit.to(Section.CONNECTIONS), Notice.CONNECTION_DELETED);
  }
}

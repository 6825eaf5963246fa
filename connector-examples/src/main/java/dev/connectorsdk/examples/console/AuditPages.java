package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import j2html.tags.DomContent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who did what, and what was refused to whom. */
final class AuditPages implements Pages {

  private static final int PAGE = 50;

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/audit", AuditPages::list);
  }

  private static Answer list(Visit visit) throws Refusal {
    Optional<Principal> who = Entered.principal(visit.query("who"));
    Optional<ConnectorId> connector = Entered.connector(visit.query("connector"));
    Optional<ConnectionId> connection = Entered.connection(visit.query("connection"));
    Optional<Instant> since = Entered.instant(visit.query("since"));
    Administrator administrator = visit.administrator();
    Optional<Environment> environment =
        administrator.environment().or(() -> Entered.environment(visit.query("environment")));
    boolean refused = visit.query("refused").filter("true"::equals).isPresent();
    List<Field> fields = new ArrayList<>();
    if (administrator.environment().isEmpty()) {
      fields.add(
          field(visit, "environment", "Environment", "Empty for all, and for what is of none")
              .fault(
                  Entered.fault(
                      visit.query("environment"), environment, "No environment has such a name.")));
    }
    fields.addAll(
        List.of(
            field(visit, "who", "Who", "Such as user:ada")
                .fault(Entered.fault(visit.query("who"), who, Entered.PRINCIPAL)),
            field(visit, "flow", "Flow", ""),
            field(visit, "connector", "Connector", "")
                .fault(Entered.fault(visit.query("connector"), connector, Entered.CONNECTOR)),
            field(visit, "connection", "Id of a connection", "")
                .fault(
                    Entered.fault(
                        visit.query("connection"), connection, "No connection has such an id.")),
            field(visit, "since", "Since", "Such as 2026-01-31T12:00:00Z")
                .fault(
                    Entered.fault(
                        visit.query("since"), since, "Write it like 2026-01-31T12:00:00Z.")),
            Field.box("refused", "Only what was refused").value(refused ? "true" : null)));
    Filter filter =
        new Filter(
            environment.orElse(null),
            who.orElse(null),
            visit.query("flow").orElse(null),
            connector.orElse(null),
            connection.orElse(null),
            refused,
            since.orElse(null),
            visit.query("gateway").orElse(null));
    List<AuditRecord> found =
        visit.runtime().audit().list(administrator, filter, before(visit.query("after")), PAGE + 1);
    List<AuditRecord> shown = found.subList(0, Math.min(PAGE, found.size()));
    return Answer.page(
            Section.AUDIT,
            "Audit",
            Field.summary(fields),
            form(
                    div(each(fields.stream().map(Field::html))).withClass("filters"),
                    div(button("Show")).withClass("actions"))
                .withMethod("get")
                .withAction(visit.to(Section.AUDIT).toString())
                .attr("role", "search"),
            Html.part(
                "Records, the latest first",
                table(visit, shown),
                Html.paging(
                    visit, found.size() > PAGE ? place(shown.get(PAGE - 1).position()) : null)))
        .intro(
            "Names and numbers: never an input, an output or a secret. What is handled again or"
                + " dropped of a trigger's events is not in it.");
  }

  private static Field field(Visit visit, String name, String title, String hint) {
    return Field.text(name, title).value(visit.query(name).orElse(null)).hint(hint);
  }

  private static String place(Position position) {
    return position.at() + " " + position.number() + " " + position.run();
  }

  private static @Nullable Position before(Optional<String> text) throws Refusal {
    if (text.isEmpty()) {
      return null;
    }
    String[] parts = text.get().split(" ", 3);
    try {
      return new Position(Instant.parse(parts[0]), parts[2], Long.parseLong(parts[1]));
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
      throw new Refusal(400, "The list does not have this page. Begin with its first page.");
    }
  }

  private static DomContent table(Visit visit, List<AuditRecord> records) {
    Table table = new Table("Records", "When", "Who", "What", "With", "Outcome");
    for (AuditRecord one : records) {
      table.row(
          Html.time(one.position().at()),
          who(visit, one),
          what(visit, one),
          with(visit, one),
          outcome(one));
    }
    return table.orElse("There is no such record. Without an audit that is kept, none is made.");
  }

  private static DomContent who(Visit visit, AuditRecord one) {
    Principal who = one.actor().who();
    Principal of = one.actor().onBehalfOf();
    Environment environment = one.actor().environment();
    return div(
        text(who == null ? "the runtime" : visit.name(who)),
        environment == null || isHere(visit, one) ? each() : p("in " + environment),
        of == null ? each() : p("for " + visit.name(of)));
  }

  private static boolean isHere(Visit visit, AuditRecord one) {
    return visit.caller().environment().equals(one.actor().environment());
  }

  private static DomContent what(Visit visit, AuditRecord one) {
    String operation = one.subject().operation();
    String flow = one.actor().flow();
    String kind = one.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return div(
        text(operation == null ? kind : operation),
        flow == null ? each() : p(text("in flow "), Html.link(flow, visit.to("flows", flow))));
  }

  private static DomContent with(Visit visit, AuditRecord one) {
    ConnectorId connector = one.subject().connector();
    ConnectionId connection = one.subject().connection();
    String account = one.subject().account();
    String gateway = one.subject().gateway();
    String origin = one.subject().origin();
    String named = account == null ? "connection" : "connection of " + account;
    return div(
        text(connector == null ? "" : connector.value()),
        connection == null
            ? each()
            : p(
                isHere(visit, one)
                    ? Html.link(named, AdministeredConnectionPages.page(visit, connection))
                    : text(named)),
        iff(gateway != null, p("through gateway " + gateway)),
        iff(origin != null, p("to " + origin)));
  }

  private static DomContent outcome(AuditRecord one) {
    String result = one.verdict().result();
    if (one.kind() == AuditRecord.Kind.FINDING) {
      return div(Html.badge(Tone.QUIET, "Would be refused"), p(one.verdict().rule()));
    }
    if (!one.verdict().allowed()) {
      String rule = one.verdict().rule();
      return div(Html.badge(Tone.BAD, "Refused"), p(rule.isEmpty() ? result : rule));
    }
    return result.isEmpty()
        ? Html.badge(Tone.GOOD, "Done")
        : div(Html.badge(Tone.WARN, "Failed"), p(result));
  }
}

package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.code;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionQuery.Order;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.StoreException;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What administrators see of the connections of all, and do with them. */
final class AdministeredConnectionPages implements Pages {

  private static final int PAGE = 25;

  /** The choice of all states in which a connection cannot be used. */
  private static final String NOT_WORKING = "NOT_WORKING";

  /** The field with the owner that the form was shown with before. */
  private static final String SURE = "sure";

  /** The field with whose the connection was when the form was shown. */
  private static final String SHOWN_OWNER = "shown_owner";

  private static final String ANOTHERS_NOW =
      "It has another owner now than when you opened this form. Look whose it is, and go on if you"
          + " still want to.";

  private static final String SEES =
      "You see whose each connection is, how it is and what uses it. You do not see parameters or"
          + " secrets, and you can neither use nor test nor change one that is not shared with"
          + " you.";

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/connections", AdministeredConnectionPages::list);
    routes.administratorsGet("administration/connections/{id}", visit -> one(visit, null));
    routes.administratorsPost("administration/connections/{id}/disable", this::disable);
    routes.administratorsPost("administration/connections/{id}/enable", this::enable);
    routes.administratorsGet(
        "administration/connections/{id}/hand-over", visit -> handOverForm(visit, null));
    routes.administratorsPost("administration/connections/{id}/hand-over", this::handOver);
    routes.administratorsGet(
        "administration/connections/{id}/delete", visit -> deleteForm(visit, ""));
    routes.administratorsPost("administration/connections/{id}/delete", this::delete);
  }

  /** Returns the page of a connection. */
  static Link page(Visit visit, ConnectionId id) {
    return visit.to("administration", "connections", id.value());
  }

  private static Answer list(Visit visit) throws Refusal {
    List<Field> fields = new ArrayList<>();
    ConnectionQuery query = ConnectionQuery.all().in(visit.caller().environment());
    Field owner =
        Field.text("owner", "Owner")
            .value(visit.query("owner").orElse(null))
            .hint("Such as user:ada or service:reports");
    Optional<Principal> ofOwner = Entered.principal(visit.query("owner"));
    Field connector =
        Field.text("connector", "Connector").value(visit.query("connector").orElse(null));
    Optional<ConnectorId> ofConnector = Entered.connector(visit.query("connector"));
    fields.add(owner.fault(Entered.fault(visit.query("owner"), ofOwner, Entered.PRINCIPAL)));
    fields.add(
        connector.fault(Entered.fault(visit.query("connector"), ofConnector, Entered.CONNECTOR)));
    fields.add(Field.choice("state", "State", states()).value(visit.query("state").orElse("")));
    query = ofOwner.map(query::ownedBy).orElse(query);
    if (ofConnector.isPresent()) { // Those of one connector are found in this order alone.
      query = query.of(ofConnector.get()).sortedBy(Order.CONNECTOR);
    }
    Optional<String> after = visit.query("after");
    if (after.isPresent()) {
      query = query.after(Entered.place(after.get()));
    }
    boolean isFaulty = fields.stream().anyMatch(field -> field.fault() != null);
    ConnectionSearch search =
        isFaulty
            ? ConnectionSearch.all(page -> List.of(), query, PAGE)
            : find(visit, query, wanted(visit.query("state").orElse("")));
    return Answer.page(
            Section.ALL_CONNECTIONS,
            "All connections",
            filter(visit, fields),
            Html.part(
                "Connections in " + visit.caller().environment(),
                table(visit, search.found()),
                iff(!search.isAll(), search.hint()),
                Html.paging(visit, search.next())))
        .intro(SEES);
  }

  private static Map<String, String> states() {
    Map<String, String> states = new LinkedHashMap<>();
    states.put("", "Any");
    states.put(NOT_WORKING, "Any that does not work");
    states.put("CONNECTED", "Connected");
    states.put("UNAUTHENTICATED", "Cannot sign in");
    states.put("ERROR", "Error");
    states.put("DISABLED", "Disabled");
    return states;
  }

  private static DomContent filter(Visit visit, List<Field> fields) {
    return div(
        Field.summary(fields),
        form(
                div(each(fields.stream().map(Field::html))).withClass("filters"),
                div(button("Show")).withClass("actions"))
            .withMethod("get")
            .withAction(visit.to(Section.ALL_CONNECTIONS).toString())
            .attr("role", "search"));
  }

  /**
   * What state a connection is shown in also depends on policies and connectors, so the store
   * cannot look for it.
   */
  private static ConnectionSearch find(
      Visit visit, ConnectionQuery query, Optional<Predicate<Connection>> wanted) {
    Function<ConnectionQuery, List<Connection>> list =
        page -> visit.runtime().connections().list(visit.administratorHere(), page);
    return wanted.isEmpty()
        ? ConnectionSearch.all(list, query, PAGE)
        : ConnectionSearch.some(list, query, wanted.get(), PAGE);
  }

  private static Optional<Predicate<Connection>> wanted(String state) {
    return state.equals(NOT_WORKING)
        ? Optional.of(one -> !one.status().isConnected())
        : Entered.state(Optional.of(state)).map(AdministeredConnectionPages::isIn);
  }

  private static Predicate<Connection> isIn(State state) {
    return one -> one.status().state() == state;
  }

  /** Returns the connections of the environment that do not work. */
  static Link notWorking(Visit visit) {
    return visit.to(Section.ALL_CONNECTIONS).with("state", NOT_WORKING);
  }

  private static DomContent table(Visit visit, List<Connection> connections) {
    Table table =
        new Table(
            "Connections", "Connection", "Owner", "Connector", "Account", "State", "Why", "Made");
    for (Connection one : connections) {
      table.row(
          Html.link(one.displayName(), page(visit, one.id())),
          text(visit.name(one.owner())),
          text(one.connector().value()),
          text(account(one)),
          new Standing(one.status()).badge(),
          text(why(one.status())),
          Html.time(one.createdAt()));
    }
    return table.orElse("No connection is like that.");
  }

  private static String why(ConnectionStatus status) {
    return status.isConnected() ? "-" : new Standing(status).problem();
  }

  private static String account(Connection connection) {
    return Wording.account(connection.account(), connection.status().isConnected());
  }

  private static Connection connection(Visit visit) {
    ConnectionId id = Entered.connection(visit.path("id"));
    return visit.runtime().connections().get(visit.administratorHere(), id);
  }

  private static Answer.Page one(Visit visit, @Nullable String fault) {
    Connection connection = connection(visit);
    return Answer.page(
            Section.ALL_CONNECTIONS,
            connection.displayName(),
            iff(!connection.status().isConnected(), problem(connection)),
            Html.part("Details", facts(visit, connection)),
            Html.part("What uses it", usage(visit, connection)),
            Html.part("What you can do", actions(visit, connection, fault)))
        .intro(SEES);
  }

  private static DomContent problem(Connection connection) {
    ConnectionStatus status = connection.status();
    String message = status.message();
    return Html.problem(
        message == null ? "It " + Wording.status(status) + "." : message, remedy(status.reason()));
  }

  private static String remedy(@Nullable Reason reason) {
    if (reason == null) {
      return "";
    }
    return switch (reason) {
      case CONSENT_PENDING, GRANT_ENDED -> "Its owner has to sign in.";
      case CREDENTIALS_REJECTED, CREDENTIALS_EXPIRED, CREDENTIALS_UNREADABLE, HANDED_OVER ->
          "Its owner has to sign in, or to enter credentials again.";
      case NOT_TESTED, TEST_FAILED -> "Its owner can test it again.";
      case CONFIGURATION -> "Its owner has to correct its parameters.";
      case NOT_UNDERSTOOD -> "Delete it, or go back to the version that wrote it.";
      case DELETED -> "";
      case ADMINISTRATOR -> "An administrator can enable it again.";
      case CONNECTOR_MISSING -> "Register its connector again, or delete the connection.";
      case POLICY -> "Change the data policy, or use another connector.";
    };
  }

  private static DomContent facts(Visit visit, Connection connection) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    ConnectionStatus status = connection.status();
    Principal by = status.by();
    facts.put("State", new Standing(status).badge());
    facts.put("Since", Html.time(status.since()));
    if (by != null) {
      facts.put("Disabled by", text(visit.name(by)));
    }
    facts.put("Owner", text(visit.name(connection.owner())));
    facts.put("Connector", text(connection.connector().value()));
    facts.put("Account", text(account(connection)));
    facts.put("Way to authenticate", text(connection.authOption()));
    facts.put("Environment", text(connection.environment().name()));
    String gateway = connection.gateway();
    if (gateway != null) {
      facts.put("Gateway", code(gateway));
    }
    facts.put("Credential expires", Html.time(connection.credentialExpiresAt()));
    facts.put("Made", Html.time(connection.createdAt()));
    facts.put("Changed", Html.time(connection.updatedAt()));
    facts.put("Id", code(connection.id().value()));
    return Html.facts(facts);
  }

  private static DomContent usage(Visit visit, Connection connection) {
    try {
      return UsageView.of(
          visit,
          connection.id(),
          visit
              .runtime()
              .connections()
              .usage(visit.administratorHere(), connection.id(), UsageView.NAMED));
    } catch (StoreException e) {
      return Html.problem(String.valueOf(e.getMessage()), e.remedy());
    }
  }

  private static DomContent actions(Visit visit, Connection connection, @Nullable String fault) {
    Link page = page(visit, connection.id());
    boolean disabled = connection.status().reason() == Reason.ADMINISTRATOR;
    DomContent first =
        disabled
            ? Html.action(visit, below(page, "enable"), Html.primary("Enable"))
            : Html.post(
                visit,
                below(page, "disable"),
                Field.text("why", "Why it is to be disabled")
                    .mandatory()
                    .hint(
                        "One sentence. Its owner reads it. Nobody can use it until it is enabled.")
                    .fault(fault)
                    .html(),
                div(button("Disable")).withClass("actions"));
    return div(
        first,
        div(
                Html.linkButton("Hand over...", below(page, "hand-over")),
                Html.linkButton("Delete...", below(page, "delete")))
            .withClass("actions"));
  }

  private static Link below(Link page, String last) {
    return Link.below(page.path(), last);
  }

  private Answer disable(Visit visit) {
    Optional<String> why = visit.field("why").filter(text -> !text.isBlank());
    if (why.isEmpty()) {
      return one(visit, "Say why, in one sentence for the owner.").status(422);
    }
    ConnectionId id = connection(visit).id();
    visit.runtime().connections().disable(visit.administratorHere(), id, why.get());
    return Answer.seeOther(page(visit, id), Notice.CONNECTION_DISABLED);
  }

  private Answer enable(Visit visit) {
    ConnectionId id = connection(visit).id();
    visit.runtime().connections().enable(visit.administratorHere(), id);
    return Answer.seeOther(page(visit, id), Notice.CONNECTION_ENABLED);
  }

  private static Answer.Page handOverForm(Visit visit, @Nullable String fault) {
    Connection connection = connection(visit);
    Field owner =
        Field.text("owner", "New owner")
            .mandatory()
            .hint("A user or a service, such as user:ada")
            .value(visit.field("owner").orElse(null))
            .fault(fault);
    return Answer.page(
            Section.ALL_CONNECTIONS,
            "Hand over " + connection.displayName(),
            Field.summary(List.of(owner)),
            Html.part(
                "What happens",
                p(
                    "The connection keeps its id and its parameters. What its owner has bound to it"
                        + " goes along. Its credentials are revoked and erased: nothing works with"
                        + " it until the new owner has signed in or entered credentials."),
                usage(visit, connection)),
            Html.part(
                "New owner",
                Html.post(
                    visit,
                    below(page(visit, connection.id()), "hand-over"),
                    Html.hidden(SURE, visit.field("owner").orElse("")),
                    Html.hidden(SHOWN_OWNER, connection.owner().toString()),
                    owner.html(),
                    div(
                            Html.danger("Hand over"),
                            Html.linkButton("Back", page(visit, connection.id())))
                        .withClass("actions"))))
        .intro("It is " + visit.name(connection.owner()) + "'s.");
  }

  private Answer handOver(Visit visit) {
    Connection connection = connection(visit);
    if (!isAsShown(visit, connection)) {
      return handOverForm(visit, ANOTHERS_NOW).status(409);
    }
    Optional<Principal> owner = Entered.principal(visit.field("owner"));
    if (owner.isEmpty() || !owner.get().mayOwn() || owner.get().equals(connection.owner())) {
      return handOverForm(
              visit,
              owner.isPresent() && owner.get().equals(connection.owner())
                  ? "It is this one's already."
                  : "Name a user or a service, such as user:ada.")
          .status(422);
    }
    boolean isSure = visit.field(SURE).equals(visit.field("owner"));
    if (visit.isUnknown(owner.get()) && !isSure) {
      return handOverForm(visit, "Nobody here has this id. If it is right, hand over once more.")
          .status(422);
    }
    visit.runtime().connections().handOver(visit.administratorHere(), connection.id(), owner.get());
    return Answer.seeOther(page(visit, connection.id()), Notice.CONNECTION_HANDED_OVER);
  }

  private static boolean isAsShown(Visit visit, Connection connection) {
    return visit.field(SHOWN_OWNER).equals(Optional.of(connection.owner().toString()));
  }

  private static Answer.Page deleteForm(Visit visit, String fault) {
    Connection connection = connection(visit);
    return Answer.page(
            Section.ALL_CONNECTIONS,
            "Delete " + connection.displayName(),
            iff(!fault.isEmpty(), Html.problem(fault, "")),
            Html.part("What stops working", usage(visit, connection)),
            Html.part(
                "Delete",
                p(
                    "Its credentials are deleted, and revoked at the service where that can be"
                        + " done."),
                Html.post(
                    visit,
                    below(page(visit, connection.id()), "delete"),
                    Html.hidden(SHOWN_OWNER, connection.owner().toString()),
                    div(
                            Html.danger("Delete for good"),
                            Html.linkButton("Back", page(visit, connection.id())))
                        .withClass("actions"))))
        .intro("It is " + visit.name(connection.owner()) + "'s. This cannot be undone.");
  }

  private Answer delete(Visit visit) {
    Connection connection = connection(visit);
    if (!isAsShown(visit, connection)) {
      return deleteForm(visit, ANOTHERS_NOW).status(409);
    }
    visit.runtime().connections().delete(visit.administratorHere(), connection.id());
    return Answer.seeOther(visit.to(Section.ALL_CONNECTIONS), Notice.CONNECTION_DELETED);
  }
}

package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A help desk whose actions are served as tools, and its people. */
final class Desk {

  static final JsonMapper JSON = JsonMapper.shared();

  static final Environment PROD = Environment.of("prod");
  static final Principal HOST = Principal.service("host");
  static final Principal ADA = Principal.user("ada");
  static final Principal BEN = Principal.user("ben");
  static final Principal EVE = Principal.user("eve");

  record Query(String status) {}

  record Ticket(String id, String title) {}

  record NewTicket(String title) {}

  record TicketId(String id) {}

  static final Action<Query, java.util.List<Ticket>> LIST =
      Action.builder("listTickets", Effect.READ, Shape.of(Query.class), Shape.listOf(Ticket.class))
          .titled("List tickets")
          .described("Lists tickets.")
          .tagged("tickets")
          .run(
              (query, call) ->
                  call.http()
                      .get("/tickets")
                      .query("status", query.status())
                      .fetchList(Ticket.class));

  static final Action<NewTicket, Ticket> OPEN =
      Action.builder("openTicket", Effect.WRITE, NewTicket.class, Ticket.class)
          .titled("Open a ticket")
          .idempotencyHeader("Idempotency-Key")
          .run((ticket, call) -> call.http().post("/tickets").json(ticket).fetch(Ticket.class));

  static final Action<TicketId, Nothing> CLOSE =
      Action.builder("closeTicket", Effect.DESTRUCTIVE, TicketId.class)
          .titled("Close a ticket")
          .run((ticket, call) -> call.http().delete("/tickets/{id}", ticket.id()).send());

  static final Action<TicketId, FileInfo> DOWNLOAD =
      Action.builder("downloadFile", Effect.READ, TicketId.class, FileInfo.class)
          .titled("Download a file")
          .run(
              (ticket, call) ->
                  call.http().get("/files/{id}", ticket.id()).download(call.target()));

  static final Action<TicketId, JsonNode> HISTORY =
      Action.builder(
              "getHistory",
              Effect.READ,
              Shape.of(TicketId.class),
              Shape.json(object("{'type':'object'}")))
          .titled("Get history")
          .run((ticket, call) -> call.http().get("/history/{id}", ticket.id()).fetchJson());

  static final Action<Nothing, Nothing> SECRETS =
      Action.builder("sweep", Effect.WRITE, Nothing.class)
          .internal()
          .run((nothing, call) -> call.http().post("/sweep").send());

  private Desk() {}

  static Connector at(String baseUrl) {
    return Connector.builder("desk", baseUrl)
        .titled("Help desk")
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .action(LIST)
        .action(OPEN)
        .action(CLOSE)
        .action(DOWNLOAD)
        .action(HISTORY)
        .action(SECRETS)
        .test(call -> Account.of(call.http().get("/me").fetchJson().path("login").asString()))
        .build();
  }

  static Connection connect(ConnectorRuntime runtime, Principal owner) {
    return runtime
        .connections()
        .create(
            owner.in("prod"),
            ConnectionSpec.of("desk", "apiKey")
                .secret("api_key", Secret.of("key-of-" + owner.id()))
                .untested());
  }

  /** Returns the flow of an agent that Ada and Ben may use. */
  static Flow agent() {
    return Flow.of("desk-agent", HOST).runnableBy(ADA, BEN);
  }

  static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
  }
}

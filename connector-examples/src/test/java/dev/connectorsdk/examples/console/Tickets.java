package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connector for the console's tests, to a service on this machine. */
final class Tickets {

  static final Secret KEY = Secret.of("key-0815");

  enum Priority {
    LOW,
    HIGH
  }

  record Place(String house, Integer floor) {}

  record NewTicket(
      String title,
      Priority priority,
      boolean urgent,
      LocalDate due,
      Place place,
      List<String> tags) {}

  record Made(String id) {}

  record Query(String status) {}

  record Ticket(String id, String title) {}

  private record Me(String login) {}

  private static final Action<Query, List<Ticket>> LIST =
      Action.builder("listTickets", Effect.READ, Shape.of(Query.class), Shape.listOf(Ticket.class))
          .titled("List tickets")
          .run(
              (query, call) ->
                  call.http()
                      .get("/tickets")
                      .query("status", query.status())
                      .fetchList(Ticket.class));

  private static final Action<NewTicket, Made> OPEN =
      Action.builder("openTicket", Effect.WRITE, NewTicket.class, Made.class)
          .titled("Open a ticket")
          .run((ticket, call) -> call.http().post("/tickets").json(ticket).fetch(Made.class));

  private static final Action<Query, Made> ORDER =
      Action.builder("order", Effect.WRITE, Query.class, Made.class)
          .idempotencyHeader("Idempotency-Key")
          .run((query, call) -> call.http().post("/orders").json(query).fetch(Made.class));

  private static final Action<JsonNode, JsonNode> SET_PASSWORD =
      Action.dynamic(
              "setPassword", Effect.DESTRUCTIVE, schema(), new JsonMapper().createObjectNode())
          .titled("Set a password")
          .run((input, call) -> call.http().post("/passwords").json(input).fetch(JsonNode.class));

  private static JsonNode schema() {
    return new JsonMapper()
        .readTree(
            """
            {"type":"object","properties":{"user":{"type":"string"},
             "password":{"type":"string","format":"password"},
             "old":{"type":"array","items":{"$ref":"#/definitions/old"}}},
             "definitions":{"old":{"properties":{"key":{"type":"string","writeOnly":true}}}}}
            """);
  }

  private Tickets() {}

  /** Returns a runtime with the connector of the service at {@code url}. */
  static ConnectorRuntime runtime(String url, URI console) {
    URI callback = URI.create(console + "/callback/dev/tickets");
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("tickets", url + "/{site}")
                .titled("Tickets")
                .described("Tickets of a help desk.")
                .parameter(ConnectionParameter.text("site").titled("Site").matching("[a-z]+"))
                .auth(AuthOption.apiKeyHeader("X-Key").titled("Key"))
                .auth(
                    AuthOption.oauth2(
                            OAuth2Scheme.authorizationCode(url + "/authorize", url + "/token"))
                        .named("signIn")
                        .titled("Sign in"))
                .action(LIST)
                .action(OPEN)
                .action(ORDER)
                .action(SET_PASSWORD)
                .test(call -> Account.of(call.http().get("/me").fetch(Me.class).login()))
                .build())
        .client("tickets", "signIn", ClientRegistration.publicClient("app").redirectingTo(callback))
        .build();
  }

  /** Makes a connection of somebody's. */
  static Connection connection(ConnectorRuntime runtime, String user, String name) {
    return runtime
        .connections()
        .create(
            Principal.user(user).in("dev"),
            ConnectionSpec.of("tickets", "apiKey")
                .with("site", "acme")
                .secret("api_key", KEY)
                .named(name));
  }
}

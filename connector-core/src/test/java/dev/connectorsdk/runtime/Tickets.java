package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service for tests, with one action of each kind, written as an author would. */
public final class Tickets {

  public record Query(String status, @Nullable Integer limit) {}

  public record Ticket(String id, String title) {}

  public record NewTicket(String title, @Nullable List<Line> lines) {}

  public record Line(String text) {}

  public record TicketId(String id) {}

  record Me(String login) {}

  public static final Action<TicketId, Ticket> GET =
      Action.builder("getTicket", Effect.READ, TicketId.class, Ticket.class)
          .run((in, call) -> call.http().get("/tickets/{id}", in.id()).fetch(Ticket.class));

  public static final Action<Query, Ticket[]> LIST =
      Action.builder("listTickets", Effect.READ, Query.class, Ticket[].class)
          .run(
              (in, call) ->
                  call.http()
                      .get("/tickets")
                      .query("status", in.status())
                      .query("limit", in.limit())
                      .fetch(Ticket[].class));

  public static final Action<NewTicket, Ticket> CREATE =
      Action.builder("createTicket", Effect.WRITE, NewTicket.class, Ticket.class)
          .run((in, call) -> call.http().post("/tickets").json(in).fetch(Ticket.class));

  public static final Action<NewTicket, Ticket> CREATE_ONCE =
      Action.builder("createTicketOnce", Effect.WRITE, NewTicket.class, Ticket.class)
          .idempotencyHeader("Idempotency-Key")
          .run((in, call) -> call.http().post("/tickets").json(in).fetch(Ticket.class));

  public static final Action<TicketId, Nothing> DELETE =
      Action.builder("deleteTicket", Effect.DESTRUCTIVE, TicketId.class)
          .run((in, call) -> call.http().delete("/tickets/{id}", in.id()).send());

  private Tickets() {}

  /** The connector for a service on this machine, with its test. */
  public static Connector at(String baseUrl) {
    return builder(baseUrl)
        .test(
            call -> {
              String login = call.http().get("/me").fetch(Me.class).login();
              return new Account(login, login + "@tickets");
            })
        .build();
  }

  /** The same, to be changed. */
  public static Connector.Builder builder(String baseUrl) {
    return builder(baseUrl, baseUrl);
  }

  /** The same, with tokens from somewhere else. */
  static Connector.Builder builder(String baseUrl, String provider) {
    return Connector.builder("tickets", baseUrl)
        .titled("Tickets")
        .described("Tickets of a service for tests.")
        .version("1")
        .parameter(ConnectionParameter.text("project").titled("Project").optional())
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .auth(AuthOption.basic())
        .auth(AuthOption.bearer())
        .auth(AuthOption.none())
        .auth(AuthOption.apiKeyQuery("key").named("queryKey"))
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(provider + "/token")))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(provider + "/authorize", provider + "/token")
                        .scopes("tickets.read", "offline_access"))
                .named("signIn"))
        .action(GET)
        .action(LIST)
        .action(CREATE)
        .action(CREATE_ONCE)
        .action(DELETE);
  }
}

package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import java.util.List;

/** A connector as an author would write it. */
final class Tickets {

  record TicketQuery(String project, String id, int comments) {}

  record NewTicket(String title, String description, int priority, List<String> tags) {}

  record Person(String id, String name) {}

  record Ticket(
      String id,
      String title,
      String status,
      int priority,
      Person reporter,
      Person assignee,
      List<String> tags,
      String description,
      String createdAt,
      String updatedAt,
      int commentCount,
      boolean locked) {}

  static final Action<TicketQuery, Ticket> GET =
      Action.builder("getTicket", Effect.READ, TicketQuery.class, Ticket.class)
          .run(
              (in, call) ->
                  call.http()
                      .get("/projects/{project}/tickets/{id}", in.project(), in.id())
                      .query("comments", in.comments())
                      .fetch(Ticket.class));

  static final Action<NewTicket, Ticket> CREATE =
      Action.builder("createTicket", Effect.WRITE, NewTicket.class, Ticket.class)
          .run((in, call) -> call.http().post("/tickets").json(in).fetch(Ticket.class));

  /** Sends nothing, so that what is left is the way to the connection. */
  static final Action<TicketQuery, String> CONNECTION_NAME =
      Action.builder("connectionName", Effect.READ, TicketQuery.class, String.class)
          .run((in, call) -> call.connection().displayName());

  static final Connector CONNECTOR = at(CannedService.BASE_URL);

  private Tickets() {}

  static Connector at(String baseUrl) {
    return Connector.builder("tickets", baseUrl)
        .auth(AuthOption.apiKeyHeader(CannedService.KEY_HEADER))
        .action(GET)
        .action(CREATE)
        .action(CONNECTION_NAME)
        .build();
  }
}

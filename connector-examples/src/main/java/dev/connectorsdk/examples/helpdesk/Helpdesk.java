package dev.connectorsdk.examples.helpdesk;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.ListTriggerBuilder.Items;
import dev.connectorsdk.api.ListTriggerBuilder.Page;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.http.ChunkedUpload;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.api.spi.ConnectorProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A plugin to copy from: a made-up help desk with every way to authenticate, paging, a write that
 * the service recognises when it is repeated, an upload, a trigger and a connection test.
 */
public final class Helpdesk implements ConnectorProvider {

  /** How urgent a ticket is. */
  public enum Priority {
    LOW,
    NORMAL,
    HIGH
  }

  /**
   * Which tickets to list.
   *
   * @param status only those in this status; all if {@code null}
   * @param atMost how many to return
   */
  public record TicketQuery(@Nullable String status, int atMost) {}

  /** Which ticket. */
  public record TicketId(String id) {}

  /** A ticket as the service keeps it. */
  public record Ticket(String id, String title, String status) {}

  /** A ticket to be opened. */
  public record NewTicket(String title, @Nullable Priority priority) {}

  /** A file to be attached to a ticket. */
  public record Attachment(String ticket, FileSource file) {}

  /** A file that is attached to a ticket. */
  public record AttachedFile(String ticket, String name) {}

  /** What the service knows about itself; no sign-in needed. */
  public record Status(String state) {}

  private record Me(String login, String name) {}

  /** A ticket that was opened. */
  public record OpenedTicket(String id, String title, Instant openedAt) {}

  private record OpenedTickets(List<OpenedTicket> tickets, @Nullable String next) {}

  /** A ticket that was closed. */
  public record ClosedTicket(String id, Instant closedAt) {}

  private record ClosedTickets(List<ClosedTicket> tickets, Instant until, boolean more) {}

  /** Asks how the service is. Works without authentication. */
  public static final Action<Nothing, Status> STATUS =
      Action.builder("getStatus", Effect.READ, Nothing.class, Status.class)
          .titled("Get status")
          .described("Returns how the help desk is doing.")
          .run((nothing, call) -> call.http().get("/status").fetch(Status.class));

  // tag::paging[]
  public static final Action<TicketQuery, List<Ticket>> LIST_TICKETS =
      Action.builder(
              "listTickets", Effect.READ, Shape.of(TicketQuery.class), Shape.listOf(Ticket.class))
          .titled("List tickets")
          .described("Lists tickets, the oldest first.")
          .run(
              (query, call) ->
                  call.http()
                      .get("/tickets")
                      .query("status", query.status())
                      .pages(Paging.cursor("/next", "after"), "/tickets", Ticket.class)
                      .limit(query.atMost())
                      .toList());

  // end::paging[]

  // tag::write[]
  public static final Action<NewTicket, Ticket> OPEN_TICKET =
      Action.builder("openTicket", Effect.WRITE, NewTicket.class, Ticket.class)
          .titled("Open a ticket")
          .described("Opens a ticket on behalf of the account that is signed in.")
          .idempotencyHeader("Idempotency-Key")
          .run((ticket, call) -> call.http().post("/tickets").json(ticket).fetch(Ticket.class));

  // end::write[]

  // tag::multipart[]
  public static final Action<Attachment, Nothing> ATTACH =
      Action.builder("attachFile", Effect.WRITE, Attachment.class)
          .titled("Attach a file")
          .described("Attaches a file to a ticket.")
          .run(
              (attachment, call) ->
                  call.http()
                      .post("/tickets/{id}/files", attachment.ticket())
                      .multipart(List.of(Part.file("file", attachment.file())))
                      .send());

  // end::multipart[]

  // tag::chunks[]
  public static final Action<Attachment, Nothing> ATTACH_LARGE =
      Action.builder("attachLargeFile", Effect.WRITE, Attachment.class)
          .titled("Attach a large file")
          .described("Attaches a file to a ticket, in chunks.")
          .run(
              (attachment, call) -> {
                HttpResponse opened =
                    call.http()
                        .post("/tickets/{id}/uploads", attachment.ticket())
                        .header("Tus-Resumable", "1.0.0")
                        .header("Upload-Length", Long.toString(attachment.file().size()))
                        .send();
                call.http().upload(opened, attachment.file(), ChunkedUpload.tus());
              });

  // end::chunks[]

  // tag::download[]
  public static final Action<AttachedFile, FileInfo> DOWNLOAD_FILE =
      Action.builder("downloadFile", Effect.READ, AttachedFile.class, FileInfo.class)
          .titled("Download a file")
          .described("Downloads a file that is attached to a ticket.")
          .run(
              (file, call) ->
                  call.http()
                      .get("/tickets/{id}/files/{name}", file.ticket(), file.name())
                      .download(call.target()));

  // end::download[]

  // tag::unwrap[]
  private static String exportWithOkHttp(TicketId ticket, ActionContext call) throws Exception {
    OkHttpClient client = call.http().unwrap(OkHttpClient.class);
    String url = call.http().baseUrl() + "/tickets/" + ticket.id() + ".txt";
    var request = new Request.Builder().url(url).build();
    try (Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new ResponseException("The export was answered with status " + response.code());
      }
      return response.body().string();
    }
  }

  // end::unwrap[]

  /** Exports a ticket as text, by way of the client below. */
  public static final Action<TicketId, String> EXPORT =
      Action.builder("exportTicket", Effect.READ, TicketId.class, String.class)
          .titled("Export a ticket")
          .described("Returns a ticket as plain text.")
          .run(Helpdesk::exportWithOkHttp);

  // tag::list[]
  public static final PollingTrigger<Nothing, ?, OpenedTicket> TICKET_OPENED =
      PollingTrigger.list("ticketOpened", Nothing.class, OpenedTicket.class)
          .titled("When a ticket is opened")
          .described("Finds tickets that were opened since the last poll.")
          .id(OpenedTicket::id)
          .time(OpenedTicket::openedAt, Duration.ofMinutes(2))
          .newestFirst(Helpdesk::opened);

  private static Items<OpenedTicket> opened(Page<Nothing> page, ActionContext call) {
    OpenedTickets found =
        call.http()
            .get("/opened")
            .query("sort", "-openedAt")
            .query("after", page.token())
            .fetch(OpenedTickets.class);
    return new Items<>(found.tickets(), found.next());
  }

  // end::list[]

  // tag::overlap[]
  public record ClosedUntil(Instant time) {

    ClosedUntil twoMinutesEarlier() {
      return new ClosedUntil(time.minus(Duration.ofMinutes(2)));
    }
  }

  public static final PollingTrigger<Nothing, ?, ClosedTicket> TICKET_CLOSED =
      PollingTrigger.builder("ticketClosed", Nothing.class, ClosedUntil.class, ClosedTicket.class)
          .titled("When a ticket is closed")
          .described("Finds tickets that were closed since the last poll.")
          .visibleWithin(Duration.ofMinutes(2))
          .pollOverlapping(ClosedUntil::twoMinutesEarlier, Helpdesk::closed);

  private static Batch<ClosedUntil, ClosedTicket> closed(
      Poll<Nothing, ClosedUntil> poll, ActionContext call) {
    ClosedUntil last = poll.cursor();
    ClosedTickets found =
        call.http()
            .get("/closed")
            .query("since", last == null ? "now" : last.time())
            .query("limit", poll.limit())
            .fetch(ClosedTickets.class);
    List<Event<ClosedTicket>> events =
        found.tickets().stream().map(ticket -> new Event<>(ticket.id(), ticket)).toList();
    return new Batch<>(events, new ClosedUntil(found.until()), found.more());
  }

  // end::overlap[]

  private static final OAuth2Scheme SIGN_IN =
      OAuth2Scheme.authorizationCode("{site}/oauth/authorize", "{site}/oauth/token")
          .scopes("tickets", "offline_access");

  private static final OAuth2Scheme APP = OAuth2Scheme.clientCredentials("{site}/oauth/token");

  /** Returns the connector. */
  public static Connector connector() {
    return Connector.builder("helpdesk", "{site}/api")
        .titled("Help desk")
        .described("Tickets of a help desk.")
        .version("1.0")
        .parameter(
            ConnectionParameter.text("site")
                .titled("Site")
                .described("The address of the help desk, such as https://help.example.com."))
        .auth(AuthOption.oauth2(SIGN_IN).named("signIn"))
        .auth(AuthOption.oauth2(APP).named("app").titled("Client of an app"))
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .auth(AuthOption.bearer())
        .auth(AuthOption.basic())
        .auth(AuthOption.of("session", new SessionLogin("{site}/login")).titled("Session login"))
        .auth(AuthOption.none())
        .action(STATUS)
        .action(LIST_TICKETS)
        .action(OPEN_TICKET)
        .action(ATTACH)
        .action(ATTACH_LARGE)
        .action(DOWNLOAD_FILE)
        .action(EXPORT)
        .trigger(TICKET_OPENED)
        .trigger(TICKET_CLOSED)
        .test(
            call -> {
              Me me = call.http().get("/me").fetch(Me.class);
              return new Account(me.login(), me.name());
            })
        .build();
  }

  @Override
  public List<Connector> connectors() {
    return List.of(connector());
  }

  @Override
  public List<AuthStrategy<?>> authStrategies() {
    return List.of(new SessionLoginStrategy());
  }
}

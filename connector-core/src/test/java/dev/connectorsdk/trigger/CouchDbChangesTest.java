package dev.connectorsdk.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.node.NodeServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * A trigger over the changes of a database with the HTTP interface of CouchDB, which a question may
 * wait for.
 */
@ExtendWith(NodeServer.Installed.class)
class CouchDbChangesTest {

  private record Database(String name) {}

  private record Since(long sequence) {}

  private record Revision(String rev) {}

  private record Change(String id, long seq, List<Revision> changes, JsonNode doc) {}

  private record Changes(List<Change> results, long last_seq) {}

  private record State(long update_seq) {}

  private static final PollingTrigger<Database, Since, JsonNode> CHANGED =
      PollingTrigger.builder("changed", Database.class, Since.class, JsonNode.class)
          .titled("When a document changes")
          .starts(Start.Now.class, Start.All.class)
          .whenCursorIsLost(new LostCursor.Resync())
          .cursorDependsOn("name")
          .poll(CouchDbChangesTest::changes);

  private static Batch<Since, JsonNode> changes(Poll<Database, Since> poll, ActionContext call) {
    String database = poll.configuration().name();
    Since last = poll.cursor();
    long end = call.http().get("/{name}", database).fetch(State.class).update_seq();
    if (last == null && poll.start() instanceof Start.Now) {
      return Batch.of(List.of(), new Since(end));
    }
    long since = last == null ? 0 : last.sequence();
    if (since > end) {
      // The server answers with the number that it was asked for, and leaves out what is below.
      throw new CursorLostException("The database ends at " + end + ", and was read to " + since);
    }
    Changes found =
        call.http()
            .get("/{name}/_changes", database)
            .query("since", since)
            .query("limit", poll.limit())
            .query("include_docs", true)
            .query("feed", since == end ? "longpoll" : "normal")
            .fetch(Changes.class);
    List<Event<JsonNode>> events = new ArrayList<>();
    for (Change change : found.results()) {
      events.add(Event.changed(change.id(), change.changes().get(0).rev(), change.doc()));
    }
    return new Batch<>(events, new Since(found.last_seq()), found.last_seq() < end);
  }

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference COUCH = ConnectionReference.invoker("couch", "couch");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static NodeServer server;

  private final Set<String> ids = new HashSet<>();
  private final List<JsonNode> stored = new ArrayList<>();
  private ConnectorRuntime runtime;
  private @Nullable Since cursor;
  private Start start = new Start.Now();

  @BeforeAll
  static void aServer() throws Exception {
    server = NodeServer.start("couchdb.mjs");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @BeforeEach
  void aRuntime() throws Exception {
    Action<Nothing, Nothing> poll =
        Action.builder("poll", Effect.READ, Nothing.class, Nothing.class)
            .run(
                (nothing, call) -> {
                  pollOnce(call);
                  return nothing;
                });
    Connector connector =
        Connector.builder("couch", server.url()).auth(AuthOption.none()).action(poll).build();
    runtime = ConnectorRuntime.builder().connector(connector).build();
    runtime.connections().create(ADA, ConnectionSpec.of("couch", "none"));
    send("PUT", "/tasks", "");
  }

  @AfterEach
  void end() throws Exception {
    runtime.close();
    send("DELETE", "/tasks", "");
  }

  /** Polls as the runtime would: until there is no more, storing what has a new id. */
  private void pollOnce(ActionContext call) throws Exception {
    boolean more = true;
    while (more) {
      Batch<Since, JsonNode> batch =
          CHANGED.poll(new Poll<>(new Database("tasks"), cursor, start, 100, NOON), call);
      batch.events().stream().filter(e -> ids.add(e.id())).forEach(e -> stored.add(e.payload()));
      cursor = batch.next();
      more = batch.more();
    }
  }

  private void poll() {
    runtime.invoke(ADA, COUCH, "poll", Nothing.NOTHING);
  }

  private static void send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isBetween(200, 299);
  }

  private static void add(String prefix, int count) throws Exception {
    String documents =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"_id\": \"" + prefix + i + "\"}")
            .collect(Collectors.joining(","));
    send("POST", "/tasks/_bulk_docs", "{\"docs\": [" + documents + "]}");
  }

  @Test
  @DisplayName("G9: every change of a real database is found once, in batches")
  void findsEveryChangeOnce() throws Exception {
    add("old", 5);
    poll();
    assertThat(stored).isEmpty();
    add("task", 250);

    poll();

    assertThat(stored).hasSize(250).noneMatch(doc -> doc.path("_id").asString().startsWith("old"));
  }

  @Test
  void findsASecondChangeOfTheSameDocument() throws Exception {
    poll();
    add("task", 1);
    poll();
    String revision = stored.get(0).path("_rev").asString();
    send("PUT", "/tasks/task0", "{\"_rev\": \"" + revision + "\", \"done\": true}");
    poll();

    assertThat(stored)
        .extracting(doc -> doc.path("done").asBoolean(false))
        .containsExactly(false, true);
  }

  @Test
  void waitsForAChange() throws Exception {
    add("old", 3);
    poll();
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(this::poll);
    add("task", 1);
    waiting.join();

    assertThat(stored).extracting(doc -> doc.path("_id").asString()).containsExactly("task0");
  }

  @Test
  @DisplayName("G11: a database that begins anew loses no change in silence")
  void aDatabaseThatBeganAnewHasForgottenTheCursor() throws Exception {
    poll();
    add("task", 100);
    poll();
    send("DELETE", "/tasks", "");
    send("PUT", "/tasks", "");
    add("task", 80);
    add("new", 19);

    assertThatThrownBy(this::poll).isInstanceOf(CursorLostException.class);

    cursor = null;
    start = new Start.All();
    poll();
    assertThat(stored).hasSize(119);
  }
}

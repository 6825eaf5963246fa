package dev.connectorsdk.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * A trigger over the changes of a database with the HTTP interface of CouchDB, which a question may
 * wait for.
 */
@ExtendWith(NodeServer.Installed.class)
@Timeout(120)
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

  private static final ConnectionReference COUCH = ConnectionReference.embedded("couch", "couch");
  private static final Flow FLOW = Flow.of("watch", Principal.user("ada")).using(COUCH);
  private static final Caller ADA = Principal.user("ada").in("dev").running(FLOW);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static NodeServer server;

  private final BlockingQueue<JsonNode> found = new LinkedBlockingQueue<>();
  private final Queue<EventsMissing> missing = new ConcurrentLinkedQueue<>();
  private ConnectorRuntime runtime;
  private String subscription;

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
    Connector connector =
        Connector.builder("couch", server.url()).auth(AuthOption.none()).trigger(CHANGED).build();
    runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .flows(FlowDirectory.of(FLOW))
            .handler("keep", JsonNode.class, (document, event) -> found.add(document))
            .listener(
                event -> {
                  if (event instanceof EventsMissing some) {
                    missing.add(some);
                  }
                })
            .build();
    Connection connection =
        runtime.connections().create(ADA, ConnectionSpec.of("couch", "none").untested());
    runtime.references().bind(ADA, COUCH, connection.id());
    send("PUT", "/tasks", "");
  }

  @AfterEach
  void end() throws Exception {
    runtime.close();
    send("DELETE", "/tasks", "");
  }

  /** Subscribes, and returns once the end of the database is known. */
  private void subscribe() {
    SubscriptionSpec spec =
        SubscriptionSpec.of(COUCH, CHANGED, new Database("tasks"), "keep")
            .every(Duration.ofHours(1))
            .inOrder();
    subscription = runtime.triggers().subscribe(ADA, spec).id();
    Subscription now;
    do {
      now = runtime.triggers().inspect(ADA, subscription);
    } while (now.completeUpTo() == null || now.nextPollAt() == null);
  }

  /** Has it poll until so many events have come. */
  private List<JsonNode> next(int count) throws InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    while (all.size() < count) {
      JsonNode document = found.poll(1, TimeUnit.SECONDS);
      if (document == null) {
        runtime.triggers().pollNow(ADA, subscription);
      } else {
        all.add(document);
      }
    }
    return all;
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
    subscribe();
    add("task", 250);

    assertThat(next(250))
        .doesNotHaveDuplicates()
        .noneMatch(document -> document.path("_id").asString().startsWith("old"));
    assertThat(found).isEmpty();
  }

  @Test
  void findsASecondChangeOfTheSameDocument() throws Exception {
    subscribe();
    add("task", 1);
    JsonNode first = next(1).get(0);
    String revision = first.path("_rev").asString();
    send("PUT", "/tasks/task0", "{\"_rev\": \"" + revision + "\", \"done\": true}");

    assertThat(first.has("done")).isFalse();
    assertThat(next(1))
        .extracting(document -> document.path("done").asBoolean())
        .containsOnly(true);
  }

  @Test
  void waitsForAChange() throws Exception {
    add("old", 3);
    subscribe();
    while (runtime.triggers().inspect(ADA, subscription).nextPollAt() != null) {
      runtime.triggers().pollNow(ADA, subscription);
    }
    add("task", 1);

    assertThat(found.poll(30, TimeUnit.SECONDS).path("_id").asString()).isEqualTo("task0");
  }

  @Test
  @DisplayName("G11: a database that begins anew loses no change in silence")
  void aDatabaseThatBeganAnewHasForgottenTheCursor() throws Exception {
    subscribe();
    add("task", 100);
    next(100);
    send("DELETE", "/tasks", "");
    send("PUT", "/tasks", "");
    add("task", 80);
    add("new", 19);

    assertThat(next(19))
        .hasSize(19)
        .allMatch(document -> document.path("_id").asString().startsWith("new"));
    assertThat(missing)
        .singleElement()
        .extracting(EventsMissing::reason)
        .asString()
        .contains("ends at 99");
    assertThat(found).isEmpty();
  }
}

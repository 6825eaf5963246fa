package dev.connectorsdk.spring;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The small application as its users meet it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksApplicationTest {

  private TasksSite site;
  private Application app;

  @BeforeAll
  void start() throws Exception {
    site = new TasksSite();
    app = Application.start(site);
  }

  @AfterAll
  void stop() {
    app.close();
    site.close();
  }

  @AfterEach
  void deleteConnections() {
    ConnectorRuntime runtime = app.bean(ConnectorRuntime.class);
    Caller ada = Principal.user("ada").in("prod");
    runtime.connections().list(ada).forEach(one -> runtime.connections().delete(ada, one.id()));
  }

  @Test
  void aUserSignsInAndCallsAnActionAndATriggerFires() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");
    URI link = location(ada.post("/connect/tasks", Map.of("_csrf", ada.csrf(), "returnTo", "/in")));
    assertThat(link).hasPath("/authorize");

    assertThat(location(ada.get("/callback/tasks?code=c1&state=" + state(link)))).hasPath("/in");
    String connection = connection();
    HttpResponse<String> subscribed =
        ada.post("/announce", Map.of("_csrf", ada.csrf(), "connection", connection));
    assertThat(subscribed.statusCode()).as(subscribed.body()).isEqualTo(200);

    HttpResponse<String> added = ada.post("/tasks", Map.of("_csrf", ada.csrf(), "title", "Milk"));
    assertThat(added.body()).contains("Milk");
    JdbcClient db = app.bean(JdbcClient.class);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(db.sql("SELECT title FROM announced").query(String.class).list())
                    .containsExactly("Milk"));
    assertThat(app.bean(MeterRegistry.class).get("connector.call").timers())
        .allSatisfy(
            timer ->
                assertThat(timer.getId().getTags())
                    .extracting(tag -> tag.getValue())
                    .doesNotContain("ada", connection));
  }

  @Test
  void aFormOfAnotherSiteBeginsNoSignIn() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");

    assertThat(ada.post("/connect/tasks", Map.of()).statusCode()).isEqualTo(403);
    HttpResponse<String> foreign =
        ada.post("/connect/tasks", Map.of("_csrf", ada.csrf()), "cross-site");
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.body()).contains("Another site");
    assertThat(ada.get("/connect/tasks").statusCode()).isEqualTo(405);
  }

  @Test
  void nobodySignsInWithoutBeingLoggedIn() throws Exception {
    Browser stranger = app.browser();

    HttpResponse<String> refused =
        stranger.post("/connect/tasks", Map.of("_csrf", stranger.csrf()));

    assertThat(refused.statusCode()).isEqualTo(401);
  }

  @Test
  @DisplayName("A3: a callback in another session of the same user completes nothing")
  void aCallbackInAnotherSessionCompletesNothing() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");
    Browser elsewhere = app.browser().loggedInAs("ada");
    URI link = location(ada.post("/connect/tasks", Map.of("_csrf", ada.csrf())));
    site.server().resetRequests();

    HttpResponse<String> refused = elsewhere.get("/callback/tasks?code=c1&state=" + state(link));

    assertThat(refused.statusCode()).isEqualTo(403);
    site.server().verify(0, postRequestedFor(urlPathEqualTo("/token")));
  }

  @Test
  void whoSaysNoIsSentBackToTheApplicationAndMayBeginAgain() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");
    Map<String, String> form = Map.of("_csrf", ada.csrf(), "returnTo", "/in?tab=2#top");
    URI link = location(ada.post("/connect/tasks", form));

    URI back = location(ada.get("/callback/tasks?error=access_denied&state=" + state(link)));
    assertThat(back).hasToString(app.url() + "/in?tab=2&connect_error=access_denied#top");

    String given = connection();
    URI again = location(ada.post("/connect/tasks", Map.of("_csrf", ada.csrf())));
    ada.get("/callback/tasks?code=c1&state=" + state(again));
    Caller caller = Principal.user("ada").in("prod");
    assertThat(app.bean(ConnectorRuntime.class).connections().list(caller))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.id().value()).isEqualTo(given);
              assertThat(one.status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
            });
  }

  @Test
  void theSecondOfTwoTabsIsSentBackToItsPage() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");
    Map<String, String> form = Map.of("_csrf", ada.csrf(), "returnTo", "/in");
    URI first = location(ada.post("/connect/tasks", form));
    URI second = location(ada.post("/connect/tasks", form));
    assertThat(location(ada.get("/callback/tasks?code=c1&state=" + state(second)))).hasPath("/in");

    URI back = location(ada.get("/callback/tasks?code=c2&state=" + state(first)));

    assertThat(back).hasToString(app.url() + "/in?connect_error=state_unknown");
  }

  @Test
  void whoCannotSignInIsToldSoWithAWayBack() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");

    HttpResponse<String> unknown = ada.post("/connect/nobody", Map.of("_csrf", ada.csrf()));
    HttpResponse<String> late = ada.get("/callback/tasks?code=c1&state=nobody-knows-this");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("There is no such connector");
    assertThat(late.statusCode()).isEqualTo(403);
    assertThat(late.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(late.body()).contains("<a href=\"/\">Back</a>");
  }

  @Test
  void aCallThatFailsIsAProblemInWordsForUsers() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");

    HttpResponse<String> answer = ada.post("/tasks", Map.of("_csrf", ada.csrf(), "title", "Milk"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("No connection to 'tasks' was chosen for this.");
  }

  @Test
  void aBrokenConnectionIsMendedByTheFormThatTheProblemNames() throws Exception {
    Browser ada = app.browser().loggedInAs("ada");
    ada.post("/connect/tasks", Map.of("_csrf", ada.csrf()));
    Caller flow =
        Principal.user("ada").in("prod").running(Flow.of("announce", Principal.user("ada")));
    app.bean(ConnectorRuntime.class)
        .references()
        .bind(
            flow,
            ConnectionReference.embedded("team-tasks", "tasks"),
            ConnectionId.of(connection()));

    HttpResponse<String> answer = ada.post("/tasks", Map.of("_csrf", ada.csrf(), "title", "Milk"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .contains("\"connect\":\"/connect/tasks\"", "\"connection\":\"" + connection() + "\"");
  }

  @Test
  void servicesNeedNeitherTokenNorLogIn() throws Exception {
    Browser service = app.browser();

    HttpResponse<String> answer = service.send(service.form("/hooks/nobody-knows-this", "a=1"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void theHealthIsThatOfTheStore() {
    var health = app.bean(StoreHealth.class);

    assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
  }

  @Test
  void theApplicationAndItsConnectorAreShort() throws Exception {
    assertThat(linesOfCode("TasksApplication") + linesOfCode("TasksConnector")).isBetween(40L, 60L);
  }

  /** Counts what is written by hand: no imports, no Javadoc, no empty lines. */
  private static long linesOfCode(String type) throws Exception {
    return Files.readAllLines(Path.of("src/test/java/dev/connectorsdk/spring/app", type + ".java"))
        .stream()
        .filter(line -> !line.isBlank() && !line.matches("(import|package) .*|/\\*\\*.*"))
        .count();
  }

  @Test
  void theReadmeShowsItsCode() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf("```java\n") + "```java\n".length();
    String shown = readme.substring(begin, readme.indexOf("```", begin));

    assertThat(
            Files.readString(
                Path.of("src/test/java/dev/connectorsdk/spring/app/TasksApplication.java")))
        .contains(shown.indent(2).stripTrailing());
  }

  private String connection() {
    ConnectorRuntime runtime = app.bean(ConnectorRuntime.class);
    return runtime.connections().list(Principal.user("ada").in("prod")).get(0).id().value();
  }

  private static URI location(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Location"))
        .as("%d %s", response.statusCode(), response.body())
        .isPresent();
    return URI.create(response.headers().firstValue("Location").orElseThrow());
  }

  private static String state(URI link) {
    return link.getQuery().replaceAll(".*state=([^&]+).*", "$1");
  }
}

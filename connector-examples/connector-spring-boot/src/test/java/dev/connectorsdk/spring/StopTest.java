package dev.connectorsdk.spring;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectorsdk.spring.app.TasksApplication;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small application as a process that is asked to end while it is used. */
class StopTest {

  private static final int CALLERS = 4;

  @TempDir private Path folder;
  private Server databases;
  private final AtomicInteger added = new AtomicInteger();
  private final Set<Integer> seen = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void startDatabases() throws SQLException {
    databases = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
  }

  @AfterEach
  void stopDatabases() {
    databases.stop();
  }

  @Test
  void nothingIsLoggedAsAnErrorAndTheAuditIsWhole() throws Exception {
    try (TasksSite site = new TasksSite()) {
      site.server()
          .stubFor(
              post(urlPathEqualTo("/api/tasks"))
                  .willReturn(
                      aResponse()
                          .withFixedDelay(50)
                          .withHeader("Content-Type", "application/json")
                          .withBody("{\"id\":\"7\",\"title\":\"Milk\"}")));
      int port = Application.freePort();
      Path log = folder.resolve("log");
      Process process = process(site, port, log);
      try {
        String url = "http://127.0.0.1:" + port;
        await()
            .atMost(Duration.ofMinutes(2))
            .ignoreExceptions()
            .until(() -> new Browser(url).get("/login").statusCode() == 200);
        Browser ada = new Browser(url).loggedInAs("ada");
        signIn(ada);
        List<Thread> callers = callers(ada);
        await().atMost(Duration.ofSeconds(60)).until(() -> added.get() >= 40);

        process.destroy(); // SIGTERM

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        for (Thread caller : callers) {
          caller.join();
        }
      } finally {
        process.destroyForcibly();
      }
      assertThat(Files.readString(log)).doesNotContain(" ERROR ", "Exception");
      assertThat(seen).isSubsetOf(200, 503);
      String recorded =
          only("SELECT COUNT(*) FROM connector_audit_record WHERE operation = 'addTask'");
      assertThat(Integer.parseInt(recorded)).isGreaterThanOrEqualTo(added.get());
    }
  }

  private Process process(TasksSite site, int port, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TasksApplication.class.getName()));
    command.addAll(Application.arguments(site, port, "--spring.datasource.url=" + database()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** In a server of its own: H2 in the process closes as soon as that is asked to end. */
  private String database() {
    return "jdbc:h2:tcp://127.0.0.1:" + databases.getPort() + "/" + folder.resolve("db");
  }

  private static void signIn(Browser ada) throws Exception {
    HttpResponse<String> begun = ada.post("/connect/tasks", Map.of("_csrf", ada.csrf()));
    String link = begun.headers().firstValue("Location").orElseThrow();
    HttpResponse<String> done =
        ada.get("/callback/tasks?code=c1&" + link.replaceAll(".*(state=[^&]+).*", "$1"));
    assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
  }

  private List<Thread> callers(Browser ada) throws Exception {
    String token = ada.csrf();
    Map<String, String> chosen =
        Map.of("_csrf", token, "connection", only("SELECT id FROM connector_connection"));
    assertThat(ada.post("/announce", chosen).statusCode()).isEqualTo(200);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      boolean isService = i == 0;
      Thread caller = new Thread(() -> call(ada, token, isService));
      caller.start();
      callers.add(caller);
    }
    return callers;
  }

  /** Calls until nobody answers any more. */
  private void call(Browser ada, String token, boolean isService) {
    try {
      while (true) {
        if (isService) {
          int status = ada.send(ada.form("/hooks/unknown", "a=1")).statusCode();
          seen.add(status == 404 ? 200 : status);
        } else {
          int status = ada.post("/tasks", Map.of("_csrf", token, "title", "Milk")).statusCode();
          seen.add(status);
          if (status == 200) {
            added.incrementAndGet();
          }
        }
      }
    } catch (IOException e) {
      return; // The web server has stopped.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String only(String query) throws SQLException {
    try (var connection = DriverManager.getConnection(database(), "sa", "");
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}

package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.HaltingWebhookNode.Point;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A host is halted at each point between the receipt and the acceptance of a delivery, and killed.
 * The service sends again what was not answered with success. On PostgreSQL: what H2 has written to
 * its file, a sudden end of its process may undo.
 *
 * <p>The system property {@code storm.deliveries} says how often.
 */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(1800)
class SuddenEndOfDeliveriesTest {

  private static final int ROUNDS = Integer.getInteger("storm.deliveries", 1);
  private static final int PER_POINT = 6;

  private final String url;
  private final List<String> handled = new ArrayList<>();
  private final Set<String> answered = new HashSet<>();
  private Process host;
  private BufferedReader output;
  private String path;
  private int port;
  private int sent;

  SuddenEndOfDeliveriesTest(PostgresServer server) throws SQLException {
    this.url = server.emptySchema().getUrl() + "&user=postgres";
  }

  @AfterEach
  void stop() {
    host.destroyForcibly();
  }

  @Test
  @DisplayName("G5: wherever a process ends, what was answered with success is handled")
  @Tag("G5")
  void whatWasAnsweredIsHandled() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (Point point : Point.values()) {
        start(point);
        for (int i = 0; i < PER_POINT; i++) {
          deliver("T-" + ++sent, point);
        }
        end(point);
      }
    }
    start(Point.NOWHERE);
    host.getOutputStream().close();
    readToTheEnd();

    assertThat(host.waitFor()).isZero();
    assertThat(answered).hasSize(sent);
    assertThat(new HashSet<>(handled)).isEqualTo(answered);
    assertThat(handled)
        .as("a few are handled twice: those in hand when a process ended")
        .hasSizeLessThanOrEqualTo(sent + ROUNDS * Point.values().length * PER_POINT);
  }

  /** Sends until it is answered with success, to the next process if one has ended. */
  private void deliver(String id, Point point) throws Exception {
    while (!isAnswered(id)) {
      readToTheEnd();
      assertThat(host.waitFor()).as("exit of a host that dies at " + point).isEqualTo(7);
      start(Point.NOWHERE);
    }
    answered.add(id);
  }

  private boolean isAnswered(String id) {
    URI url = URI.create("http://localhost:" + port + path);
    try {
      int status =
          WebhookHostTest.send(url, WebhookHostTest.unsigned(WebhookHostTest.item(id)))
              .statusCode();
      assertThat(status).isEqualTo(200);
      return true;
    } catch (IllegalStateException e) { // Nobody answers any more.
      return false;
    }
  }

  /** One that was not to die is killed. */
  private void end(Point point) throws Exception {
    host.toHandle().destroyForcibly();
    readToTheEnd();
    host.waitFor();
    assertThat(host.exitValue()).as("exit at " + point).isIn(7, 128 + 9);
  }

  private void start(Point point) throws Exception {
    aMinutePasses();
    host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HaltingWebhookNode.class.getName(),
                url,
                point.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    output = new BufferedReader(new InputStreamReader(host.getInputStream(), UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      note(line);
      if (line.startsWith("port ")) {
        port = Integer.parseInt(line.substring(5));
        return;
      }
    }
    throw new IllegalStateException("The host did not start");
  }

  private void note(String line) {
    if (line.startsWith("path ")) {
      path = line.substring(5);
    } else if (line.startsWith("handled ")) {
      handled.add(line.substring(8));
    }
  }

  private void readToTheEnd() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      note(line);
    }
  }

  /** Tells the database that the claims of the process before have run out. */
  private void aMinutePasses() throws Exception {
    if (path == null) {
      return;
    }
    JdbcConnectionPool pool = HaltingTriggerNode.pool(url);
    try (Connection database = pool.getConnection();
        Statement statement = database.createStatement()) {
      statement.execute(
          "UPDATE connector_event SET ready_at = ready_at - INTERVAL '61' SECOND WHERE claim_token"
              + " IS NOT NULL");
    } finally {
      pool.dispose();
    }
  }
}

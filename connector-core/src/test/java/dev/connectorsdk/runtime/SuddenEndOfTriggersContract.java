package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host is halted while it polls, stores or hands over, again and again, and killed once; the next
 * one goes on.
 *
 * <p>The system property {@code storm.events} says how many events there are, and {@code
 * storm.steps} that it is halted at each step up to this one.
 */
@Timeout(1800)
abstract class SuddenEndOfTriggersContract {

  private static final int EVENTS = Integer.getInteger("storm.events", 120);

  /** Before and after what was polled is stored. */
  private static final List<Integer> USUAL = List.of(7, 8);

  private static final List<Integer> STEPS =
      Integer.getInteger("storm.steps") == null
          ? USUAL
          : IntStream.rangeClosed(1, Integer.getInteger("storm.steps")).boxed().toList();

  /** What Java says of a process that signal 9 has ended. */
  private static final int SIGKILLED = 128 + 9;

  /** As many events as can be in the hands of a process. */
  private static final int BATCH = 100;

  /** Returns the JDBC URL of the database of this test. */
  abstract String url();

  /** Returns what tells the database that a minute has passed. */
  List<String> aMinutePasses() {
    String past = " - INTERVAL '61' SECOND";
    return List.of(
        "UPDATE connector_subscription SET due_at = due_at"
            + past
            + ", claimed_until = claimed_until"
            + past,
        "UPDATE connector_event SET ready_at = ready_at" + past + " WHERE claim_token IS NOT NULL");
  }

  @Test
  @DisplayName("G9: no event is lost wherever a process ends, and few come twice")
  @Tag("G9")
  void noEventIsLost() throws Exception {
    List<String> handled = runAndDie(false);

    assertThat(new HashSet<>(handled))
        .isEqualTo(
            new HashSet<>(
                IntStream.rangeClosed(1, EVENTS).mapToObj(n -> "handled T-" + n).toList()));
    assertThat(handled).hasSizeLessThanOrEqualTo(EVENTS + STEPS.size() + BATCH);
  }

  @Test
  @DisplayName("G9: in the transaction of the host each event has its effect once")
  @Tag("G9")
  void eachEventHasItsEffectOnce() throws Exception {
    execute("CREATE TABLE received (id VARCHAR NOT NULL)");

    runAndDie(true);

    assertThat(count("SELECT COUNT(*) FROM received")).isEqualTo(EVENTS);
    assertThat(count("SELECT COUNT(DISTINCT id) FROM received")).isEqualTo(EVENTS);
  }

  /** Returns what all processes said. */
  private List<String> runAndDie(boolean isTransactional) throws Exception {
    List<String> said = new ArrayList<>();
    for (int step : STEPS) {
      Process halted = start(String.valueOf(step), isTransactional);
      said.addAll(lines(halted, Integer.MAX_VALUE));
      assertThat(halted.waitFor()).as("exit of a host that is halted at step " + step).isEqualTo(7);
      execute(aMinutePasses().toArray(String[]::new));
    }
    Process killed = start(HaltingTriggerNode.RUNNING, isTransactional);
    List<String> saidBefore = lines(killed, EVENTS / 3);
    assertThat(killed.waitFor()).as("exit of a host that is killed").isEqualTo(SIGKILLED);
    assertThat(saidBefore).as("what it had done").hasSizeGreaterThanOrEqualTo(EVENTS / 3);
    said.addAll(saidBefore);
    execute(aMinutePasses().toArray(String[]::new));
    Process last = start(String.valueOf(Integer.MAX_VALUE), isTransactional);
    said.addAll(lines(last, Integer.MAX_VALUE));
    assertThat(last.waitFor()).as("exit of the last host").isZero();
    return said;
  }

  private Process start(String step, boolean isTransactional) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            HaltingTriggerNode.class.getName(),
            url(),
            step,
            String.valueOf(EVENTS),
            String.valueOf(isTransactional))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Kills a process that has said so much, and returns all that it has said of events. */
  private static List<String> lines(Process process, int most) throws IOException {
    List<String> said = new ArrayList<>();
    var output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("handled ") || line.startsWith("written ")) {
        said.add(line);
      }
      if (said.size() == most) {
        process.toHandle().destroyForcibly(); // The process itself would close its output.
      }
    }
    return said;
  }

  private void execute(String... statements) throws SQLException {
    JdbcConnectionPool pool = HaltingTriggerNode.pool(url());
    try (Connection database = pool.getConnection();
        Statement statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } finally {
      pool.dispose();
    }
  }

  private long count(String query) throws SQLException {
    JdbcConnectionPool pool = HaltingTriggerNode.pool(url());
    try (Connection database = pool.getConnection();
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } finally {
      pool.dispose();
    }
  }
}

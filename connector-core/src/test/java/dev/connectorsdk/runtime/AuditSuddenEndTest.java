package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** What the audit holds of a process that was killed. */
@ExtendWith(PostgresServer.Extension.class)
@Tag("I3")
class AuditSuddenEndTest {

  private static final int CALLS = 500;
  private static final int ROUNDS = 5;
  private static final long SECOND = 1_000;

  private final PostgresServer server;

  AuditSuddenEndTest(PostgresServer server) {
    this.server = server;
  }

  /** A machine that stands still for a moment keeps the audit waiting, so one of a few counts. */
  @Test
  @DisplayName("I3: kill -9 loses at most the last second, without a hole before it, and shows")
  void killingLosesAtMostTheLastSecondAndShows() throws Exception {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > SECOND; round++) {
      least = Math.min(least, millisLost());
    }

    assertThat(least).isLessThanOrEqualTo(SECOND);
  }

  /** Returns how long before the end the first call was that has no record. */
  private long millisLost() throws SQLException, IOException, InterruptedException {
    PGConnectionPoolDataSource source = server.emptySchema();
    String url = source.getUrl() + "&user=postgres";
    List<Long> calledAt = killed(url);
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
    var pool = HaltingTriggerNode.pool(url);
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .clock(later)
            .store(JdbcStore.builder(pool).build(), AuditedNode.keys())
            .build()) {
      Administrator all = Administrator.ofRuntime(Principal.user("root"));
      List<AuditRecord> records = runtime.audit().list(all, Filter.ALL, null, 10_000);
      assertThat(records)
          .extracting(record -> record.position().number())
          .as("no hole: the newest number first, down to 0")
          .hasSize((int) records.get(0).position().number() + 1);
      assertThat(runtime.audit().gaps(all)).hasSize(1);
      long kept = records.stream().filter(record -> record.kind() == Kind.CALL).count();
      int last = calledAt.size() - 1;
      return kept > last ? 0 : calledAt.get(last) - calledAt.get((int) kept);
    } finally {
      pool.dispose();
    }
  }

  /** Kills a host after a few calls, and returns when it has called. */
  private static List<Long> killed(String url) throws IOException, InterruptedException {
    Process node =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                AuditedNode.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> calledAt = new ArrayList<>();
    try (BufferedReader lines = node.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        add(calledAt, line);
        if (calledAt.size() == CALLS) {
          node.toHandle().destroyForcibly(); // The process itself would close its output.
        }
      }
    } finally {
      node.destroyForcibly().waitFor();
    }
    assertThat(calledAt).hasSizeGreaterThanOrEqualTo(CALLS);
    return calledAt;
  }

  /** The last line may be cut off, and a library may have said something before. */
  private static void add(List<Long> calledAt, String line) {
    if (line.matches("\\d{4,}")) {
      calledAt.add(Long.parseLong(line));
    }
  }
}

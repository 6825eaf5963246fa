package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host on H2 is halted while it polls, stores or hands over; the next one goes on. */
@Timeout(600)
class SuddenEndOfTriggersTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {6, 14, 60, 101})
  @DisplayName("G9: no event is lost when the process is halted, and one at most comes twice")
  @Tag("G9")
  void noEventIsLost(int step) throws Exception {
    String url = "jdbc:h2:file:" + folder.toAbsolutePath().resolve("store");
    List<String> all =
        IntStream.rangeClosed(1, HaltingTriggerNode.EVENTS)
            .mapToObj(n -> "handled T-" + n)
            .toList();

    List<String> handled = new ArrayList<>(said(url, step, 7));
    letClaimsRunOut(url);
    handled.addAll(said(url, Integer.MAX_VALUE, 0));

    assertThat(handled).containsAll(all).hasSizeLessThanOrEqualTo(all.size() + 1);
  }

  /** In place of waiting for a minute. */
  private static void letClaimsRunOut(String url) throws Exception {
    try (Connection database = DriverManager.getConnection(url, "sa", "");
        Statement statement = database.createStatement()) {
      String past = "DATEADD('SECOND', -61, ";
      statement.execute(
          "UPDATE connector_subscription SET due_at = "
              + past
              + "due_at), claimed_until = "
              + past
              + "claimed_until)");
      statement.execute("UPDATE connector_event SET ready_at = " + past + "ready_at)");
    }
  }

  private static List<String> said(String url, int step, int exit) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HaltingTriggerNode.class.getName(),
                url,
                String.valueOf(step))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("exit of the host").isEqualTo(exit);
    return output.lines().filter(line -> line.startsWith("handled ")).toList();
  }
}

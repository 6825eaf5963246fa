package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.storm.StrictProvider.Behaviour;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host on H2 dies the moment that it has used a renewed token; the next one goes on.
 *
 * <p>The system property {@code storm.halts} says how often.
 */
@Tag("B14")
@Timeout(600)
class SuddenEndTest {

  private static final int HALTS = Integer.getInteger("storm.halts", 3);

  @AutoClose private final StrictProvider provider;
  @TempDir private Path folder;

  SuddenEndTest() throws Exception {
    provider = new StrictProvider();
  }

  @Test
  @DisplayName("B14: a token that was renewed and used is on the disk, whatever H2's URL says")
  void aTokenThatWasRenewedAndUsedIsOnTheDisk() throws Exception {
    provider.grant("halted", Behaviour.ANSWERS);

    for (int hours = 0; hours <= 2 * HALTS; hours += 2) {
      assertThat(exitOfNode(hours)).as("exit of the host after " + hours + " h").isZero();
    }

    assertThat(provider.refreshes("halted")).isEqualTo(HALTS);
    assertThat(provider.hasEnded("halted")).isFalse();
  }

  private int exitOfNode(int hours) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HaltingNode.class.getName(),
                "jdbc:h2:file:" + folder.toAbsolutePath().resolve("store") + ";WRITE_DELAY=10000",
                provider.url(),
                String.valueOf(hours))
            .inheritIO()
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }
}

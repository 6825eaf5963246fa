package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  private Terminal terminal(boolean interactive) {
    PrintStream err = new PrintStream(seen, true, UTF_8);
    return new Terminal(
        InputStream.nullInputStream(), err, err, false, interactive, 80, false, Map.of(), null);
  }

  private void goThrough(int elements, boolean interactive) {
    Terminal terminal = terminal(interactive);
    List<Integer> work = IntStream.range(0, elements).boxed().toList();
    List<Integer> done = new ArrayList<>();
    Progress.over(work, "Loading", terminal).forEach(done::add);
    assertThat(done).isEqualTo(work);
  }

  @Test
  void showsAPersonHowFarLongWorkHasCome() {
    goThrough(500, true);

    assertThat(seen.toString(UTF_8)).contains("Loading", "500");
  }

  @Test
  void showsNothingOfShortWorkAndNothingToAPipe() {
    goThrough(3, true);
    goThrough(500, false);

    assertThat(seen.toString(UTF_8)).isEmpty();
  }

  private void moveFiles(boolean interactive) {
    try (Progress.OfFiles files = Progress.ofFiles(terminal(interactive))) {
      files.of("Sending a.pdf").moved(2048, 4096);
      files.of("Sending b.pdf").moved(8192, 8192);
      files.of("Downloading").moved(1024, -1);
    }
  }

  @Test
  void showsAPersonHowFarFilesHaveCome() {
    moveFiles(true);

    assertThat(seen.toString(UTF_8))
        .contains("Sending a.pdf", "2/4KiB", "Sending b.pdf", "8/8KiB", "Downloading");
  }

  @Test
  void showsNothingOfFilesToAPipe() {
    moveFiles(false);

    assertThat(seen.toString(UTF_8)).isEmpty();
  }
}

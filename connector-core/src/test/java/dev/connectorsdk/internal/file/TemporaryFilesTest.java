package dev.connectorsdk.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of temporary files that processes share. */
class TemporaryFilesTest {

  @TempDir Path folder;
  private Process other;
  private Path ofOther;

  /** A process that has a temporary file until it is killed or told to end. */
  static final class Other {

    private Other() {}

    public static void main(String[] args) throws IOException {
      try (TemporaryFiles files = new TemporaryFiles(Path.of(args[0]))) {
        System.out.println(Files.writeString(files.next(), "half a file"));
        System.out.println(System.in.read());
      }
    }
  }

  @BeforeEach
  void anotherProcessWritesAFile() throws IOException {
    other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Other.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ofOther = Path.of(other.inputReader().readLine());
  }

  @AfterEach
  void end() {
    other.destroyForcibly();
  }

  @Test
  void theFilesOfAProcessThatLivesStay() throws Exception {
    new TemporaryFiles(folder).close();

    assertThat(ofOther).hasContent("half a file");

    other.getOutputStream().close();
    assertThat(other.waitFor()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void thoseOfAProcessThatWasKilledAreRemoved() throws Exception {
    other.destroyForcibly().waitFor();
    assertThat(ofOther).exists();

    new TemporaryFiles(folder).close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRuntimeBesideThisOneKeepsItsFiles() throws IOException {
    try (TemporaryFiles first = new TemporaryFiles(folder)) {
      Path file = Files.writeString(first.next(), "mine");

      new TemporaryFiles(folder).close();
      try (TemporaryFiles second = new TemporaryFiles(folder)) {
        Files.writeString(second.next(), "another's");
      }

      assertThat(file).hasContent("mine");
    }
  }
}

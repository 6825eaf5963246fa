package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.WholeFile;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.secret.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is named like a file and never ends is refused, and not waited for. */
@Tag("H2")
@Timeout(30)
@DisabledOnOs(OS.WINDOWS)
class EndlessFileTest {

  @TempDir private Path folder;

  @BeforeEach
  void pipes() throws Exception {
    for (String name :
        new String[] {"apiDefinition.swagger.json", "apiProperties.json", "pipe", "keys"}) {
      Process made =
          new ProcessBuilder("mkfifo", "-m", "600", folder.resolve(name).toString()).start();
      assertThat(made.waitFor()).isZero();
    }
  }

  @Test
  @DisplayName("H2: a definition whose file is a pipe is refused")
  void aDefinitionWhoseFileIsAPipeIsRefused() {
    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> Definition.load(folder))
        .withMessageContaining("cannot be read");
    assertThat(DefinitionCatalogue.load(folder).broken()).hasSize(1);
  }

  @Test
  @DisplayName("H2: corrections, settings and keys are not read from a pipe or a device")
  void correctionsSettingsAndKeysAreNotReadFromAPipeOrADevice() {
    for (Path endless : new Path[] {folder.resolve("pipe"), Path.of("/dev/zero")}) {
      assertThatExceptionOfType(DefinitionException.class)
          .isThrownBy(() -> Overlay.load(endless))
          .withMessageContaining("cannot be read");
      assertThatIOException()
          .isThrownBy(() -> DeploymentSettings.load(endless))
          .withMessageContaining("is no regular file");
    }
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> KeyRing.load(folder.resolve("keys")));
  }

  @Test
  @DisplayName("A file is read up to the limit and one byte more")
  void aFileIsReadUpToTheLimitAndOneByteMore() throws IOException {
    Path file = Files.write(folder.resolve("five"), new byte[] {1, 2, 3, 4, 5});

    assertThat(WholeFile.read(file, 5)).containsExactly(1, 2, 3, 4, 5);
    assertThat(WholeFile.read(file, 6)).containsExactly(1, 2, 3, 4, 5);
    assertThat(WholeFile.read(file, 4)).hasSize(5);
    assertThat(WholeFile.read(file, 2)).hasSize(3);
    assertThat(WholeFile.read(Files.createFile(folder.resolve("empty")), 2)).isEmpty();
  }
}

package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir private Path folder;

  @Test
  void takesThePlaceOfWhatWasThereAndLeavesNothingBeside() throws IOException {
    Path file = Files.writeString(folder.resolve("page.md"), "a longer text that was there");

    WholeFile.write(file, "new".getBytes(UTF_8));

    assertThat(file).hasContent("new");
    assertThat(folder).isDirectoryContaining("glob:**page.md");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void whereItCannotBeNamedNothingIsLeft() throws IOException {
    Path file = folder.resolve("missing").resolve("page.md");

    assertThatThrownBy(() -> WholeFile.write(file, "new".getBytes(UTF_8)))
        .isInstanceOf(IOException.class);

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkStaysALink() throws IOException {
    Path file = Files.writeString(folder.resolve("real.md"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("page.md"), file);

    WholeFile.write(link, "new".getBytes(UTF_8));

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }
}

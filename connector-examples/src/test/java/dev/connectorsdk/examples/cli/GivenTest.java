package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenTest {

  @TempDir private Path folder;

  private static String value(String option) {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    Terminal terminal =
        Terminal.piped(InputStream.nullInputStream(), nowhere, nowhere, Map.of("KEY", "k"));
    return new Given(terminal).values(List.of("a=" + option)).get("a").reveal();
  }

  @Test
  void aValueIsWrittenNamedOrInAFile() throws Exception {
    Path key = Files.writeString(folder.resolve("key.txt"), "größer\nals\n");

    assertThat(value("plain=x")).isEqualTo("plain=x");
    assertThat(value("env:KEY")).isEqualTo("k");
    assertThat(value("text:env:KEY")).isEqualTo("env:KEY");
    assertThat(value("@" + key)).isEqualTo("größer\nals");
  }

  @Test
  void aFileThatIsNoTextIsGivenInBase64() throws Exception {
    byte[] pfx = {0x30, (byte) 0x82, 0x0A, 0, '\n'};
    Path file = Files.write(folder.resolve("client.pfx"), pfx);

    assertThat(Base64.getDecoder().decode(value("@" + file))).isEqualTo(pfx);
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> value("@" + folder.resolve("none")))
        .withMessageContaining("no such file");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> value("env:NONE"))
        .withMessageContaining("NONE, which is not set");
  }
}

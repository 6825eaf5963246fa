package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void aByteOrderMarkIsNoPartOfAValue(String charset) throws Exception {
    byte[] marked = "\uFEFFs3cret\r\n".getBytes(Charset.forName(charset));
    Path key = Files.write(folder.resolve("key.txt"), marked);

    assertThat(value("@" + key)).isEqualTo("s3cret");
  }

  @Test
  void aFileThatBeginsLikeUtf16ByChanceIsGivenInBase64() throws Exception {
    byte[] key = {(byte) 0xFF, (byte) 0xFE, 0x5B, 0x30, 0x0A, (byte) 0xC3};
    Path file = Files.write(folder.resolve("client.key"), key);

    assertThat(Base64.getDecoder().decode(value("@" + file))).isEqualTo(key);
  }

  @Test
  void aFileThatIsNoTextIsGivenInBase64() throws Exception {
    byte[] pfx = {0x30, (byte) 0x82, 0x0A, 0, '\n'};
    Path file = Files.write(folder.resolve("client.pfx"), pfx);

    assertThat(Base64.getDecoder().decode(value("@" + file))).isEqualTo(pfx);
  }

  @Test
  @DisplayName("E13: a file that does not end is not read to its end")
  void aFileThatDoesNotEndIsRefused() throws Exception {
    Path large = folder.resolve("large");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(1024 * 1024 + 1);
    }
    for (Path endless : List.of(large, Path.of("/dev/zero"))) {
      if (Files.exists(endless)) {
        assertThatExceptionOfType(UsageException.class)
            .isThrownBy(() -> value("@" + endless))
            .withMessage(endless + " is larger than 1024 KiB");
      }
    }
  }

  @Test
  @DisplayName("E13: nor is an input, from a file or from a pipe")
  void anInputThatDoesNotEndIsRefused() {
    InputStream zeros =
        new InputStream() {
          @Override
          public int read() {
            return ' ';
          }

          @Override
          public int read(byte[] bytes, int from, int most) {
            Arrays.fill(bytes, from, from + most, (byte) ' ');
            return most;
          }
        };
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    Terminal terminal = Terminal.piped(zeros, nowhere, nowhere, Map.of());

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> CallInput.read("-", terminal))
        .withMessage("the standard input is larger than 65536 KiB");
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

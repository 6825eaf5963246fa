package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {

  private static final String PNG = "\211PNG\r\n\032\n\0\0\0\rIHDR";

  private static String type(String declared, String bytes) {
    return Pictures.type(declared, bytes.getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/png", "IMAGE/PNG", "image/png; name=x", "image/jpeg"})
  void aPictureIsWhatItsBytesAre(String declared) {
    assertThat(type(declared, PNG)).isEqualTo("image/png");
  }

  @ParameterizedTest
  @CsvSource({"GIF87a..., image/gif", "GIF89a..., image/gif", "RIFFsizeWEBPVP8L, image/webp"})
  void othersBeginOtherwise(String bytes, String type) {
    assertThat(type("image/x", bytes)).isEqualTo(type);
  }

  @Test
  void aPhotographIsOneWhateverFollowsItsMarker() {
    assertThat(type("image/jpg", "\377\330\377\340..")).isEqualTo("image/jpeg");
    assertThat(type("image/jpg", "\377\330\377\333..")).isEqualTo("image/jpeg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\211PNG", "<html>", "GIF88a", "RIFF1234WAVE", "RIFF", "RIFFWEBP", "\377\330"})
  void otherBytesAreNoneWhateverIsSaidOfThem(String bytes) {
    assertThat(type("image/png", bytes)).isNull();
  }

  @Test
  void whatIsNotSaidToBeAPictureIsNone() {
    assertThat(type("application/octet-stream", PNG)).isNull();
    assertThat(type("text/html", PNG)).isNull();
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service packs what it answers, or says so, in another way than it was asked to. */
class ContentCodingTest extends HostTest {

  record Room(String name) {}

  private static final String JSON = "{\"name\":\"Hall\"}";

  private static final Action<Nothing, Room> READ =
      Action.builder("read", Effect.READ, Nothing.class, Room.class)
          .run((in, call) -> call.http().get("/room").fetch(Room.class));

  private static final Action<Nothing, String> READ_TEXT =
      Action.builder("readText", Effect.READ, Nothing.class, String.class)
          .run((in, call) -> call.http().get("/room").send().text());

  private static final Action<Nothing, Nothing> CLOSE =
      Action.builder("close", Effect.DESTRUCTIVE, Nothing.class)
          .run((in, call) -> call.http().delete("/room").send());

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(READ).action(READ_TEXT).action(CLOSE).build();
  }

  @BeforeEach
  void connect() {
    connect(ADA, "key");
  }

  private void answers(int status, String coding, byte[] body) {
    service.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("Content-Type", "application/json")
                    .withHeader("Content-Encoding", coding)
                    .withBody(body)));
  }

  private static byte[] packed(String how) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (how) {
          case "gzip" -> new GZIPOutputStream(packed);
          case "zlib" -> new DeflaterOutputStream(packed);
          case "raw" -> new DeflaterOutputStream(packed, new Deflater(9, true));
          default -> packed;
        }) {
      out.write(JSON.getBytes(UTF_8));
    }
    return packed.toByteArray();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "gzip, gzip",
    "x-gzip, gzip",
    "'identity, gzip', gzip",
    "gzip, plain",
    "identity, plain",
    "deflate, zlib",
    "deflate, raw"
  })
  @DisplayName("What is packed is unpacked, and what is not is read as it is")
  void isUnpacked(String coding, String how) throws IOException {
    answers(200, coding, packed(how));

    assertThat(runtime.invoke(ADA, MINE, READ, Nothing.NOTHING)).isEqualTo(new Room("Hall"));

    answers(404, coding, packed(how));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, READ, Nothing.NOTHING))
        .satisfies(e -> assertThat(e.body()).isEqualTo(JSON));
  }

  @Test
  @DisplayName("What is packed in an unknown way is an error that says so, where it is read")
  void isPackedInAnUnknownWay() throws IOException {
    answers(200, "br", packed("zlib"));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, READ, Nothing.NOTHING))
        .withMessageEndingWith("its Content-Encoding is 'br', which is not unpacked here");
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, READ_TEXT, Nothing.NOTHING))
        .withMessageEndingWith("its Content-Encoding is 'br', which is not unpacked here");
    assertThat(runtime.invoke(ADA, MINE, CLOSE, Nothing.NOTHING)).isEqualTo(Nothing.NOTHING);
  }
}

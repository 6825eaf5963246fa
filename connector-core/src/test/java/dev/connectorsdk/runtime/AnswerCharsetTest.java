package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.connection.ConnectionSpec;
import java.nio.charset.Charset;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;

/** JSON that does not say that it is UTF-8. */
class AnswerCharsetTest extends HostTest {

  /** What an action makes of the answer. */
  record Room(String name) {}

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .action(
            Action.builder("room", Effect.READ, Nothing.class, Room.class)
                .run((in, call) -> call.http().get("/room").fetch(Room.class)))
        .action(
            Action.builder("generic", Effect.READ, Nothing.class, Room.class)
                .run((in, call) -> call.http().get("/room").fetch(new TypeReference<Room>() {})))
        .action(
            Action.builder("text", Effect.READ, Nothing.class, String.class)
                .run((in, call) -> call.http().get("/room").send().text()))
        .build();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "ISO-8859-1, ISO-8859-1",
        "windows-1252, windows-1252",
        "ISO-8859-1, UTF-8",
        "\"ISO-8859-1\", ISO-8859-1",
        "'ISO-8859-1', ISO-8859-1",
        "unknown, UTF-8",
        "UTF-16, UTF-16BE",
        "UTF-16, UTF-16LE",
        "UTF-16, UTF-8"
      })
  @DisplayName("JSON is read in the charset of its type, unless it is UTF-8 all the same")
  void isReadInTheCharsetOfItsType(String declared, String sent) {
    answers(declared, "{\"name\":\"Größe\"}".getBytes(Charset.forName(sent)));

    assertThat(runtime.invoke(ADA, MINE, "room", Map.of()).path("name").asString())
        .isEqualTo("Größe");
    assertThat(runtime.invoke(ADA, MINE, "generic", Map.of()).path("name").asString())
        .isEqualTo("Größe");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, UTF-8",
    "ISO-8859-1, UTF-8",
    "UTF-8, UTF-16BE",
    "ISO-8859-1, UTF-16LE",
    "UTF-16, UTF-16LE"
  })
  @DisplayName("A byte order mark says how an answer is encoded, and is no part of it")
  void aByteOrderMarkSaysHowAnAnswerIsEncoded(String declared, String sent) {
    answers(declared, "\uFEFF{\"name\":\"Größe\"}".getBytes(Charset.forName(sent)));

    assertThat(runtime.invoke(ADA, MINE, "room", Map.of()).path("name").asString())
        .isEqualTo("Größe");
    assertThat(runtime.invoke(ADA, MINE, "text", Map.of()).asString())
        .isEqualTo("{\"name\":\"Größe\"}");
  }

  private void answers(String declared, byte[] body) {
    service.stubFor(
        get("/room")
            .willReturn(
                aResponse()
                    .withHeader("Content-Type", "application/json;charset=" + declared)
                    .withBody(body)));
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
  }
}

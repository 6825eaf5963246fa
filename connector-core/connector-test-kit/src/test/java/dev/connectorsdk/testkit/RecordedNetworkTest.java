package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RecordedNetworkTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference NOTES = ConnectionReference.invoker("notes", "notes");
  private static final String CLIENT_SECRET = "cl-s3cret/+ of the application";

  @TempDir private Path folder;
  private final PlayedService service = new PlayedService(new SettableClock());
  private Path file;

  @AfterEach
  void stop() {
    service.close();
  }

  private JsonNode call(RecordedNetwork network, String secret, String action, Object input) {
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(new Notes().connector())
            .addressPolicy(AddressPolicy.allowAll())
            .httpClient(network.client())
            .build()) {
      runtime
          .connections()
          .create(
              ADA,
              ConnectionSpec.of("notes", "oauth2")
                  .with("site", service.url().toString())
                  .with("client_id", "app")
                  .secret("client_secret", Secret.of(secret))
                  .untested());
      return runtime.invoke(ADA, NOTES, action, input);
    }
  }

  private void record(PlayedAnswer answer) {
    file = folder.resolve("recordings/notes.json");
    service.answers(request -> answer);
    RecordedNetwork network = RecordedNetwork.recording(file, Set.of(CLIENT_SECRET));
    call(network, CLIENT_SECRET, "addNote", Map.of("text", "Milk"));
    network.end(true);
  }

  @Test
  void whatWasRecordedIsReplayedWithoutTheService() {
    record(PlayedAnswer.json(200, "{\"id\": \"n-1\", \"text\": \"Milk\"}"));
    service.answers(request -> PlayedAnswer.cut());

    RecordedNetwork network = RecordedNetwork.replaying(file, Set.of("another"));

    assertThat(call(network, "another", "addNote", Map.of("text", "Milk")).path("id").asString())
        .isEqualTo("n-1");
    network.end(true);
  }

  @Test
  @Tag("B11")
  void noSecretReachesTheDiskInAnyForm() throws IOException {
    String jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";
    String encoded = Base64.getEncoder().encodeToString(CLIENT_SECRET.getBytes(UTF_8));
    record(
        PlayedAnswer.json(
            200,
            "{\"id\": \"n-1\", \"text\": \"you sent "
                + CLIENT_SECRET
                + " and "
                + encoded
                + "\", \"api_key\": \"k-123456\", \"note\": \"k-123456 "
                + jwt
                + "\"}"));

    String written = Files.readString(file);
    List<String> secrets = new ArrayList<>(service.tokens());
    secrets.addAll(List.of(CLIENT_SECRET, encoded, jwt, "k-123456"));
    assertThat(written).contains("you sent REDACTED and REDACTED").doesNotContain(secrets);
  }

  @Test
  void aRequestThatIsNotThereFailsAndNamesTheNearestOne() {
    record(PlayedAnswer.json(200, "{\"id\": \"n-1\", \"text\": \"Milk\"}"));
    RecordedNetwork network = RecordedNetwork.replaying(file, Set.of("another"));

    Throwable failure =
        catchThrowable(() -> call(network, "another", "addNote", Map.of("text", "Tea")));

    assertThat(failure).isNotNull();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> network.end(true))
        .withMessageContainingAll(
            "has no such request", "{\"text\":\"Tea\"}", "The nearest one", "{\"text\":\"Milk\"}");
  }

  @Test
  void whatCannotBeCleanedIsNotWritten() {
    byte[] packed = {31, -117, 8, 0, -1, -2};
    PlayedAnswer binary = PlayedAnswer.of(200, Map.of("Content-Type", "image/png"), packed);

    file = folder.resolve("binary.json");
    RecordedNetwork network = RecordedNetwork.recording(file, Set.of(CLIENT_SECRET));
    service.answers(request -> binary);
    assertThat(
            catchThrowable(() -> call(network, CLIENT_SECRET, "addNote", Map.of("text", "Milk"))))
        .isNotNull();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> network.end(true))
        .withMessageContaining("POST /api/notes");
    assertThat(file).doesNotExist();

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> RecordedNetwork.recording(file, Set.of("abc")).end(true))
        .withMessageContaining("shorter");
    assertThat(file).doesNotExist();
  }

  @Test
  @Tag("B11")
  void aBodyInWhichSecretsCannotBeFoundIsNotWritten() {
    file = folder.resolve("xml.json");
    service.answers(
        request -> PlayedAnswer.of(200, "application/xml", "<login><ticket>t-1</ticket></login>"));
    RecordedNetwork network = RecordedNetwork.recording(file, Set.of(CLIENT_SECRET));

    assertThat(
            catchThrowable(() -> call(network, CLIENT_SECRET, "addNote", Map.of("text", "Milk"))))
        .isNotNull();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> network.end(true))
        .withMessageContaining("POST /api/notes");
    assertThat(file).doesNotExist();
  }

  private static String get(RecordedNetwork network, HttpUrl url, String authorization)
      throws IOException {
    Request request = new Request.Builder().url(url).header("Authorization", authorization).build();
    try (Response response = network.client().newCall(request).execute()) {
      return response.body().string();
    }
  }

  private HttpUrl at(String path) {
    return HttpUrl.get(service.url() + path);
  }

  @Test
  @Tag("B11")
  void whatIsRecordedUnderTheUserAndAKeyIsFoundByThemAndNeverPrinted() throws IOException {
    file = folder.resolve("users.json");
    String ada = Credentials.basic("ada@example.org", "pass-4711-word");
    service.answers(request -> PlayedAnswer.json(200, "{\"id\": 1}"));
    RecordedNetwork records = RecordedNetwork.recording(file, Set.of("key-in-the-path"));
    get(records, at("/users/ada@example.org/key-in-the-path?sig=quiet-4711-sig"), ada);
    records.end(true);
    assertThat(Files.readString(file))
        .contains("/users/REDACTED/REDACTED?sig=REDACTED")
        .doesNotContain("ada@", "key-in-the-path", "quiet-4711-sig");

    RecordedNetwork replays = RecordedNetwork.replaying(file, Set.of("key-in-the-path"));
    assertThat(get(replays, at("/users/ada@example.org/key-in-the-path?sig=another"), ada))
        .isEqualTo("{\"id\":1}");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> get(replays, at("/teams/ada@example.org/key-in-the-path"), ada))
        .withMessageContaining("/teams/REDACTED/REDACTED");
  }

  @Test
  @Tag("B11")
  void whatCannotBeCleanedIsNamedWithoutSecrets() throws IOException {
    file = folder.resolve("page.json");
    service.answers(request -> PlayedAnswer.of(200, "text/html", "<p>Hello</p>"));
    RecordedNetwork records = RecordedNetwork.recording(file, Set.of("key-in-the-path"));
    get(records, at("/a/key-in-the-path"), "Bearer another-4711");

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> records.end(true))
        .withMessageContaining("GET /a/REDACTED");
  }

  @Test
  void linesOfJsonAreRecorded() throws IOException {
    file = folder.resolve("lines.json");
    service.answers(
        request ->
            PlayedAnswer.of(
                200,
                "application/x-ndjson",
                "{\"token\":\"quiet-4711\"}\n{\"a\":\"quiet-4711\"}\n"));
    RecordedNetwork records = RecordedNetwork.recording(file, Set.of());
    get(records, at("/lines"), "Bearer another-4711");
    records.end(true);

    assertThat(get(RecordedNetwork.replaying(file, Set.of()), at("/lines"), "Bearer a"))
        .isEqualTo("{\"token\":\"REDACTED\"}\n{\"a\":\"REDACTED\"}");
  }

  @Test
  void aTestThatFailedLeavesTheRecordingAsItWas() throws IOException {
    record(PlayedAnswer.json(200, "{\"id\": \"n-1\", \"text\": \"Milk\"}"));
    String before = Files.readString(file);

    RecordedNetwork network = RecordedNetwork.recording(file, Set.of(CLIENT_SECRET));
    service.answers(request -> PlayedAnswer.json(200, "{\"id\": \"n-2\", \"text\": \"Tea\"}"));
    call(network, CLIENT_SECRET, "addNote", Map.of("text", "Tea"));
    network.end(false);

    assertThat(file).hasContent(before);
    assertThat(file.resolveSibling("notes.json.part")).doesNotExist();
  }

  @Test
  void withoutARecordingItSaysHowToMakeOne() {
    assertThatIllegalStateException()
        .isThrownBy(() -> RecordedNetwork.replaying(folder.resolve("none.json"), Set.of()))
        .withMessageContaining("-Dconnectorsdk.record=true");
  }
}

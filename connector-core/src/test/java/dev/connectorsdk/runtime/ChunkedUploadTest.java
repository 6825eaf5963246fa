package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.created;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.http.ChunkedUpload;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.invocation.CallOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a service takes in chunks, and says itself what is next. */
@Tag("F2")
class ChunkedUploadTest extends HostTest {

  record NewFile(String protocol, FileSource content) {}

  private static final int CHUNK = 256 * 1024;
  private static final int SIZE = 2 * CHUNK + 10;
  private static final int GRAPHS = 320 * 1024;

  private static final Action<NewFile, String> UPLOAD =
      Action.builder("upload", Effect.WRITE, NewFile.class, String.class)
          .idempotencyHeader("Idempotency-Key")
          .run(
              (in, call) -> {
                HttpResponse opened = call.http().post("/folder/uploads").send();
                ChunkedUpload way =
                    switch (in.protocol()) {
                      case "graph" -> ChunkedUpload.microsoftGraph().inChunksOf(GRAPHS);
                      case "tus" -> ChunkedUpload.tus().inChunksOf(CHUNK);
                      default -> ChunkedUpload.googleResumable().inChunksOf(CHUNK);
                    };
                return call.http().upload(opened, in.content(), way).text();
              });

  private final byte[] content = new byte[SIZE];
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void connectAndOpenSessions() throws IOException {
    new Random(3).nextBytes(content);
    file = Files.write(folder.resolve("file"), content);
    connect(ADA, "k");
    service.resetRequests();
    service.stubFor(
        post("/folder/uploads").willReturn(ok().withHeader("Location", "session?id=s3cret")));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(UPLOAD).fileHost("127.0.0.1").build();
  }

  private String upload(String protocol, FileSource content) {
    return upload(protocol, content, CallOptions.standard());
  }

  private String upload(String protocol, FileSource content, CallOptions options) {
    return runtime.invoke(ADA, MINE, UPLOAD, new NewFile(protocol, content), options);
  }

  private String upload(FileSource content) {
    return upload("google", content);
  }

  private InputStream stream() {
    return new ByteArrayInputStream(content);
  }

  private static MappingBuilder chunk(String range) {
    return put(urlPathEqualTo("/folder/session"))
        .withHeader("Content-Range", equalTo("bytes " + range));
  }

  private static ResponseDefinitionBuilder has(int bytes) {
    ResponseDefinitionBuilder answer = status(308);
    return bytes == 0 ? answer : answer.withHeader("Range", "bytes=0-" + (bytes - 1));
  }

  private static void google(String range, ResponseDefinitionBuilder answer) {
    service.stubFor(chunk(range + "/" + SIZE).willReturn(answer));
  }

  private static List<String> chunks() {
    List<String> ranges = new ArrayList<>();
    for (LoggedRequest request :
        service.findAll(anyRequestedFor(urlPathEqualTo("/folder/session")))) {
      ranges.add(request.getHeader("Content-Range"));
    }
    return ranges;
  }

  private static byte[] sentInAll() {
    byte[] all = new byte[SIZE];
    for (LoggedRequest request :
        service.findAll(anyRequestedFor(urlPathEqualTo("/folder/session")))) {
      String range = request.getHeader("Content-Range").substring("bytes ".length());
      if (!range.startsWith("*")) {
        int from = Integer.parseInt(range.substring(0, range.indexOf('-')));
        System.arraycopy(request.getBody(), 0, all, from, request.getBody().length);
      }
    }
    return all;
  }

  @Test
  void eachChunkBeginsWhereTheServiceIs() {
    google("0-262143", has(CHUNK));
    google("262144-524287", has(2 * CHUNK));
    google("524288-524297", created().withBody("done"));
    List<Long> progress = new ArrayList<>();

    assertThat(upload(FileSource.of(stream(), SIZE).onProgress((n, total) -> progress.add(n))))
        .isEqualTo("done");

    assertThat(sentInAll()).isEqualTo(content);
    assertThat(progress).containsExactly((long) CHUNK, 2L * CHUNK, (long) SIZE);
    service.verify(
        3,
        anyRequestedFor(urlPathEqualTo("/folder/session"))
            .withQueryParam("id", equalTo("s3cret"))
            .withHeader("X-Api-Key", equalTo("k")));
  }

  @Test
  @DisplayName("F2: What has arrived is what the service says, not what was sent")
  void aServiceThatTookAPartOfAChunkGetsTheRest() {
    google("0-262143", has(100_000));
    google("100000-362143", has(CHUNK));
    google("262144-524287", has(2 * CHUNK));
    google("524288-524297", ok("done"));

    upload(FileSource.of(stream(), SIZE));

    assertThat(chunks()).hasSize(4);
    assertThat(sentInAll()).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 409, 416, 408, 0})
  @DisplayName("F2: Where nobody knows what became of a chunk, the service is asked")
  void theServiceIsAskedWhatHasArrived(int trouble) {
    google("0-262143", has(CHUNK));
    google(
        "262144-524287",
        trouble == 0 ? aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER) : status(trouble));
    google("*", has(2 * CHUNK));
    google("524288-524297", ok("done"));

    assertThat(upload(FileSource.of(stream(), SIZE))).isEqualTo("done");

    assertThat(chunks())
        .containsExactly(
            "bytes 0-262143/524298",
            "bytes 262144-524287/524298",
            "bytes */524298",
            "bytes 524288-524297/524298");
  }

  @Test
  void theAnswerToTheQuestionMayBeThatAllIsThere() {
    google("0-262143", has(CHUNK));
    google("262144-524287", has(2 * CHUNK));
    google("524288-524297", aResponse().withFault(Fault.EMPTY_RESPONSE));
    google("*", ok("done"));

    assertThat(upload(FileSource.of(file))).isEqualTo("done");
  }

  @Test
  @DisplayName("F7: A service that is asked and says nothing has not said that all is there")
  @Tag("F7")
  void anAnswerThatSaysNothingIsNotTakenForTheWhole() {
    var session = urlPathEqualTo("/folder/session");
    for (int from : List.of(0, CHUNK)) {
      service.stubFor(
          patch(session)
              .withHeader("Upload-Offset", equalTo("" + from))
              .willReturn(status(204).withHeader("Upload-Offset", "" + (from + CHUNK))));
    }
    service.stubFor(
        patch(session)
            .withHeader("Upload-Offset", equalTo("" + 2 * CHUNK))
            .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    service.stubFor(head(session).willReturn(ok()));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> upload("tus", FileSource.of(file)));
  }

  @Test
  void whatTheServiceHasLostIsReadAgainIfItCanBe() {
    google("0-262143", has(CHUNK));
    service.stubFor(
        chunk("262144-524287/" + SIZE)
            .inScenario("loss")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("lost")
            .willReturn(has(0)));
    service.stubFor(
        chunk("262144-524287/" + SIZE)
            .inScenario("loss")
            .whenScenarioStateIs("lost")
            .willReturn(has(2 * CHUNK)));
    google("524288-524297", ok("done"));

    upload(FileSource.of(file));

    assertThat(chunks()).hasSize(5);
    assertThat(sentInAll()).isEqualTo(content);

    service.resetScenarios();
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> upload(FileSource.of(stream(), SIZE)))
        .withMessageContaining("a stream that was read");
  }

  @Test
  void itEndsWhereNothingMoves() {
    google("0-262143", has(0));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .withMessageContaining("took nothing: it has 0 of 524298 bytes");
    assertThat(chunks()).hasSize(3);

    service.resetRequests();
    google("0-262143", status(500));
    google("*", status(500));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .satisfies(e -> assertThat(e.status()).isEqualTo(500));

    google("0-262143", aResponse().withFault(Fault.EMPTY_RESPONSE));
    google("*", aResponse().withFault(Fault.EMPTY_RESPONSE));
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> upload(FileSource.of(file)));
  }

  @ParameterizedTest
  @ValueSource(ints = {503, 429, 0})
  @DisplayName("F7: Chunks and questions count together as the attempts of one request")
  @Tag("F7")
  void attemptsAreCountedOnce(int status) {
    service.stubFor(
        any(urlPathEqualTo("/folder/session"))
            .willReturn(
                status == 0 ? aResponse().withFault(Fault.EMPTY_RESPONSE) : status(status)));

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> upload(FileSource.of(file)));

    assertThat(chunks())
        .containsExactly("bytes 0-262143/524298", "bytes */524298", "bytes */524298");
    assertThat(clock.pauses()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {503, 429, 403})
  @DisplayName("F7: A session waits as long as its service asks")
  @Tag("F7")
  void aServiceSaysHowLongToWait(int status) {
    google("0-262143", status(status).withHeader("Retry-After", "7"));
    google("*", has(CHUNK));
    google("262144-524287", has(2 * CHUNK));
    google("524288-524297", ok("done"));

    assertThat(upload(FileSource.of(file))).isEqualTo("done");

    assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(7));
    assertThat(chunks()).hasSize(4);
  }

  @Test
  void whatIsNoLimitEndsTheUpload() {
    google("0-262143", status(403));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .satisfies(e -> assertThat(e.status()).isEqualTo(403));
    assertThat(chunks()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void aSessionThatHasEndedIsNamed(int status) {
    google("0-262143", has(CHUNK));
    google("262144-524287", status(status));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .withMessageContaining(
            ", whose upload session has ended with 262144 of 524298 bytes, was answered with status "
                + status)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
  }

  @Test
  void aSessionThatHasEndedAfterAllWasSentMayBeWhole() {
    google("0-262143", has(CHUNK));
    google("262144-524287", has(2 * CHUNK));
    google("524288-524297", aResponse().withFault(Fault.EMPTY_RESPONSE));
    google("*", status(404));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .withMessageContaining(
            ", whose upload session has ended with 524288 of 524298 bytes confirmed, and all of"
                + " them sent, was answered with status 404");
  }

  @Test
  void aServiceThatSaysWhatCannotBeIsNotBelieved() {
    google("0-262143", has(SIZE));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .withMessageContaining("another part of the file");

    google("0-262143", ok("all there"));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> upload(FileSource.of(file)));
  }

  @Test
  void aFileHasTheSizeThatItSays() {
    google("0-262143", has(CHUNK));
    google("262144-524287", has(2 * CHUNK));
    for (int wrong : List.of(SIZE - 1, SIZE + 1)) {
      InputStream other = new ByteArrayInputStream(new byte[wrong]);
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> upload(FileSource.of(other, SIZE)));
    }
    assertThat(chunks()).hasSize(4).noneMatch(range -> range.startsWith("bytes 524288"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> upload(FileSource.of(stream(), FileSource.UNKNOWN)))
        .withMessageContaining("must have a size that is known before");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> upload(FileSource.of(file).limitedTo(SIZE - 1)));
  }

  @Test
  void anEmptyFileIsWholeAtOnce() {
    service.stubFor(chunk("*/0").willReturn(ok("done")));

    assertThat(upload(FileSource.of(new byte[0]))).isEqualTo("done");
  }

  @Test
  void anAnswerWithoutASessionOpensNone() {
    service.stubFor(post("/folder/uploads").willReturn(ok()));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> upload(FileSource.of(file)))
        .withMessageContaining("names no session");
  }

  private void graphOpensASessionAt(String url) {
    service.stubFor(post("/folder/uploads").willReturn(okJson("{\"uploadUrl\":\"" + url + "\"}")));
    service.stubFor(
        put("/up?t=s3cret")
            .withHeader("Content-Range", equalTo("bytes 0-327679/524298"))
            .willReturn(okJson("{\"nextExpectedRanges\":[\"327680-524297\"]}").withStatus(202)));
    service.stubFor(
        put("/up?t=s3cret")
            .withHeader("Content-Range", equalTo("bytes 327680-524297/524298"))
            .willReturn(okJson("{\"id\":\"7\"}").withStatus(201)));
  }

  @Test
  @DisplayName(
      "E4: A session where the service keeps files gets neither credential nor own headers")
  void aSessionElsewhereGetsNoCredential() {
    graphOpensASessionAt("http://127.0.0.1:" + service.port() + "/up?t=s3cret");

    CallOptions step = CallOptions.standard().idempotencyKey("step-7");

    assertThat(upload("graph", FileSource.of(file), step)).isEqualTo("{\"id\":\"7\"}");

    service.verify(
        postRequestedFor(urlEqualTo("/folder/uploads"))
            .withHeader("Idempotency-Key", equalTo("step-7")));
    service.verify(
        2,
        anyRequestedFor(urlPathEqualTo("/up"))
            .withHeader("X-Api-Key", absent())
            .withHeader("Idempotency-Key", absent()));
  }

  @Test
  @DisplayName("E4: A redirect of such a session takes the chunk along, to the same host alone")
  void aSessionElsewhereMayMove() {
    graphOpensASessionAt("http://127.0.0.1:" + service.port() + "/first");
    service.stubFor(put("/first").willReturn(status(307).withHeader("Location", "/up?t=s3cret")));

    assertThat(upload("graph", FileSource.of(file))).isEqualTo("{\"id\":\"7\"}");

    service.verify(2, putRequestedFor(urlEqualTo("/up?t=s3cret")));

    service.stubFor(
        put("/first").willReturn(status(307).withHeader("Location", url() + "/up?t=s3cret")));
    service.resetRequests();
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload("graph", FileSource.of(file)))
        .satisfies(e -> assertThat(e.status()).isEqualTo(307));
    service.verify(0, putRequestedFor(urlEqualTo("/up?t=s3cret")));
  }

  @Test
  @DisplayName("B17: A session in the middle of which the credential is refused needs another one")
  void aSessionInWhichTheCredentialIsRefused() {
    google("0-262143", has(CHUNK));
    google("262144-524287", status(401));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> upload(FileSource.of(stream(), SIZE)))
        .satisfies(e -> assertThat(e.userMustAct()).isTrue());
    assertThat(chunks()).hasSize(2);
  }

  @Test
  @DisplayName("E5: A session on a host that nobody has named gets nothing")
  void aSessionOnAForeignHostGetsNothing() {
    graphOpensASessionAt("http://localhost.example:" + service.port() + "/up?t=s3cret");

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> upload("graph", FileSource.of(file)));
  }

  @Test
  void tusSaysHowMuchHasArrived() {
    service.stubFor(any(urlPathEqualTo("/folder/session")).willReturn(status(204)));
    for (int from : List.of(0, CHUNK, 2 * CHUNK)) {
      int to = Math.min(SIZE, from + CHUNK);
      service.stubFor(
          any(urlPathEqualTo("/folder/session"))
              .withHeader("Upload-Offset", equalTo("" + from))
              .withHeader("Tus-Resumable", equalTo("1.0.0"))
              .withHeader("Content-Type", equalTo("application/offset+octet-stream"))
              .willReturn(status(204).withHeader("Upload-Offset", "" + to)));
    }

    upload("tus", FileSource.of(file));

    service.verify(3, anyRequestedFor(urlPathEqualTo("/folder/session")));
    service.verify(4, anyRequestedFor(anyUrl()));
  }

  @Test
  void chunksAreAligned() {
    for (int bytes : List.of(0, -1, 1, 256 * 1024 + 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ChunkedUpload.googleResumable().inChunksOf(bytes))
          .withMessageContaining("a multiple of 262144");
    }
  }
}

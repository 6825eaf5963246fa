package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a call downloads, of more bytes than an answer may have. */
class DownloadTest extends HostTest {

  record FileId(String id) {}

  private static final int ANSWER_LIMIT = 100_000;
  private static final FileId ONE = new FileId("1");

  private static final Action<FileId, FileInfo> DOWNLOAD =
      Action.builder("download", Effect.READ, FileId.class, FileInfo.class)
          .run((file, call) -> call.http().get("/files/{id}", file.id()).download(call.target()));

  private static final Action<FileId, FileInfo> DOWNLOAD_SMALL =
      Action.builder("downloadSmall", Effect.READ, FileId.class, FileInfo.class)
          .run(
              (file, call) ->
                  call.http()
                      .get("/files/{id}", file.id())
                      .download(call.target().limitedTo(1_000)));

  @TempDir Path folder;
  private Path temporary;
  private Path file;

  @BeforeEach
  void connect() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    file = folder.resolve("report.pdf");
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    temporary = folder.resolve("temporary");
    return builder
        .clock(Clock.systemUTC())
        .temporaryFiles(temporary)
        .limits(HttpLimits.standard().withMaxResponseBytes(ANSWER_LIMIT));
  }

  @Override
  Connector connector() {
    return at(url());
  }

  private static Connector at(String url) {
    return Tickets.builder(url).action(DOWNLOAD).action(DOWNLOAD_SMALL).action(BY_OKHTTP).build();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private void answers(ResponseDefinitionBuilder answer) {
    service.stubFor(get("/files/1").willReturn(answer.withGzipDisabled(true)));
  }

  private FileInfo download(FileTarget target) {
    return runtime.invoke(ADA, MINE, DOWNLOAD, ONE, CallOptions.standard().saveTo(target));
  }

  private List<Path> leftOver() throws IOException {
    if (!Files.exists(temporary)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(left -> left.toString().endsWith(".part")).toList();
    }
  }

  @Test
  @DisplayName("a file goes to a path, a stream or a channel, and may be larger than other answers")
  void aFileGoesWhereTheCallerSays() throws IOException {
    byte[] content = bytes(3_000_000);
    answers(
        aResponse()
            .withHeader("Content-Type", "application/pdf")
            .withHeader("ETag", "\"v1\"")
            .withHeader("Content-Disposition", "attachment; filename=\"report.pdf\"")
            .withBody(content));
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    ByteArrayOutputStream channel = new ByteArrayOutputStream();

    FileInfo info = download(FileTarget.of(file));
    download(FileTarget.of(stream));
    download(FileTarget.of(Channels.newChannel(channel)));

    assertThat(info)
        .isEqualTo(new FileInfo("report.pdf", "application/pdf", content.length, "\"v1\""));
    assertThat(file).hasBinaryContent(content);
    assertThat(stream.toByteArray()).isEqualTo(content);
    assertThat(channel.toByteArray()).isEqualTo(content);
    assertThat(leftOver()).isEmpty();
    service.verify(
        getRequestedFor(urlEqualTo("/files/1"))
            .withHeader("Accept", equalTo("*/*"))
            .withHeader("Accept-Encoding", equalTo("identity")));
  }

  @Test
  void aFileTakesThePlaceOfAnotherWhenItIsWholeAndNotBefore() throws IOException {
    Files.writeString(file, "before");
    answers(aResponse().withBody("after"));
    List<String> meanwhile = new ArrayList<>();

    download(
        FileTarget.of(
            received -> {
              received.saveTo(file);
              meanwhile.add(Files.readString(file));
            }));
    answers(aResponse().withStatus(500));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> download(FileTarget.of(file)));

    assertThat(meanwhile).containsExactly("after");
    assertThat(file).hasContent("after");
  }

  @Test
  void aFileOfWhichAPartWasReadIsNotSaved() {
    answers(aResponse().withBody("content"));

    assertThatExceptionOfType(ActionFailedException.class)
        .isThrownBy(
            () ->
                download(
                    FileTarget.of(
                        received -> {
                          assertThat(received.stream().read()).isEqualTo('c');
                          received.saveTo(file);
                        })))
        .withCauseInstanceOf(IllegalStateException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void theReceiverKnowsWhatComesBeforeItReadsIt() {
    answers(
        aResponse()
            .withHeader("Content-Type", "text/plain")
            .withHeader("Content-Length", "4")
            .withBody("text"));
    List<FileInfo> known = new ArrayList<>();

    download(
        FileTarget.of(
            received -> {
              known.add(received.info());
              assertThat(received.stream().readAllBytes()).isEqualTo("text".getBytes(UTF_8));
              assertThat(received.stream().read()).isEqualTo(-1);
            }));

    assertThat(known).containsExactly(new FileInfo(null, "text/plain", 4, null));
  }

  @Test
  void progressIsToldUpToTheEnd() {
    answers(aResponse().withHeader("Content-Length", "300000").withBody(bytes(300_000)));
    List<Long> moved = new ArrayList<>();

    download(
        FileTarget.of(OutputStream.nullOutputStream())
            .onProgress(
                (bytes, total) -> {
                  assertThat(total).isEqualTo(300_000);
                  moved.add(bytes);
                }));

    assertThat(moved).isSorted().hasSizeBetween(3, 6).endsWith(300_000L).doesNotHaveDuplicates();
  }

  @Test
  void whatProgressThrowsEndsTheCall() throws IOException {
    answers(aResponse().withBody(bytes(300_000)));

    assertThatExceptionOfType(ActionFailedException.class)
        .isThrownBy(
            () ->
                download(
                    FileTarget.of(file)
                        .onProgress(
                            (bytes, total) -> {
                              throw new IllegalStateException("enough");
                            })))
        .withRootCauseInstanceOf(IllegalStateException.class);

    assertThat(file).doesNotExist();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  @Tag("E13")
  void aFileThatIsAnnouncedTooLargeIsNotBegun() {
    answers(aResponse().withHeader("Content-Length", "2000").withBody(bytes(2_000)));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(
            () ->
                download(
                    FileTarget.of(
                            received -> {
                              throw new AssertionError("was begun");
                            })
                        .limitedTo(1_999)))
        .withMessage("The answer is larger than the limit of 1999 bytes");
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(
            () ->
                runtime.invoke(
                    ADA,
                    MINE,
                    DOWNLOAD_SMALL,
                    ONE,
                    CallOptions.standard().saveTo(FileTarget.of(file))))
        .withMessage("The answer is larger than the limit of 1000 bytes");
  }

  @Test
  @Tag("E13")
  void aFileThatTurnsOutTooLargeLeavesNothing() throws IOException {
    byte[] bomb = gzip(new byte[50_000_000]);
    answers(aResponse().withHeader("Content-Encoding", "gzip").withBody(bomb));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> download(FileTarget.of(file).limitedTo(1_000_000)))
        .withMessage("The answer is larger than the limit of 1000000 bytes");

    assertThat(file).doesNotExist();
    assertThat(leftOver()).isEmpty();
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    assertThat(runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")))
        .isEqualTo(new Ticket("1", "T"));
  }

  @Test
  @Tag("E13")
  void anEndlessFileEndsAtTheLimit() throws IOException {
    try (LocalServer server =
            new LocalServer(
                client -> {
                  head(client, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
                  byte[] chunk = ("2710\r\n" + "x".repeat(10_000) + "\r\n").getBytes(UTF_8);
                  while (true) {
                    client.getOutputStream().write(chunk);
                  }
                });
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(ResponseException.class)
          .isThrownBy(() -> downloadOver(own, FileTarget.of(file).limitedTo(1_000_000)))
          .withMessage("The answer is larger than the limit of 1000000 bytes");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  @DisplayName("E13: gzip is unpacked although it was not asked for, other codings are refused")
  @Tag("E13")
  void gzipIsUnpacked() throws IOException {
    byte[] content = bytes(200_000);
    answers(aResponse().withHeader("Content-Encoding", "gzip").withBody(gzip(content)));
    assertThat(download(FileTarget.of(file)).size()).isEqualTo(content.length);
    assertThat(file).hasBinaryContent(content);

    answers(aResponse().withHeader("Content-Encoding", "br").withBody(content));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> download(FileTarget.of(file)))
        .withMessageContaining("has the content coding br, which was not asked for");
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\n0123456789",
        "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n",
        "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\nnonsense\r\n",
        "Content-Length: -7\r\n\r\n0123456789"
      })
  @DisplayName("F7: of a file that is cut off nothing is left, and the call says so")
  @Tag("F7")
  void aFileThatIsCutOffIsNoFile(String answer) throws IOException {
    Files.writeString(file, "before");
    try (LocalServer server = new LocalServer(client -> head(client, "HTTP/1.1 200 OK", answer));
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> downloadOver(own, FileTarget.of(file)))
          .matches(e -> e.kind() == TransportException.Kind.BROKEN_OFF && e.isRetryable());
    }
    assertThat(file).hasContent("before");
    assertThat(leftOver()).isEmpty();
  }

  @Test
  @DisplayName("F7: a receiver that swallows a failure does not make a success of it")
  @Tag("F7")
  void aSwallowedFailureFailsTheCall() throws IOException {
    try (LocalServer server =
            new LocalServer(client -> head(client, "HTTP/1.1 200 OK", "Content-Length: 9"));
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(
              () ->
                  downloadOver(
                      own,
                      FileTarget.of(
                          received -> {
                            try {
                              received.stream().readAllBytes();
                            } catch (IOException swallowed) {
                              assertThat(swallowed).hasCauseInstanceOf(TransportException.class);
                            }
                          })));
    }
  }

  @Test
  @DisplayName("F6: an interrupt ends a download, and nothing is left of it")
  @Tag("F6")
  void anInterruptEndsADownload() throws Exception {
    Thread caller = Thread.currentThread();
    FileTarget interrupted =
        FileTarget.of(
            received -> {
              received.stream().readNBytes(5);
              caller.interrupt();
              received.stream().transferTo(OutputStream.nullOutputStream());
            });

    whileAFileStalls(
        own -> {
          assertThatExceptionOfType(CallCancelledException.class)
              .isThrownBy(() -> downloadOver(own, interrupted));
          assertThat(Thread.interrupted()).isTrue();
        });
  }

  @Test
  @DisplayName("E14: the time of the call ends a file that does not come")
  @Tag("E14")
  void theTimeOfTheCallEndsADownload() throws Exception {
    CallOptions options =
        CallOptions.standard().saveTo(FileTarget.of(file)).within(Duration.ofMillis(300));

    whileAFileStalls(
        own ->
            assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> own.invoke(ADA, MINE, DOWNLOAD, ONE, options))
                .matches(e -> e.kind() == TransportException.Kind.TIMEOUT));
  }

  @Test
  void aFileIsNotReadForAPlaceThatDoesNotExist() throws Exception {
    Path nowhere = folder.resolve("no-such-folder").resolve("report.pdf");

    for (Path wrong : List.of(nowhere, folder)) {
      whileAFileStalls(
          own ->
              assertThatExceptionOfType(ActionFailedException.class)
                  .isThrownBy(() -> downloadOver(own, FileTarget.of(wrong)))
                  .withMessageContaining("the file could not be written")
                  .withMessageContaining(wrong.toString()));
    }
  }

  /** Has a service begin with a file and not go on, and looks that nothing of it is left. */
  private void whileAFileStalls(Consumer<ConnectorRuntime> check) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (LocalServer server =
            new LocalServer(
                client -> {
                  head(client, "HTTP/1.1 200 OK", "Content-Length: 100000", "", "begun");
                  over.await();
                });
        ConnectorRuntime own = of(server)) {
      check.accept(own);
      over.countDown();
    }
    assertThat(file).doesNotExist();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  @DisplayName("F9: closing the runtime ends downloads and removes what they have written")
  @Tag("F9")
  void closingTheRuntimeRemovesTemporaryFiles() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (LocalServer server =
            new LocalServer(
                client -> {
                  head(
                      client, "HTTP/1.1 200 OK", "Content-Length: 200000", "", "x".repeat(100_000));
                  over.await();
                });
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(CallCancelledException.class)
          .isThrownBy(
              () ->
                  downloadOver(
                      own,
                      FileTarget.of(file)
                          .onProgress(
                              (bytes, total) -> {
                                assertThat(temporary).isDirectoryContaining("glob:**.part");
                                Runnable end = own::close;
                                end.run();
                              })));
      over.countDown();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void whatAnotherProcessHasLeftIsRemovedAtTheStart() throws IOException {
    Files.createDirectories(temporary);
    Files.writeString(temporary.resolve("1-1-a.lock"), "");
    Files.writeString(temporary.resolve("1-1-a.1.part"), "half a file");
    List<String> ofOthers = List.of("notes.txt", "{.lock", "[a.lock", "1-1-*.lock", "1-1-b.1.part");
    for (String name : ofOthers) {
      Files.writeString(temporary.resolve(name), "mine");
    }

    with(builder()).build().close();

    assertThat(temporary.toFile().list()).containsExactlyInAnyOrderElementsOf(ofOthers);
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 204, 205})
  void anAnswerWithoutAFileIsAnError(int status) {
    answers(aResponse().withStatus(status));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> download(FileTarget.of(file)))
        .withMessageEndingWith("was answered without a file: " + status);
    assertThat(file).doesNotExist();
  }

  @Test
  void anErrorKeepsItsStatusAndItsText() {
    answers(aResponse().withStatus(404).withBody("no such file"));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> download(FileTarget.of(file)))
        .matches(e -> e.status() == 404 && e.body().equals("no such file"));
    assertThat(file).doesNotExist();
  }

  @Test
  @DisplayName("F2: a download is repeated like any other read")
  @Tag("F2")
  void aDownloadIsRepeated() {
    service.stubFor(
        get("/files/1")
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(503).withHeader("Retry-After", "0"))
            .willSetStateTo("free"));
    service.stubFor(
        get("/files/1")
            .inScenario("busy")
            .whenScenarioStateIs("free")
            .willReturn(aResponse().withBody("text")));

    download(FileTarget.of(file));

    assertThat(file).hasContent("text");
  }

  @Test
  void aCallerWhoSaysNotWhereIsToldSo() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, DOWNLOAD, ONE))
        .withMessageContaining("say where the file goes, by CallOptions.saveTo");
  }

  @Test
  @DisplayName("F8: an answer that is being read counts as in flight, until it is closed")
  @Tag("F8")
  void aDownloadTakesUpRoom() {
    answers(aResponse().withBody("text"));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    InFlightLimits one =
        InFlightLimits.standard().withPerConnection(1).withLongestWait(Duration.ofMillis(50));
    try (ConnectorRuntime own =
        with(builder()).limits(HttpLimits.standard().withInFlight(one)).build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      for (int i = 0; i < 2; i++) {
        downloadOver(
            own,
            FileTarget.of(
                received ->
                    assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> own.invoke(ADA, MINE, Tickets.GET, new TicketId("1")))
                        .matches(e -> e.kind() == TransportException.Kind.BUSY)));
      }
      assertThat(own.invoke(ADA, MINE, Tickets.GET, new TicketId("1")).title()).isEqualTo("T");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      nullValues = "none",
      value = {
        "attachment; filename=\"a b.txt\"; size=3, a b.txt",
        "attachment;filename=a.txt, a.txt",
        "attachment; filename=\"x.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt, € rates.txt",
        "attachment; filename*=UTF-8'en'%C3%BC.txt; filename=\"x.txt\", ü.txt",
        "attachment; filename*=ISO-8859-1''%FC.txt; filename=x.txt, x.txt",
        "attachment; FileName = \"..\\..\\etc\\passwd\", ....etcpasswd",
        "attachment; filename=\"../../etc/passwd\", passwd",
        "attachment; filename=\"..\", none",
        "attachment; filename=\"\", none",
        "attachment, none",
        "inline; name=\"a.txt\", none"
      })
  void theSuggestedNameHasNoFolders(String header, String name) {
    answers(aResponse().withHeader("Content-Disposition", header).withBody("text"));

    assertThat(download(FileTarget.of(file)).name()).isEqualTo(name);
  }

  private ConnectorRuntime of(LocalServer server) {
    return tryingOnce(at("http://localhost:" + server.port()), temporary);
  }

  private static FileInfo downloadOver(ConnectorRuntime own, FileTarget target)
      throws ConnectorException {
    return own.invoke(ADA, MINE, DOWNLOAD, ONE, CallOptions.standard().saveTo(target));
  }

  /** Reads a request and answers it; lines after an empty one are the body. */
  private static void head(Socket client, String... lines) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
      line = in.readLine();
    }
    String text = String.join("\r\n", lines);
    String ending = text.contains("\r\n\r\n") ? "" : "\r\n\r\n";
    client.getOutputStream().write((text + ending).getBytes(UTF_8));
    client.getOutputStream().flush();
  }

  private static final Action<FileId, Long> BY_OKHTTP =
      Action.builder("byOkHttp", Effect.READ, FileId.class, Long.class)
          .run(
              (file, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request =
                    new Request.Builder()
                        .url(call.http().baseUrl() + "/files/" + file.id())
                        .build();
                try (Response response = client.newCall(request).execute()) {
                  return response.body().byteStream().transferTo(OutputStream.nullOutputStream());
                }
              });

  private long byOkHttp(CallOptions options) {
    return runtime.invoke(ADA, MINE, BY_OKHTTP, ONE, options);
  }

  @Test
  @DisplayName("E13: an unwrapped client reads as much as the caller's target takes")
  void anUnwrappedClientReadsAsMuchAsTheTargetTakes() {
    int size = 3 * ANSWER_LIMIT;
    answers(ok().withBody(bytes(size)));
    CallOptions standard = CallOptions.standard();
    FileTarget target = FileTarget.of(OutputStream.nullOutputStream());

    assertThat(byOkHttp(standard.saveTo(target))).isEqualTo(size);

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> byOkHttp(standard.saveTo(target.limitedTo(size - 1))));
    assertThatExceptionOfType(ResponseException.class).isThrownBy(() -> byOkHttp(standard));
  }
}

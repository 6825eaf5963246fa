package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.invocation.CallOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a call uploads, from where its caller has them. */
class UploadTest extends HostTest {

  record NewFile(String name, FileSource content) {}

  record FileId(String id) {}

  private static final int SIZE = 300_000;

  private static final Action<NewFile, Nothing> UPLOAD =
      Action.builder("upload", Effect.IDEMPOTENT_WRITE, NewFile.class)
          .run((in, call) -> call.http().put("/files/{n}", in.name()).file(in.content()).send());

  private static final Action<NewFile, Nothing> UPLOAD_IN_CHUNKS =
      Action.builder("uploadInChunks", Effect.IDEMPOTENT_WRITE, NewFile.class)
          .run(
              (in, call) ->
                  call.http().put("/files/{n}", in.name()).file(in.content()).chunked().send());

  private static final Action<NewFile, Nothing> UPLOAD_IN_PARTS =
      Action.builder("uploadInParts", Effect.WRITE, NewFile.class)
          .run(
              (in, call) ->
                  call.http()
                      .post("/files")
                      .multipart(
                          List.of(Part.text("title", in.name()), Part.file("file", in.content())))
                      .send());

  private static final Action<FileId, FileInfo> DOWNLOAD =
      Action.builder("download", Effect.READ, FileId.class, FileInfo.class)
          .run((file, call) -> call.http().get("/files/{id}", file.id()).download(call.target()));

  private final byte[] content = bytes(SIZE);

  @TempDir Path folder;
  private Path temporary;
  private Path file;

  @BeforeEach
  void connect() throws IOException {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    service.stubFor(any(anyUrl()).willReturn(ok()));
    file = Files.write(folder.resolve("report.pdf"), content);
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    temporary = folder.resolve("temporary");
    return builder.clock(Clock.systemUTC()).temporaryFiles(temporary);
  }

  @Override
  Connector connector() {
    return at(url());
  }

  private static Connector at(String url) {
    return Tickets.builder(url)
        .action(UPLOAD)
        .action(UPLOAD_IN_CHUNKS)
        .action(UPLOAD_IN_PARTS)
        .action(DOWNLOAD)
        .action(NOTE)
        .action(FIND)
        .action(FILL_IN)
        .action(GO_TO)
        .action(ANNOUNCE)
        .build();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private InputStream stream() {
    return new ByteArrayInputStream(content);
  }

  private void upload(Action<NewFile, Nothing> action, FileSource source) {
    runtime.invoke(ADA, MINE, action, new NewFile("report.pdf", source));
  }

  private List<String> leftOver() {
    String[] names = temporary.toFile().list((in, name) -> name.endsWith(".part"));
    return names == null ? List.of() : List.of(names);
  }

  @Test
  void aFileComesFromAPathBytesAStreamOrAChannel() {
    upload(UPLOAD, FileSource.of(file));
    upload(UPLOAD, FileSource.of(content));
    upload(UPLOAD, FileSource.of(stream(), SIZE));
    upload(UPLOAD, FileSource.of(Channels.newChannel(stream()), SIZE));

    service.verify(
        4,
        putRequestedFor(urlEqualTo("/files/report.pdf"))
            .withHeader("Content-Length", equalTo("" + SIZE))
            .withHeader("Content-Type", equalTo("application/octet-stream"))
            .withRequestBody(binaryEqualTo(content)));
    assertThat(temporary).doesNotExist();
  }

  @Test
  void theContentTypeIsTheFiles() {
    upload(UPLOAD, FileSource.of(file).typed("application/pdf"));

    service.verify(
        putRequestedFor(anyUrl()).withHeader("Content-Type", equalTo("application/pdf")));
  }

  @Test
  void partsHaveALengthTogether() {
    upload(UPLOAD_IN_PARTS, FileSource.of(file).typed("application/pdf"));
    upload(UPLOAD_IN_PARTS, FileSource.of(stream(), SIZE).named("report.pdf"));

    service.verify(
        2,
        postRequestedFor(urlEqualTo("/files"))
            .withHeader("Transfer-Encoding", absent())
            .withHeader("Content-Type", containing("multipart/form-data; boundary="))
            .withRequestBodyPart(aMultipart("title").withBody(equalTo("report.pdf")).build())
            .withRequestBodyPart(
                aMultipart("file")
                    .withHeader("Content-Disposition", containing("filename=\"report.pdf\""))
                    .withBody(binaryEqualTo(content))
                    .build()));
  }

  @Test
  void aFileOfUnknownSizeIsKeptUntilItsSizeIsKnown() {
    upload(UPLOAD, FileSource.of(stream(), FileSource.UNKNOWN));
    upload(UPLOAD_IN_PARTS, FileSource.of(stream(), FileSource.UNKNOWN).named("report.pdf"));

    service.verify(
        putRequestedFor(anyUrl())
            .withHeader("Content-Length", equalTo("" + SIZE))
            .withRequestBody(binaryEqualTo(content)));
    service.verify(
        postRequestedFor(anyUrl())
            .withHeader("Transfer-Encoding", absent())
            .withRequestBodyPart(aMultipart("file").withBody(binaryEqualTo(content)).build()));
    assertThat(temporary).exists();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void aFileOfUnknownSizeGoesInChunksWhereTheServiceTakesThese() {
    upload(UPLOAD_IN_CHUNKS, FileSource.of(stream(), FileSource.UNKNOWN));
    upload(UPLOAD_IN_CHUNKS, FileSource.of(stream(), SIZE));

    service.verify(
        1,
        putRequestedFor(anyUrl())
            .withHeader("Transfer-Encoding", equalTo("chunked"))
            .withHeader("Content-Length", absent())
            .withRequestBody(binaryEqualTo(content)));
    service.verify(1, putRequestedFor(anyUrl()).withHeader("Content-Length", equalTo("" + SIZE)));
    assertThat(temporary).doesNotExist();
  }

  @Test
  void whatIsLargerThanItsLimitIsNotBegun() {
    for (FileSource source :
        List.of(
            FileSource.of(file),
            FileSource.of(stream(), SIZE),
            FileSource.of(stream(), FileSource.UNKNOWN))) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> upload(UPLOAD, source.limitedTo(SIZE - 1)))
          .withMessageContaining("is larger than the limit of 299999 bytes");
    }

    service.verify(0, putRequestedFor(anyUrl()));
    assertThat(leftOver()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, -100_000, 100_000, 294_912 - SIZE})
  @DisplayName("F7: a source of another size than was said is never taken for a whole file")
  @Tag("F7")
  void aSourceOfAnotherSizeIsAnError(int more) throws Exception {
    BlockingQueue<Long> missing = new LinkedBlockingQueue<>();
    long said = (long) SIZE + more;
    try (LocalServer server =
            new LocalServer(client -> missing.add(missing(client.getInputStream())));
        ConnectorRuntime own = of(server)) {
      for (Action<NewFile, Nothing> action : List.of(UPLOAD, UPLOAD_IN_PARTS)) {
        FileSource source = FileSource.of(stream(), said).named("report.pdf");
        assertThatExceptionOfType(InvalidInputException.class)
            .isThrownBy(() -> own.invoke(ADA, MINE, action, new NewFile("report.pdf", source)))
            .withMessageContaining("has not " + said + " bytes, as was said");
        assertThat(missing.poll(30, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  /** Reads what arrives, and returns how much more was announced. */
  private static long missing(InputStream in) throws IOException {
    Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(LocalServer.head(in));
    long left = length.find() ? Long.parseLong(length.group(1)) : -1;
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        left -= count;
      }
    } catch (SocketException reset) {
      // It hung up in the middle.
    }
    return left;
  }

  @Test
  @DisplayName("F2: a file that can be read again is sent again, a stream is not")
  @Tag("F2")
  void aStreamIsNotSentAgain() {
    refuseOnce(503);
    upload(UPLOAD, FileSource.of(file));
    service.verify(2, putRequestedFor(anyUrl()).withRequestBody(binaryEqualTo(content)));

    refuseOnce(503);
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload(UPLOAD, FileSource.of(stream(), SIZE)))
        .matches(e -> e.status() == 503);
    service.verify(1, putRequestedFor(anyUrl()));

    refuseOnce(307);
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> upload(UPLOAD, FileSource.of(stream(), SIZE)))
        .matches(e -> e.status() == 307);
    service.verify(1, putRequestedFor(anyUrl()));

    refuseOnce(503);
    upload(UPLOAD, FileSource.of(stream(), FileSource.UNKNOWN));
    service.verify(2, putRequestedFor(anyUrl()).withRequestBody(binaryEqualTo(content)));
  }

  private static void refuseOnce(int status) {
    service.resetAll();
    service.stubFor(
        put(anyUrl())
            .inScenario("refusal")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("Retry-After", "0")
                    .withHeader("Location", "/files/elsewhere"))
            .willSetStateTo("over"));
    service.stubFor(
        put(anyUrl()).inScenario("refusal").whenScenarioStateIs("over").willReturn(ok()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEarlyRefusalKeepsItsStatus(boolean closesAtOnce) throws IOException {
    byte[] large = bytes(8 * 1024 * 1024);
    try (LocalServer server =
            new LocalServer(
                client -> {
                  InputStream in = client.getInputStream();
                  in.readNBytes(closesAtOnce ? 1_000 : 1_000_000);
                  client
                      .getOutputStream()
                      .write(
                          String.join(
                                  "\r\n",
                                  "HTTP/1.1 413 Too Large",
                                  "Content-Length: 4",
                                  "Connection: close",
                                  "",
                                  "much")
                              .getBytes(UTF_8));
                  client.getOutputStream().flush();
                  client.shutdownOutput();
                  in.transferTo(OutputStream.nullOutputStream());
                });
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> own.invoke(ADA, MINE, UPLOAD, new NewFile("x", FileSource.of(large))))
          .matches(e -> e.status() == 413 && e.body().equals("much"));
    }
  }

  private static final Action<NewFile, Nothing> ANNOUNCE =
      Action.builder("announce", Effect.WRITE, NewFile.class)
          .run(
              (in, call) -> call.http().put("/files/x").file(in.content()).expectContinue().send());

  private static void write(Socket client, String... lines) throws IOException {
    client.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(UTF_8));
    client.getOutputStream().flush();
  }

  @Test
  void aBodyIsSentWhenTheServiceHasSaidThatItTakesIt() throws IOException {
    List<String> heads = new CopyOnWriteArrayList<>();
    AtomicLong bytes = new AtomicLong();
    try (LocalServer server =
            new LocalServer(
                client -> {
                  heads.add(LocalServer.head(client.getInputStream()));
                  assertThat(client.getInputStream().available()).isZero();
                  write(client, "HTTP/1.1 100 Continue");
                  bytes.set(client.getInputStream().readNBytes(SIZE).length);
                  write(client, "HTTP/1.1 200 OK", "Content-Length: 0");
                });
        ConnectorRuntime own = of(server)) {
      own.invoke(ADA, MINE, ANNOUNCE, new NewFile("x", FileSource.of(stream(), SIZE)));
    }

    assertThat(heads).singleElement().asString().contains("\r\nExpect: 100-continue\r\n");
    assertThat(bytes).hasValue(SIZE);
  }

  @Test
  void aBodyThatTheServiceDoesNotTakeIsNotSent() throws IOException {
    AtomicLong bytes = new AtomicLong();
    InputStream unread = stream();
    try (LocalServer server =
            new LocalServer(
                client -> {
                  LocalServer.head(client.getInputStream());
                  write(client, "HTTP/1.1 413 Too Large", "Content-Length: 0", "Connection: close");
                  client.shutdownOutput();
                  bytes.set(client.getInputStream().transferTo(OutputStream.nullOutputStream()));
                });
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(
              () -> own.invoke(ADA, MINE, ANNOUNCE, new NewFile("x", FileSource.of(unread, SIZE))))
          .satisfies(e -> assertThat(e.status()).isEqualTo(413));
    }

    assertThat(bytes).hasValue(0);
    assertThat(unread.available()).isEqualTo(SIZE);
  }

  @Test
  void progressIsToldUpToTheEnd() {
    List<Long> moved = new ArrayList<>();

    upload(
        UPLOAD,
        FileSource.of(file)
            .onProgress(
                (bytes, total) -> {
                  assertThat(total).isEqualTo(SIZE);
                  moved.add(bytes);
                }));

    assertThat(moved).isSorted().hasSizeBetween(3, 7).endsWith((long) SIZE);
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    Path nowhere = folder.resolve("nowhere.pdf");

    for (Path path : List.of(nowhere, folder)) {
      assertThatExceptionOfType(ActionFailedException.class)
          .isThrownBy(() -> upload(UPLOAD, FileSource.of(path)))
          .withMessageContaining("could not be read")
          .withMessageContaining(path.toString());
    }

    service.verify(0, putRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("F6: an interrupt ends an upload whose service does not read")
  @Tag("F6")
  void anInterruptEndsAnUpload() throws IOException {
    Thread caller = Thread.currentThread();
    AtomicBoolean over = new AtomicBoolean();
    try (LocalServer server =
            new LocalServer(
                client -> {
                  client.getInputStream().readNBytes(1_000);
                  caller.interrupt();
                  while (!over.get()) {
                    Thread.onSpinWait();
                  }
                });
        ConnectorRuntime own = of(server)) {
      byte[] large = bytes(8 * 1024 * 1024);
      assertThatExceptionOfType(CallCancelledException.class)
          .isThrownBy(() -> own.invoke(ADA, MINE, UPLOAD, new NewFile("x", FileSource.of(large))));
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      over.set(true);
    }
  }

  @Test
  void callersByJsonGiveAFileInAMapOrInBase64() {
    assertThat(runtime.schema(UPLOAD.input()).at("/properties/content").toString())
        .isEqualTo("{\"type\":\"string\",\"contentEncoding\":\"base64\"}");

    String base64 = Base64.getEncoder().encodeToString(content);
    for (Object given : List.of(FileSource.of(file), FileSource.of(stream(), SIZE), base64)) {
      runtime.invoke(ADA, MINE, "upload", Map.of("name", "x", "content", given));
    }

    service.verify(3, putRequestedFor(anyUrl()).withRequestBody(binaryEqualTo(content)));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, "upload", Map.of("name", "x", "content", 5)))
        .satisfies(e -> assertThat(e.faults()).hasSize(1));
  }

  record Note(String text, @Nullable List<String> tags, @Nullable Object more) {}

  private static final Action<Note, Nothing> NOTE =
      Action.builder("note", Effect.WRITE, Note.class)
          .run((in, call) -> call.http().post("/notes").json(in).send());

  private static final Action<Note, Nothing> FIND =
      Action.builder("find", Effect.READ, Note.class)
          .run((in, call) -> call.http().get("/notes").query("more", in.more()).send());

  private static final Action<Note, Nothing> FILL_IN =
      Action.builder("fillIn", Effect.WRITE, Note.class)
          .run(
              (in, call) ->
                  call.http().post("/notes").form(Collections.singletonMap("f", in.more())).send());

  private static final Action<Note, Nothing> GO_TO =
      Action.builder("goTo", Effect.READ, Note.class)
          .run((in, call) -> call.http().get("/notes/{n}", in.more()).send());

  private static List<Fault> faults(ThrowingCallable call) {
    InvalidInputException refused = catchThrowableOfType(InvalidInputException.class, call);
    return refused.faults();
  }

  private static ListAssert<String> assertPathsOfFaults(ThrowingCallable call) {
    return assertThat(faults(call).stream().map(Fault::path).toList());
  }

  @Test
  void aFileInThePlaceOfATextIsRefusedWithItsPath() {
    FileSource given = FileSource.of(file);

    assertThat(faults(() -> runtime.invoke(ADA, MINE, "note", Map.of("text", given))))
        .containsExactly(new Fault("/text", "must be string, but is file"));
    assertPathsOfFaults(
            () ->
                runtime.invoke(ADA, MINE, "note", Map.of("text", "t", "tags", List.of("a", given))))
        .containsExactly("/tags/1");
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void whatAnActionWritesAsTextHoldsNoFile() {
    FileSource given = FileSource.of(file);
    Note deep = new Note("t", null, Map.of("a", List.of(given)));
    Note flat = new Note("t", null, given);

    assertPathsOfFaults(() -> runtime.invoke(ADA, MINE, NOTE, deep)).containsExactly("/more/a/0");
    assertPathsOfFaults(() -> runtime.invoke(ADA, MINE, NOTE, flat)).containsExactly("/more");
    assertPathsOfFaults(() -> runtime.invoke(ADA, MINE, FIND, flat)).containsExactly("more");
    assertPathsOfFaults(() -> runtime.invoke(ADA, MINE, FILL_IN, flat)).containsExactly("f");
    assertPathsOfFaults(() -> runtime.invoke(ADA, MINE, GO_TO, flat)).containsExactly("argument 1");
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  private void relay() {
    relay(runtime, new FileId("original"));
  }

  private static void relay(ConnectorRuntime runtime, FileId id) {
    FileTarget target =
        FileTarget.of(
            received ->
                runtime.invoke(ADA, MINE, UPLOAD, new NewFile("copy", FileSource.of(received))));
    runtime.invoke(ADA, MINE, DOWNLOAD, id, CallOptions.standard().saveTo(target));
  }

  @Test
  void aDownloadBecomesAnUploadWithoutAFileBetween() {
    service.stubFor(
        get("/files/original")
            .willReturn(
                ok().withHeader("Content-Type", "application/pdf")
                    .withHeader("Content-Length", "" + SIZE)
                    .withBody(content)));

    relay();

    service.verify(
        putRequestedFor(urlEqualTo("/files/copy"))
            .withHeader("Content-Type", equalTo("application/pdf"))
            .withHeader("Content-Length", equalTo("" + SIZE))
            .withRequestBody(binaryEqualTo(content)));
    assertThat(temporary).doesNotExist();
  }

  @Test
  void aRelayFailsAsItsUploadDoes() {
    service.stubFor(get("/files/original").willReturn(ok().withBody(content)));
    service.stubFor(put("/files/copy").willReturn(aResponse().withStatus(507)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(this::relay)
        .matches(e -> e.status() == 507);
  }

  @Test
  @DisplayName("F7: a relay whose download breaks off uploads no part of a file")
  @Tag("F7")
  void aRelayFailsAsItsDownloadDoes() throws IOException {
    Queue<Long> missing = new ConcurrentLinkedQueue<>();
    try (LocalServer server =
            new LocalServer(
                client -> {
                  InputStream in = client.getInputStream();
                  if (in.read() == 'G') {
                    LocalServer.head(in);
                    client
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nbegun"
                                .getBytes(UTF_8));
                  } else {
                    missing.add(missing(in));
                  }
                });
        ConnectorRuntime own = of(server)) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> relay(own, new FileId("original")))
          .matches(e -> e.kind() == TransportException.Kind.BROKEN_OFF);
      assertThat(missing).doesNotContain(0L);
    }
  }

  @Test
  @DisplayName("F8: a relay's upload does not wait for the room that its download takes up")
  @Tag("F8")
  void aRelayDoesNotWaitForItself() {
    InFlightLimits one =
        InFlightLimits.standard().withPerConnection(1).withLongestWait(Duration.ofSeconds(20));
    service.stubFor(get("/files/original").willReturn(ok().withBody(content)));
    try (ConnectorRuntime own =
        with(builder()).limits(HttpLimits.standard().withInFlight(one)).build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      relay(own, new FileId("original"));
    }
    service.verify(putRequestedFor(urlEqualTo("/files/copy")));
  }

  private ConnectorRuntime of(LocalServer server) {
    return tryingOnce(at("http://localhost:" + server.port()), temporary);
  }
}

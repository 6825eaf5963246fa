package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that break off, and files that are not the ones that were announced. */
@Tag("F7")
class ResumeTest {

  record FileId(String id) {}

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");

  private static final Action<FileId, FileInfo> DOWNLOAD =
      Action.builder("download", Effect.READ, FileId.class, FileInfo.class)
          .run((file, call) -> call.http().get("/files/{id}", file.id()).download(call.target()));

  private static final Action<FileId, FileInfo> LAST_PART =
      Action.builder("lastPart", Effect.READ, FileId.class, FileInfo.class)
          .run(
              (file, call) ->
                  call.http()
                      .get("/files/{id}", file.id())
                      .header("Range", "bytes=4-")
                      .download(call.target()));

  private static final String OK = head("200 OK", "Content-Length: 10", "ETag: \"v1\"");
  private static final String REST =
      head(
          "206 Partial Content",
          "Content-Length: 6",
          "ETag: \"v1\"",
          "Content-Range: bytes 4-9/10");

  @TempDir Path folder;
  private final Queue<String> answers = new ArrayDeque<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final LocalServer service = new LocalServer(this::answer);

  private static String head(String status, String... headers) {
    return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  private void answer(Socket client) throws IOException {
    requests.add(LocalServer.head(client.getInputStream()));
    String next = answers.remove();
    client.getOutputStream().write(next.getBytes(ISO_8859_1));
    client.getOutputStream().flush();
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
  }

  private Path file() {
    return folder.resolve("file");
  }

  private FileInfo download() {
    return download(FileTarget.of(file()), HttpLimits.standard());
  }

  private FileInfo download(FileTarget target, HttpLimits limits) {
    return download(DOWNLOAD, target, limits);
  }

  private FileInfo download(Action<FileId, FileInfo> action, FileTarget target, HttpLimits limits) {
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(
                Tickets.builder("http://localhost:" + service.port())
                    .action(DOWNLOAD)
                    .action(LAST_PART)
                    .build())
            .temporaryFiles(folder.resolve("temporary"))
            .limits(limits)
            .sleeper(pause -> {})
            .build()) {
      runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      return runtime.invoke(
          ADA, MINE, action, new FileId("1"), CallOptions.standard().saveTo(target));
    }
  }

  @Test
  void aDownloadGoesOnWhereItBrokeOff() {
    answers.addAll(List.of(OK + "0123", REST + "456789"));

    assertThat(download()).isEqualTo(new FileInfo(null, null, 10, "\"v1\""));

    assertThat(file()).hasContent("0123456789");
    assertThat(requests).hasSize(2);
    assertThat(requests.get(0)).contains("Accept-Encoding: identity\r\n").doesNotContain("Range");
    assertThat(requests.get(1))
        .contains("Accept-Encoding: identity\r\n", "Range: bytes=4-\r\n", "If-Range: \"v1\"\r\n");
  }

  @Test
  void itGoesOnAsLongAsThereIsSomethingNew() {
    answers.add(OK + "0");
    for (int i = 1; i < 10; i++) {
      answers.add(
          "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Length: "
              + (10 - i)
              + "\r\nContent-Range: bytes "
              + i
              + "-9/10\r\n\r\n"
              + i);
    }

    download();

    assertThat(file()).hasContent("0123456789");
    assertThat(requests).hasSize(10);
  }

  @Test
  void itEndsWhereNothingNewComes() {
    answers.addAll(List.of(OK + "0123", REST, REST, REST));

    assertThatExceptionOfType(TransportException.class).isThrownBy(this::download);

    assertThat(requests).hasSize(3);
    assertThat(file()).doesNotExist();
  }

  @Test
  void theDateServesWhereThereIsNoStrongTag() {
    String date = "Last-Modified: Mon, 30 Nov 2026 05:30:00 GMT\r\n";
    String weak = "ETag: W/\"v1\"\r\n";
    answers.add("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n" + weak + date + "\r\n0123");
    answers.add(
        "HTTP/1.1 206 Partial\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/*\r\n"
            + weak
            + date
            + "\r\n456789");

    download();

    assertThat(file()).hasContent("0123456789");
    assertThat(requests.get(1)).contains("If-Range: Mon, 30 Nov 2026 05:30:00 GMT\r\n");
  }

  @Test
  void aFileOfUnknownSizeGoesOnToo() {
    answers.add(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"v1\"\r\n\r\n4\r\n0123\r\n");
    answers.add(REST + "456789");

    download();

    assertThat(file()).hasContent("0123456789");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK|Content-Length: 10|ETag: \"v1\"||0123456789",
        "200 OK|Content-Length: 10|ETag: \"v2\"||abcdefghij",
        "206 Partial|Content-Length: 6|ETag: \"v2\"|Content-Range: bytes 4-9/10||456789",
        "206 Partial|Content-Length: 6|Content-Range: bytes 4-9/10||456789",
        "206 Partial|Content-Length: 6|ETag: \"v1\"|Last-Modified: x|Content-Range: bytes"
            + " 4-9/10||456789",
        "206 Partial|Content-Length: 6|ETag: \"v1\"||456789",
        "206 Partial|Content-Length: 10|ETag: \"v1\"|Content-Range: bytes 0-9/10||0123456789",
        "206 Partial|Content-Length: 5|ETag: \"v1\"|Content-Range: bytes 5-9/10||56789",
        "206 Partial|Content-Length: 6|ETag: \"v1\"|Content-Range: bytes 4-9/11||456789",
        "206 Partial|Content-Length: 3|ETag: \"v1\"|Content-Range: bytes 4-6/10||456",
        "206 Partial|Content-Length: 6|ETag: \"v1\"|Content-Range: bytes NaN-3/10||456789",
        "206 Partial|Content-Length: 6|ETag: \"v1\"|Content-Range: bytes 4-9/10|Content-Encoding:"
            + " gzip||456789",
        "416 Range Not Satisfiable|Content-Length: 0|Content-Range: bytes */10||",
        "412 Precondition Failed|Content-Length: 0||",
        "204 No Content||"
      })
  @DisplayName("F7: what is not surely the rest of the same file is never added to its beginning")
  void nothingElseIsAdded(String answer) throws IOException {
    Files.writeString(file(), "before");
    answers.addAll(List.of(OK + "0123", "HTTP/1.1 " + answer.replace("|", "\r\n")));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(this::download)
        .matches(e -> e.kind() == TransportException.Kind.BROKEN_OFF);

    assertThat(file()).hasContent("before");
    assertThat(folder.resolve("temporary")).isEmptyDirectory();
    assertThat(requests).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: y", "ETag: W/\"v1\"", "ETag: \"v1\"\r\nContent-Encoding: gzip"})
  void whereNobodyKnowsWhatFileItIsNothingIsAskedFor(String header) {
    answers.add("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n" + header + "\r\n\r\n0123");

    assertThatExceptionOfType(TransportException.class).isThrownBy(this::download);

    assertThat(requests).hasSize(1);
  }

  @Test
  void aCallWithOneAttemptDoesNotGoOn() {
    answers.add(OK + "0123");

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(
            () -> download(FileTarget.of(file()), HttpLimits.standard().withMaxAttempts(1)));

    assertThat(requests).hasSize(1);
  }

  @Test
  @Tag("E13")
  void theLimitHoldsForAllPartsTogether() {
    answers.add(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"v1\"\r\n\r\n4\r\n0123\r\n");
    answers.add(REST + "456789");

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> download(FileTarget.of(file()).limitedTo(9), HttpLimits.standard()))
        .withMessage("The answer is larger than the limit of 9 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "Repr-Digest, SHA-256, sha-256=:%s:",
    "Content-Digest, SHA-512, 'sha-256=:AAAA:, sha-512=:%s:'",
    "Digest, SHA-256, 'crc32c=x, SHA-256=%s'",
    "Digest, MD5, md5=%s",
    "Content-MD5, MD5, %s"
  })
  void aFileWithAnotherDigestIsRefused(String header, String algorithm, String format)
      throws Exception {
    for (String content : List.of("0123456789", "0123456780")) {
      String digest = String.format(Locale.ROOT, format, digest(algorithm, "0123456789"));
      answers.add(
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"
              + header
              + ": "
              + digest
              + "\r\n\r\n"
              + content);
    }

    download();
    assertThat(file()).hasContent("0123456789");

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(this::download)
        .withMessageEndingWith("is not the one that its header " + header + " announces");
    assertThat(file()).hasContent("0123456789");
  }

  @Test
  void theDigestIsOfAllPartsTogether() throws Exception {
    String digest = "Content-MD5: " + digest("MD5", "0123456789") + "\r\n\r\n";
    answers.add(OK.replace("\r\n\r\n", "\r\n" + digest) + "0123");
    answers.add(REST + "456780");

    assertThatExceptionOfType(ResponseException.class).isThrownBy(this::download);
    assertThat(file()).doesNotExist();
  }

  @Test
  void aDigestThatNobodyKnowsIsNoneAtAll() {
    answers.add(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDigest: id-crc=9\r\nContent-MD5: ?\r\n\r\nok");

    assertThat(download().size()).isEqualTo(2);
  }

  @Test
  void aPartThatNobodyHasAskedForIsNoFile() {
    answers.add(REST + "456789");

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(this::download)
        .withMessageEndingWith("a part of the file, which was not asked for");
    assertThat(file()).doesNotExist();
  }

  @Test
  void theDigestOfAFileIsNotThatOfThePartThatAConnectorAsksFor() throws Exception {
    String digest = "Repr-Digest: sha-256=:" + digest("SHA-256", "0123456789") + ":\r\n\r\n";
    answers.add(REST.replace("\r\n\r\n", "\r\n" + digest) + "456789");

    FileInfo part = download(LAST_PART, FileTarget.of(file()), HttpLimits.standard());

    assertThat(part.size()).isEqualTo(6);
  }

  private static String digest(String algorithm, String content) throws NoSuchAlgorithmException {
    return Base64.getEncoder()
        .encodeToString(MessageDigest.getInstance(algorithm).digest(content.getBytes(UTF_8)));
  }
}

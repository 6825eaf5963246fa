package dev.connectorsdk.api.http;

import dev.connectorsdk.api.error.ResponseException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a service takes a file in chunks: where it says which upload session it has opened, how a
 * chunk is sent, and where the service says what it has, which is where the next chunk begins. See
 * {@link ConnectorHttp#upload}.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ChunkedUpload {

  private static final int KIB = 1024;
  private static final Pattern RECEIVED = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");
  private static final Pattern EXPECTED = Pattern.compile("(\\d{1,18})-\\d*");
  private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");
  private static final String LOCATION = "Location";

  private final Style style;
  private final int chunkBytes;

  /** Adds to a request what it says of itself. */
  @FunctionalInterface
  private interface Description {
    void add(HttpCall request, long from, long to, long total);
  }

  /**
   * What a protocol prescribes.
   *
   * @param alignment what the size of all chunks but the last is a multiple of
   * @param session the URL of the session, in the answer that has opened it
   * @param method by which a chunk is sent
   * @param query by which the service is asked what it has
   * @param endsWhenAsked whether a success that does not say what has arrived means all of it, when
   *     the service was asked
   * @param received how much of the file the service has, as an answer says; -1 if it does not
   */
  private record Style(
      int alignment,
      Function<HttpResponse, @Nullable String> session,
      String method,
      Description chunk,
      String query,
      Description ofQuery,
      boolean endsWhenAsked,
      Function<HttpResponse, Long> received) {}

  private ChunkedUpload(Style style, int chunkBytes) {
    this.style = style;
    this.chunkBytes = chunkBytes;
  }

  /**
   * Returns the resumable uploads of Google: the session is the answer's {@code Location}, chunks
   * go by PUT with {@code Content-Range}, and 308 says with {@code Range} what has arrived. Chunks
   * are multiples of 256 KiB, and 8 MiB unless that is changed.
   */
  public static ChunkedUpload googleResumable() {
    return new ChunkedUpload(
        new Style(
            256 * KIB,
            opened -> opened.header(LOCATION),
            "PUT",
            ChunkedUpload::contentRange,
            "PUT",
            (request, from, to, total) -> request.header("Content-Range", "bytes */" + total),
            true,
            answer -> answer.status() == 308 ? Math.max(0, byRange(answer)) : -1),
        8 * KIB * KIB);
  }

  /**
   * Returns the upload sessions of Microsoft Graph: the session is {@code uploadUrl} in the answer,
   * chunks go by PUT with {@code Content-Range}, and answers say {@code nextExpectedRanges}. Chunks
   * are multiples of 320 KiB, and 10 MiB unless that is changed; Graph takes less than 60 MiB. The
   * session is on another host, which the connector has to name as one that keeps files.
   */
  public static ChunkedUpload microsoftGraph() {
    return new ChunkedUpload(
        new Style(
            320 * KIB,
            opened -> text(opened.json().path("uploadUrl")),
            "PUT",
            ChunkedUpload::contentRange,
            "GET",
            (request, from, to, total) -> {},
            false,
            ChunkedUpload::byExpectedRanges),
        10 * KIB * KIB);
  }

  /**
   * Returns tus 1.0.0: the session is the answer's {@code Location}, chunks go by PATCH, and {@code
   * Upload-Offset} says how much has arrived. Chunks are of any size, and 8 MiB unless that is
   * changed.
   */
  public static ChunkedUpload tus() {
    return new ChunkedUpload(
        new Style(
            1,
            opened -> opened.header(LOCATION),
            "PATCH",
            (request, from, to, total) ->
                request
                    .header("Tus-Resumable", "1.0.0")
                    .header("Upload-Offset", Long.toString(from))
                    .header("Content-Type", "application/offset+octet-stream"),
            "HEAD",
            (request, from, to, total) -> request.header("Tus-Resumable", "1.0.0"),
            false,
            answer -> number(OFFSET, answer.header("Upload-Offset"), 0)),
        8 * KIB * KIB);
  }

  private static void contentRange(HttpCall request, long from, long to, long total) {
    request.header("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + total);
  }

  private static long byRange(HttpResponse answer) {
    long last = number(RECEIVED, answer.header("Range"), 1);
    return last < 0 ? last : last + 1;
  }

  private static long byExpectedRanges(HttpResponse answer) {
    try {
      return number(EXPECTED, text(answer.json().path("nextExpectedRanges").path(0)), 1);
    } catch (ResponseException notJson) {
      return -1;
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() ? node.stringValue() : null;
  }

  private static long number(Pattern pattern, @Nullable String text, int group) {
    Matcher matcher = pattern.matcher(text == null ? "" : text.strip());
    return matcher.matches() ? Long.parseLong(matcher.group(group)) : -1;
  }

  /**
   * Returns a copy with chunks of this size, each of which is held in memory while it is sent.
   *
   * @throws IllegalArgumentException if the protocol does not allow it
   */
  public ChunkedUpload inChunksOf(int bytes) {
    if (bytes <= 0 || bytes % style.alignment() != 0) {
      throw new IllegalArgumentException(
          "The size of a chunk must be a multiple of " + style.alignment() + ", but was " + bytes);
    }
    return new ChunkedUpload(style, bytes);
  }

  /** Returns the size of all chunks but the last. */
  public int chunkBytes() {
    return chunkBytes;
  }

  /** Returns the URL of the session that an answer has opened, or {@code null} if it has none. */
  public @Nullable String session(HttpResponse opened) {
    return style.session().apply(opened);
  }

  /**
   * Returns the request for a chunk. Called by the runtime.
   *
   * @param session absolute
   * @param from where the chunk begins in the file
   * @param total the size of the file
   */
  public HttpCall chunk(ConnectorHttp http, String session, byte[] chunk, long from, long total) {
    HttpCall request = http.callEncoded(style.method(), session);
    request.bytes(chunk, "application/octet-stream");
    style.chunk().add(request, from, from + chunk.length, total);
    return request;
  }

  /** Returns the request that asks what the service has. Called by the runtime. */
  public HttpCall query(ConnectorHttp http, String session, long total) {
    HttpCall request = http.callEncoded(style.query(), session);
    style.ofQuery().add(request, 0, 0, total);
    return request;
  }

  /**
   * Returns whether a service that is asked what it has, and answers with a success that does not
   * say, has all of the file.
   */
  public boolean endsWhenAsked() {
    return style.endsWhenAsked();
  }

  /**
   * Returns how many bytes of the file the service has, as an answer of the session says, or -1 if
   * it does not say: then a success is an answer to the whole file, if all of it was sent or {@link
   * #endsWhenAsked} says so.
   */
  public long received(HttpResponse answer) {
    return style.received().apply(answer);
  }
}

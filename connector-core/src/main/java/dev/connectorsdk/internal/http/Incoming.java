package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.internal.file.TemporaryFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is read as it comes, with what it takes up until it is closed. Belongs to one
 * request, and to the thread that has sent it.
 */
final class Incoming implements AutoCloseable {

  /** What is registered besides gzip, RFC 9110 section 8.4.1 and the IANA registry. */
  private static final Set<String> OTHER_CODINGS =
      Set.of("br", "compress", "x-compress", "dcb", "dcz", "deflate", "exi", "zstd");

  private final BoundHttp http;
  private final long mostBytes;
  private @Nullable Taken taken;
  private @Nullable Room room;

  /** The answer, and what else is released when it is closed. */
  private record Taken(
      Exchange exchange, Request request, Response response, InFlightCalls.Entry entry) {}

  /**
   * @param mostBytes how large the body may be
   */
  Incoming(BoundHttp http, long mostBytes) {
    this.http = http;
    this.mostBytes = mostBytes;
  }

  /** Returns the same client, but for how large an answer it lets through. */
  OkHttpClient client(OkHttpClient client) {
    return WireRules.letting(client, mostBytes);
  }

  /**
   * Takes over an answer if it has the file that was asked for.
   *
   * @return whether this closes it; otherwise it is read as a whole
   */
  boolean takes(Exchange exchange, Request request, Response response, InFlightCalls.Entry entry) {
    if (!hasFile(response)) {
      return false;
    }
    close();
    taken = new Taken(exchange, request, response, entry);
    http.budget().began();
    return true;
  }

  private static boolean hasFile(Response response) {
    return switch (response.code()) {
      case 202, 204, 205 -> false;
      default -> response.isSuccessful() && LimitedBody.hasLength(response.body());
    };
  }

  /** Keeps the room of the answer that was taken over just now, if one was. */
  boolean keeps(Room room) {
    if (taken == null || this.room != null) {
      return false;
    }
    this.room = room;
    return true;
  }

  TemporaryFiles temporaryFiles() {
    return http.transport().temporaryFiles();
  }

  /** Returns whether there is an answer to read. */
  boolean isOpen() {
    return taken != null;
  }

  /**
   * Returns the body, unpacked.
   *
   * @param before how many bytes were read of the file before
   * @throws ResponseException if it is larger than allowed, or packed in a way that is not accepted
   */
  BufferedSource body(long before) {
    Response response = open().response();
    ResponseBody body = response.body();
    if (body.contentLength() > mostBytes - before) {
      throw LimitedSource.tooLarge(mostBytes);
    }
    Source unpacked = unpacked(body.source(), codings(response));
    return Okio.buffer(new LimitedSource(unpacked, mostBytes, before));
  }

  /** Services write there what is no coding, too, such as {@code none} or {@code aws-chunked}. */
  private Source unpacked(BufferedSource body, List<String> codings) {
    Source unpacked = body;
    for (int i = codings.size() - 1; i >= 0; i--) {
      String coding = codings.get(i);
      if (coding.equals("gzip") || coding.equals("x-gzip")) {
        unpacked = new GzipSource(unpacked);
      } else if (OTHER_CODINGS.contains(coding)) {
        throw new ResponseException(
            "The answer to "
                + http.label(open().request())
                + " has the content coding "
                + coding
                + ", which was not asked for");
      }
    }
    return unpacked;
  }

  private static List<String> codings(Response response) {
    return response.headers("Content-Encoding").stream()
        .flatMap(header -> Arrays.stream(header.split(",")))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Returns how many bytes the body has, or -1 if that is unknown. */
  long length() {
    return isPacked() ? -1 : open().response().body().contentLength();
  }

  /** Returns whether the body has a content coding, so that its bytes are not the file's. */
  boolean isPacked() {
    return codings(open().response()).stream().anyMatch(coding -> coding.endsWith("gzip"));
  }

  /** Returns what a failure to read the body means. */
  ConnectorException failed(IOException e) {
    Taken open = open();
    return open.exchange().failed(e, open.entry(), open.request());
  }

  private Taken open() {
    Taken open = taken;
    if (open == null) {
      throw new IllegalStateException("The answer was closed");
    }
    return open;
  }

  @Override
  public void close() {
    Taken open = taken;
    if (open == null) {
      return;
    }
    taken = null;
    try {
      open.response().close();
    } finally {
      open.entry().leave();
      http.budget().ended();
      if (room != null) {
        room.leave();
        room = null;
      }
    }
  }
}

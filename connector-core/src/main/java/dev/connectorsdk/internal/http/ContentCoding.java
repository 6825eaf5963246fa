package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.Inflater;
import okhttp3.Headers;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.InflaterSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * How the content of an answer is coded, RFC 9110 section 8.4. OkHttp asks for {@code gzip} and
 * unpacks what is called exactly that; services call it otherwise, send {@code deflate} all the
 * same, or say that something is packed that is not.
 */
final class ContentCoding {

  private static final String CONTENT_ENCODING = "Content-Encoding";
  private static final String GZIP = "gzip";
  private static final Pattern NAMES = Pattern.compile("[a-z0-9, _-]{1,40}");
  private static final int GZIP_BEGINS = 0x1F8B; // RFC 1952 section 2.3.1
  private static final int UNKNOWN = -1;

  private ContentCoding() {}

  /** Returns the codings of a body as they are called in messages, or {@code null} for none. */
  static @Nullable String of(Headers headers) {
    String name = name(headers);
    if (name.isEmpty()) {
      return null;
    }
    return NAMES.matcher(name).matches() ? name : "unknown";
  }

  /**
   * Returns an answer whose body is as it was written, or that OkHttp makes so. One whose codings
   * are unknown, or to a request that asks for none itself, is left alone.
   */
  static Response known(Response response) {
    if (response.header(CONTENT_ENCODING) == null
        || response.request().method().equals("HEAD")
        || !GZIP.equals(response.request().header("Accept-Encoding"))) {
      return response;
    }
    return switch (name(response.headers())) {
      case "" -> plain(response, response.body());
      case GZIP, "x-gzip" -> gzip(response);
      case "deflate" -> inflated(response);
      default -> response;
    };
  }

  /** Returns the names in lower case; {@code identity} means nothing. */
  private static String name(Headers headers) {
    List<String> names = new ArrayList<>();
    for (String value : headers.values(CONTENT_ENCODING)) {
      for (String name : value.toLowerCase(Locale.ROOT).split(",", -1)) {
        if (!name.isBlank() && !name.strip().equals("identity")) {
          names.add(name.strip());
        }
      }
    }
    return String.join(", ", names);
  }

  private static Response gzip(Response response) {
    int first = firstTwo(response.body());
    return first == GZIP_BEGINS || first == UNKNOWN
        ? response.newBuilder().header(CONTENT_ENCODING, GZIP).build()
        : plain(response, response.body());
  }

  /** Many leave the header out that RFC 1950 demands. */
  private static Response inflated(Response response) {
    ResponseBody packed = response.body();
    int first = firstTwo(packed);
    if (first == UNKNOWN) {
      return response;
    }
    boolean hasHeader = ((first >> 8) & 0x0F) == 8 && first % 31 == 0;
    try (BufferedSource probe =
        Okio.buffer(new InflaterSource(packed.source().peek(), new Inflater(!hasHeader)))) {
      probe.request(1);
    } catch (IOException notPacked) {
      return plain(response, packed);
    }
    BufferedSource content =
        Okio.buffer(new InflaterSource(packed.source(), new Inflater(!hasHeader)));
    return plain(response, ResponseBody.create(content, packed.contentType(), -1));
  }

  private static Response plain(Response response, ResponseBody body) {
    Response.Builder plain = response.newBuilder().removeHeader(CONTENT_ENCODING).body(body);
    return (body.contentLength() < 0 ? plain.removeHeader("Content-Length") : plain).build();
  }

  private static int firstTwo(ResponseBody body) {
    try {
      BufferedSource source = body.source();
      if (!source.request(2)) {
        return 0;
      }
      int high = source.getBuffer().getByte(0) & 0xFF;
      return (high << 8) | (source.getBuffer().getByte(1) & 0xFF);
    } catch (IOException brokenOff) {
      return UNKNOWN; // Whoever reads it will see that, and knows the status.
    }
  }
}

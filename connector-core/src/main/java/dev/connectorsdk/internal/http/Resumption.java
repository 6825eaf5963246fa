package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the rest of a file after its transfer broke off: by range (RFC 9110, section 14), and
 * only for the rest of what it has begun with. Belongs to one file.
 *
 * <p>Services that do not know {@code If-Range} answer with a part of whatever they have now, so
 * what identifies the file is compared as well.
 */
final class Resumption {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("(?i)bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final Repetition repetition;
  private final Incoming incoming;
  private final BufferedResponse first;
  private final long size;
  private final @Nullable String validator;
  private long before;

  /**
   * @param repetition has sent the request, and decides how often it is
   * @param incoming has the file of the answer, then of those to further requests
   * @param first the answer
   */
  Resumption(Repetition repetition, Incoming incoming, BufferedResponse first) {
    this.repetition = repetition;
    this.incoming = incoming;
    this.first = first;
    this.size = incoming.length();
    this.validator = validator(repetition.request(), incoming, first);
  }

  /** Without one nobody knows whether the rest belongs to the beginning. */
  private static @Nullable String validator(
      Request request, Incoming incoming, BufferedResponse first) {
    if (!request.method().equals("GET") || first.status() != 200 || incoming.isPacked()) {
      return null;
    }
    String etag = first.header("ETag");
    boolean isStrong = etag != null && !etag.startsWith("W/");
    return isStrong ? etag : first.header("Last-Modified");
  }

  Incoming incoming() {
    return incoming;
  }

  /**
   * Asks for the rest, in place of what broke off.
   *
   * @param position how many bytes were read
   * @return whether it comes; if not, the failure stands
   */
  boolean follows(ConnectorException failure, long position) {
    String known = validator;
    if (known == null || !(failure instanceof TransportException broken)) {
      return false;
    }
    incoming.close();
    if (position > before) {
      before = position;
      repetition.beginAgain();
    }
    if (!repetition.repeatsAfter(broken)) {
      return false;
    }
    Headers rest = Headers.of("Range", "bytes=" + position + "-", "If-Range", known);
    BufferedResponse answer = repetition.with(rest).run();
    if (isRest(answer, position)) {
      return true;
    }
    incoming.close();
    return false;
  }

  private boolean isRest(BufferedResponse answer, long position) {
    return answer.status() == 206
        && incoming.isOpen()
        && !incoming.isPacked()
        && Objects.equals(answer.header("ETag"), first.header("ETag"))
        && Objects.equals(answer.header("Last-Modified"), first.header("Last-Modified"))
        && isRest(answer.header("Content-Range"), position);
  }

  private boolean isRest(@Nullable String contentRange, long position) {
    Matcher range = CONTENT_RANGE.matcher(contentRange == null ? "" : contentRange.strip());
    if (!range.matches() || Long.parseLong(range.group(1)) != position) {
      return false;
    }
    long total = range.group(3).equals("*") ? size : Long.parseLong(range.group(3));
    return (size < 0 || total == size) && Long.parseLong(range.group(2)) == total - 1;
  }
}

package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.webhook.Signature.Packing;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Reads the bodies of deliveries, within limits of size and time. Safe for several threads. */
final class IncomingBody {

  /** A sender that is slower holds a thread of the host's web server. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int CHUNK = 8 * 1024;

  /** JSON (RFC 8259), forms, XML (RFC 7303) and plain text. */
  private static final Pattern USUAL =
      Pattern.compile(
          "(application|text)/(json|xml)|[^/]+/[^/]+\\+(json|xml)|text/plain"
              + "|application/x-www-form-urlencoded|multipart/form-data");

  private final LongSupplier ticker;
  private final int largest;

  /**
   * @param ticker milliseconds, by a clock that nobody sets
   */
  IncomingBody(LongSupplier ticker, int largest) {
    this.ticker = ticker;
    this.largest = largest;
  }

  /** Refuses what says of itself that it is too large. */
  void requireSmall(WebhookRequest request) throws Refused {
    for (String length : request.headers().getOrDefault("content-length", List.of())) {
      if (!length.trim().matches("[0-9]{1,18}")) {
        throw new Refused(400);
      }
      if (Long.parseLong(length.trim()) > largest) {
        throw new Refused(413);
      }
    }
  }

  /**
   * Refuses a type that the service does not send.
   *
   * @param types that it sends; empty for the usual ones
   */
  static void requireType(WebhookRequest request, Set<String> types) throws Refused {
    for (String value : request.headers().getOrDefault("content-type", List.of())) {
      String type = value.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
      boolean isTaken =
          types.isEmpty()
              ? USUAL.matcher(type).matches()
              : types.contains(type) || types.contains(type.replaceFirst("/.*", "/*"));
      if (!type.isEmpty() && !isTaken) {
        throw new Refused(415);
      }
    }
  }

  /** Returns whether a body is packed; refuses it if the service packs none, or in another way. */
  static boolean isPacked(WebhookRequest request, Packing packing) throws Refused {
    boolean packed = false;
    for (String coding : request.headers().getOrDefault("content-encoding", List.of())) {
      String name = coding.trim().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && !name.equals("identity")) {
        if (packing == Packing.NONE || packed || !name.equals("gzip")) {
          String taken = packing == Packing.NONE ? "identity" : "gzip";
          throw new Refused(415, Map.of("Accept-Encoding", taken));
        }
        packed = true;
      }
    }
    return packed;
  }

  /**
   * Reads a body as it was sent. The time is looked at between reads: nothing ends one that waits
   * but the web server.
   */
  byte[] read(InputStream body) throws Refused, IOException {
    long begun = ticker.getAsLong();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    int length;
    while ((length = body.read(chunk, 0, Math.min(CHUNK, largest + 1 - all.size()))) >= 0) {
      all.write(chunk, 0, length);
      if (all.size() > largest) {
        throw new Refused(413);
      }
      if (ticker.getAsLong() - begun > LONGEST.toMillis()) {
        throw new Refused(408);
      }
    }
    return all.toByteArray();
  }

  /** Unpacks a body, which may be as large then as one that is not packed. */
  byte[] unpacked(byte[] packed) throws Refused {
    try (InputStream bytes = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] unpacked = bytes.readNBytes(largest + 1);
      if (unpacked.length > largest) {
        throw new Refused(413);
      }
      return unpacked;
    } catch (IOException e) {
      throw new Refused(400);
    }
  }
}

package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Reads what forms sent, up to a limit that counts what arrives and not what is announced. Few
 * large ones are read at a time, as each takes several times its size of memory.
 */
final class Posted {

  static final int MAX_BYTES = 1 << 20;

  /** The largest data policy has a million characters, of up to nine bytes in a form. */
  static final int MAX_BYTES_OF_POLICIES = 10 << 20;

  /** How many forms of more than {@link #MAX_BYTES} are read at a time. */
  static final int MOST_LARGE = 2;

  private static final int MAX_FIELDS = 2_000;

  private final Semaphore large = new Semaphore(MOST_LARGE);

  /**
   * Returns the values of each field.
   *
   * @param most how many bytes a form has at most
   * @throws Refusal if it is no form, too large, or large while others are read that are
   */
  Map<String, List<String>> read(Context request, int most) throws IOException, Refusal {
    String type = String.valueOf(request.contentType());
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded")) {
      throw new Refusal(415, "This is no form of the console.");
    }
    InputStream body = request.bodyInputStream();
    byte[] first = body.readNBytes(MAX_BYTES + 1);
    if (first.length <= MAX_BYTES) {
      return fields(first, most);
    }
    if (most <= MAX_BYTES) {
      throw tooLarge(most);
    }
    if (!large.tryAcquire()) {
      throw new Refusal(
          503, "Other large forms are being read. Nothing was done. Send it again in a moment.");
    }
    try {
      byte[] rest = body.readNBytes(most + 1 - first.length);
      byte[] all = Arrays.copyOf(first, first.length + rest.length);
      System.arraycopy(rest, 0, all, first.length, rest.length);
      if (all.length > most) {
        throw tooLarge(most);
      }
      return fields(all, most);
    } finally {
      large.release();
    }
  }

  private static Refusal tooLarge(int most) {
    return new Refusal(413, "This is more than this form takes: " + (most >> 20) + " MiB.");
  }

  private static Map<String, List<String>> fields(byte[] form, int most) throws Refusal {
    String[] pairs = new String(form, UTF_8).split("&", MAX_FIELDS + 1);
    if (pairs.length > MAX_FIELDS) {
      throw tooLarge(most);
    }
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields
            .computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
            .add(decoded(pair.substring(equals + 1)).replace("\r\n", "\n"));
      }
    }
    return fields;
  }

  private static String decoded(String text) throws Refusal {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "This form is not encoded as a browser encodes it.");
    }
  }
}

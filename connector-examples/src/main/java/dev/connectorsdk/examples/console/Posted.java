package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a form sent, up to a limit that counts what arrives and not what is announced. */
final class Posted {

  static final int MAX_BYTES = 1 << 20;

  /** The largest data policy has a million characters, of up to nine bytes in a form. */
  static final int MAX_BYTES_OF_ADMINISTRATORS = 10 << 20;

  private static final int MAX_FIELDS = 2_000;

  private Posted() {}

  /**
   * Returns the values of each field.
   *
   * @param most how many bytes a form has at most
   * @throws Refusal if it is no form, or too large
   */
  static Map<String, List<String>> read(Context request, int most) throws IOException, Refusal {
    String type = String.valueOf(request.contentType());
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded")) {
      throw new Refusal(415, "This is no form of the console.");
    }
    byte[] body = request.bodyInputStream().readNBytes(most + 1);
    String[] pairs = new String(body, UTF_8).split("&", MAX_FIELDS + 1);
    if (body.length > most || pairs.length > MAX_FIELDS) {
      throw new Refusal(413, "This is more than this form takes: " + (most >> 20) + " MiB.");
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

package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of RFC 3986, which leaves nothing but the unreserved characters alone. */
final class PercentEncoding {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentEncoding() {}

  /** A parameter of a query or form, decoded. */
  record Parameter(String name, String value) {}

  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(UTF_8)) {
      if (isUnreserved(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
      }
    }
    return out.toString();
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '_'
        || b == '.'
        || b == '~';
  }

  /** Decodes what is encoded, and takes a percent sign without two digits for itself. */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low < 0) {
        out.write(bytes[i]);
      } else {
        out.write((high << 4) + low);
        i += 2;
      }
    }
    return out.toString(UTF_8);
  }

  /**
   * Returns the parameters of an encoded query or form, in order; one without equals sign has an
   * empty value.
   *
   * @param plusIsSpace whether a plus sign means a space, as in forms
   */
  static List<Parameter> parameters(@Nullable String encoded, boolean plusIsSpace) {
    List<Parameter> parameters = new ArrayList<>();
    if (encoded == null || encoded.isEmpty()) {
      return parameters;
    }
    String text = plusIsSpace ? encoded.replace('+', ' ') : encoded;
    int from = 0;
    while (from <= text.length()) {
      int end = text.indexOf('&', from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        String pair = text.substring(from, end);
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.add(new Parameter(decode(name), decode(value)));
      }
      from = end + 1;
    }
    return parameters;
  }
}

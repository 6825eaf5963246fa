package dev.connectorsdk.internal.definition.document;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of URLs, RFC 3986. */
public final class PercentEncoding {

  private static final String UNRESERVED = "-._~";
  private static final String PATH = UNRESERVED + "!$&'()*+,;=:@/";
  private static final String HEX = "0123456789ABCDEF";

  private PercentEncoding() {}

  /** Encodes everything but letters, digits and {@code - . _ ~}. */
  public static String value(String text) {
    return encode(text, UNRESERVED, false);
  }

  /** Encodes the name of a query parameter, leaving also {@code $ [ ]} as they are. */
  public static String queryName(String text) {
    return encode(text, UNRESERVED + "$[]", false);
  }

  /** Encodes what may not stand in a path, leaving slashes and what is encoded already. */
  public static String path(String text) {
    return encode(text, PATH, true);
  }

  /** Encodes what may not stand in a query, leaving what is encoded already. */
  public static String query(String text) {
    return encode(text, PATH + "?[]", true);
  }

  private static String encode(String text, String kept, boolean keepEncoded) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (isAlphanumeric(c)
          || (c < 0x80 && kept.indexOf(c) >= 0)
          || (keepEncoded && isEncoded(text, i))) {
        encoded.append((char) c);
      } else {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          encoded.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
        }
      }
      i += Character.charCount(c);
    }
    return encoded.toString();
  }

  /** Decodes once; a percent sign that starts nothing stays. */
  public static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); ) {
      if (isEncoded(text, i)) {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 3;
      } else {
        int c = text.codePointAt(i);
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Returns whether UTF-8 can carry the text: it has no half of a surrogate pair. */
  public static boolean isEncodable(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  private static boolean isEncoded(String text, int at) {
    return text.charAt(at) == '%'
        && at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0
        && text.charAt(at + 1) < 0x80
        && text.charAt(at + 2) < 0x80;
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}

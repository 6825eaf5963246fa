package dev.connectorsdk.internal.http;

import java.nio.charset.StandardCharsets;

/** Percent-encoding that leaves the unreserved characters of RFC 3986 alone, and nothing else. */
final class UrlEncoding {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private UrlEncoding() {}

  static void append(StringBuilder out, String text) {
    out.append(encode(text));
  }

  static String encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isUnreserved(text.charAt(i))) {
        return encoded(text);
      }
    }
    return text;
  }

  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (isUnreserved(c)) {
        out.append(c);
      } else {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return out.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~';
  }

  /**
   * Returns whether a path segment is empty, {@code .} or {@code ..}, also after decoding: such a
   * segment would lead to another path than the one that was meant.
   */
  static boolean isDotSegment(String segment) {
    String decoded = segment.indexOf('%') < 0 ? segment : decodeDots(segment);
    return decoded.isEmpty() || decoded.equals(".") || decoded.equals("..");
  }

  private static String decodeDots(String segment) {
    return segment.replace("%2e", ".").replace("%2E", ".");
  }
}

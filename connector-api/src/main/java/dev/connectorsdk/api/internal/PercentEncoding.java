package dev.connectorsdk.api.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Percent-encoding of text in UTF-8; RFC 3986 section 2. A text that needs no encoding is returned
 * as it is.
 */
public final class PercentEncoding {

  private static final String UNRESERVED = "-._~";
  private static final String IN_PATH = UNRESERVED + "!$&'()*+,;=:@/";

  private static final boolean[] VALUE = allowing(UNRESERVED);
  private static final boolean[] QUERY_NAME = allowing(UNRESERVED + "$");
  private static final boolean[] PATH = allowing(IN_PATH);
  private static final boolean[] QUERY = allowing(IN_PATH + "?");

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentEncoding() {}

  /** Encodes all but the unreserved characters: letters, digits and {@code - . _ ~}. */
  public static String encode(String text) {
    return encode(text, VALUE, false);
  }

  /** Encodes the name of a query parameter: like {@link #encode}, but leaves {@code $}. */
  public static String encodeQueryName(String name) {
    return encode(name, QUERY_NAME, false);
  }

  /** Encodes what may not stand in a path; leaves slashes, and what is encoded already. */
  public static String completePath(String path) {
    return encode(path, PATH, true);
  }

  /** Encodes what may not stand in a query; leaves what is encoded already. */
  public static String completeQuery(String query) {
    return encode(query, QUERY, true);
  }

  /**
   * Decodes once. A percent sign without two hexadecimal digits stands for itself, and bytes that
   * are not UTF-8 become U+FFFD.
   */
  public static String decode(String text) {
    int at = text.indexOf('%');
    while (at >= 0 && !isTriplet(text, at)) {
      at = text.indexOf('%', at + 1);
    }
    return at < 0 ? text : decoded(text.getBytes(UTF_8));
  }

  /** Returns whether UTF-8 can carry the text: it has no half of a surrogate pair. */
  public static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!isPair(text, i)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean[] allowing(String others) {
    boolean[] allowed = new boolean[128];
    for (char c = 0; c < allowed.length; c++) {
      allowed[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || others.indexOf(c) >= 0;
    }
    return allowed;
  }

  private static String encode(String text, boolean[] allowed, boolean keepTriplets) {
    for (int i = 0; i < text.length(); i++) {
      if (!stays(text, i, allowed, keepTriplets)) {
        return encodedFrom(i, text, allowed, keepTriplets);
      }
    }
    return text;
  }

  private static boolean stays(String text, int at, boolean[] allowed, boolean keepTriplets) {
    char c = text.charAt(at);
    return (c < allowed.length && allowed[c]) || (keepTriplets && isTriplet(text, at));
  }

  private static String encodedFrom(
      int first, String text, boolean[] allowed, boolean keepTriplets) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      if (stays(text, i, allowed, keepTriplets)) {
        out.append(text.charAt(i));
      } else if (isPair(text, i)) {
        appendUtf8(out, text.codePointAt(i));
        i++;
      } else {
        char c = text.charAt(i);
        appendUtf8(out, Character.isSurrogate(c) ? '?' : c);
      }
    }
    return out.toString();
  }

  private static void appendUtf8(StringBuilder out, int c) {
    if (c < 0x80) {
      appendByte(out, c);
      return;
    }
    if (c < 0x800) {
      appendByte(out, 0xC0 | (c >> 6));
    } else {
      if (c < 0x10000) {
        appendByte(out, 0xE0 | (c >> 12));
      } else {
        appendByte(out, 0xF0 | (c >> 18));
        appendByte(out, 0x80 | ((c >> 12) & 0x3F));
      }
      appendByte(out, 0x80 | ((c >> 6) & 0x3F));
    }
    appendByte(out, 0x80 | (c & 0x3F));
  }

  private static void appendByte(StringBuilder out, int b) {
    out.append('%').append(HEX[b >> 4]).append(HEX[b & 15]);
  }

  private static String decoded(byte[] bytes) {
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
      int low = high < 0 ? -1 : digit(bytes[i + 2]);
      if (low < 0) {
        bytes[length++] = bytes[i];
      } else {
        bytes[length++] = (byte) ((high << 4) + low);
        i += 2;
      }
    }
    return new String(bytes, 0, length, UTF_8);
  }

  private static boolean isTriplet(String text, int at) {
    return text.charAt(at) == '%'
        && at + 2 < text.length()
        && digit(text.charAt(at + 1)) >= 0
        && digit(text.charAt(at + 2)) >= 0;
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }

  /** Of ASCII alone: {@link Character#digit} knows digits of other scripts too. */
  private static int digit(int c) {
    return c >= 0 && c < 0x80 ? Character.digit(c, 16) : -1;
  }
}

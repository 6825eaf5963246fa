package dev.connectorsdk.api.internal;

/**
 * Segments of a path that are instructions and not names: {@code .} and {@code ..}, also encoded
 * ({@code %2e}); RFC 3986 section 5.2.4 and the URL standard. Who resolves them asks for another
 * path than the one that is written.
 */
public final class DotSegments {

  private DotSegments() {}

  /** Returns whether a segment is one. */
  public static boolean is(String segment) {
    return is(segment, 0, segment.length());
  }

  /**
   * Returns whether a path has one. A backslash ends a segment like a slash, as in browsers.
   *
   * @param url a path, or a URL; what follows {@code ?} or {@code #} is not looked at
   */
  public static boolean in(String url) {
    if (url.indexOf('.') < 0 && url.indexOf('%') < 0) {
      return false;
    }
    int from = 0;
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == '?' || c == '#') {
        return is(url, from, i);
      }
      if (c == '/' || c == '\\') {
        if (is(url, from, i)) {
          return true;
        }
        from = i + 1;
      }
    }
    return is(url, from, url.length());
  }

  private static boolean is(String text, int from, int to) {
    int dots = 0;
    for (int i = from; i < to; i++) {
      if (isEncodedDot(text, i, to)) {
        i += 2;
        dots++;
      } else if (text.charAt(i) == '.') {
        dots++;
      } else if (!isDropped(text.charAt(i))) {
        return false;
      }
    }
    return dots == 1 || dots == 2;
  }

  private static boolean isEncodedDot(String text, int at, int to) {
    return at + 2 < to
        && text.charAt(at) == '%'
        && text.charAt(at + 1) == '2'
        && (text.charAt(at + 2) | 0x20) == 'e';
  }

  /** URL parsers leave these out wherever they stand. */
  private static boolean isDropped(char c) {
    return c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}

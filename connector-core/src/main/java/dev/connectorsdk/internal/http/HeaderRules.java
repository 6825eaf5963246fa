package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers a request may carry. Messages name the header and the place in it, never the value.
 */
final class HeaderRules {

  private static final Set<String> RESERVED =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "x-http-method-override");

  private HeaderRules() {}

  /**
   * Checks a header that connector code or input sets.
   *
   * @param forStrategy whether an auth strategy sets it, to which Authorization belongs
   */
  static void requireAllowed(String name, String value, boolean forStrategy) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (forStrategy && lower.equals("authorization")) {
      requireWellFormed(name, value);
      return;
    }
    if (RESERVED.contains(lower)
        || lower.startsWith("proxy-")
        || lower.startsWith("x-forwarded-")) {
      throw fault(name, "belongs to the transport or to authentication");
    }
    requireWellFormed(name, value);
  }

  /** Returns the failure for a header that OkHttp has refused. */
  static InvalidInputException malformed(String name, String value) {
    try {
      requireWellFormed(name, value);
    } catch (InvalidInputException e) {
      return e;
    }
    return fault(name, "is not a header");
  }

  /** Checks that name and value can be sent as they are. */
  static void requireWellFormed(String name, String value) {
    if (name.isEmpty()) {
      throw fault(name, "has no name");
    }
    for (int i = 0; i < name.length(); i++) {
      if (!isTokenCharacter(name.charAt(i))) {
        throw fault(
            "(header)", "its name has a character at position " + (i + 1) + " that is not allowed");
      }
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c >= 0x7f) {
        throw fault(name, "has a character at position " + (i + 1) + " that is not allowed");
      }
    }
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  private static InvalidInputException fault(String name, String problem) {
    return new InvalidInputException("a request header", name, problem);
  }
}

package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.Origin;
import java.util.Locale;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * Which headers a request may carry. Messages name the header and the place in it, never the value.
 */
public final class HeaderRules {

  private static final Set<String> RESERVED =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "cookie",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /**
   * By these, servers take a request for one with another method, to another place or of another.
   */
  private static final Set<String> STEERING =
      Set.of(
          "client-ip",
          "cf-connecting-ip",
          "forwarded",
          "true-client-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-host",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-forwarded-for",
          "x-original-host",
          "x-original-method",
          "x-original-path",
          "x-original-uri",
          "x-original-url",
          "x-real-ip",
          "x-rewrite-url");

  /** What OkHttp makes anew of the body of a request. */
  private static final Set<String> OF_BODY = Set.of("content-length", "transfer-encoding");

  private HeaderRules() {}

  /**
   * Returns whether servers may take a request for another one because of this header: for one with
   * another method, to another host or path, or of another client. Authors may set such a header to
   * a text of their own; callers may not choose it.
   */
  public static boolean isSteering(String name) {
    return steers(canonical(name));
  }

  /** Many servers do not tell an underscore from a hyphen. */
  private static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean steers(String canonical) {
    return STEERING.contains(canonical) || canonical.startsWith("x-forwarded-");
  }

  /**
   * Checks a header that connector code or input sets.
   *
   * @param forStrategy whether an auth strategy sets it, to which Authorization belongs
   */
  static void requireAllowed(String name, String value, boolean forStrategy) {
    String canonical = canonical(name);
    if (!(forStrategy && canonical.equals("authorization"))) {
      requireFree(name, canonical);
    }
    requireWellFormed(name, value);
  }

  private static void requireFree(String name, String canonical) {
    if (RESERVED.contains(canonical) || canonical.startsWith("proxy-")) {
      throw fault(name, "belongs to the transport or to authentication");
    }
    if (steers(canonical)) {
      throw fault(name, "could change what the request does or where it goes");
    }
  }

  /**
   * Returns the headers of an unwrapped client's request, without those that follow from its URL
   * and its body. Libraries set these; they may also set Authorization and Cookie, which do not
   * count where the connection has a credential in that place.
   */
  static Headers ofUnwrapped(Headers headers, HttpUrl url) {
    Headers.Builder kept = headers.newBuilder();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      String value = headers.value(i);
      requireWellFormed(name, value);
      String canonical = canonical(name);
      if (OF_BODY.contains(canonical) || isOwnHost(canonical, value, url)) {
        kept.removeAll(name);
      } else if (!isUsual(canonical, value)) {
        requireFree(name, canonical);
      }
    }
    return kept.build();
  }

  private static boolean isOwnHost(String canonical, String value, HttpUrl url) {
    return canonical.equals("host")
        && value.equalsIgnoreCase(Origin.hostHeader(url.scheme(), url.host(), url.port()));
  }

  private static boolean isUsual(String canonical, String value) {
    return switch (canonical) {
      case "authorization", "cookie" -> true;
      case "connection" -> value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close");
      case "expect" -> value.equalsIgnoreCase("100-continue");
      default -> false;
    };
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
    int bad = firstOutsideToken(name);
    if (bad >= 0) {
      throw fault(
          "(header)", "its name has a character at position " + (bad + 1) + " that is not allowed");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c >= 0x7f) {
        throw fault(name, "has a character at position " + (i + 1) + " that is not allowed");
      }
    }
  }

  /** Returns where the first character is that a token cannot have, RFC 9110, or -1. */
  static int firstOutsideToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return i;
      }
    }
    return -1;
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

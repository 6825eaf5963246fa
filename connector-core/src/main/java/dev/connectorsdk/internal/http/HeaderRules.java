package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.Origin;
import java.util.Locale;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Which headers a request may carry. Messages name the header and the place in it, never the value.
 */
public final class HeaderRules {

  /** Whose a header is. */
  public enum Kind {
    /** Anybody's. */
    FREE,
    /** The HTTP client's, which writes it by itself. */
    OF_TRANSPORT,
    /** The way to authenticate's, or a proxy's. */
    OF_AUTHENTICATION,
    /** By this, servers take a request for another one: {@link #isSteering}. */
    STEERING;

    /** Returns why callers and connectors may not set it, or {@code null} if they may. */
    public @Nullable String problem() {
      return switch (this) {
        case FREE -> null;
        case OF_TRANSPORT, OF_AUTHENTICATION -> "belongs to the transport or to authentication";
        case STEERING -> "could change what the request does or where it goes";
      };
    }
  }

  private static final Set<String> OF_TRANSPORT =
      Set.of(
          "connection",
          "content-length",
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

  private static final Set<String> OF_AUTHENTICATION = Set.of("authorization", "cookie");

  /** What OkHttp makes anew of the body of a request. */
  private static final Set<String> OF_BODY = Set.of("content-length", "transfer-encoding");

  private HeaderRules() {}

  /**
   * Returns whether servers may take a request for another one because of this header: for one with
   * another method, to another host or path, or of another client. Authors may set such a header to
   * a text of their own; callers may not choose it.
   */
  public static boolean isSteering(String name) {
    return kind(name) == Kind.STEERING;
  }

  /** Returns whether a header says how messages are sent, which the HTTP client decides. */
  public static boolean isOfTransport(String name) {
    return kind(name) == Kind.OF_TRANSPORT || name.equalsIgnoreCase("Accept-Encoding");
  }

  /** Returns whose a header is. */
  public static Kind kind(String name) {
    return kindOf(canonical(name));
  }

  private static Kind kindOf(String canonical) {
    if (OF_TRANSPORT.contains(canonical)) {
      return Kind.OF_TRANSPORT;
    }
    if (OF_AUTHENTICATION.contains(canonical) || canonical.startsWith("proxy-")) {
      return Kind.OF_AUTHENTICATION;
    }
    return STEERING.contains(canonical) || canonical.startsWith("x-forwarded-")
        ? Kind.STEERING
        : Kind.FREE;
  }

  /** Returns whether a text is the name of a header: a token, RFC 9110 section 5.1. */
  public static boolean isName(String text) {
    return !text.isEmpty() && firstOutsideToken(text) < 0;
  }

  /** Many servers do not tell an underscore from a hyphen. */
  private static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
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
    String problem = kindOf(canonical).problem();
    if (problem != null) {
      throw fault(name, problem);
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

  /**
   * Returns what a host calls itself.
   *
   * @throws IllegalArgumentException if a header cannot say that
   */
  public static String requireUserAgent(String product) {
    if (product.isBlank()) {
      throw new IllegalArgumentException("A user agent has a name");
    }
    try {
      requireWellFormed("User-Agent", product);
    } catch (InvalidInputException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return product;
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

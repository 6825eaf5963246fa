package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.internal.Origin;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Where OkHttp's URLs lead. */
public final class Origins {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z]+://[^/?#@%\\\\\\s]+([/?#]|$)");

  private Origins() {}

  /** Returns where a URL leads. */
  public static Origin of(HttpUrl url) {
    return new Origin(url.scheme(), url.host(), url.port());
  }

  static boolean isOn(Origin origin, HttpUrl url) {
    return origin.is(url.scheme(), url.host(), url.port());
  }

  /**
   * Returns whether a URL begins with a scheme, two slashes and a host that is written out. OkHttp
   * is content with less, such as {@code http:host}, where others read another host or none.
   */
  static boolean isPlain(String url) {
    return PLAIN.matcher(url).lookingAt();
  }
}

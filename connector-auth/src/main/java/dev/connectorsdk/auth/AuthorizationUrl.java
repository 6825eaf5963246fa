package dev.connectorsdk.auth;

import dev.connectorsdk.api.internal.PercentEncoding;
import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;

/** Adds parameters to the URL at which a user signs in. */
final class AuthorizationUrl {

  private AuthorizationUrl() {}

  /**
   * Returns the URL with the parameters added, in their order, to the query that it may have. A
   * fragment that is the route of a page ({@code #/authorize}) takes them itself, because such a
   * page looks for them there.
   */
  static URI with(URI endpoint, Map<String, String> parameters) {
    return with(
        endpoint,
        parameters.entrySet().stream()
            .map(
                parameter ->
                    PercentEncoding.encode(parameter.getKey())
                        + "="
                        + PercentEncoding.encode(parameter.getValue()))
            .collect(Collectors.joining("&")));
  }

  /** Returns the URL with a query added likewise that is encoded already. */
  static URI with(URI endpoint, String query) {
    String url = endpoint.toString();
    int fragment = url.indexOf('#');
    if (fragment < 0 || isRoute(url.substring(fragment + 1))) {
      return URI.create(url + separator(url.substring(fragment + 1)) + query);
    }
    String before = url.substring(0, fragment);
    return URI.create(before + separator(before) + query + url.substring(fragment));
  }

  private static String separator(String part) {
    return part.indexOf('?') < 0 ? "?" : part.endsWith("?") || part.endsWith("&") ? "" : "&";
  }

  private static boolean isRoute(String fragment) {
    return fragment.startsWith("/") || fragment.startsWith("!/");
  }
}

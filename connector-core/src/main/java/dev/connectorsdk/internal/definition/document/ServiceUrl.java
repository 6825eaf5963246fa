package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The URL that all paths of a definition belong to.
 *
 * @param url scheme, host and base path, without a slash at the end
 * @param basePath as it is declared, even if no host is, without a slash at the end
 * @param obstacle why no request can go there, or {@code null} if one can
 */
public record ServiceUrl(String url, String basePath, @Nullable String obstacle) {

  // RFC 2606: a name that never leads anywhere.
  private static final String NOWHERE = "https://host.invalid";

  private static final Pattern HOST =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*"
              + "(:[0-9]{1,5})?");

  public static ServiceUrl of(JsonNode swagger, Warnings warnings) {
    String basePath = basePath(swagger);
    if (DotSegments.in(basePath)) {
      return nowhere("", "the definition's base path holds '.' or '..'");
    }
    String declared = Lookup.text(swagger, "host");
    if (declared == null || declared.isBlank()) {
      return nowhere(basePath, "the definition names no host");
    }
    String host = declared.trim();
    if (host.startsWith("@") || swagger.path("basePath").toString().contains("@environment")) {
      return nowhere(
          basePath, "the host or base path comes from an environment variable, not supported yet");
    }
    if (host.length() > 253 || !HOST.matcher(host).matches() || port(host) > 65_535) {
      return nowhere(basePath, "the definition's host is a placeholder, not a host name");
    }
    String scheme = scheme(swagger);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return nowhere(basePath, "the definition's scheme is neither https nor http");
    }
    if (scheme.equals("http")) {
      warnings.add("/schemes", "requests go out without encryption");
    }
    return new ServiceUrl(scheme + "://" + host + basePath, basePath, null);
  }

  private static String scheme(JsonNode swagger) {
    JsonNode first = swagger.path("schemes").path(0);
    return first.isString() ? Lookup.lower(first.stringValue().trim()) : "https";
  }

  private static int port(String host) {
    int colon = host.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(host.substring(colon + 1));
  }

  private static String basePath(JsonNode swagger) {
    String declared = Lookup.text(swagger, "basePath");
    if (declared == null || declared.isBlank()) {
      return "";
    }
    String path = declared.trim();
    if (!path.startsWith("/")) {
      path = "/" + path;
    }
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return PercentEncoding.completePath(path);
  }

  private static ServiceUrl nowhere(String basePath, String obstacle) {
    return new ServiceUrl(NOWHERE, basePath, obstacle);
  }
}

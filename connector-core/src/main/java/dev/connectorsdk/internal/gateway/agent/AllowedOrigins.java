package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.internal.Origin;
import java.net.URI;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;

/** Where a member may go, whatever it is told. */
public final class AllowedOrigins {

  private final Set<Origin> origins;

  private AllowedOrigins(Set<Origin> origins) {
    this.origins = origins;
  }

  /**
   * Returns the origins of these URLs, such as {@code http://erp.corp.example:8080}.
   *
   * @throws IllegalArgumentException if one is no URL, is neither http nor https, or has more than
   *     an origin has
   */
  public static AllowedOrigins of(Collection<String> urls) {
    return new AllowedOrigins(
        urls.stream().map(AllowedOrigins::origin).collect(Collectors.toUnmodifiableSet()));
  }

  private static Origin origin(String text) {
    URI url = URI.create(text);
    Origin origin = Origin.of(url);
    boolean isHttp = origin.scheme().equals("http") || origin.scheme().equals("https");
    boolean hasMore =
        !(url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
            || url.getRawQuery() != null
            || url.getRawFragment() != null;
    if (!isHttp || hasMore) {
      throw new IllegalArgumentException(
          "An origin is http or https, a host and perhaps a port, but was '" + text + "'");
    }
    return origin;
  }

  /**
   * Lets through what leads to one of the origins.
   *
   * @throws HostNotAllowedException if a URL does not
   */
  public void require(HttpUrl url) {
    Origin to = new Origin(url.scheme(), url.host(), url.port());
    if (!origins.contains(to)) {
      throw new HostNotAllowedException(
          to.toString(), "the gateway's member does not go there (its list of origins)");
    }
  }
}

package dev.connectorsdk.http;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.HostNotAllowedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one connection go and what authenticates them. Immutable; made when a
 * connection is opened.
 */
public final class Endpoint {

  private final ConnectionId connection;
  private final ConnectorId connector;
  private final @Nullable Authenticator authenticator;
  private final String base;
  private final Origin origin;
  private final Set<Origin> origins;

  /**
   * @param base what relative paths are appended to, or {@code null} if there are only absolute
   *     URLs
   * @param furtherOrigins URLs on further origins that requests may go to
   * @param authenticator {@code null} for requests without credentials
   */
  public Endpoint(
      ConnectionId connection,
      ConnectorId connector,
      HttpUrl base,
      List<HttpUrl> furtherOrigins,
      @Nullable Authenticator authenticator) {
    this.connection = connection;
    this.connector = connector;
    this.authenticator = authenticator;
    this.base = withoutTrailingSlash(base.newBuilder().query(null).build().toString());
    this.origin = Origin.of(base);
    Set<Origin> all = new LinkedHashSet<>();
    all.add(origin);
    furtherOrigins.forEach(url -> all.add(Origin.of(url)));
    this.origins = Set.copyOf(all);
  }

  private static String withoutTrailingSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  ConnectionId connection() {
    return connection;
  }

  ConnectorId connector() {
    return connector;
  }

  @Nullable Authenticator authenticator() {
    return authenticator;
  }

  /** Returns the base URL without a slash at the end. */
  String base() {
    return base;
  }

  void requireAllowed(HttpUrl url) {
    if (!allows(url)) {
      throw new HostNotAllowedException(
          Origin.of(url).toString(), "connection '" + connection + "' is for " + origins);
    }
  }

  boolean allows(HttpUrl url) {
    return origin.contains(url) || (origins.size() > 1 && origins.contains(Origin.of(url)));
  }
}

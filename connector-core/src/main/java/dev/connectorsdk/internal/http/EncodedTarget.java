package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import okhttp3.HttpUrl;

/** What a request names below the base URL, in pieces that need not be parsed again. */
public interface EncodedTarget {

  /** Returns the path with the query, encoded. */
  String target();

  /**
   * Adds the path, segment by segment, and the query to the base URL. No segment is {@code .} or
   * {@code ..}, also encoded; a slash or a backslash in one is percent-encoded.
   *
   * @return {@code false} if it is no such path, and nothing was added
   */
  boolean addTo(HttpUrl.Builder base);

  /** Begins a request, as {@link ConnectorHttp#callEncoded} does. */
  static HttpCall call(ConnectorHttp http, String method, EncodedTarget target) {
    HttpCall call = http instanceof BoundHttp bound ? bound.callEncoded(method, target) : null;
    return call == null ? http.callEncoded(method, target.target()) : call;
  }
}

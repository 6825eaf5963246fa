package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import org.jspecify.annotations.Nullable;

/** What a request names below the base URL, in pieces that need not be parsed again. */
public interface EncodedTarget {

  /** Returns the path with the query, encoded. */
  String target();

  /** Returns the plan of the path, or {@code null} if there is none. */
  @Nullable PathPlan plan();

  /** Sets the values of the path in a URL of the plan, and adds the query. */
  void addTo(PathPlan.Url url);

  /** Begins a request, as {@link ConnectorHttp#callEncoded} does. */
  static HttpCall call(ConnectorHttp http, String method, EncodedTarget target) {
    HttpCall call = http instanceof BoundHttp bound ? bound.callEncoded(method, target) : null;
    return call == null ? http.callEncoded(method, target.target()) : call;
  }
}

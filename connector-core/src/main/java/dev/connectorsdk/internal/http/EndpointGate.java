package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.Caller;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** What data policies say about where the requests of a connection go. Safe for several threads. */
public interface EndpointGate {

  /**
   * Is asked before each request, redirects included.
   *
   * @param caller for whom the request is made, or {@code null} if it is for nobody in particular
   * @throws dev.connectorsdk.api.error.PolicyException if it must not be sent
   */
  void require(HttpUrl url, @Nullable Caller caller);
}

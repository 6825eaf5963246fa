package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.Flow;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** What data policies say about where the requests of a connection go. Safe for several threads. */
public interface EndpointGate {

  /** Lets every request pass, where there is no connector. */
  EndpointGate OPEN = (url, flow) -> {};

  /**
   * Is asked before each request, redirects included.
   *
   * @param flow for which the request is made, or {@code null}
   * @throws dev.connectorsdk.api.error.PolicyException if it must not be sent
   */
  void require(HttpUrl url, @Nullable Flow flow);
}

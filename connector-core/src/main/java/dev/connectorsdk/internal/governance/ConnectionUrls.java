package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Knows where the connections behind references lead. Safe for several threads. */
public interface ConnectionUrls {

  /**
   * Returns the base URL of the connection that a caller uses under a reference, or {@code null} if
   * there is none that can be used.
   *
   * @throws dev.connectorsdk.api.error.ConnectorException if that cannot be told
   */
  @Nullable URI baseUrl(Caller caller, ConnectionReference reference);
}

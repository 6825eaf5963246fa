package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.internal.gateway.seal.Prepared;
import java.time.Instant;
import okhttp3.Request;
import tools.jackson.databind.JsonNode;

/** Adds credentials that only a member can open. Used by several threads at once. */
@FunctionalInterface
public interface SealedAuth {

  /**
   * Returns a request with its credential.
   *
   * @param auth what the host says of it; a missing node if it says nothing
   * @param deadline until when a token may be waited for
   * @throws dev.connectorsdk.api.error.ConnectorException if there is none for this request
   */
  Prepared authenticate(Request request, JsonNode auth, Instant deadline);
}

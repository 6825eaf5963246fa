package dev.connectorsdk.api;

import dev.connectorsdk.api.http.ConnectorHttp;
import java.util.Optional;

/**
 * What the runtime lends to an action, trigger or test while it runs. It is bound to one connection
 * and one call and must not be kept.
 *
 * <p>May be used from the calling thread only.
 */
public interface ActionContext {

  /** Returns the connection that the call runs on. It shows no secret. */
  Connection connection();

  /**
   * Returns the way to the service: base URL, credentials, allowed hosts, limits and retries are
   * taken care of.
   */
  ConnectorHttp http();

  /**
   * Returns the key by which the service can recognise a repetition of this call. It is the same
   * for all attempts; present if the action declares how it is sent, or the caller gave one. The
   * runtime sends it by itself in the declared header.
   */
  Optional<String> idempotencyKey();
}

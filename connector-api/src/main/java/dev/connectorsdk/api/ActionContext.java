package dev.connectorsdk.api;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.ConnectorHttp;
import java.util.Optional;

/**
 * What the code of an action, a trigger or a connection test works with. It belongs to one
 * connection and one call, and must not be used after that code has returned.
 *
 * <p>May be used from the calling thread only.
 */
public interface ActionContext {

  /** Returns the connection that the call runs on. It shows no secret. */
  Connection connection();

  /**
   * Returns the HTTP client of this connection. It takes care of base URL, credentials, allowed
   * hosts, limits and retries.
   */
  ConnectorHttp http();

  /**
   * Returns the key by which the service can recognise a repetition of this call; the same for all
   * attempts. Empty unless the action declares an {@linkplain Action#idempotencyHeader idempotency
   * header} or the caller gave a key. The runtime sends it in the declared header.
   */
  Optional<String> idempotencyKey();

  /**
   * Returns where the caller wants a file that the call downloads.
   *
   * <pre>{@code
   * .run((file, call) -> call.http().get("/files/{id}", file.id()).download(call.target()))
   * }</pre>
   *
   * @throws InvalidInputException if the caller does not say where
   */
  default FileTarget target() {
    throw new InvalidInputException(
        "a call that downloads a file",
        "(target)",
        "is missing: say where the file goes, by CallOptions.saveTo");
  }
}

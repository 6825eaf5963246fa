package dev.connectorsdk.api.error;

import org.jspecify.annotations.Nullable;

/**
 * An action could not do its work, for a reason of its own. Authors throw it; the runtime also
 * wraps in it what an action threw unexpectedly.
 */
public final class ActionFailedException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what could not be done and why, without secrets or payloads
   */
  public ActionFailedException(String message) {
    this(message, null);
  }

  /**
   * @param message what could not be done and why, without secrets or payloads
   * @param cause what led to it
   */
  public ActionFailedException(String message, @Nullable Throwable cause) {
    super(
        message,
        "See the message; if it does not help, report it to the author of the connector.",
        cause);
  }
}

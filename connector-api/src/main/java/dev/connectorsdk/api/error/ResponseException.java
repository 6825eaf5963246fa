package dev.connectorsdk.api.error;

import org.jspecify.annotations.Nullable;

/** A successful answer could not be read: too large, not JSON, or not of the expected shape. */
public final class ResponseException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong with the answer, without its content
   */
  public ResponseException(String message) {
    this(message, null);
  }

  /**
   * @param message what is wrong with the answer, without its content
   * @param cause what led to it; its message must not hold the content either
   */
  public ResponseException(String message, @Nullable Throwable cause) {
    super(
        message, "Report it to the author of the connector; the service may have changed.", cause);
  }
}

package dev.connectorsdk.api.error;

import org.jspecify.annotations.Nullable;

/** The store cannot be read or written, or its schema is not what this version needs. */
public final class StoreException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /**
   * @param message what was tried and what is wrong
   * @param retryable whether a later attempt may succeed without anybody changing anything
   * @param cause what the store said, or {@code null}
   */
  public StoreException(String message, boolean retryable, @Nullable Throwable cause) {
    super(
        message,
        retryable
            ? "Try again when the store can be reached again."
            : "Have an administrator correct what the message names.",
        cause);
    this.retryable = retryable;
  }

  @Override
  public boolean isRetryable() {
    return retryable;
  }
}

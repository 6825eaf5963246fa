package dev.connectorsdk.api.error;

/** Somebody else changed the same thing at the same time. Nothing was changed by this call. */
public final class ConflictException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param what what was to be changed
   */
  public ConflictException(String what) {
    super(
        what + " was changed by somebody else at the same time",
        "Read it again and repeat the change.",
        null);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}

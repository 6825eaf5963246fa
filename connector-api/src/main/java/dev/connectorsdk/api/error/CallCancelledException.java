package dev.connectorsdk.api.error;

/**
 * The thread was interrupted, or the runtime closed, while a call ran. The thread's interrupt flag
 * is set again if it was interrupted. Whether the service carried out the call is unknown.
 */
public final class CallCancelledException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param what what was cancelled
   */
  public CallCancelledException(String what) {
    super(
        what + " was cancelled",
        "If that was not intended, find out at the service whether it was done, then call again.",
        null);
  }
}

package dev.connectorsdk.api.error;

import java.util.Objects;

/** A sign-in that was begun did not lead to a connection. Nothing was stored. */
public final class ConsentException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /** What became of the sign-in. */
  public enum Reason {
    /** The callback belongs to no pending sign-in: unknown, used already, or too late. */
    STATE_UNKNOWN,
    /** Somebody else finished what was begun, or in another browser session. */
    SESSION_MISMATCH,
    /** The callback is not what the service should send. */
    MALFORMED,
    /** The user or the service said no. */
    ACCESS_DENIED,
    /** The service reported another error. */
    PROVIDER_ERROR
  }

  private final Reason reason;

  /**
   * @param reason what became of it
   * @param message one sentence without any secret
   */
  public ConsentException(Reason reason, String message) {
    super(message, null);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** Returns what became of the sign-in. */
  public Reason reason() {
    return reason;
  }

  @Override
  public boolean userMustAct() {
    return true;
  }

  @Override
  public String remedy() {
    return "Begin the sign-in again.";
  }
}

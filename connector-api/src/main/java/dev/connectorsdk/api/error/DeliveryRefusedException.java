package dev.connectorsdk.api.error;

import java.util.Objects;

/**
 * A delivery of a webhook is not authentic, or cannot be shown to be. The message says what was
 * wrong and holds no secret, no signature and nothing of the payload.
 */
public final class DeliveryRefusedException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /** Why it was refused. */
  public enum Reason {
    /** There is no secret to check it with, or one that cannot be a key. */
    NO_SECRET,
    /** Something that has to be there is not, such as the signature's header. */
    MISSING,
    /** Something cannot be read, or is there twice. */
    MALFORMED,
    /** It names an algorithm, a key or a value that is not among the accepted ones. */
    UNKNOWN,
    /** The signature does not fit. */
    WRONG,
    /** It was signed too long ago. */
    LATE,
    /** Its timestamp is too far in the future. */
    EARLY,
    /** It is a handshake that nobody expects now. */
    UNEXPECTED,
    /** The service's keys could not be fetched; the same delivery may be accepted later. */
    KEYS_UNAVAILABLE
  }

  private final Reason reason;

  /**
   * @param reason why
   * @param message one sentence without any secret, signature or payload
   */
  public DeliveryRefusedException(Reason reason, String message) {
    super(message, remedy(reason), null);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** Returns why it was refused. */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns the HTTP status to answer with: 401; 404 for a handshake that nobody expects; 503 if
   * keys could not be fetched.
   */
  public int status() {
    return switch (reason) {
      case UNEXPECTED -> 404;
      case KEYS_UNAVAILABLE -> 503;
      default -> 401;
    };
  }

  @Override
  public boolean isRetryable() {
    return reason == Reason.KEYS_UNAVAILABLE;
  }

  private static String remedy(Reason reason) {
    return switch (reason) {
      case NO_SECRET -> "Give the webhook the secret that the service signs with.";
      case LATE, EARLY -> "If the service sent it, check the clock of this machine.";
      case UNEXPECTED -> "If the service sent it, register the webhook again.";
      case KEYS_UNAVAILABLE -> "Try again later.";
      case MISSING, MALFORMED, UNKNOWN, WRONG ->
          "If the service sent it, compare secret, registered URL and declared signature with what"
              + " the service says.";
    };
  }
}

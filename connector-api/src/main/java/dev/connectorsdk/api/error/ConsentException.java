package dev.connectorsdk.api.error;

import dev.connectorsdk.api.Account;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in failed. Nothing was stored: credentials that the connection had before are still there.
 */
public final class ConsentException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /** Why the sign-in failed. */
  public enum Reason {
    /** The callback belongs to no pending sign-in: unknown, used already, or too late. */
    STATE_UNKNOWN,
    /** The sign-in was finished by another principal or in another browser session. */
    SESSION_MISMATCH,
    /** The callback arrived at another redirect URI than its sign-in began with. */
    CONTEXT_MISMATCH,
    /** The callback is from another authorization server than the connection's; RFC 9207. */
    ISSUER_MISMATCH,
    /** The callback is not what the service should send. */
    MALFORMED,
    /** The user or the service said no. */
    ACCESS_DENIED,
    /** The service would have to ask the user, and the sign-in did not allow it to. */
    LOGIN_REQUIRED,
    /** The service does not know or not grant what was asked for. */
    INVALID_SCOPE,
    /** The service failed or is overloaded. */
    SERVER_ERROR,
    /** The service reported another error. */
    PROVIDER_ERROR,
    /** The ID token is not valid: wrong audience, nonce, issuer, signature or time. */
    IDENTITY_INVALID,
    /** Somebody signed in as another account than the connection's. */
    ACCOUNT_CHANGED,
    /**
     * The issuer's metadata name other endpoints than at the last sign-in of the connection; the
     * message says which.
     */
    ENDPOINTS_CHANGED,
    /** Nobody signed in before the time limit. */
    NOT_IN_TIME
  }

  private final Reason reason;
  private final transient @Nullable Account known;
  private final transient @Nullable Account arrived;
  private final @Nullable URI returnTo;

  /**
   * @param reason why it failed
   * @param message one sentence without any secret
   */
  public ConsentException(Reason reason, String message) {
    this(reason, message, null, null, null);
  }

  private ConsentException(
      Reason reason,
      String message,
      @Nullable Account known,
      @Nullable Account arrived,
      @Nullable URI returnTo) {
    super(message, remedy(reason), null);
    this.reason = Objects.requireNonNull(reason, "reason");
    this.known = known;
    this.arrived = arrived;
    this.returnTo = returnTo;
  }

  /**
   * Returns the exception for a sign-in as another account than the connection's.
   *
   * @param known the account of the connection
   * @param arrived the account that signed in, or {@code null} if the service did not name it
   */
  public static ConsentException accountChanged(Account known, @Nullable Account arrived) {
    String who =
        arrived == null ? "an account that the service did not name" : "'" + arrived.label() + "'";
    return new ConsentException(
        Reason.ACCOUNT_CHANGED,
        "The connection is of account '" + known.label() + "', but the sign-in was as " + who,
        known,
        arrived,
        null);
  }

  /** Returns a copy that names the page to which the user is sent back; {@code null} for none. */
  public ConsentException returningTo(@Nullable URI returnTo) {
    if (returnTo == null) {
      return this;
    }
    ConsentException same =
        new ConsentException(reason, String.valueOf(getMessage()), known, arrived, returnTo);
    same.setStackTrace(getStackTrace());
    return same;
  }

  /** Returns why the sign-in failed. */
  public Reason reason() {
    return reason;
  }

  /** Returns the account of the connection if another one signed in, else {@code null}. */
  public @Nullable Account knownAccount() {
    return known;
  }

  /** Returns the account that signed in if it is not the connection's, else {@code null}. */
  public @Nullable Account arrivedAccount() {
    return arrived;
  }

  /** Returns the page to which the user is sent back, or {@code null} if that is not known. */
  public @Nullable URI returnTo() {
    return returnTo;
  }

  @Override
  public boolean userMustAct() {
    return true;
  }

  private static String remedy(Reason reason) {
    return switch (reason) {
      case ACCOUNT_CHANGED ->
          "Sign in as the account that the connection is of, or begin again and allow another one.";
      case ENDPOINTS_CHANGED ->
          "Have an administrator check them, then begin again with"
              + " ConsentOptions.acceptingNewEndpoints.";
      case INVALID_SCOPE -> "Have an administrator check the scopes that are asked for.";
      default -> "Begin the sign-in again.";
    };
  }
}

package dev.connectorsdk.api.error;

import dev.connectorsdk.api.ConnectionId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** There is no credential that the service accepts. */
public final class AuthenticationException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /** Why there is none. */
  public enum Reason {
    /** Nobody has signed in yet. */
    CONSENT_PENDING,
    /** The service refused the credential of this call. */
    REJECTED,
    /** The credential has expired and cannot be renewed. */
    EXPIRED,
    /** The grant was revoked or has ended. */
    GRANT_ENDED,
    /** The client registration is missing or wrong; signing in again does not help. */
    CONFIGURATION,
    /** The grant lacks scopes that the action needs; the message names them. */
    INSUFFICIENT_SCOPE,
    /** A token could not be fetched; a later attempt may succeed. */
    TEMPORARY
  }

  private final transient ConnectionId connection;
  private final Reason reason;
  private final String problem;
  private final @Nullable Duration retryAfter;

  /**
   * @param connection whose credential it is
   * @param reason why it does not work
   * @param message one sentence without any secret
   */
  public AuthenticationException(ConnectionId connection, Reason reason, String message) {
    this(connection, reason, message, null);
  }

  /**
   * @param connection whose credential it is
   * @param reason why it does not work
   * @param message one sentence without any secret
   * @param cause what led to it; its message must hold no secret either
   */
  public AuthenticationException(
      ConnectionId connection, Reason reason, String message, @Nullable Throwable cause) {
    this(connection, reason, message, null, cause);
  }

  /**
   * @param connection whose credential it is
   * @param reason why it does not work
   * @param message one sentence without any secret
   * @param retryAfter how long to wait before trying again, or {@code null} if that is unknown
   * @param cause what led to it; its message must hold no secret either
   */
  public AuthenticationException(
      ConnectionId connection,
      Reason reason,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super("Connection '" + connection + "': " + message, remedy(reason), cause);
    this.connection = Objects.requireNonNull(connection, "connection");
    this.reason = Objects.requireNonNull(reason, "reason");
    this.problem = Objects.requireNonNull(message, "message");
    this.retryAfter = retryAfter;
  }

  /** Returns whose credential it is. */
  public ConnectionId connection() {
    return connection;
  }

  /** Returns why it does not work. */
  public Reason reason() {
    return reason;
  }

  /** Returns the sentence of the message, without the name of the connection. */
  public String problem() {
    return problem;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  @Override
  public boolean isRetryable() {
    return reason == Reason.TEMPORARY;
  }

  @Override
  public boolean userMustAct() {
    return reason != Reason.TEMPORARY;
  }

  private static String remedy(Reason reason) {
    return switch (reason) {
      case CONSENT_PENDING -> "Let the owner of the connection sign in.";
      case REJECTED, EXPIRED, GRANT_ENDED ->
          "Let the owner of the connection sign in again or enter new credentials.";
      case INSUFFICIENT_SCOPE ->
          "Let the owner of the connection sign in again and agree to what the message names.";
      case CONFIGURATION -> "Have an administrator check the registered client.";
      case TEMPORARY -> "Try again later.";
    };
  }
}

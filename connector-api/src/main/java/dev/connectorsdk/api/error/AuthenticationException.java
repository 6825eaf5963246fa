package dev.connectorsdk.api.error;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** There is no credential that the service accepts. */
public final class AuthenticationException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private static final long UNKNOWN = -1;

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
    /**
     * The client registration is missing or wrong, or a parameter such as the realm in the URL of
     * the token endpoint; signing in again does not help. The message has what the service said.
     * With {@link #retryAfter}, it may be a passing fault of the service as well.
     */
    CONFIGURATION,
    /** The grant lacks scopes that the action needs; the message names them. */
    INSUFFICIENT_SCOPE,
    /** An administrator has disabled the connection. Nothing was sent. */
    DISABLED,
    /**
     * The connection goes through a gateway that its owner may not use any more. Nothing was sent.
     */
    GATEWAY_NOT_SHARED,
    /** A token could not be fetched; a later attempt may succeed. */
    TEMPORARY
  }

  private final transient @Nullable ConnectionId connection;
  private final Reason reason;
  private final String problem;
  private final @Nullable Duration retryAfter;
  private final long endedVersion;

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
    this(connection, reason, message, retryAfter, cause, UNKNOWN);
  }

  private AuthenticationException(
      ConnectionId connection,
      Reason reason,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      long endedVersion) {
    super("Connection '" + connection + "': " + message, remedy(reason), cause);
    this.connection = Objects.requireNonNull(connection, "connection");
    this.reason = Objects.requireNonNull(reason, "reason");
    this.problem = Objects.requireNonNull(message, "message");
    this.retryAfter = retryAfter;
    this.endedVersion = endedVersion;
  }

  /**
   * Makes one for a caller to whom the connection is not to be named, because it is somebody
   * else's.
   *
   * @param reference by which the caller uses the connection
   * @param reason why its credential does not work
   * @param message one sentence without any secret, and by which the connection cannot be told
   * @param retryAfter how long to wait before trying again, or {@code null} if that is unknown
   */
  public AuthenticationException(
      ConnectionReference reference, Reason reason, String message, @Nullable Duration retryAfter) {
    super("Reference '" + reference.logicalName() + "': " + message, remedy(reason), null);
    this.connection = null;
    this.reason = Objects.requireNonNull(reason, "reason");
    this.problem = Objects.requireNonNull(message, "message");
    this.retryAfter = retryAfter;
    this.endedVersion = UNKNOWN;
  }

  /**
   * Returns an exception with reason {@code GRANT_ENDED}, for auth strategies: the credentials of
   * this version of the vault can no longer be renewed. The connection's status changes unless the
   * vault has another version by now: another process may have got the next credential and store it
   * late.
   *
   * @param connection whose credential it is
   * @param version the version that was read from the {@link
   *     dev.connectorsdk.api.auth.CredentialVault}
   * @param message one sentence without any secret
   * @param cause what led to it; its message must hold no secret either
   */
  public static AuthenticationException grantEnded(
      ConnectionId connection, long version, String message, @Nullable Throwable cause) {
    return new AuthenticationException(
        connection, Reason.GRANT_ENDED, message, null, cause, version);
  }

  /** Returns whose credential it is, or {@code null} if that is not the caller's own connection. */
  public @Nullable ConnectionId connection() {
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

  /** Returns the version of the vault whose credentials have ended, if it is known. */
  public OptionalLong endedVersion() {
    return endedVersion == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(endedVersion);
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
      case DISABLED -> "Have an administrator enable the connection.";
      case GATEWAY_NOT_SHARED ->
          "Have whoever looks after the gateway share it with the owner of the connection.";
      case CONFIGURATION ->
          "Have whoever registered the client check it, and the parameters of the connection.";
      case TEMPORARY -> "Try again later.";
    };
  }
}

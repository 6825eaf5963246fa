package dev.connectorsdk.api;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection can be used.
 *
 * <p>A new connection is {@link State#UNAUTHENTICATED} while a sign-in is outstanding and {@link
 * State#CONNECTED} once its credentials are there and, if the connector has a test, the test
 * passed. Credentials that a service refuses for good lead back to {@code UNAUTHENTICATED}; a
 * failed test leads to {@link State#ERROR}. Fixing the connection keeps its id and leads to {@code
 * CONNECTED} again. A transport failure during a call never changes the state. An administrator may
 * put {@link State#DISABLED} over any state; what is below shows again once that is lifted.
 *
 * @param state where the connection is in its life
 * @param reason why it is not connected, or {@code null} if it is
 * @param message one sentence for a person, without any secret, or {@code null} if connected
 * @param since when the connection entered this state
 * @param by the administrator who disabled it, or {@code null} if none did
 */
public record ConnectionStatus(
    State state,
    @Nullable Reason reason,
    @Nullable String message,
    Instant since,
    @Nullable Principal by) {

  /** Where a connection is in its life. */
  public enum State {
    /** Somebody has to sign in, again or for the first time. */
    UNAUTHENTICATED,
    /** Ready for use. */
    CONNECTED,
    /**
     * The last test failed, the connection cannot work as it is configured, or its connector is
     * missing.
     */
    ERROR,
    /**
     * Switched off by a data policy, or by an administrator: then it can be seen and deleted, but
     * not used or changed.
     */
    DISABLED
  }

  /** Why a connection is not connected. */
  public enum Reason {
    /** The owner has not signed in yet. */
    CONSENT_PENDING,
    /** The connector's test has not been run yet. */
    NOT_TESTED,
    /** The service refused the stored credentials. */
    CREDENTIALS_REJECTED,
    /** The grant was revoked or has ended and cannot be renewed. */
    GRANT_ENDED,
    /** The stored credential passed its expiry. */
    CREDENTIALS_EXPIRED,
    /** The connector's test failed for another reason than authentication. */
    TEST_FAILED,
    /** The client registration or a parameter is wrong; signing in again does not help. */
    CONFIGURATION,
    /** The stored secret cannot be decrypted. */
    CREDENTIALS_UNREADABLE,
    /**
     * What is stored of the connection is not understood: a later version of this library wrote it,
     * or it was damaged. The connection can be seen and deleted, but neither used nor changed.
     */
    NOT_UNDERSTOOD,
    /**
     * Its owner has deleted it, and what was registered with it is being removed at the service.
     * Only stores see this: nobody finds such a connection any more.
     */
    DELETED,
    /** An administrator has disabled the connection. */
    ADMINISTRATOR,
    /**
     * An administrator has given the connection to its owner, who has to sign in or to enter the
     * credentials.
     */
    HANDED_OVER,
    /**
     * Its environment has no such connector, or the connector no such way to authenticate any more.
     * It is shown for as long as that is so, and never stored.
     */
    CONNECTOR_MISSING,
    /**
     * A data policy blocks the connector. It is shown for as long as that is so, and never stored.
     */
    POLICY;

    /** Returns whether its owner mends it by credentials: signs in, or enters them. */
    public boolean needsCredentials() {
      return switch (this) {
        case CONSENT_PENDING,
            CREDENTIALS_REJECTED,
            GRANT_ENDED,
            CREDENTIALS_EXPIRED,
            CREDENTIALS_UNREADABLE,
            HANDED_OVER ->
            true;
        case NOT_TESTED,
            TEST_FAILED,
            CONFIGURATION,
            NOT_UNDERSTOOD,
            DELETED,
            ADMINISTRATOR,
            CONNECTOR_MISSING,
            POLICY ->
            false;
      };
    }
  }

  public ConnectionStatus {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(since, "since");
  }

  /** Returns the state of a connection that is ready for use. */
  public static ConnectionStatus connected(Instant since) {
    return new ConnectionStatus(State.CONNECTED, null, null, since, null);
  }

  /** Returns the state of a connection that is not ready, with the reason. */
  public static ConnectionStatus notConnected(
      State state, Reason reason, String message, Instant since) {
    return new ConnectionStatus(
        state, Objects.requireNonNull(reason, "reason"), message, since, null);
  }

  /**
   * Returns the state of a connection that an administrator has disabled.
   *
   * @param why one sentence for its owner
   */
  public static ConnectionStatus disabled(Principal by, String why, Instant since) {
    return new ConnectionStatus(
        State.DISABLED, Reason.ADMINISTRATOR, why, since, Objects.requireNonNull(by, "by"));
  }

  /** Returns whether calls may use the connection. */
  public boolean isConnected() {
    return state == State.CONNECTED;
  }

  /** Returns the state and its reason, for logs and messages. */
  @Override
  public String toString() {
    return reason == null ? state.name() : state + " (" + reason + ")";
  }
}

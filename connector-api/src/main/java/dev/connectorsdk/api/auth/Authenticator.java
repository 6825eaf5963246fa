package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.http.HttpResponse;
import java.time.Instant;

/**
 * Authenticates the requests of one connection. Used by several threads at once.
 *
 * <p>Implementations keep what they need in memory, so that a request whose credential is fresh
 * costs no I/O and no lock.
 */
@FunctionalInterface
public interface Authenticator {

  /**
   * Adds the current credential to a request, after renewing it if that is due.
   *
   * @return a number that grows when the credential is replaced; 0 for one that never is
   * @throws dev.connectorsdk.api.error.AuthenticationException if there is no usable credential
   */
  long authenticate(AuthRequest request);

  /**
   * Gets a newer credential after the service refused one, at most once however many threads ask.
   *
   * @param refused what {@link #authenticate} returned for the refused request
   * @param deadline when the time limit of the call ends, by the clock of {@link AuthContext};
   *     {@link Instant#MAX} if it has none
   * @return whether there is now a newer credential than the refused one, so that sending the
   *     request again can help
   * @throws dev.connectorsdk.api.error.AuthenticationException if the credential cannot be renewed
   *     any more, or with reason {@code TEMPORARY} if that is not known before the deadline
   */
  default boolean renew(long refused, Instant deadline) {
    return false;
  }

  /**
   * Returns whether an answer means that the service did not accept the credential, for services
   * that use another status than 401. Called only for answers that the connector does not accept,
   * and for successes if {@link #seesSuccess} says so.
   *
   * <p>Such an answer leads to {@link #renew}; if that does not help, the call fails with an {@link
   * dev.connectorsdk.api.error.AuthenticationException}, reason {@code REJECTED}.
   */
  default boolean isRefusal(HttpResponse answer) {
    return false;
  }

  /**
   * Returns whether {@link #isRefusal} is called for successes too, for services that refuse with
   * one. Asked once, when the connection is opened. By default it is not.
   */
  default boolean seesSuccess() {
    return false;
  }

  /**
   * Renews the credential if its refresh token was last used before {@code lastUsedBefore}, lest it
   * expire unused. By default it does nothing. Called where the {@linkplain AuthContext#vault
   * vault} holds something, unless {@link AuthStrategy#renewal} has said that it is not due.
   *
   * @param lastUsedBefore a refresh token that was used since then is left alone
   * @return whether the credential was replaced
   * @throws dev.connectorsdk.api.error.ConnectorException if that failed
   */
  default boolean keepAlive(Instant lastUsedBefore) {
    return false;
  }
}

package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.http.HttpResponse;
import java.time.Instant;

/**
 * Makes the requests of one connection authenticated. Used by several threads at once.
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
   * @param deadline when the call is out of time, by the clock of {@link AuthContext}; waiting for
   *     longer is of no use to it. {@link Instant#MAX} if it can wait for as long as it takes.
   * @return whether there is now a newer credential than the refused one, so that sending the
   *     request again can help
   * @throws dev.connectorsdk.api.error.AuthenticationException if the credential is gone for good,
   *     or with reason {@code TEMPORARY} if it is not known in time whether there is a newer one
   */
  default boolean renew(long refused, Instant deadline) {
    return false;
  }

  /**
   * Returns whether an answer means that the service did not accept the credential, for services
   * that say so in another way than by status 401. Asked only about answers that are no success and
   * that the connector does not accept.
   *
   * <p>Such an answer leads to {@link #renew}; if that is of no use, the call fails with an {@link
   * dev.connectorsdk.api.error.AuthenticationException}, reason {@code REJECTED}.
   */
  default boolean isRefusal(HttpResponse answer) {
    return false;
  }

  /**
   * Replaces the credential if what it is renewed with was not used for long and would end for that
   * reason. By default there is nothing to do.
   *
   * @param lastUsedBefore what was used since then is left alone
   * @return whether the credential was replaced
   * @throws dev.connectorsdk.api.error.ConnectorException if that failed
   */
  default boolean keepAlive(Instant lastUsedBefore) {
    return false;
  }
}

package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a connection works, best by asking the service who is signed in.
 *
 * <p>Called when a connection was made or changed, and on demand. Must change nothing at the
 * service. Safe for use by several threads.
 */
@FunctionalInterface
public interface ConnectionTest {

  /**
   * Asks the service. Returning normally means that the connection works.
   *
   * @return the account behind the connection, or {@code null} if the service does not name one
   * @throws Exception whatever a request threw; an {@link
   *     dev.connectorsdk.api.error.AuthenticationException} or an answer 401 or 403 means that the
   *     credentials are wrong
   */
  @Nullable Account test(ActionContext context) throws Exception;
}

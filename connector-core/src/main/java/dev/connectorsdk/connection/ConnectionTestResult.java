package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import org.jspecify.annotations.Nullable;

/**
 * The result of testing a connection.
 *
 * @param outcome whether the connection works, or what kind of problem it has
 * @param account the account behind the connection, or {@code null} if the service did not name it
 * @param problem one sentence for a person, without any secret, or {@code null} if it works
 */
public record ConnectionTestResult(
    Outcome outcome, @Nullable Account account, @Nullable String problem) {

  /** Whether a connection works, or what kind of problem it has. */
  public enum Outcome {
    /** It works. */
    OK,
    /** The connector has no test; the service was not asked. */
    NO_TEST,
    /**
     * It is not known whether the connection works: the service did not answer, failed (status 5xx)
     * or asked to wait (429, or 403 with a pause); or the problem is not the connection's, because
     * the service refuses the host's OAuth client or the test needs a scope that was not granted.
     */
    NOT_REACHABLE,
    /** The service answered and refused the credentials, or there are none. */
    NOT_AUTHENTICATED,
    /** The service answered and something else is wrong. */
    FAILED
  }

  /** Returns whether the service answered what was asked. */
  public boolean reachable() {
    return outcome != Outcome.NOT_REACHABLE && outcome != Outcome.NO_TEST;
  }

  /** Returns whether the service accepted the credentials. */
  public boolean authenticated() {
    return outcome == Outcome.OK;
  }
}

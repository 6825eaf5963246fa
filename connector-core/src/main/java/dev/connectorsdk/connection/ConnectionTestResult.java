package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import org.jspecify.annotations.Nullable;

/**
 * What the test of a connection found out.
 *
 * @param outcome the answer in one word
 * @param account the account behind the connection, if the service told
 * @param problem one sentence for a person, without any secret, or {@code null} if it works
 */
public record ConnectionTestResult(
    Outcome outcome, @Nullable Account account, @Nullable String problem) {

  /** The answer in one word. */
  public enum Outcome {
    /** It works. */
    OK,
    /** The connector has no test, so nobody asked. */
    NO_TEST,
    /**
     * The service could not be asked: it did not answer, failed (status 5xx), asked for patience
     * (429), or the fault is not the connection's: the host's client is refused, or the test needs
     * a scope that was not granted.
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

package dev.connectorsdk.internal.definition.policy;

import org.jspecify.annotations.Nullable;

/**
 * One instance of a policy template, read.
 *
 * @param section when it works
 * @param movesHost whether it says where the service is
 * @param method the method that is sent instead of the operation's own, or {@code null}
 * @param refusal the status that means that the connection's credentials are refused, or {@code
 *     null}
 * @param polling how the operations are polled that it is over, or {@code null}
 * @param obstacle why operations under it cannot run, or {@code null} if they can
 */
record Policy(
    PolicyScope scope,
    Section section,
    RequestStep step,
    boolean movesHost,
    @Nullable String method,
    @Nullable Integer refusal,
    @Nullable PollingPolicy polling,
    @Nullable String obstacle) {

  /** Returns a policy that cannot be done. */
  static Policy refused(PolicyScope scope, boolean movesHost, String obstacle) {
    return new Policy(
        scope, Section.REQUEST, MessageStep.NOTHING, movesHost, null, null, null, obstacle);
  }

  boolean covers(String operation) {
    return scope.covers(operation);
  }
}

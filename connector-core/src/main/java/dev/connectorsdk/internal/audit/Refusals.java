package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import org.jspecify.annotations.Nullable;

/** Tells refusals from failures, and what records say of either. */
final class Refusals {

  private Refusals() {}

  /**
   * Returns whether a right, a share, an administrator or a data policy did not permit something.
   */
  static boolean isRefusal(ConnectorException failure) {
    return failure instanceof PolicyException
        || failure instanceof PermissionDeniedException
        || failure instanceof ResolutionException.Denied
        || failure instanceof ResolutionException.Withdrawn
        || failure instanceof ResolutionException.Foreign
        || failure instanceof HostNotAllowedException
        || (failure instanceof AuthenticationException e
            && (e.reason() == AuthenticationException.Reason.DISABLED
                || e.reason() == AuthenticationException.Reason.GATEWAY_NOT_SHARED));
  }

  /**
   * Returns the verdict on a call.
   *
   * @param failure {@code null} if it went well
   */
  static Verdict verdict(@Nullable ConnectorException failure) {
    if (failure == null) {
      return Verdict.DONE;
    }
    return isRefusal(failure)
        ? denied(failure)
        : Verdict.failed(failure.getClass().getSimpleName());
  }

  /** Returns the verdict on what was not permitted, whatever was said of it. */
  static Verdict denied(ConnectorException failure) {
    return Verdict.refused(rule(failure), failure.getClass().getSimpleName());
  }

  private static String rule(ConnectorException failure) {
    if (failure instanceof PermissionDeniedException e) {
      return e.missingRight();
    }
    return failure instanceof PolicyException e ? rule(e.policy(), e.version(), e.rule()) : "";
  }

  /** Returns what a record calls a rule of a data policy. */
  static String rule(String policy, long version, String rule) {
    return "data policy " + policy + (version == 0 ? "" : " version " + version) + ", " + rule;
  }

  /** Returns where a request was to go that was refused, or {@code null} if it was no request. */
  static @Nullable String origin(ConnectorException failure) {
    if (failure instanceof PolicyException e) {
      return e.origin().orElse(null);
    }
    return failure instanceof HostNotAllowedException e ? e.origin() : null;
  }
}

package dev.connectorsdk.api.error;

import dev.connectorsdk.api.Principal;

/**
 * Whether somebody belongs to a group cannot be told now, and what depends on it is refused: the
 * host's {@link dev.connectorsdk.api.spi.Memberships} failed, or there are none. Nothing was sent.
 */
public final class MembershipException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  private MembershipException(String message, String remedy, boolean retryable) {
    super(message, remedy, null);
    this.retryable = retryable;
  }

  /** Returns that the host's memberships gave no answer in time. */
  public static MembershipException unanswered(Principal group, Principal member) {
    return new MembershipException(
        "Whether " + member + " belongs to " + group + " cannot be told now.",
        "Try again when the host can tell who belongs to the group.",
        true);
  }

  /** Returns that the host has no memberships. */
  public static MembershipException unknown(Principal group, Principal member) {
    return new MembershipException(
        "Whether "
            + member
            + " belongs to "
            + group
            + " cannot be told: the runtime was given no memberships.",
        "Give the runtime's builder the host's memberships, or name the members of the group.",
        false);
  }

  @Override
  public boolean isRetryable() {
    return retryable;
  }

  @Override
  public boolean userMustAct() {
    return !retryable;
  }
}

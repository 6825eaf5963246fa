package dev.connectorsdk.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The context of a call: who, where, and for which work. The host makes it from what it has
 * authenticated; nothing in it may come from the user's input unchecked.
 *
 * @param principal who calls: a user, a service or a flow, not a group
 * @param environment where
 * @param flow the host's unit of work that the call belongs to, or {@code null} for a call that the
 *     principal makes directly, for which only own connections are used
 */
public record Caller(Principal principal, Environment environment, @Nullable Flow flow) {

  public Caller {
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(environment, "environment");
    if (principal.isGroup()) {
      throw new IllegalArgumentException(
          principal + " cannot call: name the one of its members who does");
    }
    if (principal.kind() == Principal.Kind.FLOW
        && (flow == null || !flow.id().equals(principal.id()))) {
      throw new IllegalArgumentException(principal + " calls for itself: flow.in(environment)");
    }
  }

  /** Returns the same principal and environment, acting for {@code flow}. */
  public Caller running(Flow flow) {
    return new Caller(principal, environment, Objects.requireNonNull(flow, "flow"));
  }

  /** Returns who, where and the flow's id, for logs and messages. */
  @Override
  public String toString() {
    Flow running = flow;
    return running == null || principal.kind() == Principal.Kind.FLOW
        ? principal + " in " + environment
        : principal + " in " + environment + " running " + running.id();
  }
}

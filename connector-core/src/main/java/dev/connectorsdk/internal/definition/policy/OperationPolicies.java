package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.http.WireResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one operation is under. Immutable. */
public final class OperationPolicies {

  private final List<RequestStep> request;
  private final List<MessageStep> response;
  private final List<MessageStep> failure;
  private final @Nullable Script script;
  private final @Nullable String method;
  private final Set<Integer> refusals;
  private final HostAdditions additions;

  OperationPolicies(List<Policy> policies, @Nullable Script script, HostAdditions additions) {
    this.request = steps(policies, Section.REQUEST, RequestStep.class);
    this.response = steps(policies, Section.RESPONSE, MessageStep.class);
    this.failure = steps(policies, Section.FAILURE, MessageStep.class);
    this.script = script;
    this.method = method(policies);
    this.refusals = refusals(policies);
    this.additions = additions;
  }

  private static <S> List<S> steps(List<Policy> policies, Section section, Class<S> type) {
    List<S> steps = new ArrayList<>();
    for (Policy policy : policies) {
      if (policy.section() == section && !policy.step().equals(MessageStep.NOTHING)) {
        steps.add(type.cast(policy.step()));
      }
    }
    return List.copyOf(steps);
  }

  /** The last one that says so counts. */
  private static @Nullable String method(List<Policy> policies) {
    String method = null;
    for (Policy policy : policies) {
      method = policy.method() == null ? method : policy.method();
    }
    return method;
  }

  private static Set<Integer> refusals(List<Policy> policies) {
    Set<Integer> statuses = new HashSet<>();
    for (Policy policy : policies) {
      if (policy.refusal() != null) {
        statuses.add(policy.refusal());
      }
    }
    return Set.copyOf(statuses);
  }

  /** Returns the steps before sending, in order. */
  List<RequestStep> request() {
    return request;
  }

  /** Returns the steps on the answer, in order. */
  List<MessageStep> response() {
    return response;
  }

  /** Returns the steps on an answer that is no success, in order. */
  List<MessageStep> failure() {
    return failure;
  }

  /** Returns whether an answer stays as it is. */
  boolean passesOn(WireResponse answer) {
    return response.isEmpty() && (failure.isEmpty() || answer.isSuccess());
  }

  /** Returns what replaces sending, or {@code null} for nothing. */
  @Nullable Script script() {
    return script;
  }

  HostAdditions additions() {
    return additions;
  }

  /** Returns the method that is sent instead of the operation's own, or {@code null}. */
  public @Nullable String method() {
    return method;
  }

  /** Returns whether a status means that the connection's credentials are refused. */
  public boolean refuses(int status) {
    return refusals.contains(status);
  }

  /** Returns whether requests and answers stay as they are. */
  public boolean isNothing() {
    return request.isEmpty() && response.isEmpty() && failure.isEmpty() && script == null;
  }

  /**
   * Returns whether what the service answers is what the caller gets, and is the only answer: so
   * that a file need not be held to be looked at.
   */
  public boolean passAnswersOn() {
    return script == null
        && response.isEmpty()
        && request.stream().noneMatch(ValueFromUrlStep.class::isInstance);
  }
}

package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.policy.Policy.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one operation is under. Immutable.
 *
 * @param request the steps before sending, in order
 * @param response the steps on the answer, in order
 * @param failure the steps on an answer that is no success, in order
 * @param script what replaces sending, or {@code null} for nothing
 * @param method the method that is sent instead of the operation's own, or {@code null}
 * @param refusals the statuses that mean that the connection's credentials are refused
 */
public record OperationPolicies(
    List<Policy.Step> request,
    List<Policy.Step> response,
    List<Policy.Step> failure,
    @Nullable Script script,
    @Nullable String method,
    Set<Integer> refusals,
    HostAdditions additions) {

  public OperationPolicies {
    request = List.copyOf(request);
    response = List.copyOf(response);
    failure = List.copyOf(failure);
    refusals = Set.copyOf(refusals);
  }

  OperationPolicies(List<Policy> policies, @Nullable Script script, HostAdditions additions) {
    this(
        steps(policies, Section.REQUEST),
        steps(policies, Section.RESPONSE),
        steps(policies, Section.FAILURE),
        script,
        method(policies),
        refusals(policies),
        additions);
  }

  private static List<Policy.Step> steps(List<Policy> policies, Section section) {
    List<Policy.Step> steps = new ArrayList<>();
    for (Policy policy : policies) {
      if (policy.section() == section && policy.step() != null) {
        steps.add(policy.step());
      }
    }
    return steps;
  }

  private static @Nullable String method(List<Policy> policies) {
    String method = null;
    for (Policy policy : policies) {
      String routed =
          policy.template().equals("routerequesttoendpoint")
              ? PolicyReader.routedMethod(policy.parameters())
              : null;
      method = routed == null ? method : routed;
    }
    return method;
  }

  private static Set<Integer> refusals(List<Policy> policies) {
    Set<Integer> statuses = new HashSet<>();
    for (Policy policy : policies) {
      if (policy.template().equals("setconnectionstatustounauthenticated")) {
        statuses.add(PolicyReader.number(policy.parameters(), "statusCode"));
      }
    }
    return statuses;
  }

  /** Returns whether requests and answers stay as they are. */
  public boolean isNothing() {
    return request.isEmpty() && response.isEmpty() && failure.isEmpty() && script == null;
  }
}

package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.policy.OperationPolicies;
import dev.connectorsdk.internal.definition.request.DeclaredAnswer;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation as it was read.
 *
 * @param trigger {@code null} if it is an action
 * @param policies what its requests and answers pass
 * @param obstacles why it cannot be called; empty if it can
 */
public record Operation(
    DeclaredOperation declared,
    DeclaredRequest request,
    DeclaredAnswer answer,
    @Nullable DeclaredTrigger trigger,
    OperationPolicies policies,
    Effects effects,
    List<String> obstacles) {

  public Operation {
    obstacles = List.copyOf(obstacles);
  }

  public String id() {
    return declared.id();
  }

  public List<Parameter> parameters() {
    return request.parameters();
  }

  public boolean isSupported() {
    return obstacles.isEmpty();
  }
}

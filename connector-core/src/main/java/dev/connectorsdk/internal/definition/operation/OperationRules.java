package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.Corrections;
import dev.connectorsdk.internal.definition.document.ServiceUrl;
import dev.connectorsdk.internal.definition.policy.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for operations whatever they declare themselves.
 *
 * @param corrections what the host changes
 * @param parameters the names of connection parameters, in lower case
 * @param sealed the names of those that members of a gateway alone can read, whatever the
 *     connection; in lower case
 * @param unauthenticated why no request can be authenticated, or {@code null} if they can
 */
public record OperationRules(
    Policies policies,
    ServiceUrl serviceUrl,
    Corrections corrections,
    Set<String> parameters,
    Set<String> sealed,
    @Nullable String unauthenticated) {

  /** Returns why an operation cannot be called; empty if it can. */
  List<String> obstacles(String operation) {
    List<String> obstacles = new ArrayList<>();
    String disabled = corrections.disabled(operation);
    if (disabled != null) {
      obstacles.add("the host has disabled it: " + disabled);
    }
    if (serviceUrl.obstacle() != null && !policies.replacesHost(operation)) {
      obstacles.add(serviceUrl.obstacle());
    }
    if (unauthenticated != null) {
      obstacles.add(unauthenticated);
    }
    String missing = policies.missingForHost(operation, parameters);
    if (missing != null) {
      obstacles.add(
          "its host is the connection parameter '"
              + missing
              + "', which the definition does not declare");
    }
    for (String secret : policies.reads(operation, sealed)) {
      obstacles.add(
          "a policy reads the secret '" + secret + "', which members of a gateway alone can read");
    }
    obstacles.addAll(policies.obstacles(operation));
    return obstacles;
  }
}

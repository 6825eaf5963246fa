package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.http.WireResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One instance of a policy template, read.
 *
 * @param template the template's id, in lower case
 * @param scope the ids of the operations that it is over; empty for all
 * @param section when it works
 * @param step what it does, or {@code null} if it does nothing to a message
 * @param obstacle why operations under it cannot run, or {@code null} if they can
 * @param parameters as declared
 */
record Policy(
    String template,
    List<String> scope,
    Section section,
    @Nullable Step step,
    @Nullable String obstacle,
    JsonNode parameters) {

  /** When a policy works. */
  enum Section {
    REQUEST,
    RESPONSE,
    FAILURE
  }

  /** What a policy does to a message. Shared by all calls. */
  @FunctionalInterface
  interface Step {

    /**
     * Works on the message.
     *
     * @return an answer that ends the call, or {@code null} to go on
     */
    @Nullable WireResponse apply(PolicyRun run, HostRules hosts);
  }

  /** Returns whether it says where the service is. */
  boolean movesHost() {
    return template.equals("dynamichosturl") || template.equals("dynamicsubdomain");
  }

  // An empty list means all operations. A name that differs in case counts: running an operation
  // without its policy is worse than not running it.
  boolean covers(String operationId) {
    return scope.isEmpty() || scope.stream().anyMatch(operationId::equalsIgnoreCase);
  }
}

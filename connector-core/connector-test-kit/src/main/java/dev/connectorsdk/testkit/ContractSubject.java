package dev.connectorsdk.testkit;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connector, and what its author says about it.
 *
 * @param values of parameters of the connection; all secrets among them
 * @param samples inputs and configurations, by the operation's id
 * @param answers of the service to an operation, one after the other
 * @param deliveries bodies that the service sends, by the trigger's id
 * @param signingKeys private keys that deliveries are signed with, by the trigger's id
 * @param reading actions that read by requests which are not safe in general
 * @param leftOut operations that are not looked at, and why
 * @param onlyErrors whether warnings of the lint count for nothing
 */
record ContractSubject(
    Connector connector,
    AuthOption option,
    List<AuthStrategy<?>> strategies,
    Map<String, Object> values,
    Map<String, Object> samples,
    Map<String, List<String>> answers,
    Map<String, String> deliveries,
    Map<String, Secret> signingKeys,
    Set<String> reading,
    Map<String, String> leftOut,
    List<Consumer<RuntimeBuilder>> settings,
    boolean onlyErrors) {

  List<String> answersOf(String operation) {
    return answers.getOrDefault(operation, List.of());
  }

  /** Returns whether a request of an action only reads, though its method could do more. */
  boolean isReading(PlayedRequest request, Probe probe) {
    return request.method().equals("POST") && reading.contains(probe.actionId());
  }

  @Nullable Object sampleOf(String operation) {
    return samples.get(operation);
  }
}

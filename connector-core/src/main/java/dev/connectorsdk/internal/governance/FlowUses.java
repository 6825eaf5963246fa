package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.internal.cache.MadeOnce;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one flow, or one call without a flow, does with connectors. It has no equality by value,
 * since where sign-ins go is found out when it is asked for.
 *
 * @param flow its id, or {@code null} for a call without a flow
 * @param uses each connector once
 */
public record FlowUses(@Nullable String flow, List<Use> uses) {

  /**
   * The use of one connector.
   *
   * @param operations ids of the actions and triggers that are called
   * @param endpoints where requests go, as far as that is known beforehand
   * @param signIns where sign-ins send requests, which does not decide about the use; asked only by
   *     policies that have endpoint rules or URL patterns for the connector, since that reads its
   *     definition
   */
  public record Use(
      ConnectorFacts connector,
      Set<String> operations,
      List<EffectiveUrl> endpoints,
      Supplier<List<EffectiveUrl>> signIns) {

    public Use {
      operations = Set.copyOf(operations);
      endpoints = List.copyOf(endpoints);
    }

    public Use(ConnectorFacts connector, Set<String> operations, List<EffectiveUrl> endpoints) {
      this(connector, operations, endpoints, List::of);
    }
  }

  public FlowUses {
    uses = List.copyOf(uses);
  }

  /**
   * Returns what a flow declares.
   *
   * @param facts what is known of a connector
   */
  static FlowUses of(Flow flow, Function<ConnectorId, ConnectorFacts> facts) {
    Map<ConnectorId, Set<String>> operations = new LinkedHashMap<>();
    for (ConnectionReference reference : flow.references()) {
      operations
          .computeIfAbsent(reference.connector(), c -> new HashSet<>())
          .addAll(flow.operations(reference));
    }
    List<Use> uses = new ArrayList<>();
    operations.forEach(
        (connector, called) -> uses.add(new Use(facts.apply(connector), called, List.of())));
    return new FlowUses(flow.id(), uses);
  }

  /**
   * Returns the same uses with where sign-ins of each connector send requests.
   *
   * @param signIns is called at most once for each connector, however many policies ask
   */
  FlowUses withSignIns(Function<ConnectorId, List<EffectiveUrl>> signIns) {
    return new FlowUses(
        flow,
        uses.stream()
            .map(
                use ->
                    new Use(
                        use.connector(),
                        use.operations(),
                        use.endpoints(),
                        new MadeOnce<>(() -> signIns.apply(use.connector().id()))))
            .toList());
  }
}

package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.internal.cache.FreshValue;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.cache.StoreChanges;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policies as they were stored at most the freshness ago. Safe for several threads. */
final class StoredPolicies {

  private final ConnectorRegister register;
  private final FreshValue<PolicySet> known;

  StoredPolicies(PolicyStore store, StoreChanges changes, ConnectorRegister register) {
    this.register = register;
    this.known =
        new FreshValue<>(
            changes,
            before -> {
              List<PolicyStore.StoredPolicy> rows = store.listPolicies();
              return before != null && before.rows().equals(rows)
                  ? before
                  : PolicySet.of(rows, register);
            },
            (before, present) -> {});
  }

  /**
   * Returns the policies.
   *
   * @throws dev.connectorsdk.api.error.StoreException if they cannot be read
   */
  PolicySet current() {
    return known.get();
  }

  /**
   * Returns the policies, to judge a call by. What they know of the connectors that they judge was
   * stored at most the freshness ago, too: another process may have replaced them.
   *
   * @param environment {@code null} for what is not done in a single one
   * @param flow all of whose connectors are judged; {@code null} for none
   * @param connector that is called
   * @throws dev.connectorsdk.api.error.StoreException if policies or connectors cannot be read
   */
  PolicySet judging(@Nullable Environment environment, @Nullable Flow flow, ConnectorId connector) {
    PolicySet now = known.get();
    if (!dependsOnStored(now, environment, flow, connector)) {
      return now;
    }
    register.refresh();
    return known.get();
  }

  /** Returns the same, has the moment know until when, and renews it if that was not in memory. */
  PolicySet judging(
      Environment environment, @Nullable Flow flow, ConnectorId connector, Moment at) {
    PolicySet now = known.get(at);
    if (!dependsOnStored(now, environment, flow, connector)) {
      return now;
    }
    register.refresh(at);
    return known.get(at);
  }

  private boolean dependsOnStored(
      PolicySet policies,
      @Nullable Environment environment,
      @Nullable Flow flow,
      ConnectorId connector) {
    if (environment == null || policies.isEmpty()) {
      return false;
    }
    if (flow != null) {
      for (ConnectionReference reference : flow.references()) {
        if (register.isReplaceable(environment, reference.connector())) {
          return true;
        }
      }
    }
    return register.isReplaceable(environment, connector);
  }

  /** Returns the policies as they are stored now. */
  PolicySet reread() {
    return known.reread();
  }

  /** Has the policies read again before anybody asks them, because they were changed. */
  void expire() {
    known.expire();
  }

  /** Has the same policies judge the connectors anew. */
  void connectorsChanged() {
    known.remake(policies -> PolicySet.of(policies.rows(), register));
  }
}

package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.internal.cache.FreshValue;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.cache.StoreChanges;
import java.util.List;

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

  /** Returns the same, and renews the moment if they were not in memory. */
  PolicySet current(Moment at) {
    return known.get(at);
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

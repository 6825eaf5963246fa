package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.spi.PolicyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The policies as they were stored at most the freshness ago. One thread at a time reads them, so
 * that what was read later is never replaced by what was read before. Safe for several threads.
 */
final class StoredPolicies {

  private static final long EXPIRED = Long.MIN_VALUE / 2;

  private final PolicyStore store;
  private final Clock clock;
  private final long freshMillis;
  private final ConnectorRegister register;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Snapshot snapshot; // written under reading

  private record Snapshot(PolicySet policies, long readAt) {}

  StoredPolicies(PolicyStore store, Clock clock, Duration freshness, ConnectorRegister register) {
    this.store = store;
    this.clock = clock;
    this.freshMillis = freshness.toMillis();
    this.register = register;
  }

  /**
   * Returns the policies.
   *
   * @throws dev.connectorsdk.api.error.StoreException if they cannot be read
   */
  PolicySet current() {
    Snapshot known = snapshot;
    return known != null && isFresh(known) ? known.policies() : read(false);
  }

  /** Returns the policies as they are stored now. */
  PolicySet reread() {
    return read(true);
  }

  /** Has the policies read again before anybody asks them, because they were changed. */
  void expire() {
    reading.lock();
    try {
      Snapshot known = snapshot;
      snapshot = known == null ? null : new Snapshot(known.policies(), EXPIRED);
    } finally {
      reading.unlock();
    }
  }

  private PolicySet read(boolean anyway) {
    reading.lock();
    try {
      Snapshot known = snapshot;
      if (known != null && !anyway && isFresh(known)) {
        return known.policies();
      }
      long now = clock.millis();
      List<PolicyStore.StoredPolicy> rows = store.listPolicies();
      PolicySet policies =
          known != null && known.policies().rows().equals(rows)
              ? known.policies()
              : PolicySet.of(rows, register);
      snapshot = new Snapshot(policies, now);
      return policies;
    } finally {
      reading.unlock();
    }
  }

  /** The clock may have been set to before they were read. */
  private boolean isFresh(Snapshot known) {
    long age = clock.millis() - known.readAt();
    return age >= 0 && age < freshMillis;
  }
}

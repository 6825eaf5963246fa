package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.spi.PolicyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The policies as they were stored at most the freshness ago. One thread at a time reads them, and
 * whoever needs them meanwhile has what it reads, so that what was read later is never replaced by
 * what was read before. Safe for several threads; no lock is held while the store is read.
 */
final class StoredPolicies {

  private static final long EXPIRED = Long.MIN_VALUE / 2;

  private final PolicyStore store;
  private final Clock clock;
  private final long freshMillis;
  private final ConnectorRegister register;
  private volatile @Nullable Snapshot snapshot; // written under this
  private @Nullable Reading reading; // guarded by this

  private record Snapshot(PolicySet policies, long readAt) {}

  /** A reading that is under way. */
  private static final class Reading {

    private final CompletableFuture<PolicySet> policies = new CompletableFuture<>();
    private final @Nullable Snapshot before;
    private final long began; // in milliseconds

    Reading(@Nullable Snapshot before, long began) {
      this.before = before;
      this.began = began;
    }
  }

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
    return known != null && isFresh(known) ? known.policies() : read();
  }

  /** Returns the policies as they are stored now. */
  PolicySet reread() {
    expire();
    return read();
  }

  /** Has the policies read again before anybody asks them, because they were changed. */
  synchronized void expire() {
    Snapshot known = snapshot;
    snapshot = known == null ? null : new Snapshot(known.policies(), EXPIRED);
    reading = null; // It may have begun before the change.
  }

  private PolicySet read() {
    Reading mine = new Reading(snapshot, clock.millis());
    Reading first;
    synchronized (this) {
      Snapshot known = snapshot;
      if (known != null && isFresh(known)) {
        return known.policies();
      }
      first = reading == null ? mine : reading;
      reading = first;
    }
    return first == mine ? read(mine) : joined(first);
  }

  private PolicySet read(Reading mine) {
    try {
      List<PolicyStore.StoredPolicy> rows = store.listPolicies();
      Snapshot before = mine.before;
      PolicySet read =
          before != null && before.policies().rows().equals(rows)
              ? before.policies()
              : PolicySet.of(rows, register);
      ended(mine, read);
      mine.policies.complete(read);
      return read;
    } catch (RuntimeException | Error e) {
      ended(mine, null);
      mine.policies.completeExceptionally(e);
      throw e;
    }
  }

  /** Has the same policies judge the connectors anew. */
  synchronized void connectorsChanged() {
    Snapshot known = snapshot;
    if (known != null) {
      PolicySet anew = PolicySet.of(known.policies().rows(), register);
      snapshot = new Snapshot(anew, known.readAt());
    }
    reading = null; // It may keep what was judged before the change.
  }

  private synchronized void ended(Reading mine, @Nullable PolicySet read) {
    if (reading == mine) {
      reading = null;
      snapshot = read == null ? snapshot : new Snapshot(read, mine.began);
    }
  }

  private static PolicySet joined(Reading first) {
    try {
      return first.policies.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** The clock may have been set to before they were read. */
  private boolean isFresh(Snapshot known) {
    long age = clock.millis() - known.readAt();
    return age >= 0 && age < freshMillis;
  }
}

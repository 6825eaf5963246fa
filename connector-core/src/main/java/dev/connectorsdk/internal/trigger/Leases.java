package dev.connectorsdk.internal.trigger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of a subscription.
 *
 * @param address the part of their URLs that they share
 * @param all the oldest first
 * @param todo what is to be done soon; each stays until it was done
 */
record Leases(String address, List<Lease> all, Set<Todo> todo) {

  /** The newest of those that were given up are remembered. */
  private static final int MOST_ORPHANS = 20;

  /** What is to be done about a registration. */
  enum Todo {
    /** Renew it. */
    RENEW,
    /** Make another one, since it sends nothing any more. */
    RECREATE,
    /** Make another one, since something else is to be watched. */
    REPLACE,
    /** Look for what was not delivered. */
    GAP
  }

  Leases {
    all = List.copyOf(all);
    todo = Set.copyOf(todo);
  }

  static Leases none(String address) {
    return new Leases(address, List.of(), Set.of());
  }

  /** Returns them with one that is new, or in place of the one with its key. */
  Leases with(Lease lease) {
    List<Lease> next = new ArrayList<>();
    boolean isNew = true;
    for (Lease one : all) {
      boolean same = one.key().equals(lease.key());
      isNew &= !same;
      next.add(same ? lease : one);
    }
    if (isNew) {
      next.add(lease);
    }
    return new Leases(address, withoutOldOrphans(next), todo);
  }

  private static List<Lease> withoutOldOrphans(List<Lease> all) {
    long orphans = all.stream().filter(lease -> lease.is(Lease.State.ORPHANED)).count();
    List<Lease> kept = new ArrayList<>();
    for (Lease lease : all) {
      if (lease.is(Lease.State.ORPHANED) && orphans > MOST_ORPHANS) {
        orphans--;
      } else {
        kept.add(lease);
      }
    }
    return kept;
  }

  Leases without(Lease lease) {
    return new Leases(
        address, all.stream().filter(one -> !one.key().equals(lease.key())).toList(), todo);
  }

  Leases with(Todo more) {
    Set<Todo> next = EnumSet.of(more);
    next.addAll(todo);
    return new Leases(address, all, next);
  }

  Leases without(Todo done) {
    return new Leases(
        address, all, todo.stream().filter(one -> one != done).collect(Collectors.toSet()));
  }

  boolean asks(Todo one) {
    return todo.contains(one);
  }

  /** Returns them after what they watch was changed: what watches the old is replaced soon. */
  Leases outdated() {
    return live() == null && in(Lease.State.INTENDED).isEmpty() ? this : with(Todo.REPLACE);
  }

  /**
   * Returns them once the service has registered another one, which takes the place of those that
   * are live.
   *
   * @param gap whether deliveries may have been missed before
   */
  Leases remade(Lease made, boolean gap, Instant now) {
    Leases next =
        map(Lease.State.LIVE, one -> one.leaving(now))
            .with(made)
            .without(Todo.RENEW)
            .without(Todo.RECREATE)
            .without(Todo.REPLACE);
    return gap ? next.with(Todo.GAP) : next;
  }

  Leases map(Lease.State state, UnaryOperator<Lease> change) {
    return new Leases(
        address,
        all.stream().map(lease -> lease.is(state) ? change.apply(lease) : lease).toList(),
        todo);
  }

  /** Returns the one with this key, or {@code null}. */
  @Nullable Lease at(String key) {
    byte[] asked = key.getBytes(StandardCharsets.UTF_8);
    for (Lease lease : all) {
      if (MessageDigest.isEqual(asked, lease.key().getBytes(StandardCharsets.UTF_8))) {
        return lease;
      }
    }
    return null;
  }

  /** Returns those in a state, the oldest first. */
  List<Lease> in(Lease.State state) {
    return all.stream().filter(lease -> lease.is(state)).toList();
  }

  /** Returns the one that is live, or {@code null}. */
  @Nullable Lease live() {
    List<Lease> live = in(Lease.State.LIVE);
    return live.isEmpty() ? null : live.get(live.size() - 1);
  }

  /** Returns when there is something to do about one of them. */
  Instant nextAt() {
    return all.stream().map(Lease::nextAt).min(Instant::compareTo).orElse(Lease.NEVER);
  }

  @Override
  public String toString() {
    return "Leases" + all;
  }
}

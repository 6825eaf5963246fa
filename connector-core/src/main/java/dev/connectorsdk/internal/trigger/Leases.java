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
 * @param needs what they need soon; each stays until it was done
 * @param observed how the service has delivered to them
 */
record Leases(String address, List<Lease> all, Set<Need> needs, Observed observed) {

  /** The newest of those that were given up are remembered. */
  private static final int MOST_ORPHANS = 100;

  /** What registrations need. */
  enum Need {
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
    needs = Set.copyOf(needs);
  }

  static Leases none(String address) {
    return new Leases(address, List.of(), Set.of(), Observed.NOTHING);
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
    return with(withoutOldOrphans(next));
  }

  private Leases with(List<Lease> others) {
    return new Leases(address, others, needs, observed);
  }

  Leases with(Observed other) {
    return new Leases(address, all, needs, other);
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

  /**
   * Returns them after something was done about one.
   *
   * @param after what it is then, or {@code null} if it is no more
   */
  Leases with(Lease before, @Nullable Lease after) {
    return after == null ? without(before) : with(after);
  }

  Leases without(Lease lease) {
    return with(all.stream().filter(one -> !one.key().equals(lease.key())).toList());
  }

  Leases with(Need more) {
    Set<Need> next = EnumSet.of(more);
    next.addAll(needs);
    return new Leases(address, all, next, observed);
  }

  Leases without(Need done) {
    Set<Need> next = needs.stream().filter(one -> one != done).collect(Collectors.toSet());
    return new Leases(address, all, next, observed);
  }

  /** Returns whether one is live, or was. */
  boolean haveBeenLive() {
    return !observed.equals(Observed.NOTHING);
  }

  boolean needs(Need one) {
    return needs.contains(one);
  }

  /** Returns them after what they watch was changed: what watches the old is replaced soon. */
  Leases outdated() {
    return live() == null && in(Lease.State.INTENDED).isEmpty() ? this : with(Need.REPLACE);
  }

  /**
   * Returns them after the service has said something of one. What it says of one that others have
   * replaced, or will, asks for no other than these; but what was missed is missed.
   */
  Leases with(Lease about, Need said) {
    boolean counts =
        about.is(Lease.State.LIVE) || (about.is(Lease.State.LEAVING) && said == Need.GAP);
    return counts ? with(said) : this;
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
            .without(Need.RENEW)
            .without(Need.RECREATE)
            .without(Need.REPLACE)
            .with(observed.begun(now));
    return gap ? next.with(Need.GAP) : next;
  }

  Leases map(Lease.State state, UnaryOperator<Lease> change) {
    return with(all.stream().map(lease -> lease.is(state) ? change.apply(lease) : lease).toList());
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

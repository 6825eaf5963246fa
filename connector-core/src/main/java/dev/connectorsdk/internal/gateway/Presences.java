package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.spi.GatewayStore;
import dev.connectorsdk.api.spi.GatewayStore.StoredPresence;
import dev.connectorsdk.internal.cache.FreshValue;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What is known of members at all processes of the host, in a store. Safe for several threads. */
final class Presences {

  private static final Duration FRESH = Duration.ofSeconds(1);

  private static final int TRIES = 20;

  private final GatewayStore store;
  private final FreshValue<Map<Of, Presence>> known;

  /** Which member. */
  record Of(String gateway, String member) {

    static Of of(LineMember member) {
      return new Of(member.gateway(), member.id());
    }
  }

  /** What was known before a change, and after it. */
  record Change(Presence before, Presence after) {

    boolean isOne() {
      return !before.equals(after);
    }
  }

  Presences(GatewayStore store, Clock clock) {
    this.store = store;
    this.known = new FreshValue<>(clock, FRESH, before -> read(), (before, now) -> {});
  }

  private Map<Of, Presence> read() {
    Map<Of, Presence> all = new HashMap<>();
    for (StoredPresence stored : store.listPresences()) {
      all.put(new Of(stored.gateway(), stored.member()), PresenceJson.read(stored.json()));
    }
    return all;
  }

  /** Returns what was known of all members lately. */
  Map<Of, Presence> lately() {
    return known.get();
  }

  /** Returns what was known of a member lately. */
  Presence lately(Of member) {
    return lately().getOrDefault(member, Presence.NEVER);
  }

  /** Returns what is known of a member now. */
  Presence now(Of member) {
    return presence(find(member));
  }

  private Optional<StoredPresence> find(Of member) {
    return store.findPresence(member.gateway(), member.member());
  }

  private static Presence presence(Optional<StoredPresence> stored) {
    return stored.map(found -> PresenceJson.read(found.json())).orElse(Presence.NEVER);
  }

  /**
   * Changes what is known of a member as it is stored now.
   *
   * @param change may be asked again for what somebody else has stored meanwhile
   * @throws ConflictException if others kept changing it at the same time
   */
  Change change(Of member, UnaryOperator<Presence> change) {
    for (int i = 0; i < TRIES; i++) {
      Optional<StoredPresence> stored = find(member);
      var made = new Change(presence(stored), change.apply(presence(stored)));
      if (!made.isOne() || isWritten(member, stored, made.after())) {
        return made;
      }
    }
    throw new ConflictException("What is known of a gateway's member");
  }

  private boolean isWritten(Of member, Optional<StoredPresence> before, Presence next) {
    long version = before.map(StoredPresence::version).orElse(0L);
    boolean written =
        store.writePresence(
            new StoredPresence(
                member.gateway(), member.member(), version + 1, PresenceJson.write(next)),
            version);
    known.expire();
    return written;
  }

  /** Forgets a member that is none any more. */
  void forget(Of member) {
    store.deletePresence(member.gateway(), member.member());
    known.expire();
  }
}

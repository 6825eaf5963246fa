package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.event.ConnectorEvent.GatewayMemberLost;
import dev.connectorsdk.api.event.ConnectorEvent.GatewayMemberReturned;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.gateway.NodeJson.Line;
import dev.connectorsdk.internal.gateway.Presences.Change;
import dev.connectorsdk.internal.gateway.Presences.Of;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says which members have come and which were lost, once for all processes of the host. A member
 * whose lines break and come back within a quarter of a minute was there all the time. Safe for
 * several threads.
 */
final class Attendance {

  private static final Duration AWAY = Duration.ofSeconds(15);

  /** How exactly it is known after a sudden end when a member was there. */
  private static final Duration NOTED = Duration.ofMinutes(1);

  private final StoredGateways gateways;
  private final Presences presences;
  private final Nodes nodes;
  private final EventHub events;
  private final Clock clock;
  private final AtomicReference<@Nullable Instant> begun = new AtomicReference<>();

  private record Known(GatewayRecord gateway, GatewayMemberRecord member) {}

  Attendance(
      StoredGateways gateways, Presences presences, Nodes nodes, EventHub events, Clock clock) {
    this.gateways = gateways;
    this.presences = presences;
    this.nodes = nodes;
    this.events = events;
    this.clock = clock;
  }

  private Optional<Known> known(Of of) {
    return gateways
        .find(of.gateway())
        .flatMap(gateway -> gateway.member(of.member()).map(member -> new Known(gateway, member)));
  }

  /** A member has a line. */
  void opened(Of of, LineFacts facts) {
    Instant now = clock.instant();
    Change change = presences.change(of, before -> before.returned(now));
    if (!change.before().isThere()) {
      known(of).ifPresent(known -> events.publish(returned(now, known, change.before(), facts)));
    }
  }

  private static GatewayMemberReturned returned(
      Instant now, Known known, Presence before, LineFacts facts) {
    return new GatewayMemberReturned(
        now,
        known.gateway().about().environment(),
        known.gateway().id(),
        known.member().id(),
        known.member().name(),
        facts.address(),
        before.since());
  }

  /** A line of a member has ended. */
  void closed(Of of) {
    Instant now = clock.instant();
    presences.change(of, before -> before.isThere() ? before.seenAt(now) : before);
  }

  /** Looks which members have no line any more. To be called every few seconds. */
  void look() {
    Instant now = clock.instant();
    begun.compareAndSet(null, now);
    Set<Of> present = nodes.lines().stream().map(Line::member).collect(Collectors.toSet());
    presences.lately().forEach((of, presence) -> look(of, presence, present.contains(of), now));
  }

  private void look(Of of, Presence presence, boolean isPresent, Instant now) {
    if (isPresent) {
      if (presence.isThere() && presence.isAwayFor(NOTED, now)) {
        presences.change(of, before -> before.isThere() ? before.seenAt(now) : before);
      }
      return;
    }
    if (presence.isAwayFor(AWAY, now)) {
      absent(of, presence, now);
    }
  }

  /** Whoever has just begun does not know yet who dials again. */
  private void absent(Of of, Presence presence, Instant now) {
    Optional<Known> known = known(of);
    if (known.isEmpty()) {
      presences.forget(of);
    } else if (presence.isThere()
        && !now.isBefore(Objects.requireNonNull(begun.get()).plus(AWAY))) {
      lost(of, known.get(), now);
    }
  }

  private void lost(Of of, Known known, Instant now) {
    Change change =
        presences.change(
            of,
            before -> before.isThere() && before.isAwayFor(AWAY, now) ? before.lost(now) : before);
    if (change.isOne()) {
      events.publish(
          new GatewayMemberLost(
              now,
              known.gateway().about().environment(),
              known.gateway().id(),
              known.member().id(),
              known.member().name(),
              Objects.requireNonNullElse(change.before().seen(), now)));
    }
  }
}

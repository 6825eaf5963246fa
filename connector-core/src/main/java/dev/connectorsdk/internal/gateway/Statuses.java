package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.gateway.GatewayStatus;
import dev.connectorsdk.internal.gateway.Presences.Of;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together how the members of gateways stand. Safe for several threads. */
final class Statuses {

  private final Nodes nodes;
  private final Presences presences;
  private final Clock clock;

  Statuses(Nodes nodes, Presences presences, Clock clock) {
    this.nodes = nodes;
    this.presences = presences;
    this.clock = clock;
  }

  /** Returns how the members of a gateway stand. */
  GatewayStatus of(GatewayRecord gateway) {
    List<NodeJson.Line> lines = nodes.lines();
    return new GatewayStatus(
        gateway.id(),
        clock.instant(),
        gateway.members().stream().map(member -> of(gateway.id(), member, lines)).toList());
  }

  private GatewayStatus.Member of(
      String gateway, GatewayMemberRecord member, List<NodeJson.Line> all) {
    Of of = new Of(gateway, member.id());
    Presence presence = presences.lately(of);
    List<GatewayStatus.Line> lines =
        all.stream()
            .filter(line -> line.member().equals(of))
            .map(Statuses::line)
            .sorted(Comparator.comparing(GatewayStatus.Line::host))
            .toList();
    Presence.Copy copy = presence.copy();
    return new GatewayStatus.Member(
        member.id(),
        member.name(),
        member.confirmed(),
        lastSeen(lines, presence.seen()),
        lines,
        copy == null ? null : new GatewayStatus.Copy(copy.address(), copy.at()));
  }

  private static @Nullable Instant lastSeen(
      List<GatewayStatus.Line> lines, @Nullable Instant otherwise) {
    return lines.stream()
        .map(GatewayStatus.Line::lastSeen)
        .max(Comparator.naturalOrder())
        .orElse(otherwise);
  }

  private static GatewayStatus.Line line(NodeJson.Line line) {
    LineFacts facts = line.facts();
    return new GatewayStatus.Line(
        line.node(),
        facts.address(),
        facts.agent(),
        facts.since(),
        facts.seen(),
        facts.skew(),
        facts.inFlight(),
        facts.queued());
  }
}

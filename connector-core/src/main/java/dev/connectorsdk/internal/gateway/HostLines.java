package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.internal.gateway.NodeJson.Line;
import dev.connectorsdk.internal.gateway.Presences.Of;
import dev.connectorsdk.internal.gateway.relay.LineDirectory;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import dev.connectorsdk.internal.gateway.relay.Peer;
import dev.connectorsdk.internal.gateway.seal.Membership;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Who may hold lines to this process of the host, and what the other processes are told of them.
 * Safe for several threads.
 */
final class HostLines implements LineDirectory {

  private final StoredGateways gateways;
  private final Enrolment enrolment;
  private final Nodes nodes;
  private final KeyUse keys;
  private final Attendance attendance;
  private final PresentGateways present;
  private final Passages passages;

  HostLines(
      StoredGateways gateways,
      Enrolment enrolment,
      Nodes nodes,
      KeyUse keys,
      Attendance attendance,
      PresentGateways present,
      Passages passages) {
    this.gateways = gateways;
    this.enrolment = enrolment;
    this.nodes = nodes;
    this.keys = keys;
    this.attendance = attendance;
    this.present = present;
    this.passages = passages;
  }

  @Override
  public String node() {
    return nodes.id();
  }

  @Override
  public Set<String> nodes() {
    return nodes.all();
  }

  @Override
  public Optional<LineMember> member(String gateway, String member) {
    return gateways.find(gateway).flatMap(record -> member(record, member));
  }

  private static Optional<LineMember> member(GatewayRecord gateway, String id) {
    return gateway
        .member(id)
        .map(
            member ->
                new LineMember(
                    gateway.id(),
                    id,
                    member.keys().identity(),
                    gateway.members().indexOf(member),
                    gateway.about().spread(),
                    member.confirmed()));
  }

  @Override
  public boolean hasMembers(String gateway) {
    return gateways
        .find(gateway)
        .filter(record -> record.members().stream().anyMatch(GatewayMemberRecord::confirmed))
        .isPresent();
  }

  @Override
  public JsonNode control(Peer peer, String method, JsonNode arguments) {
    LineMember member = peer.member();
    if (member != null) {
      return enrolment.answer(member.gateway(), member.id(), method, arguments);
    }
    if (!method.equals(Membership.REGISTER)) {
      throw new IllegalArgumentException("Whoever is no member can ask for nothing but to be one");
    }
    return enrolment.register(peer.proven(), arguments);
  }

  @Override
  public Optional<String> holder(LineMember member, LineFacts facts) {
    return keys.holder(Of.of(member), facts);
  }

  @Override
  public void copied(LineMember member, String address) {
    keys.copied(Of.of(member), address);
  }

  @Override
  public void opened(LineMember member, LineFacts facts) {
    nodes.opened(line(member, facts));
    attendance.opened(Of.of(member), facts);
    present.opened(member.gateway());
  }

  @Override
  public Standing seen(LineMember member, LineFacts facts) {
    nodes.renew(line(member, facts));
    return keys.standing(Of.of(member), facts);
  }

  @Override
  public void alive(LineMember member, LineFacts facts) {
    keys.alive(Of.of(member), facts);
  }

  @Override
  public void closed(LineMember member, LineFacts facts, String why) {
    if (nodes.closed(line(member, facts))) {
      attendance.closed(Of.of(member));
    }
  }

  @Override
  public void look() {
    attendance.look();
    present.look();
  }

  @Override
  public void endUnpermitted() {
    passages.endUnpermitted();
  }

  private Line line(LineMember member, LineFacts facts) {
    return new Line(nodes.id(), Of.of(member), facts);
  }

  /** Says that this process is there no more, and nothing after that. */
  void leave() {
    nodes.leave();
  }
}

package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.gateway.GatewayStatus;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How the members of a gateway stand, as a member is told. */
final class StatusJson {

  private StatusJson() {}

  /** Returns what is sent; {@code GatewayAgent} reads it. */
  static ObjectNode write(GatewayStatus status) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("gateway", status.gateway())
            .put("at", status.at().toString());
    json.putArray("members");
    for (GatewayStatus.Member member : status.members()) {
      write(member, json.withArray("/members").addObject());
    }
    return json;
  }

  private static void write(GatewayStatus.Member member, ObjectNode json) {
    Instant lastSeen = member.lastSeen();
    json.put("id", member.id())
        .put("name", member.name())
        .put("confirmed", member.confirmed())
        .put("lastSeen", lastSeen == null ? null : lastSeen.toString());
    json.putArray("lines");
    for (GatewayStatus.Line line : member.lines()) {
      json.withArray("/lines")
          .addObject()
          .put("host", line.host())
          .put("address", line.address())
          .put("version", line.version())
          .put("since", line.since().toString())
          .put("lastSeen", line.lastSeen().toString())
          .put("skewMillis", line.skew().toMillis())
          .put("inFlight", line.inFlight())
          .put("queued", line.queued());
    }
    GatewayStatus.Copy copy = member.copy();
    if (copy != null) {
      json.putObject("copy").put("address", copy.address()).put("at", copy.at().toString());
    }
  }
}

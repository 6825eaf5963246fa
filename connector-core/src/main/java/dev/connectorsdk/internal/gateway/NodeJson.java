package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.spi.GatewayStore.StoredNode;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import dev.connectorsdk.internal.gateway.seal.RequiredText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a process of the host says of the lines that it holds, as it is stored. */
final class NodeJson {

  private static final JsonMapper JSON = new JsonMapper();

  private NodeJson() {}

  /** A line, to which member it is, and what is known of it. */
  record Line(String gateway, String member, LineFacts facts) {

    static Line of(LineMember member, LineFacts facts) {
      return new Line(member.gateway(), member.id(), facts);
    }
  }

  static String write(Collection<Line> lines) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Line line : lines) {
      LineFacts facts = line.facts();
      json.addObject()
          .put("gateway", line.gateway())
          .put("member", line.member())
          .put("id", facts.id())
          .put("address", facts.address())
          .put("agent", facts.agent())
          .put("instance", facts.instance())
          .put("since", facts.since().toString())
          .put("skewMillis", facts.skew().toMillis())
          .put("inFlight", facts.inFlight())
          .put("queued", facts.queued());
    }
    return JSON.writeValueAsString(json);
  }

  /** Returns what {@link #write} has written; nothing of a later version that writes otherwise. */
  static List<Line> read(StoredNode node) {
    List<Line> lines = new ArrayList<>();
    try {
      for (JsonNode line : JSON.readTree(node.json())) {
        lines.add(line(line));
      }
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      return List.of();
    }
    return lines;
  }

  private static Line line(JsonNode json) {
    return new Line(
        RequiredText.of(json, "gateway"),
        RequiredText.of(json, "member"),
        new LineFacts(
            RequiredText.of(json, "id"),
            RequiredText.of(json, "address"),
            RequiredText.of(json, "agent"),
            RequiredText.of(json, "instance"),
            Instant.parse(RequiredText.of(json, "since")),
            Duration.ofMillis(json.path("skewMillis").asLong(0)),
            json.path("inFlight").asInt(0),
            json.path("queued").asInt(0)));
  }
}

package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.spi.GatewayStore.StoredNode;
import dev.connectorsdk.internal.gateway.Presences.Of;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
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

  /**
   * A line, and what is known of it.
   *
   * @param node which process of the host holds it
   * @param member who is at the other end
   */
  record Line(String node, Of member, LineFacts facts) {}

  static String write(Collection<Line> lines) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Line line : lines) {
      LineFacts facts = line.facts();
      json.addObject()
          .put("gateway", line.member().gateway())
          .put("member", line.member().member())
          .put("id", facts.id())
          .put("address", facts.address())
          .put("agent", facts.agent())
          .put("instance", facts.instance())
          .put("since", facts.since().toString())
          .put("seen", facts.seen().toString())
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
        lines.add(line(node.id(), line));
      }
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      return List.of();
    }
    return lines;
  }

  private static Line line(String node, JsonNode json) {
    return new Line(
        node,
        new Of(RequiredText.of(json, "gateway"), RequiredText.of(json, "member")),
        new LineFacts(
            RequiredText.of(json, "id"),
            RequiredText.of(json, "address"),
            RequiredText.of(json, "agent"),
            RequiredText.of(json, "instance"),
            Instant.parse(RequiredText.of(json, "since")),
            Instant.parse(RequiredText.of(json, "seen")),
            Duration.ofMillis(json.path("skewMillis").asLong(0)),
            json.path("inFlight").asInt(0),
            json.path("queued").asInt(0)));
  }
}

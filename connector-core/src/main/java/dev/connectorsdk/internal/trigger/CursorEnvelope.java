package dev.connectorsdk.internal.trigger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cursor with what it belongs to.
 *
 * @param home whose events it counts
 * @param next the trigger's own cursor
 * @param began when a reading began that goes on with it, or {@code null} if none does
 */
record CursorEnvelope(Home home, JsonNode next, @Nullable Instant began) {

  /** Reads what {@link #json} wrote. */
  static CursorEnvelope read(JsonNode json) {
    JsonNode began = json.path("began");
    return new CursorEnvelope(
        Home.read(json),
        json.path("next"),
        began.isString() ? Instant.parse(began.asString()) : null);
  }

  /** Returns it as it is kept. By hand: as a module, this package is closed to Jackson. */
  JsonNode json(JsonNodeFactory nodes) {
    ObjectNode json = nodes.objectNode();
    home.write(json);
    json.set("next", next);
    if (began != null) {
      json.put("began", began.toString());
    }
    return json;
  }

  /** Returns whether another one leads to the same place of the same service. */
  boolean leadsWhere(CursorEnvelope other) {
    // As text: a number that was read may be of another type than the one that was written.
    return home.equals(other.home) && next.toString().equals(other.next.toString());
  }
}

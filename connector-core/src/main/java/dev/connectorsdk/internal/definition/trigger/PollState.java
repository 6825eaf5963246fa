package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.internal.SeenIds;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a polling trigger remembers between polls, as its cursor.
 *
 * @param query the query parameters that carry the state
 * @param location where the service wants to be asked next, or {@code null}
 * @param began when the first poll was, in seconds: the ids of another life are others
 * @param round how many answers had something new: what comes back later is another event
 * @param seen what the last answer with items held
 */
record PollState(ObjectNode query, @Nullable String location, long began, long round, String seen) {

  /** So many fit into a cursor. */
  static final int MOST_SEEN = 4_000;

  static final Shape<JsonNode> SHAPE =
      Shape.json(
          JsonMapper.shared()
              .readTree(
                  """
                  {"type": "object", "required": ["began", "round"], "properties": {
                    "query": {"type": "object", "additionalProperties": {"type": "string"}},
                    "location": {"type": "string"},
                    "began": {"type": "integer"},
                    "round": {"type": "integer"},
                    "seen": {"type": "string"}}}
                  """));

  static PollState beginning(Instant now) {
    return new PollState(JsonNodeFactory.instance.objectNode(), null, now.getEpochSecond(), 0, "");
  }

  /**
   * Reads a cursor.
   *
   * @throws CursorLostException if it is none of this kind
   */
  static PollState of(JsonNode cursor) {
    if (!cursor.path("began").isIntegralNumber() || !cursor.path("round").isIntegralNumber()) {
      throw new CursorLostException("The cursor is none of this trigger");
    }
    return new PollState(
        cursor.path("query") instanceof ObjectNode query
            ? query
            : JsonNodeFactory.instance.objectNode(),
        Lookup.text(cursor, "location"),
        cursor.path("began").longValue(),
        cursor.path("round").longValue(),
        cursor.path("seen").asString(""));
  }

  /** Returns the cursor that {@link #of} reads. */
  JsonNode cursor() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("began", began);
    state.put("round", round);
    if (!query.isEmpty()) {
      state.set("query", query);
    }
    if (location != null) {
      state.put("location", location);
    }
    if (!seen.isEmpty()) {
      state.put("seen", seen);
    }
    return state;
  }

  /** Returns the items that the last answer did not hold, as events. */
  List<Event<JsonNode>> unseen(List<JsonNode> items) {
    SeenIds before = SeenIds.of(seen);
    List<String> keys = keys(items);
    List<Event<JsonNode>> unseen = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (!before.contains(keys.get(i))) {
        String id = SeenIds.hash(began + " " + round + " " + keys.get(i));
        unseen.add(new Event<>(id, items.get(i)));
      }
    }
    return unseen;
  }

  /**
   * Returns whether an answer holds most of what the last one held, so that it was not asked for
   * less.
   */
  boolean isHeldBy(List<JsonNode> items) {
    SeenIds before = SeenIds.of(seen);
    return 2 * keys(items).stream().filter(before::contains).count() > before.size();
  }

  /** Returns the state after an answer of which some items were not seen before. */
  PollState having(List<JsonNode> items, boolean someNew) {
    SeenIds now = new SeenIds();
    keys(items).forEach(now::add);
    return new PollState(query, location, began, someNew ? round + 1 : round, now.last(MOST_SEEN));
  }

  /** Returns the state at another place, where what was seen before is another event. */
  PollState at(@Nullable String place) {
    return new PollState(query, place, began, round + 1, "");
  }

  /** Returns the state with further query parameters, which replace those of the same name. */
  PollState with(ObjectNode more) {
    ObjectNode all = query.deepCopy();
    all.setAll(more);
    return new PollState(all, location, began, round, seen);
  }

  /** Items are told apart by what they hold, and equal ones by how many came before. */
  private static List<String> keys(List<JsonNode> items) {
    Map<String, Integer> times = new HashMap<>();
    List<String> keys = new ArrayList<>();
    for (JsonNode item : items) {
      String content = item.toString();
      keys.add(times.merge(content, 1, Integer::sum) + " " + content);
    }
    return keys;
  }
}

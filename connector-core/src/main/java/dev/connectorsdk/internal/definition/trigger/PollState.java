package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a polling trigger remembers between polls, as its cursor.
 *
 * @param query the query parameters that carry the state
 * @param location where the service wants to be asked next, or {@code null}
 * @param seen ids of events that were delivered and may be found again
 */
record PollState(ObjectNode query, @Nullable String location, Set<String> seen) {

  // A cursor may have 8,192 characters.
  private static final int MAX_SEEN = 300;

  static final PollState NONE =
      new PollState(JsonNodeFactory.instance.objectNode(), null, Set.of());

  /** Reads a cursor; one that cannot be read is none, so that polling starts anew. */
  static PollState of(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return NONE;
    }
    try {
      JsonNode state = JsonMapper.shared().readTree(cursor);
      Set<String> seen = new LinkedHashSet<>();
      state.path("seen").forEach(id -> seen.add(id.asString()));
      return new PollState(
          state.path("query") instanceof ObjectNode query
              ? query
              : JsonNodeFactory.instance.objectNode(),
          Lookup.text(state, "location"),
          seen);
    } catch (JacksonException notOurs) {
      return NONE;
    }
  }

  /** Returns the cursor that {@link #of} reads. */
  String cursor() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    if (!query.isEmpty()) {
      state.set("query", query);
    }
    if (location != null) {
      state.put("location", location);
    }
    if (!seen.isEmpty()) {
      ArrayNode ids = state.putArray("seen");
      seen.stream().skip(Math.max(0, seen.size() - MAX_SEEN)).forEach(ids::add);
    }
    return state.toString();
  }

  /** Returns the events that were not delivered yet. */
  List<Event<JsonNode>> unseen(List<JsonNode> events) {
    List<Event<JsonNode>> unseen = new ArrayList<>();
    for (JsonNode event : events) {
      String id = TriggerEvents.id(event);
      if (!seen.contains(id)) {
        unseen.add(new Event<>(id, event));
      }
    }
    return unseen;
  }

  /** Returns the same state after some of the events that it leads to were delivered. */
  PollState having(List<Event<JsonNode>> delivered) {
    Set<String> more = new LinkedHashSet<>(seen);
    delivered.forEach(event -> more.add(event.id()));
    return new PollState(query, location, more);
  }
}

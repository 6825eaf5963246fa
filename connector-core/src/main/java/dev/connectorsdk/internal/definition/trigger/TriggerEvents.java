package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.request.ListMember;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Where the events are in what a service sends: the whole of it, or the items of the list in it.
 *
 * @param schema that of what the service sends
 * @param batch whether each item of a list is an event
 * @param list where the list is, or {@code null} if it is to be found
 */
record TriggerEvents(
    DeclaredSchemas schemas, JsonNode schema, boolean batch, @Nullable JsonPath list) {

  /** Returns the events of what was sent, in its order. */
  List<JsonNode> in(JsonNode sent) {
    if (!batch) {
      return sent.isArray() && sent.isEmpty() ? List.of() : List.of(sent);
    }
    JsonNode items = items(sent);
    if (items == null) {
      return List.of(sent);
    }
    List<JsonNode> events = new ArrayList<>();
    items.forEach(events::add);
    return events;
  }

  private @Nullable JsonNode items(JsonNode sent) {
    if (list != null) {
      JsonNode found = list.find(sent);
      return found == null || !found.isArray() ? JsonNodeFactory.instance.arrayNode() : found;
    }
    if (sent.isArray()) {
      return sent;
    }
    List<String> lists = new ListMember(null, schema, schemas).in(sent);
    return lists.size() == 1 ? sent.get(lists.get(0)) : null;
  }

  /** Returns the schema of one event, given that of what is sent. */
  JsonNode eventSchema(JsonNode sent) {
    if (!batch) {
      return sent;
    }
    JsonNode at = sent;
    if (list != null) {
      for (String step : list.steps()) {
        at = schemas.properties(at).getOrDefault(step, JsonNodeFactory.instance.objectNode());
      }
    } else if (!schemas.type(at).equals("array")) {
      at = listSchema(at);
    }
    JsonNode items = schemas.resolve(at).path("items");
    // What has no list, or several of which nothing tells the right one, is one event itself.
    return items.isObject() || list != null ? items : sent;
  }

  private JsonNode listSchema(JsonNode sent) {
    String declared = new ListMember(null, sent, schemas).declared();
    return declared == null ? sent : schemas.properties(sent).getOrDefault(declared, sent);
  }
}

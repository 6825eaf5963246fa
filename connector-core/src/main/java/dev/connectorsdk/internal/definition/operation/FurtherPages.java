package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collects the items of further pages into the first one, as {@code x-ms-pageable} says. */
final class FurtherPages {

  private FurtherPages() {}

  static void collect(Operation operation, JsonNode output, int minimum, OperationCall call) {
    String name =
        Lookup.findText(operation.declared().node().path("x-ms-pageable"), "nextLinkName");
    if (name == null || !(output.path("body") instanceof ObjectNode body)) {
      return;
    }
    ArrayNode items = items(body);
    Set<String> seen = new HashSet<>();
    String link = Lookup.findText(body, name);
    while (items != null && link != null && !link.isBlank() && items.size() < minimum) {
      if (!seen.add(link)) {
        throw new ResponseException("A next link of '" + operation.id() + "' comes twice");
      }
      HttpResponse answer = call.follow(link);
      JsonNode page = answer == null ? null : answer.json();
      ArrayNode more = page instanceof ObjectNode object ? items(object) : null;
      if (more == null) {
        throw new ResponseException("A further page of '" + operation.id() + "' holds no list");
      }
      items.addAll(more);
      link = Lookup.findText(page, name);
    }
    if (!seen.isEmpty()) {
      String match = Lookup.match(body.propertyNames(), name);
      if (match != null && (link == null || link.isBlank())) {
        body.remove(match);
      } else if (match != null) {
        body.put(match, link);
      }
    }
  }

  private static @Nullable ArrayNode items(ObjectNode page) {
    if (page.get("value") instanceof ArrayNode value) {
      return value;
    }
    for (JsonNode member : page) {
      if (member instanceof ArrayNode array) {
        return array;
      }
    }
    return null;
  }
}

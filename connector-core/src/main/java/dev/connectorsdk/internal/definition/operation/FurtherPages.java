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

  private final String operation;
  private final String nextLink;
  private final OperationCall call;
  private final Set<String> followed = new HashSet<>();

  private FurtherPages(String operation, String nextLink, OperationCall call) {
    this.operation = operation;
    this.nextLink = nextLink;
    this.call = call;
  }

  static void collect(Operation operation, JsonNode output, int minimum, OperationCall call) {
    String nextLink =
        Lookup.findText(operation.declared().node().path("x-ms-pageable"), "nextLinkName");
    if (nextLink != null && output.path("body") instanceof ObjectNode body) {
      new FurtherPages(operation.id(), nextLink, call).collect(body, minimum);
    }
  }

  private void collect(ObjectNode body, int minimum) {
    ArrayNode items = items(body);
    String link = link(body);
    while (items != null && link != null && items.size() < minimum) {
      if (!followed.add(link)) {
        throw new ResponseException("A next link of '" + operation + "' comes twice");
      }
      HttpResponse answer = call.follow(link);
      JsonNode page = answer == null ? null : answer.json();
      ArrayNode more = page instanceof ObjectNode object ? items(object) : null;
      if (more == null) {
        throw new ResponseException("A further page of '" + operation + "' holds no list");
      }
      items.addAll(more);
      link = link(page);
    }
    String match = Lookup.match(body.propertyNames(), nextLink);
    if (match != null && !followed.isEmpty()) {
      replace(body, match, link);
    }
  }

  private static void replace(ObjectNode body, String name, @Nullable String link) {
    if (link == null) {
      body.remove(name);
    } else {
      body.put(name, link);
    }
  }

  private @Nullable String link(@Nullable JsonNode page) {
    String link = Lookup.findText(page, nextLink);
    return link == null || link.isBlank() ? null : link;
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

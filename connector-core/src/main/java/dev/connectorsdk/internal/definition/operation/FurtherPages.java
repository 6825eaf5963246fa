package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.request.ListMember;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collects the items of further pages into the first one, as {@code x-ms-pageable} says. */
final class FurtherPages {

  private final String operation;
  private final String nextLink;
  private final ListMember list;
  private final OperationCall call;
  private final Set<String> followed = new HashSet<>();

  private FurtherPages(String operation, String nextLink, ListMember list, OperationCall call) {
    this.operation = operation;
    this.nextLink = nextLink;
    this.list = list;
    this.call = call;
  }

  static void collect(
      Operation operation,
      DeclaredSchemas schemas,
      JsonNode output,
      int minimum,
      OperationCall call) {
    JsonNode pageable = operation.declared().node().path("x-ms-pageable");
    String nextLink = Lookup.findText(pageable, "nextLinkName");
    if (nextLink != null && output.path("body") instanceof ObjectNode body) {
      ListMember list =
          new ListMember(
              Lookup.findText(pageable, "itemName"), operation.answer().schema(), schemas);
      new FurtherPages(operation.id(), nextLink, list, call).collect(body, minimum);
    }
  }

  private void collect(ObjectNode body, int minimum) {
    String link = link(body);
    if (link == null) {
      return;
    }
    String name = listOf(body);
    ArrayNode items = items(body, name);
    while (link != null && items.size() < minimum) {
      if (!followed.add(link)) {
        throw new ResponseException("A next link of '" + operation + "' comes twice");
      }
      HttpResponse answer = call.follow(link);
      JsonNode page = answer == null ? null : answer.json();
      items.addAll(items(page, name));
      link = link(page);
    }
    String match = Lookup.match(body.propertyNames(), nextLink);
    if (match != null && !followed.isEmpty()) {
      replace(body, match, link);
    }
  }

  private String listOf(ObjectNode page) {
    List<String> lists = list.in(page);
    if (lists.size() == 1) {
      return lists.get(0);
    }
    throw new ResponseException(
        "A page of '"
            + operation
            + "' has a next link, and "
            + (lists.isEmpty() ? none() : many(lists)));
  }

  private String none() {
    String declared = list.declared();
    return declared == null ? "no list" : "no list '" + declared + "'";
  }

  private static String many(List<String> lists) {
    return "several lists, '"
        + String.join("', '", lists)
        + "': the definition does not say which has the items (x-ms-pageable, itemName)";
  }

  private ArrayNode items(@Nullable JsonNode page, String name) {
    if (Lookup.find(page, name) instanceof ArrayNode items) {
      return items;
    }
    throw new ResponseException(
        "A further page of '" + operation + "' holds no list '" + name + "'");
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
}

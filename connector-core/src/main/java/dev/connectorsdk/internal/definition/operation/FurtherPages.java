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
    String nextLink = name(pageable, "nextLinkName");
    if (nextLink != null && output.path("body") instanceof ObjectNode body) {
      ListMember list =
          new ListMember(name(pageable, "itemName"), operation.answer().schema(), schemas);
      new FurtherPages(operation.id(), nextLink, list, call).collect(body, minimum);
    }
  }

  private static @Nullable String name(JsonNode pageable, String of) {
    String name = Lookup.findText(pageable, of);
    return name == null || name.isBlank() ? null : name.trim();
  }

  private void collect(ObjectNode body, int minimum) {
    String link = link(body);
    if (link == null) {
      return;
    }
    String name = listOf(body);
    ArrayNode items = PageMember.at(body, name).list();
    while (link != null && items.size() < minimum) {
      if (!followed.add(link)) {
        throw new ResponseException("A next link of '" + operation + "' comes twice");
      }
      HttpResponse answer = call.follow(link);
      if (answer == null) {
        throw new ResponseException("A next link of '" + operation + "' is no URL");
      }
      JsonNode page = answer.json();
      items.addAll(items(page, name));
      link = link(page);
    }
    if (!followed.isEmpty()) {
      PageMember.at(body, nextLink).replace(link);
    }
  }

  private String listOf(ObjectNode page) {
    List<String> lists = list.in(page);
    if (lists.size() == 1) {
      return lists.get(0);
    }
    String declared = list.declared();
    String usual = declared == null ? ListMember.USUAL : declared;
    if (lists.isEmpty() && PageMember.at(page, usual).isList()) {
      return usual;
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

  /** A page that is empty, or whose list is null, has no items. */
  private ArrayNode items(JsonNode page, String name) {
    PageMember member = PageMember.at(page, name);
    if (page.isMissingNode() || member.isList()) {
      return member.list();
    }
    throw new ResponseException(
        "A further page of '" + operation + "' holds no list '" + name + "'");
  }

  private @Nullable String link(JsonNode page) {
    JsonNode link = PageMember.at(page, nextLink).value();
    if (link == null || link.isNull() || (link.isBoolean() && !link.booleanValue())) {
      return null;
    }
    if (!link.isString()) {
      throw new ResponseException(
          "What a page of '" + operation + "' has at '" + nextLink + "' is no link");
    }
    return link.stringValue().isBlank() ? null : link.stringValue();
  }
}

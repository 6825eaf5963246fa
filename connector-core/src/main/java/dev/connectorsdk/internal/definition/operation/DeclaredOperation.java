package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Where an operation stands in its document, and what that says to people.
 *
 * @param method in upper case
 */
public record DeclaredOperation(String id, String method, String path, JsonNode node) {

  public String title() {
    String summary = Lookup.text(node, "summary");
    String title = summary != null ? summary : Lookup.text(node, "x-ms-summary");
    return title == null || title.isBlank() ? id : title.trim();
  }

  public String description() {
    String description = Lookup.text(node, "description");
    return description == null ? "" : description.trim();
  }

  public boolean isDeprecated() {
    return Lookup.isTrue(node.get("deprecated"));
  }

  public Set<String> tags() {
    return node.path("tags")
        .valueStream()
        .filter(JsonNode::isString)
        .map(tag -> tag.stringValue().trim())
        .filter(tag -> !tag.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  public boolean isInternal() {
    return DeclaredSchemas.isMarkedInternal(node);
  }
}

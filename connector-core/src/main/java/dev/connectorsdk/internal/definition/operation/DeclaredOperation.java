package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
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

  public boolean isInternal() {
    return DeclaredSchemas.isMarkedInternal(node);
  }
}

package dev.connectorsdk.definition;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the schemas of one document say, references followed. A property is asked through the node
 * that stands in its parent, which may be a reference with hints beside it.
 */
final class Schemas {

  private final References references;

  Schemas(References references) {
    this.references = references;
  }

  References references() {
    return references;
  }

  JsonNode resolve(JsonNode schema) {
    return references.resolve(schema);
  }

  /** Returns the type in lower case, inferred where it is missing; empty if anything goes. */
  String type(JsonNode schema) {
    JsonNode resolved = resolve(schema);
    JsonNode type = resolved.path("type");
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (one.isString() && !one.stringValue().equals("null")) {
          return Lookup.lower(one.stringValue());
        }
      }
    }
    if (type.isString()) {
      return Lookup.lower(type.stringValue().trim());
    }
    if (resolved.path("properties").isObject()) {
      return "object";
    }
    if (resolved.path("items").isObject()) {
      return "array";
    }
    return properties(resolved).isEmpty() ? "" : "object";
  }

  /** Returns the format in lower case; empty if there is none. */
  String format(JsonNode schema) {
    String format = Lookup.text(resolve(schema), "format");
    return format == null ? "" : Lookup.lower(format.trim());
  }

  /** Returns whether a value is the content of a file. */
  boolean isFile(JsonNode schema) {
    String type = type(schema);
    return type.equals("file") || (type.equals("string") && format(schema).equals("binary"));
  }

  /** Returns the properties, those of {@code allOf} included. */
  Map<String, JsonNode> properties(JsonNode schema) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    collect(schema, all, new LinkedHashSet<>(), visited());
    return all;
  }

  /** Returns the names of required properties, those of {@code allOf} included. */
  Set<String> required(JsonNode schema) {
    Set<String> all = new LinkedHashSet<>();
    collect(schema, new LinkedHashMap<>(), all, visited());
    return all;
  }

  private void collect(
      JsonNode schema, Map<String, JsonNode> properties, Set<String> required, Set<JsonNode> seen) {
    JsonNode resolved = resolve(schema);
    if (!resolved.isObject() || !seen.add(resolved)) {
      return;
    }
    for (JsonNode part : resolved.path("allOf")) {
      collect(part, properties, required, seen);
    }
    for (Map.Entry<String, JsonNode> property : resolved.path("properties").properties()) {
      properties.put(property.getKey(), property.getValue());
    }
    for (JsonNode name : resolved.path("required")) {
      if (name.isString()) {
        required.add(name.stringValue());
      }
    }
  }

  /** Returns whether people are not asked for the value. */
  boolean isInternal(JsonNode schema) {
    return isMarkedInternal(schema) || isMarkedInternal(resolve(schema));
  }

  static boolean isMarkedInternal(JsonNode node) {
    String visibility = Lookup.text(node, "x-ms-visibility");
    return visibility != null && visibility.trim().equalsIgnoreCase("internal");
  }

  /** Returns whether the service sets the value and never takes it. */
  boolean isReadOnly(JsonNode schema) {
    return Lookup.isTrue(resolve(schema).get("readOnly"));
  }

  /** Returns whether the value may be a JSON null. */
  boolean isNullable(JsonNode schema) {
    JsonNode resolved = resolve(schema);
    if (Lookup.isTrue(resolved.get("x-nullable"))) {
      return true;
    }
    for (JsonNode type : resolved.path("type")) {
      if (type.isString() && type.stringValue().equals("null")) {
        return true;
      }
    }
    return false;
  }

  /** Returns the default, or {@code null} if there is none. */
  @Nullable JsonNode defaultOf(JsonNode schema) {
    JsonNode value = resolve(schema).get("default");
    return value == null || value.isNull() ? null : value;
  }

  /**
   * Returns whether a required value can be made without the caller: it has parts, all of which
   * can.
   */
  boolean isSelfMade(JsonNode schema) {
    return !asksCaller(schema, visited());
  }

  private boolean asksCaller(JsonNode schema, Set<JsonNode> seen) {
    JsonNode resolved = resolve(schema);
    if (isInternal(schema) || isReadOnly(schema) || defaultOf(schema) != null) {
      return false;
    }
    Map<String, JsonNode> properties = properties(resolved);
    if (properties.isEmpty()) {
      return true;
    }
    if (!seen.add(resolved)) {
      return false;
    }
    for (String name : required(resolved)) {
      JsonNode property = properties.get(name);
      if (property == null || asksCaller(property, seen)) {
        return true;
      }
    }
    return false;
  }

  static Set<JsonNode> visited() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}

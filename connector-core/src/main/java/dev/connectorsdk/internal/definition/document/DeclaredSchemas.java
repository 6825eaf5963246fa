package dev.connectorsdk.internal.definition.document;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the schemas of one document say, references followed. A property is asked through the node
 * that stands in its parent, which may be a reference with hints beside it.
 */
public final class DeclaredSchemas {

  private final DocumentReferences references;
  private final Map<Place, Members> members = new ConcurrentHashMap<>();

  /** A schema that is this one, and not just equal. */
  private record Place(JsonNode schema) {

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof Place place && place.schema == schema;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(schema);
    }
  }

  /**
   * What is said of the members of an object, {@code allOf} included.
   *
   * @param named by name
   * @param others of those without a name of their own
   * @param required the names of those that must be there, in order
   */
  public record Members(Map<String, Member> named, Member others, Set<String> required) {

    /** Returns what is said of a member; its schema is no object if that is nothing. */
    public Member of(String name) {
      return named.getOrDefault(name, others);
    }
  }

  /**
   * What is said of one member.
   *
   * @param schema stands in its parent, and may be a reference
   * @param type as {@link #type} returns it
   * @param isReadOnly whether the service sets it and never takes it
   */
  public record Member(JsonNode schema, String type, boolean isReadOnly) {}

  private DeclaredSchemas(DocumentReferences references) {
    this.references = references;
  }

  /**
   * Returns the schemas of a document, after looking at all of it once. References to nothing get a
   * warning.
   *
   * @throws dev.connectorsdk.api.error.DefinitionException if it refers to anything outside itself
   *     or is too complex
   */
  public static DeclaredSchemas of(JsonNode swagger, Warnings warnings) {
    DocumentReferences references = new DocumentReferences(swagger);
    references.check(warnings);
    return new DeclaredSchemas(references);
  }

  /** Returns the schemas of a document that has been looked at before. */
  public static DeclaredSchemas ofChecked(JsonNode swagger) {
    return new DeclaredSchemas(new DocumentReferences(swagger));
  }

  /** Returns the last pointer on the way that {@link #resolve} goes, or {@code null}. */
  public @Nullable String finalTarget(JsonNode schema) {
    return references.finalTarget(schema);
  }

  /** Returns the node at a pointer such as {@code #/definitions/Order}; a missing node if none. */
  public JsonNode at(String pointer) {
    return references.at(pointer);
  }

  /** Returns the text of {@code $ref}, or {@code null} if the node is not a reference. */
  public static @Nullable String target(JsonNode node) {
    return DocumentReferences.target(node);
  }

  public JsonNode resolve(JsonNode schema) {
    return references.resolve(schema);
  }

  /** Returns the type in lower case, inferred where it is missing; empty if anything goes. */
  public String type(JsonNode schema) {
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
  public String format(JsonNode schema) {
    String format = Lookup.text(resolve(schema), "format");
    return format == null ? "" : Lookup.lower(format.trim());
  }

  /** Returns whether a value is the content of a file. */
  public boolean isFile(JsonNode schema) {
    String type = type(schema);
    return type.equals("file") || (type.equals("string") && format(schema).equals("binary"));
  }

  /** Returns the properties, those of {@code allOf} included. */
  public Map<String, JsonNode> properties(JsonNode schema) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    collect(schema, all, new LinkedHashSet<>(), visited());
    return all;
  }

  /** Returns the names of required properties, those of {@code allOf} included. */
  public Set<String> required(JsonNode schema) {
    Set<String> all = new LinkedHashSet<>();
    collect(schema, new LinkedHashMap<>(), all, visited());
    return all;
  }

  /** Returns what is said of the members of an object, collected once. */
  public Members members(JsonNode schema) {
    Place place = new Place(resolve(schema));
    Members known = members.get(place);
    if (known == null) {
      Map<String, Member> named = new HashMap<>();
      properties(schema).forEach((name, property) -> named.put(name, member(property)));
      Member others = member(place.schema().path("additionalProperties"));
      known = new Members(named, others, required(schema));
      members.put(place, known);
    }
    return known;
  }

  private Member member(JsonNode schema) {
    return new Member(schema, type(schema), isReadOnly(schema));
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
  public boolean isInternal(JsonNode schema) {
    return isMarkedInternal(schema) || isMarkedInternal(resolve(schema));
  }

  public static boolean isMarkedInternal(JsonNode node) {
    String visibility = Lookup.text(node, "x-ms-visibility");
    return visibility != null && visibility.trim().equalsIgnoreCase("internal");
  }

  /** Returns whether the service sets the value and never takes it. */
  public boolean isReadOnly(JsonNode schema) {
    return Lookup.isTrue(resolve(schema).get("readOnly"));
  }

  /** Returns whether the value may be a JSON null. */
  public boolean isNullable(JsonNode schema) {
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
  public @Nullable JsonNode defaultOf(JsonNode schema) {
    JsonNode value = resolve(schema).get("default");
    return value == null || value.isNull() ? null : value;
  }

  /** Returns the default that is sent for a value that nobody gave, or {@code null} for none. */
  public @Nullable JsonNode usualOf(JsonNode schema) {
    return hasExample(schema) ? null : defaultOf(schema);
  }

  /**
   * Returns whether the default of a value is an example: that of an object, or of a list of these,
   * whose properties people are asked for. Forms offer these and never the whole.
   */
  public boolean hasExample(JsonNode schema) {
    if (isInternal(schema)) {
      return false;
    }
    JsonNode resolved = resolve(schema);
    JsonNode declared = defaultOf(schema);
    return (declared != null && declared.isArray())
        ? declared.path(0).isObject() && hasParts(resolved.path("items"))
        : hasParts(schema) && hasDefault(schema, visited());
  }

  /** Returns whether an object or a part of {@code allOf}, which is the same value, has one. */
  private boolean hasDefault(JsonNode schema, Set<JsonNode> seen) {
    JsonNode resolved = resolve(schema);
    if (!seen.add(resolved)) {
      return false;
    }
    if (defaultOf(schema) != null) {
      return true;
    }
    for (JsonNode part : resolved.path("allOf")) {
      if (hasDefault(part, seen)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasParts(JsonNode schema) {
    JsonNode resolved = resolve(schema);
    return resolved.has("x-ms-dynamic-schema")
        || resolved.has("x-ms-dynamic-properties")
        || !properties(resolved).isEmpty();
  }

  /**
   * Returns whether a value is not made of its parts if nobody gave it: it has none, or an example
   * shows that it means something and none of them must be there.
   */
  public boolean isGivenAsAWhole(JsonNode schema) {
    return properties(schema).isEmpty() || (hasExample(schema) && required(schema).isEmpty());
  }

  /**
   * Returns whether a required value can be made without the caller: it has parts, all of which
   * can.
   */
  public boolean isSelfMade(JsonNode schema) {
    return !asksCaller(schema, visited());
  }

  private boolean asksCaller(JsonNode schema, Set<JsonNode> seen) {
    JsonNode resolved = resolve(schema);
    if (isInternal(schema) || isReadOnly(schema) || usualOf(schema) != null) {
      return false;
    }
    if (isGivenAsAWhole(schema)) {
      return true;
    }
    if (!seen.add(resolved)) {
      return false;
    }
    Map<String, JsonNode> properties = properties(resolved);
    for (String name : required(resolved)) {
      JsonNode property = properties.get(name);
      if (property == null || asksCaller(property, seen)) {
        return true;
      }
    }
    return false;
  }

  public static Set<JsonNode> visited() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}

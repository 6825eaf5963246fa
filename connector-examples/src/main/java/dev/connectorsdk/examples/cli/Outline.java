package dev.connectorsdk.examples.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema as a list of the values in it, each with the name under which it can be given or
 * found: {@code body/address/city}, {@code body/items/[]/name}.
 */
final class Outline {

  private static final int MAX_DEPTH = 6;
  private static final int MAX_ROWS = 500;

  /**
   * One value.
   *
   * @param note what it is, in words
   */
  record Row(String name, String type, boolean required, String note) {}

  private final JsonNode root;
  private final List<Row> rows = new ArrayList<>();

  private Outline(JsonNode root) {
    this.root = root;
  }

  /** Returns the values of an object's schema. */
  static List<Row> of(@Nullable JsonNode schema) {
    if (schema == null) {
      return List.of();
    }
    Outline outline = new Outline(schema);
    outline.members(schema, "", true, 0, new HashSet<>());
    return outline.rows;
  }

  private void members(
      JsonNode schema, String prefix, boolean parentRequired, int depth, Set<String> above) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asString("")));
    JsonNode bodyOrMembers = schema.at("/then/required");
    bodyOrMembers.forEach(name -> required.add(name.asString("")));
    schema
        .path("properties")
        .properties()
        .forEach(
            p ->
                value(
                    prefix + p.getKey(),
                    p.getValue(),
                    parentRequired && required.contains(p.getKey()),
                    depth,
                    above));
    for (JsonNode part : schema.path("allOf")) {
      JsonNode resolved = resolve(part, above);
      if (resolved != null) {
        members(resolved, prefix, parentRequired, depth, plus(above, part));
      }
    }
  }

  private void value(
      String name, JsonNode declared, boolean required, int depth, Set<String> above) {
    if (rows.size() >= MAX_ROWS) {
      return;
    }
    JsonNode schema = resolve(declared, above);
    if (schema == null) {
      rows.add(new Row(name, "object", required, note(declared, declared) + " (as above)"));
      return;
    }
    String type = type(schema);
    JsonNode items = schema.path("items");
    JsonNode element = items.isObject() ? resolve(items, plus(above, declared)) : null;
    if (type.equals("array") && element != null) {
      String of = type(element);
      type = of.isEmpty() ? "array" : "array of " + of;
    }
    int before = rows.size();
    rows.add(new Row(name, type.isEmpty() ? "any" : type, required, note(declared, schema)));
    if (depth >= MAX_DEPTH) {
      return;
    }
    if (schema.path("properties").isEmpty() && schema.path("allOf").isEmpty()) {
      if (element != null) {
        members(element, name + "/[]/", false, depth + 1, plus(plus(above, declared), items));
      }
    } else {
      members(schema, name + "/", required, depth + 1, plus(above, declared));
    }
    boolean opened = rows.size() > before + 1;
    if (opened && rows.get(before).type().equals("any")) {
      rows.set(before, new Row(name, "object", required, note(declared, schema)));
    }
  }

  private static Set<String> plus(Set<String> above, JsonNode declared) {
    String reference = declared.path("$ref").asString("");
    if (reference.isEmpty()) {
      return above;
    }
    Set<String> more = new HashSet<>(above);
    more.add(reference);
    return more;
  }

  /** Returns what a reference refers to, or {@code null} if it is among those above. */
  private @Nullable JsonNode resolve(JsonNode schema, Set<String> above) {
    String reference = schema.path("$ref").asString("");
    if (reference.isEmpty()) {
      return schema;
    }
    return above.contains(reference) ? null : root.at(reference.substring(1));
  }

  /**
   * Returns the declared type: an input's schema names first what it is, then what else it takes.
   */
  static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    String name = type.isArray() ? type.path(0).asString("") : type.asString("");
    String format = schema.path("format").asString("");
    return format.isEmpty() || name.isEmpty() ? name : name + " (" + format + ")";
  }

  private static String note(JsonNode declared, JsonNode schema) {
    List<String> parts = new ArrayList<>();
    String title = either(declared, schema, "title");
    String description = either(declared, schema, "description");
    if (!title.isEmpty() && !description.startsWith(title)) {
      parts.add(sentence(title));
    }
    if (!description.isEmpty()) {
      parts.add(sentence(description));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode choice : schema.path("enum")) {
      if (!choice.isNull()) {
        texts.add(choice.asString(""));
      }
    }
    if (!texts.isEmpty()) {
      boolean many = texts.size() > 12;
      parts.add(
          "One of: "
              + String.join(", ", many ? texts.subList(0, 12) : texts)
              + (many ? ", ..." : "."));
    }
    if (schema.has("default")) {
      parts.add("Default: " + schema.path("default") + ".");
    }
    return Terminal.oneLine(String.join(" ", parts));
  }

  private static String either(JsonNode declared, JsonNode schema, String member) {
    String text = declared.path(member).asString("");
    return text.isEmpty() ? schema.path(member).asString("") : text;
  }

  private static String sentence(String text) {
    String line = Terminal.oneLine(text);
    return line.isEmpty() || ".!?:".indexOf(line.charAt(line.length() - 1)) >= 0
        ? line
        : line + ".";
  }
}

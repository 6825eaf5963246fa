package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.fieldset;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.legend;

import j2html.tags.DomContent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A form that is made from a JSON Schema: a field for each value, a group for each object, and a
 * field for JSON for whatever has no field of its own, such as lists.
 *
 * @param inputs in the order of the schema
 */
record SchemaForm(List<Input> inputs) {

  private static final int DEEPEST = 4;
  private static final int MOST = 300;

  /** A field, or a group of them. */
  sealed interface Input permits Leaf, Group {}

  /**
   * A field.
   *
   * @param pointer JSON pointer of the value, by which the field is named
   * @param schema of the value
   * @param kind how the value is filled in
   */
  record Leaf(String pointer, String title, boolean required, JsonNode schema, LeafKind kind)
      implements Input {}

  /** The fields of an object. */
  record Group(String pointer, String title, boolean required, String hint, List<Input> inputs)
      implements Input {}

  /** Returns the form for objects of a schema. */
  static SchemaForm of(JsonNode schema) {
    return new SchemaForm(new Reader(schema).inputs("", schema, 0));
  }

  /** Returns all fields, groups opened. */
  List<Leaf> leaves() {
    List<Leaf> all = new ArrayList<>();
    collect(inputs, all);
    return all;
  }

  private static void collect(List<Input> inputs, List<Leaf> into) {
    for (Input input : inputs) {
      if (input instanceof Group group) {
        collect(group.inputs(), into);
      } else if (input instanceof Leaf leaf) {
        into.add(leaf);
      }
    }
  }

  /**
   * Returns the form.
   *
   * @param field makes the field of a leaf
   */
  DomContent html(Function<Leaf, Field> field) {
    return each(inputs, input -> html(input, field));
  }

  private static DomContent html(Input input, Function<Leaf, Field> field) {
    if (input instanceof Group group) {
      return fieldset(
          legend(group.title()),
          iff(!group.hint().isBlank(), Html.hint(group.hint())),
          each(group.inputs(), one -> html(one, field)));
    }
    return field.apply((Leaf) input).html();
  }

  /** Reads a schema, which may be a stranger's: neither its depth nor its size is trusted. */
  private static final class Reader {

    private final JsonNode root;
    private int count;

    Reader(JsonNode root) {
      this.root = root;
    }

    List<Input> inputs(String pointer, JsonNode object, int depth) {
      Set<String> required =
          object.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
      List<Input> inputs = new ArrayList<>();
      object
          .path("properties")
          .propertyStream()
          .forEach(
              one -> {
                if (count < MOST) {
                  count++;
                  String below = pointer + "/" + one.getKey().replace("~", "~0").replace("/", "~1");
                  boolean needed = required.contains(one.getKey());
                  inputs.add(input(below, one.getKey(), one.getValue(), needed, depth));
                }
              });
      return inputs;
    }

    private Input input(String pointer, String name, JsonNode given, boolean required, int depth) {
      JsonNode schema = plain(given, 0);
      String title = title(given).or(() -> title(schema)).orElseGet(() -> words(name));
      boolean opens =
          depth < DEEPEST
              && LeafKind.typeOf(schema).equals("object")
              && !schema.path("properties").isEmpty();
      return opens
          ? new Group(
              pointer,
              title,
              required,
              schema.path("description").asString(""),
              inputs(pointer, schema, depth + 1))
          : new Leaf(pointer, title, required, schema, kind(schema));
    }

    private LeafKind kind(JsonNode schema) {
      LeafKind kind = LeafKind.of(schema);
      return kind != LeafKind.SECRET && holdsSecret(schema) ? LeafKind.SECRET_JSON : kind;
    }

    /** Looks into each schema once, in whatever order. */
    private boolean holdsSecret(JsonNode schema) {
      Set<String> followed = new HashSet<>();
      Deque<JsonNode> left = new ArrayDeque<>(List.of(schema));
      while (!left.isEmpty()) {
        JsonNode next = left.pop();
        if (LeafKind.isSecret(next)) {
          return true;
        }
        String reference = next.path("$ref").asString("");
        if (reference.startsWith("#/") && followed.add(reference)) {
          left.push(root.at(reference.substring(1)));
        }
        next.valueStream().filter(JsonNode::isContainer).forEach(left::push);
      }
      return false;
    }

    /** Returns a name of a program as people write it: {@code atMost} is "At most". */
    private static String words(String name) {
      if (!name.matches("[a-z][A-Za-z0-9]*")) {
        return name;
      }
      String spaced = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
      return spaced.substring(0, 1).toUpperCase(Locale.ROOT) + spaced.substring(1);
    }

    private static Optional<String> title(JsonNode schema) {
      return List.of("title", "x-ms-summary").stream()
          .map(member -> schema.path(member).asString(""))
          .filter(text -> !text.isBlank())
          .findFirst();
    }

    /** Follows references, and leaves out that a value may be null. */
    private JsonNode plain(JsonNode schema, int steps) {
      if (steps > DEEPEST) {
        return schema;
      }
      String reference = schema.path("$ref").asString("");
      if (reference.startsWith("#/")) {
        return plain(root.at(reference.substring(1)), steps + 1);
      }
      for (String member : List.of("anyOf", "oneOf")) {
        List<JsonNode> others =
            schema
                .path(member)
                .valueStream()
                .filter(one -> !one.path("type").asString("").equals("null"))
                .toList();
        if (others.size() == 1) {
          return plain(others.get(0), steps + 1);
        }
      }
      return schema;
    }
  }
}

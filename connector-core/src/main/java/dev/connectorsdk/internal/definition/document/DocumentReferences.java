package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Follows {@code $ref} inside one document. Nothing outside the document is ever looked up: {@link
 * #check} refuses such references when the document is loaded, and {@link #resolve} does not know
 * them.
 */
final class DocumentReferences {

  private static final int MAX_HOPS = 200;

  private final JsonNode root;

  DocumentReferences(JsonNode root) {
    this.root = root;
  }

  /** Returns what {@code node} refers to, after any number of steps, or the node itself. */
  JsonNode resolve(JsonNode node) {
    JsonNode current = node;
    for (int hop = 0; hop < MAX_HOPS; hop++) {
      String target = target(current);
      if (target == null) {
        return current;
      }
      current = at(target);
    }
    return MissingNode.getInstance();
  }

  /** Returns the last pointer on the way that {@link #resolve} goes, or {@code null}. */
  @Nullable String finalTarget(JsonNode node) {
    String last = null;
    JsonNode current = node;
    for (int hop = 0; hop < MAX_HOPS; hop++) {
      String target = target(current);
      if (target == null) {
        return last;
      }
      last = target;
      current = at(target);
    }
    return last;
  }

  /** Returns the node at a pointer such as {@code #/definitions/Order}; a missing node if none. */
  JsonNode at(String pointer) {
    if (!DefinitionLimits.isLocal(pointer)) {
      return MissingNode.getInstance();
    }
    JsonNode current = root;
    if (pointer.equals("#")) {
      return current;
    }
    for (String part : pointer.substring(2).split("/", -1)) {
      String name = part.replace("~1", "/").replace("~0", "~");
      JsonNode next = current.isArray() ? element(current, name) : current.get(name);
      if (next == null) {
        next = current.get(PercentEncoding.decode(name));
      }
      if (next == null) {
        return MissingNode.getInstance();
      }
      current = next;
    }
    return current;
  }

  private static @Nullable JsonNode element(JsonNode array, String index) {
    try {
      return array.get(Integer.parseInt(index));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Returns the text of {@code $ref}, or {@code null} if the node is not a reference. */
  static @Nullable String target(JsonNode node) {
    return node.isObject() ? Lookup.text(node, "$ref") : null;
  }

  /**
   * Looks at the whole document once. DocumentReferences to nothing get a warning.
   *
   * @throws DefinitionException if it refers to anything outside itself or is too complex
   */
  void check(Warnings warnings) {
    String file = warnings.file();
    Deque<Place> open = new ArrayDeque<>();
    ReferenceChains chains = new ReferenceChains();
    open.push(new Place(root, null, "", ""));
    int objects = 0;
    while (!open.isEmpty()) {
      Place place = open.pop();
      JsonNode node = place.node();
      if (node.isObject()) {
        if (++objects > DefinitionLimits.OBJECTS) {
          throw DefinitionLimits.tooManyObjects(file);
        }
        String target = target(node);
        if (target != null && !DefinitionLimits.isLocal(target)) {
          throw DefinitionLimits.foreignReference(file, place.pointer());
        }
        if (target != null) {
          chains.add(place.owner(), target);
        }
        if (target != null && resolve(node).isMissingNode()) {
          warnings.add(place.pointer(), "refers to nothing, and is read as anything");
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          if (member.getValue().isContainer()) {
            open.push(place.child(member.getValue(), member.getKey()));
          }
        }
      } else {
        if (node.size() > DefinitionLimits.ENUM_VALUES && place.name().equals("enum")) {
          throw DefinitionLimits.enumTooLong(file, place.pointer());
        }
        int index = 0;
        for (JsonNode element : node) {
          if (element.isContainer()) {
            open.push(place.child(element, Integer.toString(index)));
          }
          index++;
        }
      }
    }
    chains.check(file);
  }

  /**
   * @param owner what a reference leads to, such as {@code #/definitions/Order}, when it leads here
   */
  private record Place(JsonNode node, @Nullable Place parent, String name, String owner) {

    Place child(JsonNode child, String childName) {
      boolean second = parent != null && parent.parent() == null;
      return new Place(
          child, this, childName, second ? "#" + Lookup.pointer(pointer(), childName) : owner);
    }

    String pointer() {
      return parent == null ? "" : Lookup.pointer(parent.pointer(), name);
    }
  }
}

package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.PercentEncoding;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Map<String, JsonNode> found = new ConcurrentHashMap<>(); // by pointer

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
      current = found(target);
    }
    return MissingNode.getInstance();
  }

  /** Calls follow the same references again and again. */
  private JsonNode found(String pointer) {
    JsonNode known = found.get(pointer);
    if (known == null) {
      known = at(pointer);
      found.put(pointer, known);
    }
    return known;
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
      String name = JsonPointers.unescape(part);
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
   * Looks at the whole document once. References to nothing get a warning.
   *
   * @throws DefinitionException if it refers to anything outside itself or is too complex
   */
  void check(Warnings warnings) {
    new Check(warnings).run();
  }

  /** One look at the whole document, without recursion: it may be deep. */
  private final class Check {

    private final Warnings warnings;
    private final Deque<Place> open = new ArrayDeque<>();
    private final ReferenceChains chains = new ReferenceChains();
    private int objects;

    Check(Warnings warnings) {
      this.warnings = warnings;
    }

    void run() {
      open.push(new Place(root, null, "", ""));
      while (!open.isEmpty()) {
        Place place = open.pop();
        if (place.node().isObject()) {
          object(place);
        } else {
          array(place);
        }
      }
      chains.check(warnings.file());
    }

    private void object(Place place) {
      if (++objects > DefinitionLimits.OBJECTS) {
        throw DefinitionLimits.tooManyObjects(warnings.file());
      }
      String target = target(place.node());
      if (target != null) {
        reference(place, target);
      }
      for (Map.Entry<String, JsonNode> member : place.node().properties()) {
        enter(place, member.getKey(), member.getValue());
      }
    }

    private void reference(Place place, String target) {
      if (!DefinitionLimits.isLocal(target)) {
        throw DefinitionLimits.foreignReference(warnings.file(), place.pointer());
      }
      chains.add(place.owner(), target);
      if (resolve(place.node()).isMissingNode()) {
        warnings.add(place.pointer(), "refers to nothing, and is read as anything");
      }
    }

    private void array(Place place) {
      if (place.node().size() > DefinitionLimits.ENUM_VALUES && place.name().equals("enum")) {
        throw DefinitionLimits.enumTooLong(warnings.file(), place.pointer());
      }
      int index = 0;
      for (JsonNode element : place.node()) {
        enter(place, Integer.toString(index++), element);
      }
    }

    private void enter(Place place, String name, JsonNode child) {
      if (child.isContainer()) {
        open.push(place.child(child, name));
      }
    }
  }

  /**
   * @param owner what a reference leads to, such as {@code #/definitions/Order}, when it leads here
   */
  private record Place(JsonNode node, @Nullable Place parent, String name, String owner) {

    Place child(JsonNode child, String childName) {
      boolean second = parent != null && parent.parent() == null;
      return new Place(
          child, this, childName, second ? "#" + JsonPointers.child(pointer(), childName) : owner);
    }

    String pointer() {
      return parent == null ? "" : JsonPointers.child(parent.pointer(), name);
    }
  }
}

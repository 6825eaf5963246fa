package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a page has under a name.
 *
 * @param parent where the name is, or {@code null} if it is nowhere
 */
record PageMember(@Nullable ObjectNode parent, String name) {

  private static final Pattern STEPS = Pattern.compile("[./]");

  /**
   * Finds a member.
   *
   * @param name of a member, else the names on the way to one inside, with dots or slashes between
   */
  static PageMember at(JsonNode page, String name) {
    PageMember whole = in(page, name);
    if (whole.parent() != null) {
      return whole;
    }
    PageMember found = whole;
    JsonNode at = page;
    for (String step : STEPS.split(name.startsWith("/") ? name.substring(1) : name, -1)) {
      found = in(at, step);
      at = found.value();
      if (at == null) {
        break;
      }
    }
    return found;
  }

  private static PageMember in(JsonNode node, String name) {
    String match = node.isObject() ? Lookup.match(node.propertyNames(), name) : null;
    return match == null ? new PageMember(null, name) : new PageMember((ObjectNode) node, match);
  }

  @Nullable JsonNode value() {
    return parent == null ? null : parent.get(name);
  }

  /** Returns whether it is a list; null is an empty one. */
  boolean isList() {
    JsonNode value = value();
    return value != null && (value.isArray() || value.isNull());
  }

  /** Returns the list, and has the page have one if it is null. */
  ArrayNode list() {
    if (value() instanceof ArrayNode list) {
      return list;
    }
    return parent == null ? JsonNodeFactory.instance.arrayNode() : parent.putArray(name);
  }

  /** Puts a text in its place, or nothing. */
  void replace(@Nullable String text) {
    if (parent == null) {
      return;
    }
    if (text == null) {
      parent.remove(name);
    } else {
      parent.put(name, text);
    }
  }
}

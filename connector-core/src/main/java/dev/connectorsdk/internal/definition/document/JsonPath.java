package dev.connectorsdk.internal.definition.document;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The way from one JSON value to another inside it: {@code .a.b}, {@code ['@odata.id']}, {@code
 * [0]}. A question mark before a step, for what may be missing, makes no difference.
 *
 * @param steps names and indexes in order; none leads to the value itself
 */
public record JsonPath(List<String> steps) {

  /** As long as names in JSON may be: what is searched for the end of a name is bounded. */
  private static final int LONGEST_NAME = 1_000;

  public static final JsonPath SELF = new JsonPath(List.of());

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /** Reads a path on its own, such as {@code a.b}; empty and {@code null} lead nowhere further. */
  public static JsonPath of(@Nullable String text) {
    String trimmed = text == null ? "" : text.trim();
    return isNowhere(trimmed) ? SELF : read(begun(trimmed), 0, new int[1]);
  }

  /**
   * Reads a path on its own, or a name that has other characters in it than names in paths.
   *
   * @return {@code null} if it is neither
   */
  public static @Nullable JsonPath whole(String text) {
    String trimmed = text.trim();
    if (isNowhere(trimmed)) {
      return SELF;
    }
    String begun = begun(trimmed);
    int[] end = new int[1];
    JsonPath path = read(begun, 0, end);
    if (!path.isSelf() && end[0] == begun.length()) {
      return path;
    }
    return trimmed.chars().anyMatch(c -> ".[]{}\"'".indexOf(c) >= 0)
        ? null
        : new JsonPath(List.of(trimmed));
  }

  private static boolean isNowhere(String trimmed) {
    return trimmed.isEmpty() || trimmed.equals("null");
  }

  private static String begun(String trimmed) {
    return "[.?".indexOf(trimmed.charAt(0)) < 0 ? "." + trimmed : trimmed;
  }

  /**
   * Reads the path that begins at {@code from}.
   *
   * @param end takes where it ends
   */
  public static JsonPath read(String text, int from, int[] end) {
    List<String> steps = new ArrayList<>();
    int at = from;
    while (at < text.length()) {
      int step = text.startsWith("?.", at) || text.startsWith("?[", at) ? at + 1 : at;
      int next = text.charAt(step) == '.' ? name(text, step, steps) : bracket(text, step, steps);
      if (next < 0) {
        break;
      }
      at = next;
    }
    end[0] = at;
    return new JsonPath(steps);
  }

  private static int name(String text, int dot, List<String> steps) {
    int to = dot + 1;
    boolean isAnnotation = false;
    while (to < text.length() && (isOfName(text, to) || (isAnnotation && isDot(text, to)))) {
      isAnnotation |= text.charAt(to) == '@';
      to++;
    }
    if (to == dot + 1) {
      return -1;
    }
    steps.add(text.substring(dot + 1, to));
    return to;
  }

  private static boolean isOfName(String text, int at) {
    char c = text.charAt(at);
    return Character.isLetterOrDigit(c) || "_-$@".indexOf(c) >= 0;
  }

  /** Names of annotations, such as {@code @odata.id} and {@code owner@odata.bind}, have dots. */
  private static boolean isDot(String text, int at) {
    return text.charAt(at) == '.'
        && at + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  private static int bracket(String text, int open, List<String> steps) {
    if (text.charAt(open) != '[' || open + 1 >= text.length()) {
      return -1;
    }
    char quote = text.charAt(open + 1);
    if (quote == '\'' || quote == '"') {
      return quotedName(text, open + 2, quote, steps);
    }
    return index(text, open + 1, steps);
  }

  private static int quotedName(String text, int from, char quote, List<String> steps) {
    String name = text.substring(from, Math.min(text.length(), from + 2 + LONGEST_NAME));
    int close = name.indexOf(quote + "]");
    if (close < 0) {
      return -1;
    }
    steps.add(name.substring(0, close));
    return from + close + 2;
  }

  private static int index(String text, int from, List<String> steps) {
    int to = from;
    while (to < text.length() && to < from + 9 && isDigit(text.charAt(to))) {
      to++;
    }
    if (to == from || !text.startsWith("]", to)) {
      return -1;
    }
    steps.add(text.substring(from, to));
    return to + 1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  public boolean isSelf() {
    return steps.isEmpty();
  }

  /** Returns what the path leads to, or {@code null} for nothing. */
  public @Nullable JsonNode find(@Nullable JsonNode from) {
    JsonNode current = from;
    for (String step : steps) {
      if (current == null) {
        return null;
      }
      current = child(current, step);
    }
    return current;
  }

  private static @Nullable JsonNode child(JsonNode parent, String step) {
    if (parent.isArray()) {
      int index = index(step);
      return index < 0 ? null : parent.get(index);
    }
    return parent.get(step);
  }

  private static int index(String step) {
    return PathString.isIndex(step) ? Integer.parseInt(step) : -1;
  }

  /**
   * Puts a value where the path leads, making the objects on the way.
   *
   * @return whether there was a place for it
   */
  public boolean make(JsonNode from, JsonNode value) {
    JsonNode parent = from;
    for (int i = 0; i < steps.size() - 1; i++) {
      JsonNode next = child(parent, steps.get(i));
      if (next == null || next.isNull()) {
        next = JsonNodeFactory.instance.objectNode();
        if (!put(parent, steps.get(i), next)) {
          return false;
        }
      }
      parent = next;
    }
    return !steps.isEmpty() && put(parent, last(), value);
  }

  /**
   * Puts a value where the path leads, if what it belongs to is there.
   *
   * @return whether there was a place for it
   */
  public boolean set(JsonNode from, JsonNode value) {
    JsonNode parent = steps.isEmpty() ? null : parent(from);
    return parent != null && put(parent, last(), value);
  }

  private static boolean put(JsonNode parent, String step, JsonNode value) {
    if (parent instanceof ObjectNode object) {
      object.set(step, value);
      return true;
    }
    int index = index(step);
    if (parent instanceof ArrayNode array && index >= 0 && index < array.size()) {
      array.set(index, value);
      return true;
    }
    return false;
  }

  /** Removes the member that the path leads to. */
  public void remove(JsonNode from) {
    if (!steps.isEmpty() && parent(from) instanceof ObjectNode object) {
      object.remove(last());
    }
  }

  private @Nullable JsonNode parent(JsonNode from) {
    return new JsonPath(steps.subList(0, steps.size() - 1)).find(from);
  }

  public String last() {
    return steps.get(steps.size() - 1);
  }
}

package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.internal.JsonPointers;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Paths as dynamic extensions write them: a JSON pointer (RFC 6901) without the first slash. */
public final class PathString {

  private PathString() {}

  /** Returns what is at a path; a missing node if nothing is. An empty path is the node itself. */
  public static JsonNode at(JsonNode node, String path) {
    if (path.isEmpty() || path.equals("/")) {
      return node;
    }
    // Names that hold slashes are written as they are by some.
    JsonNode exact = node.get(path);
    if (exact != null) {
      return exact;
    }
    JsonNode current = node;
    for (String name : segments(path)) {
      current = child(current, name);
      if (current.isMissingNode()) {
        return current;
      }
    }
    return current;
  }

  private static JsonNode child(JsonNode node, String name) {
    if (node.isArray()) {
      return isIndex(name) ? node.path(Integer.parseInt(name)) : MissingNode.getInstance();
    }
    return node.path(name);
  }

  /** Returns the names in a path, without escapes. */
  public static List<String> segments(String path) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    return Arrays.stream(relative.split("/", -1)).map(JsonPointers::unescape).toList();
  }

  public static boolean isIndex(String name) {
    return !name.isEmpty() && name.length() < 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}

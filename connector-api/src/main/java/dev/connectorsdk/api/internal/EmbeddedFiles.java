package dev.connectorsdk.api.internal;

import dev.connectorsdk.api.file.FileSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

/** Files in trees of JSON, where callers put them in the place of their content. */
public final class EmbeddedFiles {

  private EmbeddedFiles() {}

  /** Returns the file that a node stands for, or {@code null} if it is something else. */
  public static @Nullable FileSource of(JsonNode node) {
    return node instanceof POJONode embedded && embedded.getPojo() instanceof FileSource file
        ? file
        : null;
  }

  /** Returns the JSON pointers of all files in a tree. */
  public static List<String> in(JsonNode tree) {
    List<String> pointers = new ArrayList<>();
    collect(tree, "", pointers);
    return pointers;
  }

  private static void collect(JsonNode node, String pointer, List<String> pointers) {
    if (of(node) != null) {
      pointers.add(pointer);
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        if (mayHold(member.getValue())) {
          collect(member.getValue(), JsonPointers.child(pointer, member.getKey()), pointers);
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        if (mayHold(node.get(i))) {
          collect(node.get(i), JsonPointers.child(pointer, i), pointers);
        }
      }
    }
  }

  /** Most of a tree are texts and numbers, whose pointers nobody needs. */
  private static boolean mayHold(JsonNode node) {
    return node.isContainer() || node.isPojo();
  }
}

package dev.connectorsdk.examples.mcp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a tool answers.
 *
 * @param isError whether it did not do what it was called for; the text says why, and what to do
 * @param content the answer as JSON, or {@code null} with an error
 * @param kept what is too large or too binary for an answer, to be read by {@link Tools#read}
 */
public record ToolAnswer(
    boolean isError, String text, @Nullable ObjectNode content, List<KeptAnswer> kept) {

  public ToolAnswer {
    kept = List.copyOf(kept);
  }

  static ToolAnswer of(ObjectNode content) {
    return new ToolAnswer(false, content.toString(), content, List.of());
  }

  static ToolAnswer error(String text) {
    return new ToolAnswer(true, text, null, List.of());
  }
}

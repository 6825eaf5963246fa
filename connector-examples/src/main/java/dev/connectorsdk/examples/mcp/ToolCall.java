package dev.connectorsdk.examples.mcp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a tool.
 *
 * @param idempotencyKey by which a service recognises a write that is repeated, or {@code null} for
 *     one that is chosen
 */
public record ToolCall(String tool, ObjectNode arguments, @Nullable String idempotencyKey) {

  /** Returns a call for which the key is chosen. */
  public static ToolCall of(String tool, ObjectNode arguments) {
    return new ToolCall(tool, arguments, null);
  }
}

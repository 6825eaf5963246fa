package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Effect;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an agent is told of one tool.
 *
 * @param name stable, and unique in its set: at most 64 letters, digits, {@code _}, {@code .} and
 *     {@code -}
 * @param input JSON Schema (2020-12) of an object
 * @param output JSON Schema (2020-12) of an object; it describes answers, and refuses none
 * @param effect what a call does at the service
 * @param needsConfirmation whether a person is asked before each call
 */
public record Tool(
    String name,
    String title,
    String description,
    ObjectNode input,
    ObjectNode output,
    Effect effect,
    boolean needsConfirmation) {

  static final int LONGEST_TITLE = 200;
  static final int LONGEST_DESCRIPTION = 2_000;

  long bytesOfSchemas() {
    return (long) ToolSchemas.bytes(input) + ToolSchemas.bytes(output);
  }

  /** Returns this tool where there is no room for its schemas. */
  Tool withoutSchemas() {
    return new Tool(
        name,
        title,
        description,
        ToolSchemas.unlisted(),
        ToolSchemas.unlisted(),
        effect,
        needsConfirmation);
  }

  /** Returns the beginning of a text that is longer than so many characters. */
  static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "...";
  }

  /** Returns whether a call changes nothing. */
  public boolean isReadOnly() {
    return effect == Effect.READ;
  }

  /** Returns whether a call may remove or overwrite something for good. */
  public boolean isDestructive() {
    return effect == Effect.DESTRUCTIVE;
  }

  /** Returns whether a second call with the same input changes nothing more. */
  public boolean isIdempotent() {
    return effect.isRepeatable();
  }
}

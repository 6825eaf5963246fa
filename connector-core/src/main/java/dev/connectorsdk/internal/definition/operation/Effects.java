package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.internal.definition.document.Corrections;
import dev.connectorsdk.internal.definition.document.Lookup;
import tools.jackson.databind.JsonNode;

/**
 * What an operation does at its service, as far as a definition tells.
 *
 * @param needsConfirmation whether the definition wants agents to ask before they call it
 * @param goesOn whether work goes on where an answer 202 points to; an upload in chunks is only
 *     continued there
 */
public record Effects(Effect effect, boolean needsConfirmation, boolean goesOn) {

  /**
   * Returns the effects of an operation.
   *
   * @param method the one that is sent
   * @param root the document
   * @param corrections what the host says in place of what follows
   */
  static Effects of(
      String id, String method, JsonNode operation, JsonNode root, Corrections corrections) {
    boolean confirmed = needsConfirmation(id, operation, root);
    Effect said = corrections.effect(id);
    Boolean goesOn = corrections.waits(id);
    return new Effects(
        said == null ? effect(method, confirmed) : said,
        confirmed,
        goesOn == null ? !wantsChunks(operation) : goesOn);
  }

  /** Returns whether a definition wants files of an operation to be sent in chunks. */
  static boolean wantsChunks(JsonNode operation) {
    JsonNode capabilities = Lookup.find(operation, "x-ms-capabilities");
    return Lookup.isTrue(Lookup.find(capabilities, "chunkTransfer"));
  }

  /**
   * Returns what follows from the method. What people have to confirm is no mere reading, whatever
   * its method.
   */
  private static Effect effect(String method, boolean confirmed) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS" -> confirmed ? Effect.IDEMPOTENT_WRITE : Effect.READ;
      case "PUT" -> Effect.IDEMPOTENT_WRITE;
      case "DELETE" -> Effect.DESTRUCTIVE;
      default -> Effect.WRITE;
    };
  }

  /**
   * Returns whether a definition wants agents to ask before they call an operation. What it says
   * about an operation stands in that one or at the root.
   */
  private static boolean needsConfirmation(String id, JsonNode operation, JsonNode root) {
    return isConfirmed(id, operation.path("x-ms-openai-data"))
        || isConfirmed(id, root.path("x-ms-openai-data"))
        || Lookup.isTrue(operation.get("x-ms-require-user-confirmation"));
  }

  private static boolean isConfirmed(String id, JsonNode data) {
    for (JsonNode entry : data.path("operations")) {
      if (id.equalsIgnoreCase(Lookup.findText(entry, "operationId"))
          && Lookup.isTrue(Lookup.find(entry, "x-ms-require-user-confirmation"))) {
        return true;
      }
    }
    return false;
  }
}

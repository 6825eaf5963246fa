package dev.connectorsdk.definition;

import dev.connectorsdk.api.Effect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an operation does at its service, as far as a definition tells. */
final class Effects {

  private Effects() {}

  /**
   * Returns what follows from the method, unless the host says something else. What people have to
   * confirm is no mere reading, whatever its method.
   *
   * @param method the one that is sent
   */
  static Effect of(String method, boolean confirmed, @Nullable Effect said) {
    if (said != null) {
      return said;
    }
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
  static boolean needsConfirmation(String id, JsonNode operation, JsonNode root) {
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

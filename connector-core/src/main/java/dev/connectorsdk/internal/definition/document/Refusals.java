package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.auth.NoneScheme;
import tools.jackson.databind.JsonNode;

/** By which answers a service refuses a credential, as a host lists them. */
final class Refusals {

  private Refusals() {}

  /**
   * Returns a way to authenticate that takes the listed answers for refusals; itself if it has no
   * credential that could be refused.
   *
   * @throws IllegalArgumentException if no such answer can refuse one
   */
  static AuthOption addedTo(AuthOption option, JsonNode list) {
    AuthOption refusing = option;
    if (option.scheme() instanceof NoneScheme) {
      return refusing;
    }
    for (JsonNode answer : list) {
      int status = answer.path("status").asInt(0);
      String place = Lookup.text(answer, "place");
      refusing =
          place == null
              ? refusing.refusedBy(status)
              : refusing.refusedBy(status, place, values(answer));
    }
    return refusing;
  }

  private static String[] values(JsonNode answer) {
    return answer.path("values").valueStream().map(JsonNode::asString).toArray(String[]::new);
  }
}

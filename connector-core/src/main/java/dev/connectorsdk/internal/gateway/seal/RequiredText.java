package dev.connectorsdk.internal.gateway.seal;

import tools.jackson.databind.JsonNode;

/** Texts that JSON has to have. */
public final class RequiredText {

  private RequiredText() {}

  /**
   * Returns a text.
   *
   * @throws IllegalArgumentException if the member is missing, or no text
   */
  public static String of(JsonNode json, String member) {
    JsonNode value = json.path(member);
    if (!value.isString()) {
      throw new IllegalArgumentException("There is no text '" + member + "'");
    }
    return value.asString();
  }
}

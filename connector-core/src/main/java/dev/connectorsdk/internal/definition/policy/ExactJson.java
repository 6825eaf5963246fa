package dev.connectorsdk.internal.definition.policy;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what policies look at, and keeps all digits of its numbers. */
final class ExactJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private ExactJson() {}

  /** Returns what some bytes say in JSON, or {@code null} if that is nothing. */
  static @Nullable JsonNode read(byte[] json) {
    try {
      JsonNode read = MAPPER.readTree(json);
      return read.isMissingNode() ? null : read;
    } catch (JacksonException | NumberFormatException notJson) {
      // The latter comes from Jackson for an exponent that no BigDecimal can have.
      return null;
    }
  }
}

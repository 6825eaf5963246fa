package dev.connectorsdk.api;

import dev.connectorsdk.api.error.ResponseException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of deliveries. What Jackson throws can quote it, and is a {@link
 * NumberFormatException} for an exponent that is out of range, so none of it is kept.
 */
final class DeliveryJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private DeliveryJson() {}

  static JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (RuntimeException e) {
      throw unreadable(body);
    }
  }

  static <T> T value(byte[] body, Class<T> type) {
    try {
      T value = MAPPER.readValue(body, type);
      if (value != null) {
        return value;
      }
    } catch (RuntimeException e) {
      throw unreadable(body);
    }
    throw unreadable(body);
  }

  private static ResponseException unreadable(byte[] body) {
    return new ResponseException(
        "The delivery (" + body.length + " bytes) is not JSON of the expected shape");
  }
}

package dev.connectorsdk.api;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.TypedJson;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of deliveries. What Jackson throws can quote it, and is a {@link
 * NumberFormatException} for an exponent that is out of range, so none of it is kept.
 */
final class DeliveryJson {

  private static final JsonMapper MAPPER = TypedJson.set(JsonMapper.builder()).build();

  private DeliveryJson() {}

  static JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (RuntimeException e) {
      throw unreadable(body, "");
    }
  }

  static <T> T value(byte[] body, Class<T> type) {
    try {
      T value = MAPPER.readValue(body, type);
      if (value != null) {
        return value;
      }
    } catch (DatabindException e) {
      throw unreadable(body, JsonPointers.inMessage(e));
    } catch (RuntimeException e) {
      throw unreadable(body, "");
    }
    throw unreadable(body, "");
  }

  private static ResponseException unreadable(byte[] body, String place) {
    return new ResponseException(
        "The delivery (" + body.length + " bytes) is not JSON of the expected shape" + place);
  }
}

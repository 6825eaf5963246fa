package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.internal.ByteOrderMark;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a JSON body that two readers cannot read in two ways. */
final class JsonBody {

  /** Messages of the library quote the body and are dropped. */
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxNumberLength(1000)
                          .maxNameLength(1000)
                          .maxTokenCount(1_000_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private JsonBody() {}

  static JsonNode read(Delivery delivery) {
    String text = StrictText.utf8(delivery.body());
    if (text == null) {
      throw Refusals.malformed("the body", "is not UTF-8");
    }
    try {
      return STRICT.readTree(ByteOrderMark.removedFrom(text));
    } catch (JacksonException | NumberFormatException e) {
      // The latter comes from Jackson for an exponent that no BigDecimal can have.
      throw Refusals.malformed("the body", "is not JSON, or names a member twice");
    }
  }

  /** For samples. */
  static byte[] write(JsonNode json) {
    return STRICT.writeValueAsBytes(json);
  }
}

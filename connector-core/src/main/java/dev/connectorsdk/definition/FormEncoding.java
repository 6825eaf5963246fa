package dev.connectorsdk.definition;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** {@code application/x-www-form-urlencoded}. */
final class FormEncoding {

  private FormEncoding() {}

  static byte[] encode(List<OutgoingRequest.Field> fields) {
    StringBuilder text = new StringBuilder();
    for (OutgoingRequest.Field field : fields) {
      append(text, field.name(), field.value());
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Encodes the members of an object; those that are no scalars as JSON. */
  static byte[] encode(JsonNode object) {
    StringBuilder text = new StringBuilder();
    object.forEachEntry(
        (name, value) -> {
          if (!value.isNull()) {
            String scalar = Values.text(value);
            append(text, name, scalar == null ? value.toString() : scalar);
          }
        });
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(text.length() == 0 ? "" : "&")
        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}

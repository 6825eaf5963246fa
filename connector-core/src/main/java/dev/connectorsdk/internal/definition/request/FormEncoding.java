package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Scalars;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** {@code application/x-www-form-urlencoded}. */
public final class FormEncoding {

  private FormEncoding() {}

  static byte[] encode(List<Field> fields) {
    StringBuilder text = new StringBuilder();
    for (Field field : fields) {
      append(text, field.name(), field.value());
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Encodes the members of an object; those that are no scalars as JSON. */
  public static byte[] encode(JsonNode object) {
    StringBuilder text = new StringBuilder();
    object.forEachEntry(
        (name, value) -> {
          if (!value.isNull()) {
            String scalar = Scalars.text(value);
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

package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** {@code application/x-www-form-urlencoded}. */
public final class FormEncoding {

  private FormEncoding() {}

  static byte[] encode(List<QueryParameter> fields) {
    StringBuilder text = new StringBuilder();
    for (QueryParameter field : fields) {
      append(text, field.name(), field.value());
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Encodes the members of an object. */
  public static byte[] encode(JsonNode object) {
    return encode(fields(object));
  }

  /** Returns the members of an object as fields; those that are no scalars as JSON. */
  static List<QueryParameter> fields(JsonNode object) {
    List<QueryParameter> fields = new ArrayList<>();
    object.forEachEntry(
        (name, value) -> {
          if (!value.isNull()) {
            String scalar = Scalars.text(value);
            fields.add(new QueryParameter(name, scalar == null ? value.toString() : scalar));
          }
        });
    return fields;
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(text.length() == 0 ? "" : "&")
        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}

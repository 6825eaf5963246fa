package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.document.Scalars;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What policies make of a value. Each returns {@code null} for what it does not apply to. */
final class Conversions {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Conversions() {}

  static @Nullable JsonNode arrayToObject(JsonNode array, JsonPath key, boolean retain) {
    if (!array.isArray()) {
      return null;
    }
    ObjectNode object = JSON.objectNode();
    for (JsonNode element : array) {
      JsonNode found = key.isSelf() ? null : key.find(element);
      String name = found == null ? null : Scalars.text(found);
      if (name != null) {
        object.set(name, retain ? element.deepCopy() : withoutKey(element, key));
      }
    }
    return object;
  }

  /** What holds nothing but its key says that there is nothing under the key. */
  private static JsonNode withoutKey(JsonNode element, JsonPath key) {
    JsonNode value = element.deepCopy();
    key.remove(value);
    return value.isEmpty() ? JSON.nullNode() : value;
  }

  static @Nullable JsonNode objectToArray(JsonNode object, String key, String value) {
    if (!object.isObject()) {
      return null;
    }
    ArrayNode array = JSON.arrayNode();
    object.forEachEntry(
        (name, member) -> {
          ObjectNode element = array.addObject();
          element.put(key, name);
          element.set(value, member.deepCopy());
        });
    return array;
  }

  static @Nullable JsonNode stringToArray(JsonNode value, String delimiters, String child) {
    String text = Scalars.text(value);
    if (text == null) {
      return null;
    }
    ArrayNode array = JSON.arrayNode();
    StringBuilder element = new StringBuilder();
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length() && delimiters.indexOf(text.charAt(i)) < 0) {
        element.append(text.charAt(i));
        continue;
      }
      String trimmed = element.toString().trim();
      if (!trimmed.isEmpty()) {
        array.addObject().put(child, trimmed);
      }
      element.setLength(0);
    }
    return array;
  }

  static @Nullable JsonNode replace(JsonNode value, String source, String replacement) {
    if (!value.isString() || source.isEmpty()) {
      return value.isString() ? value : null;
    }
    return JSON.stringNode(value.stringValue().replace(source, replacement));
  }

  static @Nullable JsonNode encode(JsonNode value) {
    String text = Scalars.text(value);
    return text == null ? null : JSON.stringNode(PercentEncoding.encode(text));
  }
}

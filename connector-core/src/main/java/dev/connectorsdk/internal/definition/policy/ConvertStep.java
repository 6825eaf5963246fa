package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes another value of one in the body, and puts it where {@code target} says. Below an array it
 * does so for each element, which is the item.
 */
record ConvertStep(Call parent, JsonPath sub, Call target, Conversion conversion)
    implements MessageStep {

  /** Makes another value of one. */
  @FunctionalInterface
  interface Conversion {

    /** Returns the value to put, or {@code null} if there is nothing to do. */
    @Nullable JsonNode convert(JsonNode value, @Nullable JsonNode item, Message message);
  }

  private static MessageStep step(PolicyArguments arguments, Conversion conversion) {
    return new ConvertStep(
        arguments.place("propertyParentPath"),
        arguments.path("propertySubPath"),
        arguments.place("newPropertyPath"),
        conversion);
  }

  static MessageStep arrayToObject(PolicyArguments arguments) {
    JsonPath key = arguments.path("keyWithinCollectionPath");
    boolean retain = arguments.is("retainKey", true);
    return step(arguments, (value, item, message) -> Conversions.arrayToObject(value, key, retain));
  }

  static MessageStep objectToArray(PolicyArguments arguments) {
    String key = arguments.plainOr("keyName", "key");
    String name = arguments.plainOr("valueName", "value");
    return step(arguments, (value, item, message) -> Conversions.objectToArray(value, key, name));
  }

  static MessageStep stringToArray(PolicyArguments arguments) {
    String delimiters = arguments.plain("delimiterList");
    String child = arguments.plain("childPropertyName");
    return step(
        arguments, (value, item, message) -> Conversions.stringToArray(value, delimiters, child));
  }

  static MessageStep replace(PolicyArguments arguments) {
    PolicyText source = arguments.bodyText("sourceString");
    PolicyText replacement = arguments.bodyText("replacementString");
    return step(
        arguments,
        (value, item, message) ->
            Conversions.replace(
                value, message.text(source, item), message.text(replacement, item)));
  }

  static MessageStep encode(PolicyArguments arguments) {
    return step(arguments, (value, item, message) -> Conversions.encode(value));
  }

  @Override
  public void apply(Message message) {
    JsonNode found = message.json() == null ? null : message.node(parent, null);
    if (found == null) {
      return;
    }
    List<JsonNode> parents = new ArrayList<>();
    if (found.isArray() && !sub.isSelf()) {
      found.forEach(parents::add);
    } else {
      parents.add(found);
    }
    for (JsonNode item : parents) {
      JsonNode value = sub.find(item);
      JsonNode converted = value == null ? null : conversion.convert(value, item, message);
      if (converted != null) {
        put(message, item, converted);
      }
    }
  }

  private void put(Message message, JsonNode item, JsonNode value) {
    JsonNode root = target.source() == Source.ITEM ? item : message.json();
    if (target.path().isSelf() && target.source() == Source.BODY) {
      message.setJson(value);
    } else if (root != null && target.path().make(root, value)) {
      message.jsonWasChanged();
    }
  }
}

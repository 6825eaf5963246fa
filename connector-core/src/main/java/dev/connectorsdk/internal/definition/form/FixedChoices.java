package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.Choices.Kind;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Choices that a definition lists itself: {@code enum}, with titles in {@code x-ms-enum-values}.
 */
final class FixedChoices {

  private FixedChoices() {}

  static Choices of(JsonNode schema) {
    JsonNode titled = schema.path("x-ms-enum-values");
    JsonNode values = schema.path("enum");
    List<Choice> choices = new ArrayList<>();
    if (values.isArray()) {
      values.forEach(value -> choices.add(Choice.of(value, titleOf(value, titled))));
    } else {
      for (JsonNode entry : titled) {
        JsonNode value = Lookup.find(entry, "value");
        if (value != null) {
          choices.add(Choice.of(value, titleOf(value, titled)));
        }
      }
    }
    return choices.isEmpty() ? Choices.none() : Choices.of(Kind.FIXED, choices);
  }

  private static String titleOf(JsonNode value, JsonNode titled) {
    String text = textOf(value);
    for (JsonNode entry : titled) {
      JsonNode named = Lookup.find(entry, "value");
      String title = Lookup.findText(entry, "displayName");
      if (named != null && title != null && textOf(named).equals(text)) {
        return title;
      }
    }
    return text;
  }

  static String textOf(@Nullable JsonNode value) {
    String text = value == null ? null : Scalars.text(value);
    return text == null ? String.valueOf(value) : text;
  }
}

package dev.connectorsdk.auth;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fills values into the templates of schemes: {@code {name}} is a value, {@code {a|b}} the first
 * that there is, {@code {a=text}} a text where there is none, {@code {a?X,Y=text}} a text if a
 * value is one of these and nothing otherwise.
 */
final class Template {

  private Template() {}

  /**
   * Returns the text, which is empty as a whole if a value is missing.
   *
   * @param values returns {@code null} for what there is not
   */
  static String expand(String template, Function<String, @Nullable String> values) {
    StringBuilder text = new StringBuilder(template.length() + 32);
    int from = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
      int close = template.indexOf('}', open);
      if (close < 0) {
        break;
      }
      String value = value(template.substring(open + 1, close), values);
      if (value == null) {
        return "";
      }
      text.append(template, from, open).append(value);
      from = close + 1;
    }
    return text.append(template, from, template.length()).toString();
  }

  /** Returns what stands for the text between braces, or {@code null} if nothing does. */
  static @Nullable String value(String inBraces, Function<String, @Nullable String> values) {
    int equals = inBraces.indexOf('=');
    String names = equals < 0 ? inBraces : inBraces.substring(0, equals);
    int question = names.indexOf('?');
    if (equals >= 0 && question >= 0) {
      String present = values.apply(names.substring(0, question));
      return List.of(names.substring(question + 1).split(",", -1))
              .contains(present == null ? "" : present)
          ? inBraces.substring(equals + 1)
          : "";
    }
    for (String name : names.split("\\|", -1)) {
      String value = values.apply(name.trim());
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return equals < 0 ? null : inBraces.substring(equals + 1);
  }
}

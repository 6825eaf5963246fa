package dev.connectorsdk.api.internal;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between two braces of a template: {@code id} is a value, {@code a|b} the first that
 * there is, {@code a=text} a text where there is none, {@code a?X,Y=text} a text if the value is
 * one of these and nothing otherwise. A value that is empty is none. Blanks around names are left
 * out, those of texts stay.
 *
 * @param names in the order in which they are tried, at least one
 * @param condition the values of which one is needed for the text, an empty one for none; {@code
 *     null} if there is no condition
 * @param text {@code null} if there is none
 */
public record Placeholder(
    List<String> names, @Nullable List<String> condition, @Nullable String text) {

  /** What names stand for. */
  @FunctionalInterface
  public interface Values {

    /** Returns the value of a name, or {@code null} for what there is not. */
    @Nullable String get(String name);
  }

  public static Placeholder parse(String inBraces) {
    int equals = inBraces.indexOf('=');
    String before = equals < 0 ? inBraces : inBraces.substring(0, equals);
    int question = equals < 0 ? -1 : before.indexOf('?');
    return new Placeholder(
        names(question < 0 ? before : before.substring(0, question)),
        question < 0 ? null : List.of(before.substring(question + 1).split(",", -1)),
        equals < 0 ? null : inBraces.substring(equals + 1));
  }

  private static List<String> names(String separated) {
    return separated.indexOf('|') < 0
        ? List.of(separated.strip())
        : Arrays.stream(separated.split("\\|", -1)).map(String::strip).toList();
  }

  /**
   * Returns what stands in the place of the braces, or {@code null} if there is nothing.
   *
   * @param values asked no further than needed
   */
  public @Nullable String value(Values values) {
    String value = null;
    for (int i = 0; i < names.size() && value == null; i++) {
      String found = values.get(names.get(i));
      value = found == null || found.isEmpty() ? null : found;
    }
    if (condition != null) {
      return condition.contains(value == null ? "" : value) ? text : "";
    }
    return value == null ? text : value;
  }

  /**
   * Returns the choice that {@link #value} makes, with a value as its name in braces: {@code {b}}
   * for {@code {a|b}} if only {@code b} has a value, and {@code {a}} if neither has and there is no
   * text.
   */
  public String reduced(Values values) {
    if (names.size() == 1 && text == null) {
      return "{" + names.get(0) + "}";
    }
    if (condition == null) {
      for (String name : names) {
        String found = values.get(name);
        if (found != null && !found.isEmpty()) {
          return "{" + name + "}";
        }
      }
    }
    String other = condition == null ? text : value(values);
    return other == null ? "{" + names.get(0) + "}" : other;
  }
}

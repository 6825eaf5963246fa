package dev.connectorsdk.api.internal;

import java.util.Arrays;
import java.util.List;

/**
 * What stands between two braces where values are changed by functions, from left to right: {@code
 * body|sha256|hex}. Blanks around the names do not count.
 *
 * @param source the name of the value
 * @param functions in the order in which they are applied
 */
public record Pipeline(String source, List<String> functions) {

  public static Pipeline parse(String inBraces) {
    List<String> steps = Arrays.stream(inBraces.split("\\|", -1)).map(String::strip).toList();
    return new Pipeline(steps.get(0), steps.subList(1, steps.size()));
  }
}

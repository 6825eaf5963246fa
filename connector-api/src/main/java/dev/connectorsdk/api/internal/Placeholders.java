package dev.connectorsdk.api.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Templates: texts in which something stands between braces. A pair of braces has none between
 * them, so that <code>{"id":"{id}"}</code> has one placeholder; all other braces are text.
 */
public final class Placeholders {

  private Placeholders() {}

  /**
   * A stretch of a template.
   *
   * @param text what stands there, without the braces of a placeholder
   */
  public record Part(String text, boolean isPlaceholder) {}

  /** Takes a template apart. Put together again, with braces, the parts are the template. */
  public static List<Part> parts(String template) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    int open = -1;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '{') {
        open = i;
      } else if (c == '}' && open >= 0) {
        addText(template.substring(from, open), parts);
        parts.add(new Part(template.substring(open + 1, i), true));
        from = i + 1;
        open = -1;
      }
    }
    addText(template.substring(from), parts);
    return parts;
  }

  private static void addText(String text, List<Part> parts) {
    if (!text.isEmpty()) {
      parts.add(new Part(text, false));
    }
  }

  /** Returns the template with each placeholder replaced, of which the function gets the inside. */
  public static String replace(String template, UnaryOperator<String> replacement) {
    StringBuilder filled = new StringBuilder(template.length() + 32);
    for (Part part : parts(template)) {
      filled.append(part.isPlaceholder() ? replacement.apply(part.text()) : part.text());
    }
    return filled.toString();
  }

  /**
   * Returns the template with values for its {@linkplain Placeholder placeholders}, or {@code null}
   * if there is nothing for one of them.
   */
  public static @Nullable String fill(String template, Placeholder.Values values) {
    if (template.indexOf('{') < 0) {
      return template;
    }
    StringBuilder filled = new StringBuilder(template.length() + 32);
    for (Part part : parts(template)) {
      String text =
          part.isPlaceholder() ? Placeholder.parse(part.text()).value(values) : part.text();
      if (text == null) {
        return null;
      }
      filled.append(text);
    }
    return filled.toString();
  }

  /**
   * Returns the template with only names between its braces: each placeholder as {@link
   * Placeholder#reduced} has it.
   */
  public static String reduce(String template, Placeholder.Values values) {
    return template.indexOf('|') < 0 && template.indexOf('=') < 0
        ? template
        : replace(template, inBraces -> Placeholder.parse(inBraces).reduced(values));
  }

  /** Returns the names in all placeholders, in order. */
  public static List<String> names(String template) {
    return parts(template).stream()
        .filter(Part::isPlaceholder)
        .flatMap(part -> Placeholder.parse(part.text()).names().stream())
        .toList();
  }

  /** Returns whether a brace has no partner. */
  public static boolean hasLooseBrace(String template) {
    return parts(template).stream()
        .anyMatch(
            p -> !p.isPlaceholder() && (p.text().indexOf('{') >= 0 || p.text().indexOf('}') >= 0));
  }
}

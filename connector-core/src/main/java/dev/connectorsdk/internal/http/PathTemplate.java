package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Puts arguments into a path, each as one segment or part of one. Safe for several threads. */
final class PathTemplate {

  /** Returns whether something may be put into it: such a template is one of a connector's few. */
  boolean mayHaveArguments() {
    return plan == null || !names.isEmpty();
  }

  private final List<String> names; // of the arguments
  private final @Nullable PathPlan plan;

  private PathTemplate(List<String> names, @Nullable PathPlan plan) {
    this.names = names;
    this.plan = plan;
  }

  /** Takes a template apart. */
  static PathTemplate of(String template) {
    if (!template.startsWith("/") || hasMoreThanSegments(template)) {
      return new PathTemplate(List.of(), null);
    }
    List<String> names = new ArrayList<>();
    List<@Nullable String> segments = new ArrayList<>();
    for (String text : template.substring(1).split("/", -1)) {
      boolean isArgument = text.startsWith("{") && text.indexOf('}') == text.length() - 1;
      if (!isArgument && text.indexOf('{') >= 0) {
        return new PathTemplate(List.of(), null);
      }
      if (isArgument) {
        names.add(text.substring(1, text.length() - 1));
      }
      segments.add(isArgument ? null : text);
    }
    return new PathTemplate(names, new PathPlan(segments));
  }

  private static boolean hasMoreThanSegments(String template) {
    return template.contains("//")
        || DotSegments.in(template)
        || template.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == '?' || c == '#');
  }

  /**
   * Returns the path below a base URL, if each argument is a segment of its own.
   *
   * @return {@code null} if the template has more in it or other arguments
   * @throws InvalidInputException as {@link #fill} does
   */
  PathPlan.@Nullable Url below(HttpUrl base, Object... values) {
    if (plan == null || values.length != names.size()) {
      return null;
    }
    PathPlan.Url url = plan.below(base);
    for (int i = 0; i < values.length; i++) {
      url.set(i, encoded(names.get(i), values[i]));
    }
    return url;
  }

  private static String encoded(String name, Object argument) {
    String value = String.valueOf(argument);
    if (value.isEmpty() || DotSegments.is(value)) {
      throw fault(name);
    }
    return PlainText.encoded("a path", name, value);
  }

  static String fill(String template, Object... arguments) {
    if (!template.startsWith("/")) {
      throw new IllegalArgumentException(
          "A path starts with '/', but this one is '" + template + "'");
    }
    int open = template.indexOf('{');
    if (open < 0) {
      requireAllUsed(template, 0, arguments.length);
      return template;
    }
    StringBuilder path = new StringBuilder(template.length() + 32);
    int from = 0;
    int next = 0;
    for (; open >= 0; open = template.indexOf('{', from)) {
      int close = template.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("Path template '" + template + "' lacks a '}'");
      }
      requireMore(template, next, arguments.length);
      path.append(template, from, open);
      path.append(encoded(template.substring(open + 1, close), arguments[next++]));
      from = close + 1;
    }
    path.append(template, from, template.length());
    requireAllUsed(template, next, arguments.length);
    return path.toString();
  }

  private static void requireMore(String template, int used, int given) {
    if (used == given) {
      throw new IllegalArgumentException(
          "Path template '" + template + "' needs more than " + used + " arguments");
    }
  }

  private static void requireAllUsed(String template, int used, int given) {
    if (used != given) {
      throw new IllegalArgumentException(
          "Path template '" + template + "' takes " + used + " arguments, but was given " + given);
    }
  }

  private static InvalidInputException fault(String name) {
    return new InvalidInputException(
        "a path",
        JsonPointers.child("", name),
        "must not be empty, '.' or '..', since it stands in a path");
  }
}

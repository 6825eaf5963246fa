package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Puts arguments into a path, each as exactly one segment or part of one. Immutable. */
final class PathTemplate {

  /** Returns whether something is to be put into it. */
  boolean hasArguments() {
    return arguments != 0;
  }

  /**
   * A segment: text, or the argument of this name.
   *
   * @param text empty for an argument
   */
  private record Segment(String text, @Nullable String argument) {}

  private final List<Segment> segments;
  private final int arguments;

  private PathTemplate(List<Segment> segments, int arguments) {
    this.segments = segments;
    this.arguments = arguments;
  }

  /** Takes a template apart. */
  static PathTemplate of(String template) {
    List<Segment> segments = new ArrayList<>();
    int arguments = 0;
    boolean isPlain = template.startsWith("/") && !hasMoreThanSegments(template);
    for (String text : isPlain ? template.substring(1).split("/", -1) : new String[0]) {
      boolean isArgument = text.startsWith("{") && text.indexOf('}') == text.length() - 1;
      if (!isArgument && text.indexOf('{') >= 0) {
        return new PathTemplate(List.of(), -1);
      }
      arguments += isArgument ? 1 : 0;
      segments.add(
          isArgument
              ? new Segment("", text.substring(1, text.length() - 1))
              : new Segment(text, null));
    }
    return new PathTemplate(List.copyOf(segments), isPlain ? arguments : -1);
  }

  private static boolean hasMoreThanSegments(String template) {
    return template.contains("//")
        || DotSegments.in(template)
        || template.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == '?' || c == '#');
  }

  /**
   * Adds the path to a base URL, if each argument is a segment of its own.
   *
   * @return {@code false} if the template has more in it or other arguments, and nothing was added
   * @throws InvalidInputException as {@link #fill} does
   */
  boolean addTo(HttpUrl.Builder base, Object... values) {
    if (values.length != arguments) {
      return false;
    }
    int next = 0;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      String name = segment.argument();
      base.addEncodedPathSegment(name == null ? segment.text() : encoded(name, values[next++]));
    }
    return true;
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

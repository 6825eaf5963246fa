package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.JsonPointers;

/** Puts arguments into a path, each as exactly one segment or part of one. */
final class PathTemplate {

  private PathTemplate() {}

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
      String value = String.valueOf(arguments[next++]);
      if (value.isEmpty() || DotSegments.is(value)) {
        throw fault(template.substring(open + 1, close));
      }
      path.append(PlainText.encoded("a path", template.substring(open + 1, close), value));
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

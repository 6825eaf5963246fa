package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PercentEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The path of an operation. Scalars are put between its parts, never into its text.
 *
 * @param parts in order
 */
public record OperationPath(List<Part> parts) {

  /** A stretch of the path: encoded text, or the parameter whose value stands there. */
  record Part(String text, @Nullable Parameter parameter) {}

  public OperationPath {
    parts = List.copyOf(parts);
  }

  /** Takes a path apart and adds to {@code obstacles} what keeps it from being used. */
  public static OperationPath parse(
      String path, List<Parameter> parameters, List<String> obstacles) {
    Map<String, Parameter> unused = new TreeMap<>();
    for (Parameter parameter : parameters) {
      if (parameter.in() == ParameterPlace.PATH) {
        unused.put(parameter.name(), parameter);
      }
    }
    Map<String, Parameter> declared = Map.copyOf(unused);
    if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      obstacles.add("its path does not start with '/' or holds '?' or '#'");
    }
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (from < path.length()) {
      int open = path.indexOf('{', from);
      int close = open < 0 ? -1 : path.indexOf('}', open);
      if (close < 0) {
        break;
      }
      literal(path.substring(from, open), parts);
      String name = path.substring(open + 1, close);
      String match = match(declared, name);
      if (match == null) {
        obstacles.add("its path needs '" + name + "', which no parameter provides");
      } else {
        parts.add(new Part("", declared.get(match)));
        unused.remove(match);
      }
      from = close + 1;
    }
    literal(path.substring(from), parts);
    for (String name : unused.keySet()) {
      obstacles.add("its path has no place for the parameter '" + name + "'");
    }
    for (String segment : path.split("/", -1)) {
      if (isDots(segment) || isDots(PercentEncoding.decode(segment))) {
        obstacles.add("its path holds '.' or '..'");
      }
    }
    return new OperationPath(parts);
  }

  private static void literal(String text, List<Part> parts) {
    if (!text.isEmpty()) {
      parts.add(new Part(PercentEncoding.path(text), null));
    }
  }

  private static @Nullable String match(Map<String, Parameter> declared, String name) {
    String match = Lookup.match(declared.keySet(), name);
    return match != null
        ? match
        : declared.keySet().stream()
            .filter(candidate -> candidate.trim().equalsIgnoreCase(name.trim()))
            .findFirst()
            .orElse(null);
  }

  /**
   * Encodes one value.
   *
   * @return what is wrong with the value, or {@code null} after it was appended
   */
  static @Nullable String append(Parameter parameter, String value, StringBuilder path) {
    if (!PercentEncoding.isEncodable(value)) {
      return "holds half a surrogate pair";
    }
    switch (parameter.style()) {
      case SINGLE, DOUBLE -> {
        if (isUnsafe(value)) {
          return "must not be empty, '.' or '..' in a path";
        }
        String once = PercentEncoding.value(value);
        path.append(parameter.style() == PathStyle.DOUBLE ? PercentEncoding.value(once) : once);
      }
      case RAW -> {
        for (String segment : value.split("/", -1)) {
          if (isUnsafe(segment)) {
            return "must not have a segment that is empty, '.' or '..' in a path";
          }
        }
        path.append(PercentEncoding.path(value));
      }
    }
    return null;
  }

  private static boolean isUnsafe(String value) {
    String decoded = PercentEncoding.decode(value);
    return value.isEmpty() || decoded.isEmpty() || isDots(value) || isDots(decoded);
  }

  private static boolean isDots(String segment) {
    return segment.equals(".") || segment.equals("..");
  }
}

package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The path of an operation. Values are put between its parts, never into its text.
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
    Map<String, Parameter> declared = inPath(parameters);
    if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      obstacles.add("its path does not start with '/' or holds '?' or '#'");
    }
    Set<String> unused = new TreeSet<>(declared.keySet());
    List<Part> parts = new ArrayList<>();
    for (Placeholders.Part part : Placeholders.parts(path)) {
      if (!part.isPlaceholder()) {
        parts.add(new Part(PercentEncoding.completePath(part.text()), null));
        continue;
      }
      String match = match(declared, part.text());
      if (match == null) {
        obstacles.add("its path needs '" + part.text() + "', which no parameter provides");
      } else {
        parts.add(new Part("", declared.get(match)));
        unused.remove(match);
      }
    }
    for (String name : unused) {
      obstacles.add("its path has no place for the parameter '" + name + "'");
    }
    if (DotSegments.in(path)) {
      obstacles.add("its path holds '.' or '..'");
    }
    return new OperationPath(parts);
  }

  private static Map<String, Parameter> inPath(List<Parameter> parameters) {
    Map<String, Parameter> declared = new TreeMap<>();
    for (Parameter parameter : parameters) {
      if (parameter.in() == ParameterPlace.PATH) {
        declared.put(parameter.name(), parameter);
      }
    }
    return declared;
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
   * @param items what it is made of; what separates them stays as it is where it may
   * @return what is wrong with the value, or {@code null} after it was appended
   */
  static @Nullable String append(
      Parameter parameter, List<String> items, String separator, StringBuilder path) {
    String whole = items.size() == 1 ? items.get(0) : String.join(separator, items);
    if (parameter.style() == PathStyle.RAW) {
      return appendSegments(whole, path);
    }
    if (isUnsafe(whole)) {
      return "must not be empty, '.' or '..' in a path";
    }
    String between = "";
    for (String item : items) {
      String once = PercentEncoding.encode(item);
      path.append(between)
          .append(parameter.style() == PathStyle.DOUBLE ? PercentEncoding.encode(once) : once);
      between = PercentEncoding.completePath(separator);
    }
    return null;
  }

  private static @Nullable String appendSegments(String value, StringBuilder path) {
    for (String segment : value.split("/", -1)) {
      if (isUnsafe(segment)) {
        return "must not have a segment that is empty, '.' or '..' in a path";
      }
    }
    path.append(PercentEncoding.completePath(value));
    return null;
  }

  private static boolean isUnsafe(String segment) {
    return segment.isEmpty() || DotSegments.is(segment);
  }
}

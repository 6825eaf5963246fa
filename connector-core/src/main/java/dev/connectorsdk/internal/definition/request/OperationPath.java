package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The path of an operation. Values are put between its parts, never into its text.
 *
 * @param parts in order
 */
public record OperationPath(List<Part> parts) {

  /** Stands for a parameter where no encoded text can. */
  private static final String PARAMETER = "\0";

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

  /** Returns the segments, if each is either text or a parameter; else {@code null}. */
  @Nullable List<Part> segments() {
    StringBuilder path = new StringBuilder();
    List<Parameter> inside = new ArrayList<>();
    for (Part part : parts) {
      Parameter parameter = part.parameter();
      path.append(parameter == null ? part.text() : PARAMETER);
      if (parameter != null && parameter.style() == PathStyle.RAW) {
        return null;
      }
      if (parameter != null) {
        inside.add(parameter);
      }
    }
    return path.indexOf("/") == 0 && path.indexOf("//") < 0
        ? segments(path.substring(1).split("/", -1), inside)
        : null;
  }

  private static @Nullable List<Part> segments(String[] texts, List<Parameter> inside) {
    List<Part> segments = new ArrayList<>();
    int next = 0;
    for (String text : texts) {
      if (text.equals(PARAMETER)) {
        segments.add(new Part("", inside.get(next++)));
      } else if (text.contains(PARAMETER)) {
        return null;
      } else {
        segments.add(new Part(text, null));
      }
    }
    return segments;
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
   * Returns what is wrong with a value in a path, or {@code null} if nothing is.
   *
   * @param items what it is made of
   */
  static @Nullable String problem(Parameter parameter, List<String> items, String separator) {
    return problem(parameter, whole(items, separator));
  }

  static @Nullable String problem(Parameter parameter, String whole) {
    if (parameter.style() != PathStyle.RAW) {
      return isUnsafe(whole) ? "must not be empty, '.' or '..' in a path" : null;
    }
    for (String segment : whole.split("/", -1)) {
      if (isUnsafe(segment)) {
        return "must not have a segment that is empty, '.' or '..' in a path";
      }
    }
    return null;
  }

  /** Encodes a value; what separates its items stays as it is where it may. */
  static String encoded(Parameter parameter, List<String> items, String separator) {
    if (parameter.style() == PathStyle.RAW || items.size() == 1) {
      return encoded(parameter, whole(items, separator));
    }
    StringJoiner all = new StringJoiner(PercentEncoding.completePath(separator));
    items.forEach(item -> all.add(encoded(parameter, item)));
    return all.toString();
  }

  static String encoded(Parameter parameter, String item) {
    if (parameter.style() == PathStyle.RAW) {
      return PercentEncoding.completePath(item);
    }
    String once = PercentEncoding.encode(item);
    return parameter.style() == PathStyle.DOUBLE ? PercentEncoding.encode(once) : once;
  }

  private static String whole(List<String> items, String separator) {
    return items.size() == 1 ? items.get(0) : String.join(separator, items);
  }

  private static boolean isUnsafe(String segment) {
    return segment.isEmpty() || DotSegments.is(segment);
  }
}

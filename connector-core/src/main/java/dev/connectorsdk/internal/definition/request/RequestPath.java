package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The encoded path of one request. Where each parameter is a segment of its own, as most are, it is
 * kept in segments, which need not be parsed again.
 */
final class RequestPath {

  private record Value(String name, String encoded) {}

  private final boolean isInSegments;
  private final List<String> parts;
  private final List<Value> values = new ArrayList<>(4);

  /**
   * Begins a path.
   *
   * @param isInSegments whether what is added are its segments, not stretches of its text
   * @param parts how many there will be
   */
  RequestPath(boolean isInSegments, int parts) {
    this.isInSegments = isInSegments;
    this.parts = new ArrayList<>(parts);
  }

  /** Adds what stands in the definition. */
  void add(String text) {
    parts.add(text);
  }

  /** Adds the value of a parameter. */
  void add(Parameter parameter, String encoded) {
    parts.add(encoded);
    values.add(new Value(parameter.name(), encoded));
  }

  /** Returns the encoded value of a parameter, or {@code null} if there is none. */
  @Nullable String value(String name) {
    List<String> names = values.stream().map(Value::name).toList();
    String match = Lookup.match(names, name);
    if (match == null) {
      match = Lookup.match(names, name.trim());
    }
    return match == null ? null : values.get(names.lastIndexOf(match)).encoded();
  }

  /** Adds the segments to a URL; returns {@code false} if the path is not in segments. */
  boolean addTo(HttpUrl.Builder url) {
    for (int i = 0; isInSegments && i < parts.size(); i++) {
      url.addEncodedPathSegment(parts.get(i));
    }
    return isInSegments;
  }

  @Override
  public String toString() {
    return isInSegments ? "/" + String.join("/", parts) : String.join("", parts);
  }
}

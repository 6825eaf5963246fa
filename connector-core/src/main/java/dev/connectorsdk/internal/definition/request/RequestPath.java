package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.http.PathPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoded path of one request. Where each parameter is a segment of its own, as most are, it is
 * kept in segments, which need not be parsed again.
 */
final class RequestPath {

  private record Value(String name, String encoded) {}

  private final @Nullable PathPlan plan;
  private final List<String> parts;
  private final List<Value> values = new ArrayList<>(4);

  /**
   * Begins a path.
   *
   * @param plan of the segments that are added, or {@code null} for stretches of its text
   * @param parts how many there will be
   */
  RequestPath(@Nullable PathPlan plan, int parts) {
    this.plan = plan;
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

  /** Returns the plan that it follows, or {@code null} if a segment has no or several values. */
  @Nullable PathPlan plan() {
    return plan != null && plan.size() == values.size() ? plan : null;
  }

  /** Sets the values in a URL according to the plan. */
  void addTo(PathPlan.Url url) {
    for (int i = 0; i < values.size(); i++) {
      url.set(i, values.get(i).encoded());
    }
  }

  @Override
  public String toString() {
    return plan != null ? "/" + String.join("/", parts) : String.join("", parts);
  }
}

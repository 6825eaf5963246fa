package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.request.Arguments;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was filled in so far, as dynamic extensions refer to it. A value that was not filled in is
 * the default that a form would show.
 */
final class FormInputs {

  private static final int MAX_SEARCHED = 10_000;

  private final DeclaredRequest request;
  private final DeclaredSchemas schemas;
  private final Arguments arguments;

  /** Takes whole bodies and members of them, {@code "body/address/city"}, like a call does. */
  FormInputs(DeclaredRequest request, DeclaredSchemas schemas, JsonNode given) {
    this.request = request;
    this.schemas = schemas;
    this.arguments = Arguments.of(request, given, new ArrayList<>());
  }

  /**
   * What a reference leads to.
   *
   * @param path the input that it means
   * @param value {@code null} if it was not filled in
   * @param askable whether people are asked for it
   */
  record Found(String path, @Nullable JsonNode value, boolean askable) {}

  /** A parameter and the names below it. */
  record Target(Parameter parameter, List<String> below) {

    String path() {
      StringBuilder path = new StringBuilder(parameter.name());
      below.forEach(name -> path.append('/').append(JsonPointers.escape(name)));
      return path.toString();
    }
  }

  /**
   * Follows {@code {"parameter": name}}: a parameter, else the property of the body with that name
   * that is nearest to its root.
   */
  Found byName(String name) {
    Target target = parameterOrBelow(name);
    if (target == null) {
      target = inBody(name);
    }
    return target == null ? new Found(name, null, mayBecomeKnown()) : found(target, true);
  }

  /** Returns whether there are properties of the body that only the service knows. */
  private boolean mayBecomeKnown() {
    Parameter body = request.body();
    return body != null && DynamicSchemas.isHeldBy(schemas, body.schema());
  }

  /** Follows {@code {"parameterReference": "body/project/id"}}. */
  Found byReference(String reference) {
    Target target = target(reference);
    return target == null ? byName(reference) : found(target, false);
  }

  private @Nullable Target parameterOrBelow(String name) {
    for (Parameter parameter : request.parameters()) {
      if (parameter.name().equals(name)) {
        return new Target(parameter, List.of());
      }
    }
    for (Parameter parameter : request.parameters()) {
      if (parameter.name().equalsIgnoreCase(name)) {
        return new Target(parameter, List.of());
      }
    }
    return name.contains("/") ? target(name) : null;
  }

  /** Returns the parameter that a path begins with, or {@code null} if there is none. */
  @Nullable Target target(String path) {
    Parameter longest = null;
    for (Parameter parameter : request.parameters()) {
      String name = parameter.name();
      if ((path.equals(name) || path.startsWith(name + "/"))
          && (longest == null || name.length() > longest.name().length())) {
        longest = parameter;
      }
    }
    if (longest != null) {
      return path.equals(longest.name())
          ? new Target(longest, List.of())
          : new Target(longest, PathString.segments(path.substring(longest.name().length() + 1)));
    }
    Parameter body = request.body();
    return body != null && path.startsWith("body/")
        ? new Target(body, PathString.segments(path.substring("body/".length())))
        : null;
  }

  private Found found(Target target, boolean constants) {
    JsonNode schema = schema(target);
    boolean internal = schema != null && isInternal(target, schema);
    JsonNode value = given(target);
    if (value == null && schema != null && (constants || !internal)) {
      value = usual(target, schema);
    }
    boolean empty = value != null && value.isString() && value.stringValue().isEmpty();
    return new Found(target.path(), empty ? null : value, !internal);
  }

  private boolean isInternal(Target target, JsonNode schema) {
    return target.below().isEmpty() ? target.parameter().internal() : schemas.isInternal(schema);
  }

  private @Nullable JsonNode given(Target target) {
    JsonNode value = arguments.get(target.parameter());
    for (String name : target.below()) {
      value = value == null ? null : PathString.at(value, JsonPointers.escape(name));
      value = value == null || value.isMissingNode() || value.isNull() ? null : value;
    }
    return value;
  }

  private @Nullable JsonNode usual(Target target, JsonNode schema) {
    JsonNode declared =
        target.below().isEmpty() ? target.parameter().declaredDefault() : schemas.usualOf(schema);
    return declared == null || Scalars.isExpression(declared) ? null : declared;
  }

  private @Nullable JsonNode schema(Target target) {
    JsonNode schema = target.parameter().schema();
    for (String name : target.below()) {
      schema = schemas.properties(schema).get(name);
      if (schema == null) {
        return null;
      }
    }
    return schema;
  }

  private record Place(JsonNode schema, List<String> names) {}

  private @Nullable Target inBody(String name) {
    Parameter body = request.body();
    if (body == null) {
      return null;
    }
    Set<JsonNode> seen = DeclaredSchemas.visited();
    Deque<Place> open = new ArrayDeque<>();
    open.add(new Place(body.schema(), List.of()));
    while (!open.isEmpty() && seen.size() < MAX_SEARCHED) {
      Place place = open.remove();
      if (!seen.add(schemas.resolve(place.schema()))) {
        continue;
      }
      Map<String, JsonNode> properties = schemas.properties(place.schema());
      if (properties.containsKey(name)) {
        return new Target(body, with(place.names(), name));
      }
      properties.forEach((n, schema) -> open.add(new Place(schema, with(place.names(), n))));
    }
    return given(body, name);
  }

  /** Looks among the values: the property may come from a schema that the service knows. */
  private @Nullable Target given(Parameter body, String name) {
    JsonNode root = arguments.get(body);
    Deque<Place> open = new ArrayDeque<>();
    if (root != null) {
      open.add(new Place(root, List.of()));
    }
    for (int searched = 0; !open.isEmpty() && searched < MAX_SEARCHED; searched++) {
      Place place = open.remove();
      if (place.schema().has(name)) {
        return new Target(body, with(place.names(), name));
      }
      place
          .schema()
          .properties()
          .forEach(
              member -> {
                if (member.getValue().isObject()) {
                  open.add(new Place(member.getValue(), with(place.names(), member.getKey())));
                }
              });
    }
    return null;
  }

  private static List<String> with(List<String> names, String name) {
    List<String> all = new ArrayList<>(names);
    all.add(name);
    return all;
  }
}

package dev.connectorsdk.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an input, output, configuration or event looks like: a Java type from which the runtime
 * derives a JSON Schema (2020-12) once, or a schema given as JSON for dynamic data.
 *
 * <p>For a record, each component is required unless it is annotated {@code @Nullable}, or is an
 * {@link java.util.Optional} or a {@link JsonMember}. {@link Titled} and Jackson's
 * {@code @JsonPropertyDescription} and {@code @JsonClassDescription} are in the schema, and so are
 * limits that annotations of Bean Validation set on components of records, or on what their lists
 * and optionals hold: inputs are checked by them. A sealed interface is described by the types that
 * it permits. Immutable and safe for use by several threads.
 *
 * @param <T> the Java type of a value of this shape
 */
@SuppressWarnings("UnusedTypeParameter") // It ties an action's shapes to its handler.
public final class Shape<T> {

  private final Type type;
  private final @Nullable JsonNode schema;

  private Shape(Type type, @Nullable JsonNode schema) {
    this.type = type;
    this.schema = schema;
  }

  /** Returns the shape of a record or another type that Jackson can map. */
  public static <T> Shape<T> of(Class<T> type) {
    return new Shape<>(Objects.requireNonNull(type, "type"), null);
  }

  /** Returns the shape of a list of {@code elements}. */
  public static <T> Shape<List<T>> listOf(Class<T> elements) {
    return new Shape<>(
        new GenericType(List.class, Objects.requireNonNull(elements, "elements")), null);
  }

  /**
   * Returns the shape of an object whose members are not known before, each like {@code values}.
   */
  public static <T> Shape<Map<String, T>> mapOf(Class<T> values) {
    return new Shape<>(
        new GenericType(Map.class, String.class, Objects.requireNonNull(values, "values")), null);
  }

  /**
   * Returns the shape of dynamic data.
   *
   * <p>If the root of the schema has {@code "x-limits": "advisory"}, its limits only inform its
   * readers, and no input is refused because of them: {@code enum}, {@code pattern}, {@code
   * minimum}, {@code maximum}, {@code exclusiveMinimum}, {@code exclusiveMaximum}, {@code
   * multipleOf}, {@code minLength}, {@code maxLength}, {@code minItems}, {@code maxItems}, {@code
   * uniqueItems}, {@code minProperties} and {@code maxProperties}. Use it for services that accept
   * more than they document. Types and required members are checked in any case, and so are limits
   * below {@code not}, {@code if}, {@code oneOf} and {@code contains}.
   *
   * <p>What drafts 04 to 2019-09 said in another way is understood: a limit that is a flag, {@code
   * items} as an array, {@code dependencies}. A pattern is one of ECMA-262. With an input or a
   * configuration whose schema cannot be used, no runtime is built, and a plugin that is discovered
   * is skipped: the message names the place.
   *
   * @param schema a JSON Schema, 2020-12 or earlier, with references only to itself; copied
   */
  public static Shape<JsonNode> json(JsonNode schema) {
    return new Shape<>(JsonNode.class, schema.deepCopy());
  }

  /** Returns the shape of the cursor of a trigger with an overlap, given that of its author. */
  static <K> Shape<OverlappingCursor<K>> overlapping(Shape<K> cursor) {
    return new Shape<>(new GenericType(OverlappingCursor.class, cursor.type), null);
  }

  /** Returns the Java type of a value of this shape. */
  public Type type() {
    return type;
  }

  /** Returns a copy of the given schema, or {@code null} if it is to be derived from the type. */
  public @Nullable JsonNode givenSchema() {
    return schema == null ? null : schema.deepCopy();
  }

  /** Returns whether values are {@link JsonNode}s described by a given schema. */
  public boolean isDynamic() {
    return schema != null;
  }

  @Override
  public String toString() {
    return schema == null ? type.getTypeName() : "JSON";
  }

  private record GenericType(Class<?> raw, List<Type> arguments) implements ParameterizedType {

    GenericType(Class<?> raw, Type... arguments) {
      this(raw, List.of(arguments));
    }

    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return null;
    }

    @Override
    public String getTypeName() {
      return arguments.stream()
          .map(Type::getTypeName)
          .collect(Collectors.joining(", ", raw.getTypeName() + "<", ">"));
    }
  }
}

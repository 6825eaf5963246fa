package dev.connectorsdk.internal.schema;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas of what holds other values, some of which may be {@code null}, at whatever depth. The
 * generator knows types without their annotations, and gives all maps of one type one schema.
 */
final class NullableElements {

  private final SchemaGenerationContext context;

  NullableElements(SchemaGenerationContext context) {
    this.context = context;
  }

  /** Returns whether a type says of what its values hold that it may be {@code null}. */
  static boolean areIn(AnnotatedType type) {
    return held(type).stream().anyMatch(one -> Nullness.isNullable(one) || areIn(one));
  }

  private static List<AnnotatedType> held(AnnotatedType type) {
    if (type instanceof AnnotatedArrayType array) {
      return List.of(array.getAnnotatedGenericComponentType());
    }
    return type instanceof AnnotatedParameterizedType generic
        ? Arrays.asList(generic.getAnnotatedActualTypeArguments())
        : List.of();
  }

  /** Returns the schema of a type, or {@code null} if its values hold no others. */
  @Nullable ObjectNode schema(ResolvedType type, AnnotatedType annotated) {
    AnnotatedType element = ElementTypes.ofValues(annotated, type.getErasedType());
    if (element == null || type.getErasedType() == byte[].class) {
      return null;
    }
    if (type.isInstanceOf(Map.class)) {
      ObjectNode map = typed("object");
      map.set("additionalProperties", element(parameter(type, Map.class, 1), element));
      return map;
    }
    if (type.isArray() || type.isInstanceOf(Collection.class)) {
      ResolvedType of =
          type.isArray() ? type.getArrayElementType() : parameter(type, Collection.class, 0);
      ObjectNode list = typed("array");
      list.set("items", element(of, element));
      return list;
    }
    return Nullness.isWrapper(type.getErasedType())
        ? nullable(element(parameter(type, type.getErasedType(), 0), element))
        : null;
  }

  private ObjectNode element(ResolvedType type, AnnotatedType annotated) {
    ObjectNode known = areIn(annotated) ? schema(type, annotated) : null;
    ObjectNode schema = known == null ? context.createDefinitionReference(type) : known;
    schema.setAll(BeanValidation.limits(annotated, type.getErasedType()));
    return Nullness.isNullable(annotated) ? nullable(schema) : schema;
  }

  /** Returns the schema of a type that may be nothing as well, to which nothing was added yet. */
  ObjectNode nullable(ObjectNode schema) {
    if (!schema.isEmpty()) {
      return context.makeNullable(schema);
    }
    // The reference is written when all definitions are known.
    ObjectNode either = context.getGeneratorConfig().createObjectNode();
    either.putArray("anyOf").add(typed("null")).add(schema);
    return either;
  }

  private static ResolvedType parameter(ResolvedType type, Class<?> of, int index) {
    return type.typeParametersFor(of).get(index);
  }

  private ObjectNode typed(String type) {
    return context.getGeneratorConfig().createObjectNode().put("type", type);
  }
}

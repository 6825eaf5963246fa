package dev.connectorsdk.internal.schema;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.lang.annotation.Annotation;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The types that stand for an abstract one, and by what JSON tells them apart, as Jackson's
 * annotations say: those that {@code @JsonSubTypes} names, else those that a sealed type permits.
 */
final class Variants {

  private Variants() {}

  /** Returns the types that an abstract type stands for; empty if it stands for itself. */
  static List<Class<?>> of(Class<?> type) {
    Set<Class<?>> found = new LinkedHashSet<>();
    if (isAbstract(type)) {
      collect(type, found);
    }
    return found.stream().filter(one -> !isAbstract(one)).toList();
  }

  private static void collect(Class<?> type, Set<Class<?>> found) {
    if (found.add(type) && isAbstract(type)) {
      subtypes(type).forEach(subtype -> collect(subtype, found));
    }
  }

  private static boolean isAbstract(Class<?> type) {
    return Modifier.isAbstract(type.getModifiers()) && !type.isPrimitive() && !type.isArray();
  }

  private static List<Class<?>> subtypes(Class<?> type) {
    JsonSubTypes named = type.getAnnotation(JsonSubTypes.class);
    if (named != null) {
      return Arrays.stream(named.value()).<Class<?>>map(JsonSubTypes.Type::value).toList();
    }
    return type.isSealed() ? List.of(type.getPermittedSubclasses()) : List.of();
  }

  /**
   * Adds to the schema of a type what tells it from the others that stand for the same one.
   *
   * @param schema of an object
   */
  static void distinguish(ObjectNode schema, Class<?> type) {
    JsonTypeInfo how = isAbstract(type) ? null : inherited(type, JsonTypeInfo.class);
    if (how == null || !schema.path("type").asString("").equals("object")) {
      return;
    }
    ObjectNode id = id(type, how.use());
    if (id == null) {
      return;
    }
    switch (how.include()) {
      case PROPERTY, EXISTING_PROPERTY -> member(schema, property(how), id);
      case WRAPPER_OBJECT -> wrapInObject(schema, id.path("const"));
      case WRAPPER_ARRAY -> wrapInArray(schema, id);
      default -> {
        // It is a member of what this one is in, or nowhere.
      }
    }
  }

  private static String property(JsonTypeInfo how) {
    return how.property().isEmpty() ? how.use().getDefaultPropertyName() : how.property();
  }

  /** Returns the schema of a type's id, or {@code null} if it has none. */
  private static @Nullable ObjectNode id(Class<?> type, JsonTypeInfo.Id use) {
    ObjectNode id = JsonNodeFactory.instance.objectNode();
    return switch (use) {
      case NONE, DEDUCTION -> null;
      case NAME -> id.put("const", name(type, '.'));
      case SIMPLE_NAME -> id.put("const", name(type, '$'));
      case CLASS -> id.put("const", type.getName());
      case MINIMAL_CLASS, CUSTOM -> id.put("type", "string");
    };
  }

  /**
   * @param separator behind which the name of a class counts, if it has no other
   */
  private static String name(Class<?> type, char separator) {
    for (Class<?> owner : withSupertypes(type)) {
      JsonSubTypes subtypes = owner.getAnnotation(JsonSubTypes.class);
      for (JsonSubTypes.Type one : subtypes == null ? new JsonSubTypes.Type[0] : subtypes.value()) {
        if (one.value() == type && !one.name().isEmpty()) {
          return one.name();
        }
      }
    }
    JsonTypeName own = type.getAnnotation(JsonTypeName.class);
    if (own != null && !own.value().isEmpty()) {
      return own.value();
    }
    String name = type.getName().substring(type.getName().lastIndexOf('.') + 1);
    return name.substring(name.lastIndexOf(separator) + 1);
  }

  private static void member(ObjectNode schema, String name, ObjectNode id) {
    ObjectNode others = schema.withObjectProperty("properties");
    ObjectNode properties = JsonNodeFactory.instance.objectNode();
    properties.set(name, id);
    others.remove(name);
    properties.setAll(others);
    schema.set("properties", properties);
    require(schema, name);
  }

  private static void require(ObjectNode schema, String name) {
    ArrayNode required = schema.withArrayProperty("required");
    if (required.valueStream().noneMatch(one -> one.asString().equals(name))) {
      required.insert(0, name);
    }
  }

  private static void wrapInObject(ObjectNode schema, JsonNode name) {
    ObjectNode inner = moved(schema);
    schema.put("type", "object");
    if (name.isString()) {
      schema.putObject("properties").set(name.stringValue(), inner);
      schema.putArray("required").add(name);
    } else {
      schema.set("additionalProperties", inner);
    }
  }

  private static void wrapInArray(ObjectNode schema, ObjectNode id) {
    ObjectNode inner = moved(schema);
    schema.put("type", "array");
    schema.putArray("prefixItems").add(id).add(inner);
    schema.put("minItems", 2).put("maxItems", 2);
  }

  /** Takes everything out of a node; the parts stay the same ones, since others refer to them. */
  private static ObjectNode moved(ObjectNode schema) {
    ObjectNode inner = JsonNodeFactory.instance.objectNode();
    inner.setAll(schema);
    schema.removeAll();
    return inner;
  }

  private static <A extends Annotation> @Nullable A inherited(Class<?> type, Class<A> annotation) {
    for (Class<?> owner : withSupertypes(type)) {
      A found = owner.getAnnotation(annotation);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static List<Class<?>> withSupertypes(Class<?> type) {
    List<Class<?>> all = new ArrayList<>(List.of(type));
    for (int i = 0; i < all.size(); i++) {
      Class<?> superclass = all.get(i).getSuperclass();
      if (superclass != null) {
        all.add(superclass);
      }
      all.addAll(List.of(all.get(i).getInterfaces()));
    }
    return all;
  }
}

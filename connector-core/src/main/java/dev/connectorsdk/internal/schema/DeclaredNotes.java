package dev.connectorsdk.internal.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import dev.connectorsdk.api.Titled;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What authors say of types and their members: titles, descriptions and limits. */
final class DeclaredNotes {

  private DeclaredNotes() {}

  static @Nullable String title(AnnotatedElement element) {
    Titled title = element.getAnnotation(Titled.class);
    return title == null ? null : title.value();
  }

  static @Nullable String title(FieldScope field) {
    return field.isFakeContainerItemScope() ? null : title(field.getRawMember());
  }

  static @Nullable String description(Class<?> type) {
    JsonClassDescription description = type.getAnnotation(JsonClassDescription.class);
    return description == null ? null : description.value();
  }

  static @Nullable String description(FieldScope field) {
    JsonPropertyDescription description =
        field.isFakeContainerItemScope()
            ? null
            : field.getAnnotationConsideringFieldAndGetter(JsonPropertyDescription.class);
    return description == null ? null : description.value();
  }

  /** Adds the limits of a member, or of the elements that it holds. */
  static void limit(ObjectNode schema, FieldScope field, SchemaGenerationContext context) {
    Field member = field.getRawMember();
    Class<?> type = valueType(field.getType());
    if (!field.isFakeContainerItemScope()) {
      schema.setAll(BeanValidation.limits(member, type));
    }
    boolean isOfElement = field.isFakeContainerItemScope() != Nullness.isWrapper(member.getType());
    AnnotatedType element = ElementTypes.ofValues(member.getAnnotatedType(), member.getType());
    // What is said of an array's elements is said of the array, and cannot be told from it.
    if (isOfElement && element != null && !member.getType().isArray()) {
      schema.setAll(BeanValidation.limits(element, type));
    }
  }

  private static Class<?> valueType(ResolvedType type) {
    return Nullness.isWrapper(type.getErasedType())
        ? type.typeParametersFor(type.getErasedType()).get(0).getErasedType()
        : type.getErasedType();
  }
}

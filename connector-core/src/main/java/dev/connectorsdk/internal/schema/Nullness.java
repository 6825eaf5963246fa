package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.JsonMember;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which parts of a type may be missing, or be {@code null}. Annotations are known by their simple
 * name, so that an annotation of another library counts, and none has to be on the class path.
 */
final class Nullness {

  private static final Set<Class<?>> OPTIONALS =
      Set.of(
          Optional.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          JsonMember.class);

  /** What such a type may hold is any other type. */
  private static final Set<Class<?>> WRAPPERS = Set.of(Optional.class, JsonMember.class);

  private Nullness() {}

  static boolean isRequired(RecordComponent component) {
    return !OPTIONALS.contains(component.getType())
        && !isNullable(component.getAnnotatedType())
        && !isNullable(component);
  }

  static boolean isWrapper(Class<?> type) {
    return WRAPPERS.contains(type);
  }

  static boolean isNullable(AnnotatedElement element) {
    for (Annotation annotation : element.getAnnotations()) {
      if (annotation.annotationType().getSimpleName().equals("Nullable")) {
        return true;
      }
    }
    return false;
  }
}

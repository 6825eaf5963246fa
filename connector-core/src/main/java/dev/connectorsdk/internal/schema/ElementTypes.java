package dev.connectorsdk.internal.schema;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of what a value of a type holds, with their annotations. */
final class ElementTypes {

  private ElementTypes() {}

  /**
   * Returns the type of an array's elements, or a type argument of another type; {@code null} if
   * there is none.
   */
  static @Nullable AnnotatedType of(@Nullable AnnotatedType type, int index) {
    if (type instanceof AnnotatedArrayType array) {
      return array.getAnnotatedGenericComponentType();
    }
    if (!(type instanceof AnnotatedParameterizedType generic)) {
      return null;
    }
    AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
    return index < arguments.length ? arguments[index] : null;
  }

  /**
   * Returns the type of an array's or collection's elements, of a map's values, or of what a
   * wrapper holds; {@code null} if there is none.
   *
   * @param raw the type without its arguments
   */
  static @Nullable AnnotatedType ofValues(AnnotatedType type, Class<?> raw) {
    return of(type, Map.class.isAssignableFrom(raw) ? 1 : 0);
  }
}

package dev.connectorsdk.internal.schema;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
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
    return type instanceof AnnotatedParameterizedType generic
        ? generic.getAnnotatedActualTypeArguments()[index]
        : null;
  }
}

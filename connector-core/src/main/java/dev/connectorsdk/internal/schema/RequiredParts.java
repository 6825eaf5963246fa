package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.JsonMember;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.JsonPointers;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is missing in records: the Java types have seen to everything else. It follows the
 * declared types through records, collections, maps, optionals and arrays.
 *
 * <p>Made once for a type. Immutable after that and safe for use by several threads; a check that
 * finds nothing missing does not allocate, but for what going through maps and sets takes.
 */
final class RequiredParts {

  /** More can be wrong with a record than is seen here, or its components may not be read. */
  static final class NotEnough extends Exception {
    private static final long serialVersionUID = 1L;

    NotEnough(Class<?> type) {
      super(type.getName(), null, false, false);
    }
  }

  private final @Nullable Part root;
  private final PropertyNames names;

  private RequiredParts(@Nullable Part root, PropertyNames names) {
    this.root = root;
    this.names = names;
  }

  static RequiredParts of(Type type, PropertyNames names) throws NotEnough {
    return new RequiredParts(new Finder().part(type, null), names);
  }

  /** Returns whether nothing is missing in {@code value}. */
  boolean areAllIn(Object value) {
    return root == null || root.isComplete(value, null, 0);
  }

  /** Returns all that is missing in {@code value}. */
  List<Fault> missingIn(Object value) {
    Place place = new Place("", names, new ArrayList<>());
    if (root != null) {
      root.isComplete(value, place, 0);
    }
    return place.faults;
  }

  /** A part of a type in which something can be missing. */
  private interface Part {

    /**
     * Returns whether nothing is missing.
     *
     * @param place where the value is, to tell all that is missing; or {@code null} to end with the
     *     first
     */
    boolean isComplete(Object value, @Nullable Place place, int depth);
  }

  /** Where a value is, and what was missing so far. */
  private record Place(String path, PropertyNames names, List<Fault> faults) {

    Place at(String name) {
      return new Place(JsonPointers.child(path, name), names, faults);
    }

    Place at(int index) {
      return at(Integer.toString(index));
    }

    void fault(String problem) {
      faults.add(new Fault(path, problem));
    }
  }

  private static boolean isComplete(
      @Nullable Object value,
      boolean required,
      @Nullable Part part,
      @Nullable Place place,
      int depth) {
    if (value == null) {
      if (required && place != null) {
        place.fault("is required");
      }
      return !required;
    }
    if (part == null) {
      return true;
    }
    if (depth > JsonSettings.MAX_DEPTH) {
      if (place != null) {
        place.fault("is nested deeper than " + JsonSettings.MAX_DEPTH + " levels");
      }
      return false;
    }
    return part.isComplete(value, place, depth);
  }

  private record Component(
      String name, MethodHandle accessor, boolean required, @Nullable Part part) {

    @Nullable Object of(Object owner) {
      try {
        return (Object) accessor.invokeExact(owner);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("The accessor of '" + name + "' failed", e);
      }
    }
  }

  private static final class RecordPart implements Part {

    private final Class<?> type;
    private Component[] components = {}; // set before the part is published

    RecordPart(Class<?> type) {
      this.type = type;
    }

    @Override
    public boolean isComplete(Object value, @Nullable Place place, int depth) {
      Map<String, String> jsonNames = place == null ? Map.of() : place.names.of(type);
      boolean complete = true;
      for (Component component : components) {
        Place inner =
            place == null ? null : place.at(jsonNames.getOrDefault(component.name, component.name));
        complete &=
            RequiredParts.isComplete(
                component.of(value), component.required, component.part, inner, depth + 1);
        if (!complete && place == null) {
          return false;
        }
      }
      return complete;
    }
  }

  /** The elements of a collection or array, the values of a map, the content of an optional. */
  private record ElementsPart(boolean required, @Nullable Part element) implements Part {

    @Override
    public boolean isComplete(Object value, @Nullable Place place, int depth) {
      if (value instanceof List<?> list && list instanceof RandomAccess) {
        return areComplete(list, place, depth);
      }
      if (value instanceof Map<?, ?> map) {
        return areValuesComplete(map, place, depth);
      }
      if (value instanceof Optional<?> optional) {
        return optional.isEmpty() || isElementComplete(optional.get(), place, depth);
      }
      if (value instanceof JsonMember<?> member) {
        return !member.hasValue() || isElementComplete(member.value(), place, depth);
      }
      if (value instanceof Collection<?> elements) {
        return areComplete(Arrays.asList(elements.toArray()), place, depth);
      }
      return !(value instanceof Object[] elements)
          || areComplete(Arrays.asList(elements), place, depth);
    }

    private boolean areValuesComplete(Map<?, ?> map, @Nullable Place place, int depth) {
      boolean complete = true;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        Place inner = place == null ? null : place.at(String.valueOf(entry.getKey()));
        complete &= isElementComplete(entry.getValue(), inner, depth);
      }
      return complete;
    }

    private boolean areComplete(List<?> elements, @Nullable Place place, int depth) {
      boolean complete = true;
      for (int i = 0; i < elements.size() && (complete || place != null); i++) {
        complete &= isElementComplete(elements.get(i), place == null ? null : place.at(i), depth);
      }
      return complete;
    }

    private boolean isElementComplete(@Nullable Object value, @Nullable Place place, int depth) {
      return RequiredParts.isComplete(value, required, element, place, depth + 1);
    }
  }

  /** What is of one of several types. */
  private record VariantsPart(Map<Class<?>, Part> parts) implements Part {

    @Override
    public boolean isComplete(Object value, @Nullable Place place, int depth) {
      Part part = parts.get(value.getClass());
      return part == null || part.isComplete(value, place, depth);
    }
  }

  /** Looks through types once. A record that contains itself leads back to the same part. */
  private static final class Finder {

    private final Map<Class<?>, RecordPart> records = new HashMap<>();

    @Nullable Part part(Type type, @Nullable AnnotatedType annotated) throws NotEnough {
      if (type instanceof WildcardType wildcard) {
        return part(wildcard.getUpperBounds()[0], null);
      }
      if (type instanceof GenericArrayType array) {
        return elements(array.getGenericComponentType(), ElementTypes.of(annotated, 0));
      }
      if (type instanceof ParameterizedType generic) {
        return generic(generic, annotated);
      }
      if (!(type instanceof Class<?> raw)) {
        return null;
      }
      if (raw.isArray()) {
        return raw.getComponentType().isPrimitive()
            ? null
            : elements(raw.getComponentType(), ElementTypes.of(annotated, 0));
      }
      return raw.isRecord() ? record(raw) : variants(raw);
    }

    private @Nullable Part variants(Class<?> type) throws NotEnough {
      Map<Class<?>, Part> parts = new HashMap<>();
      for (Class<?> variant : Variants.of(type)) {
        if (variant.isRecord()) {
          parts.put(variant, record(variant));
        }
      }
      return parts.isEmpty() ? null : new VariantsPart(parts);
    }

    private @Nullable Part generic(ParameterizedType type, @Nullable AnnotatedType annotated)
        throws NotEnough {
      Class<?> raw = (Class<?>) type.getRawType();
      Type[] arguments = type.getActualTypeArguments();
      if (raw.isRecord()) {
        return record(raw);
      }
      if (arguments.length == 1
          && (Collection.class.isAssignableFrom(raw) || Nullness.isWrapper(raw))) {
        return elements(arguments[0], ElementTypes.of(annotated, 0));
      }
      if (arguments.length == 2 && Map.class.isAssignableFrom(raw)) {
        return elements(arguments[1], ElementTypes.of(annotated, 1));
      }
      return null;
    }

    private Part elements(Type type, @Nullable AnnotatedType annotated) throws NotEnough {
      boolean required = annotated == null || !Nullness.isNullable(annotated);
      return new ElementsPart(required, part(type, annotated));
    }

    private Part record(Class<?> type) throws NotEnough {
      RecordPart known = records.get(type);
      if (known != null) {
        return known;
      }
      RecordPart part = new RecordPart(type);
      records.put(type, part);
      List<Component> components = new ArrayList<>();
      for (RecordComponent component : type.getRecordComponents()) {
        requireNoLimits(type, component);
        boolean required = Nullness.isRequired(component) && !component.getType().isPrimitive();
        Part inner = part(component.getGenericType(), component.getAnnotatedType());
        if (required || inner != null) {
          components.add(
              new Component(component.getName(), accessor(type, component), required, inner));
        }
      }
      part.components = components.toArray(Component[]::new);
      return part;
    }

    private static void requireNoLimits(Class<?> type, RecordComponent component) throws NotEnough {
      AnnotatedType element =
          ElementTypes.ofValues(component.getAnnotatedType(), component.getType());
      if (isLimited(component.getAnnotatedType()) || (element != null && isLimited(element))) {
        throw new NotEnough(type);
      }
    }

    private static boolean isLimited(AnnotatedElement element) {
      return !BeanValidation.limits(element, Object.class).isEmpty();
    }

    private static MethodHandle accessor(Class<?> type, RecordComponent component)
        throws NotEnough {
      Method accessor = component.getAccessor();
      try {
        accessor.setAccessible(true);
        return MethodHandles.lookup()
            .unreflect(accessor)
            .asType(MethodType.methodType(Object.class, Object.class));
      } catch (InaccessibleObjectException | IllegalAccessException e) {
        throw new NotEnough(type);
      }
    }
  }
}

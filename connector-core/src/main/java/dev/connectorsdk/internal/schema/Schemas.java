package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.Shape;
import java.lang.ref.WeakReference;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The schemas and validators of a runtime's shapes. Each is made when it is first asked for; a
 * validator is kept as long as its shape. Safe for use by several threads.
 */
public final class Schemas {

  /** A power of two. */
  private static final int RECENT = 64;

  private final JsonMapper mapper;
  private final PropertyNames names;
  private final Map<Type, JsonNode> derived = new ConcurrentHashMap<>();
  private final Map<Shape<?>, InputValidator<?>> validators = new WeakHashMap<>(); // its own lock
  private final @Nullable Recent[] recent = new Recent[RECENT];
  private @Nullable SchemaDeriver deriver; // guarded by this

  /** What was asked for before, and need not be looked up; keeps neither. Immutable. */
  private record Recent(
      WeakReference<Shape<?>> shape, WeakReference<InputValidator<?>> validator) {}

  /**
   * Makes schemas for one runtime.
   *
   * @param mapper the runtime's mapper; derived schemas describe what it reads and writes
   */
  public Schemas(JsonMapper mapper) {
    this.mapper = mapper;
    this.names = new PropertyNames(mapper);
  }

  /** Returns a copy of the schema of {@code shape}: the given one, or one derived from its type. */
  public JsonNode schemaOf(Shape<?> shape) {
    JsonNode given = shape.givenSchema();
    return given == null ? derivedFrom(shape.type()).deepCopy() : given;
  }

  /**
   * Returns the validator for {@code shape}. Looking it up is cheap, keeping it is cheaper.
   *
   * @throws IllegalArgumentException if a given schema is no JSON Schema, or refers to something
   *     outside itself
   */
  @SuppressWarnings("unchecked") // newValidator is the only source of values.
  public <T> InputValidator<T> validatorFor(Shape<T> shape) {
    int place = System.identityHashCode(shape) & (RECENT - 1);
    Recent last = recent[place];
    InputValidator<?> known =
        last != null && last.shape().refersTo(shape) ? last.validator().get() : null;
    if (known == null) {
      known = kept(shape);
      // Whoever reads an older one looks it up.
      recent[place] = new Recent(new WeakReference<>(shape), new WeakReference<>(known));
    }
    return (InputValidator<T>) known;
  }

  private InputValidator<?> kept(Shape<?> shape) {
    InputValidator<?> known;
    synchronized (validators) {
      known = validators.get(shape);
    }
    if (known != null) {
      return known;
    }
    // Made without the lock, which others need who call something else; of two the first counts.
    InputValidator<?> made = newValidator(shape);
    synchronized (validators) {
      known = validators.putIfAbsent(shape, made);
    }
    return known == null ? made : known;
  }

  /** Must not keep the shape, or it would never go. */
  private <T> InputValidator<T> newValidator(Shape<T> shape) {
    Type type = shape.type();
    JsonNode given = shape.givenSchema();
    if (given != null) {
      CompiledSchema compiled = CompiledSchema.of(given);
      return new InputValidator<>(mapper, type, null, () -> compiled);
    }
    return new InputValidator<>(
        mapper, type, requiredParts(type), () -> CompiledSchema.of(derivedFrom(type)));
  }

  private @Nullable RequiredParts requiredParts(Type type) {
    try {
      return RequiredParts.of(type, names);
    } catch (RequiredParts.NotEnough e) {
      return null;
    }
  }

  private JsonNode derivedFrom(Type type) {
    return derived.computeIfAbsent(type, t -> deriver().derive(t));
  }

  /** Made late: most calls need no schema, and the generator is slow to load. */
  private synchronized SchemaDeriver deriver() {
    if (deriver == null) {
      deriver = new SchemaDeriver(mapper);
    }
    return deriver;
  }
}

package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.JsonPointers;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks inputs of one shape. Safe for use by several threads.
 *
 * @param <T> the Java type of a value of the shape
 */
public final class InputValidator<T> {

  private final JsonMapper mapper;
  private final JavaType type;
  private final Class<?> raw;
  private final Supplier<CompiledSchema> compiler;
  private final @Nullable RequiredParts parts; // null where only the schema can tell
  private volatile @Nullable CompiledSchema schema; // compiled when first needed

  InputValidator(
      JsonMapper mapper,
      Type type,
      @Nullable RequiredParts parts,
      Supplier<CompiledSchema> compiler) {
    this.mapper = mapper;
    this.type = mapper.constructType(type);
    this.raw = (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
    this.parts = parts;
    this.compiler = compiler;
  }

  /**
   * Checks JSON against the schema.
   *
   * @param what what the input is for, such as {@code action 'getForecast'}
   * @throws InvalidInputException with all that is wrong
   * @throws IllegalArgumentException if the shape's schema is not usable
   */
  public void check(String what, JsonNode input) {
    List<Fault> faults = schema().faults(input);
    if (!faults.isEmpty()) {
      throw new InvalidInputException(what, faults);
    }
  }

  /**
   * Checks a value that is of the shape's Java type already, so that only required parts of records
   * can be missing. JSON is checked as {@link #check} does.
   *
   * @param what what the input is for, such as {@code action 'getForecast'}
   * @throws InvalidInputException with all that is wrong
   * @throws IllegalArgumentException if the shape's schema is not usable
   */
  public void checkTyped(String what, Object input) {
    if (!raw.isInstance(input)) {
      throw new InvalidInputException(
          what, "", "must be " + raw.getName() + ", but is " + input.getClass().getName());
    }
    if (parts == null) {
      check(what, input instanceof JsonNode json ? json : asJson(input));
    } else if (!parts.areAllIn(input)) {
      throw new InvalidInputException(what, parts.missingIn(input));
    }
  }

  /**
   * Checks JSON and makes a value of the shape's Java type from it: of one that is JSON, a copy.
   *
   * @param what what the input is for, such as {@code action 'getForecast'}
   * @throws InvalidInputException with all that is wrong
   * @throws IllegalArgumentException if the shape's schema is not usable
   */
  public T read(String what, JsonNode input) {
    check(what, input);
    if (raw == JsonNode.class) {
      @SuppressWarnings("unchecked") // T is JsonNode
      T copy = (T) input.deepCopy();
      return copy;
    }
    try {
      return mapper.readerFor(type).readValue(input);
    } catch (JacksonException e) {
      // Its message would quote the value.
      throw new InvalidInputException(what, JsonPointers.of(e), "does not fit its type");
    }
  }

  private CompiledSchema schema() {
    CompiledSchema compiled = schema;
    if (compiled == null) {
      compiled = compiler.get();
      schema = compiled;
    }
    return compiled;
  }

  private JsonNode asJson(Object input) {
    try {
      return mapper.valueToTree(input);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "Records of "
              + raw.getName()
              + " cannot be read; open its package to tools.jackson.databind",
          e);
    }
  }
}

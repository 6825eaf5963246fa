package dev.connectorsdk.internal.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema that values are checked against. The only class that knows the validator. Safe for
 * use by several threads.
 *
 * <p>It loads nothing: a reference that leads out of the schema is refused. Formats are notes for
 * people and are not checked, nor are {@linkplain AdvisoryLimits limits that are advisory}.
 */
final class CompiledSchema {

  private static final int MAX_FAULTS = 1_000;
  private static final int MAX_SHOWN_CHOICES = 20;

  private static final ExecutionConfig LIMITS =
      ExecutionConfig.builder()
          .locale(Locale.ENGLISH)
          .formatAssertionsEnabled(false)
          // Two for each token that a document may have: enough for any that is not hostile.
          .maxEvaluationSteps(2_000_000)
          // Each level of a document takes a few: properties, items, $ref, allOf.
          .maxEvaluationDepth(8 * JsonSettings.MAX_DEPTH)
          .build();

  /** Draft 2020-12, in which keywords of others, such as {@code x-ms-visibility}, are notes. */
  private static final Dialect TOLERANT =
      Dialect.builder(Dialects.getDraft202012())
          .keyword(new TypeWithFiles())
          .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
          .build();

  private final Schema schema;
  private final QuickCheck quick;

  private CompiledSchema(Schema schema, JsonNode checked) {
    this.schema = schema;
    this.quick = QuickCheck.of(checked);
  }

  /**
   * Compiles a schema.
   *
   * @throws IllegalArgumentException if it is none, or refers to something outside itself
   */
  static CompiledSchema of(JsonNode given) {
    JsonNode schema = AdvisoryLimits.lift(EarlierDrafts.rewritten(given));
    SchemaParts.check(schema);
    // A registry of its own for each, since schemas with the same $id would replace each other.
    SchemaRegistry registry =
        SchemaRegistry.withDialect(
            TOLERANT,
            builder ->
                builder
                    .schemaCacheEnabled(false)
                    .schemaLoader(loader -> loader.block(any -> true))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder()
                            .locale(Locale.ENGLISH)
                            .formatAssertionsEnabled(false)
                            .regularExpressionFactory(BoundedPattern::new)
                            .build()));
    try {
      Schema compiled = registry.getSchema(schema);
      compiled.initializeValidators();
      return new CompiledSchema(compiled, schema);
    } catch (SchemaException e) {
      throw new IllegalArgumentException("Not a JSON Schema of 2020-12: " + e.getMessage(), e);
    }
  }

  /** Returns the schema of schemas, which comes with the validator. */
  static CompiledSchema ofSchemas() {
    Schema schemas =
        SchemaRegistry.withDefaultDialect(TOLERANT)
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    return new CompiledSchema(schemas, schemas.getSchemaNode());
  }

  /**
   * Returns all that is wrong with {@code value}, at most a thousand faults.
   *
   * @throws IllegalArgumentException if the schema turns out to be none
   */
  List<Fault> faults(JsonNode value) {
    return quick.fits(value) ? List.of() : faultsFoundByValidator(value);
  }

  List<Fault> faultsFoundByValidator(JsonNode value) {
    List<Error> errors;
    try {
      errors = schema.validate(value, context -> context.setExecutionConfig(LIMITS));
    } catch (ValidationLimitExceededException | StackOverflowError e) {
      return List.of(new Fault("", "is too deep or too large to be checked"));
    } catch (BoundedPattern.TooComplex e) {
      return List.of(
          new Fault("", "cannot be checked against the pattern '" + e.getMessage() + "' in time"));
    } catch (SchemaException e) {
      throw new IllegalArgumentException("Not a JSON Schema of 2020-12: " + e.getMessage(), e);
    }
    return errors.isEmpty() ? List.of() : faults(errors);
  }

  private static List<Fault> faults(List<Error> errors) {
    Set<Fault> faults = new LinkedHashSet<>();
    for (Error error : errors) {
      if (errors.size() > 1 && isNullAlternative(error)) {
        continue;
      }
      if (faults.size() == MAX_FAULTS) {
        faults.add(new Fault("", "and more"));
        break;
      }
      faults.add(new Fault(path(error), problem(error)));
    }
    return new ArrayList<>(faults);
  }

  /** A nullable value fits neither null nor its type; that it is not null is not worth saying. */
  private static boolean isNullAlternative(Error error) {
    return error.getKeyword().equals("type")
        && error.getSchemaNode().isString()
        && error.getSchemaNode().asString().equals("null")
        && error.getEvaluationPath().contains("anyOf");
  }

  private static String path(Error error) {
    String parent = error.getInstanceLocation().toString();
    return switch (error.getKeyword()) {
      case "required", "additionalProperties", "unevaluatedProperties" ->
          error.getProperty() == null ? parent : JsonPointers.child(parent, error.getProperty());
      default -> parent;
    };
  }

  private static String problem(Error error) {
    return switch (error.getKeyword()) {
      case "required" -> "is required";
      case "additionalProperties", "unevaluatedProperties" -> "is not a known property";
      case "false" -> "is not allowed";
      case "type" -> "must be " + expected(error.getSchemaNode()) + ", but is " + found(error);
      case "enum" -> "must be one of " + choices(error.getSchemaNode());
      case "const" -> "must be " + error.getSchemaNode();
      case "pattern" -> "must match the pattern " + error.getSchemaNode().asString();
      default -> error.getMessage();
    };
  }

  private static String expected(JsonNode types) {
    if (!types.isArray()) {
      return types.asString();
    }
    List<String> names = new ArrayList<>();
    types.forEach(type -> names.add(type.asString()));
    return String.join(" or ", names);
  }

  private static String found(Error error) {
    return switch (error.getInstanceNode().getNodeType()) {
      case OBJECT -> "object";
      case POJO -> EmbeddedFiles.of(error.getInstanceNode()) == null ? "object" : "file";
      case ARRAY -> "array";
      case STRING, BINARY -> "string";
      case NUMBER -> error.getInstanceNode().isIntegralNumber() ? "integer" : "number";
      case BOOLEAN -> "boolean";
      case NULL, MISSING -> "null";
    };
  }

  private static String choices(JsonNode values) {
    List<String> shown = new ArrayList<>();
    for (JsonNode value : values) {
      if (shown.size() == MAX_SHOWN_CHOICES) {
        shown.add("... (" + values.size() + " in all)");
        break;
      }
      shown.add(value.isString() ? value.asString() : value.toString());
    }
    return String.join(", ", shown);
  }
}

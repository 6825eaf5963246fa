package dev.connectorsdk.internal.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.connectorsdk.api.file.FileSource;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Derives JSON Schemas from Java types, as the mapper reads and writes them. The only class that
 * knows the generator. Safe for use by several threads, which take turns.
 */
final class SchemaDeriver {

  /** Formats of RFC 3339 and the OpenAPI format registry; an empty one stands for none. */
  private static final Map<Class<?>, String> TEXT_FORMATS =
      Map.ofEntries(
          Map.entry(Instant.class, "date-time"),
          Map.entry(OffsetDateTime.class, "date-time"),
          Map.entry(ZonedDateTime.class, "date-time"),
          Map.entry(LocalDateTime.class, "date-time-local"),
          Map.entry(LocalDate.class, "date"),
          Map.entry(OffsetTime.class, "time"),
          Map.entry(LocalTime.class, "time-local"),
          Map.entry(Duration.class, "duration"),
          Map.entry(Period.class, "duration"),
          Map.entry(YearMonth.class, ""),
          Map.entry(MonthDay.class, ""),
          Map.entry(ZoneId.class, ""),
          Map.entry(ZoneOffset.class, ""),
          Map.entry(TimeZone.class, ""),
          Map.entry(UUID.class, "uuid"),
          Map.entry(URI.class, "uri-reference"),
          Map.entry(URL.class, "uri"),
          Map.entry(Locale.class, ""),
          Map.entry(Currency.class, ""),
          Map.entry(char[].class, ""));

  private static final Map<Class<?>, String> JSON_TYPES =
      Map.of(Year.class, "integer", ObjectNode.class, "object", ArrayNode.class, "array");

  private static final Set<String> NOTES = Set.of("title", "description");
  private static final Set<String> MAPS_OF_SCHEMAS = Set.of("properties", "$defs");

  private final JsonMapper mapper;
  private final PropertyNames names;
  private final Map<Class<?>, Map<String, String>> namesByType = new ConcurrentHashMap<>();
  private final SchemaGenerator generator; // guarded by this

  SchemaDeriver(JsonMapper mapper) {
    this.mapper = mapper;
    this.names = new PropertyNames(mapper);
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(
                mapper, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                Option.NULLABLE_ARRAY_ITEMS_ALLOWED,
                Option.PLAIN_DEFINITION_KEYS)
            .without(Option.SCHEMA_VERSION_INDICATOR, Option.FLATTENED_OPTIONALS);
    config
        .forTypesInGeneral()
        .withCustomDefinitionProvider(this::define)
        .withSubtypeResolver(SchemaDeriver::variants)
        .withTypeAttributeOverride(
            (schema, scope, context) ->
                Variants.distinguish(schema, scope.getType().getErasedType()))
        .withTitleResolver(type -> DeclaredNotes.title(type.getType().getErasedType()))
        .withDescriptionResolver(type -> DeclaredNotes.description(type.getType().getErasedType()))
        .withPropertySorter(Comparator.comparingInt(unused -> 0));
    config
        .forFields()
        .withCustomDefinitionProvider(SchemaDeriver::define)
        .withPropertyNameOverrideResolver(this::jsonName)
        .withRequiredCheck(SchemaDeriver::isRequired)
        .withNullableCheck(SchemaDeriver::isNullable)
        .withTitleResolver(DeclaredNotes::title)
        .withDescriptionResolver(DeclaredNotes::description)
        .withInstanceAttributeOverride(DeclaredNotes::limit);
    this.generator = new SchemaGenerator(config.build());
  }

  synchronized JsonNode derive(Type type) {
    JsonNode schema = generator.generateSchema(type);
    finish(schema);
    return schema;
  }

  private static void finish(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      joinNotes(object);
      close(object);
    }
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      boolean isMapOfSchemas = MAPS_OF_SCHEMAS.contains(entry.getKey());
      if (isMapOfSchemas) {
        entry.getValue().forEach(SchemaDeriver::finish);
      } else {
        finish(entry.getValue());
      }
    }
    if (schema.isArray()) {
      schema.forEach(SchemaDeriver::finish);
    }
  }

  /**
   * What is said of a member counts more than what is said of its type, which it is set apart for.
   */
  private static void joinNotes(ObjectNode schema) {
    JsonNode parts = schema.path("allOf");
    if (schema.size() == 1
        && parts.size() == 2
        && parts.get(0) instanceof ObjectNode type
        && parts.get(1) instanceof ObjectNode notes
        && NOTES.containsAll(notes.propertyNames())) {
      schema.removeAll();
      schema.setAll(type);
      schema.setAll(notes);
    }
  }

  /** A misspelt optional member would otherwise be ignored without a word. */
  private static void close(ObjectNode schema) {
    if (schema.path("properties").isObject() && !schema.has("additionalProperties")) {
      schema.put("additionalProperties", false);
    }
  }

  private @Nullable CustomDefinition define(ResolvedType type, SchemaGenerationContext context) {
    Class<?> raw = type.getErasedType();
    ObjectNode standard = Nullness.isWrapper(raw) ? wrapped(type, context) : standard(raw, context);
    if (standard != null) {
      return inline(standard);
    }
    if (raw.getName().startsWith("java.") || raw.isPrimitive() || raw.isArray()) {
      return null;
    }
    Class<?> standIn = names.standIn(raw);
    return standIn == null
        ? null
        : inline(context.createDefinition(context.getTypeContext().resolve(standIn)));
  }

  /** Returns the schema of a type that the mapper writes in a way of its own. */
  private @Nullable ObjectNode standard(Class<?> type, SchemaGenerationContext context) {
    String format = TEXT_FORMATS.get(type);
    if (format != null) {
      return text(format);
    }
    String jsonType = JSON_TYPES.get(type);
    if (jsonType != null) {
      return typed(jsonType);
    }
    if (type.isEnum()) {
      return enumeration(type);
    }
    if (type == byte[].class || type == FileSource.class) {
      return typed("string").put("contentEncoding", "base64");
    }
    return JsonNode.class.isAssignableFrom(type)
        ? mapper.createObjectNode()
        : nullableNumber(type, context);
  }

  private static ObjectNode wrapped(ResolvedType type, SchemaGenerationContext context) {
    ResolvedType value = type.typeParametersFor(type.getErasedType()).get(0);
    return new NullableElements(context).nullable(context.createDefinitionReference(value));
  }

  private static @Nullable CustomPropertyDefinition define(
      FieldScope field, SchemaGenerationContext context) {
    RecordComponent component = component(field);
    if (component == null
        || field.isFakeContainerItemScope()
        || !NullableElements.areIn(component.getAnnotatedType())) {
      return null;
    }
    ObjectNode schema =
        new NullableElements(context).schema(field.getType(), component.getAnnotatedType());
    return schema == null ? null : new CustomPropertyDefinition(schema);
  }

  private ObjectNode text(String format) {
    ObjectNode text = typed("string");
    return format.isEmpty() ? text : text.put("format", format);
  }

  private @Nullable ObjectNode nullableNumber(Class<?> type, SchemaGenerationContext context) {
    if (type == OptionalInt.class || type == OptionalLong.class) {
      return context.makeNullable(typed("integer"));
    }
    return type == OptionalDouble.class ? context.makeNullable(typed("number")) : null;
  }

  /** An enum with a constant for names that it does not know is read from any text. */
  private ObjectNode enumeration(Class<?> type) {
    ObjectNode names = mapper.createObjectNode();
    ArrayNode values = names.putArray("enum");
    for (Object constant : type.getEnumConstants()) {
      values.add(mapper.<JsonNode>valueToTree(constant));
    }
    if (Arrays.stream(type.getFields())
        .noneMatch(constant -> constant.isAnnotationPresent(JsonEnumDefaultValue.class))) {
      return names;
    }
    ObjectNode schema = mapper.createObjectNode();
    schema.putArray("anyOf").add(names).add(typed("string"));
    return schema;
  }

  private ObjectNode typed(String type) {
    return mapper.createObjectNode().put("type", type);
  }

  private static CustomDefinition inline(ObjectNode schema) {
    return new CustomDefinition(
        schema, CustomDefinition.INLINE_DEFINITION, CustomDefinition.INCLUDING_ATTRIBUTES);
  }

  private @Nullable String jsonName(FieldScope field) {
    return namesByType
        .computeIfAbsent(field.getDeclaringType().getErasedType(), names::of)
        .get(field.getDeclaredName());
  }

  private static boolean isRequired(FieldScope field) {
    RecordComponent component = component(field);
    return component != null && Nullness.isRequired(component);
  }

  private static Boolean isNullable(FieldScope field) {
    RecordComponent component = component(field);
    if (component == null) {
      return !field.getRawMember().getType().isPrimitive();
    }
    if (!field.isFakeContainerItemScope()) {
      return !Nullness.isRequired(component) && !Nullness.isWrapper(component.getType());
    }
    AnnotatedType element =
        ElementTypes.ofValues(component.getAnnotatedType(), component.getType());
    return element != null && Nullness.isNullable(element);
  }

  private static @Nullable List<ResolvedType> variants(
      ResolvedType type, SchemaGenerationContext context) {
    List<Class<?>> variants = Variants.of(type.getErasedType());
    return variants.isEmpty()
        ? null
        : variants.stream()
            .map(variant -> context.getTypeContext().resolveSubtype(type, variant))
            .toList();
  }

  private static @Nullable RecordComponent component(FieldScope field) {
    Field raw = field.getRawMember();
    if (raw.getDeclaringClass().isRecord()) {
      for (RecordComponent component : raw.getDeclaringClass().getRecordComponents()) {
        if (component.getName().equals(raw.getName())) {
          return component;
        }
      }
    }
    return null;
  }
}

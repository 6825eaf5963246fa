package dev.connectorsdk.api.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.LogicalType;

/**
 * How JSON becomes Java values and back: what does not fit is an error, and nothing is rounded,
 * shifted or made up. What an author's annotations declare comes first.
 *
 * <p>It says all that Jackson has a choice about and that changes values: versions of Jackson
 * differ in what they do by themselves.
 */
public final class TypedJson {

  private TypedJson() {}

  /**
   * Sets what values depend on.
   *
   * <p>Numbers fit exactly. A number, a boolean or a character that is declared as a primitive has
   * to be there. Times are texts, and keep their offset. An enum has the names that it declares,
   * and its {@code @JsonEnumDefaultValue} stands for all others. Members that a type does not have
   * are left out. So is a component that is {@code null} or an empty {@code Optional} when an
   * object is written, unless its {@code @JsonInclude} says more; a {@link
   * dev.connectorsdk.api.JsonMember} can be {@code null}, and {@code null} stays in a map or a
   * list.
   */
  public static JsonMapper.Builder set(JsonMapper.Builder builder) {
    Consumer<MutableCoercionConfig> fromNoInteger =
        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
    return times(enums(builder))
        .enable(
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            // A double would turn 1e1000 into the text "Infinity" and shorten long fractions.
            DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.ACCEPT_FLOAT_AS_INT,
            DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
            DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS,
            DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT,
            DeserializationFeature.ACCEPT_EMPTY_ARRAY_AS_NULL_OBJECT)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .enable(JsonNodeFeature.READ_NULL_PROPERTIES, JsonNodeFeature.WRITE_NULL_PROPERTIES)
        .withCoercionConfig(LogicalType.Boolean, fromNoInteger)
        .withCoercionConfig(char.class, fromNoInteger)
        .withCoercionConfig(Character.class, fromNoInteger)
        .annotationIntrospector(
            AnnotationIntrospector.pair(
                new RequiredPrimitives(), new JacksonAnnotationIntrospector()))
        .changeDefaultPropertyInclusion(
            usual -> usual.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .addModule(new JsonMembers())
        .addModule(
            OptionalNumber.addTo(new SimpleModule("exact").setDeserializerModifier(new Exactly())))
        .addModule(new RecordConstructors());
  }

  private static JsonMapper.Builder enums(JsonMapper.Builder builder) {
    return builder
        .enable(
            EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
            EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE,
            EnumFeature.READ_ENUMS_USING_TO_STRING,
            EnumFeature.WRITE_ENUMS_USING_TO_STRING)
        .disable(
            EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL,
            EnumFeature.WRITE_ENUMS_USING_INDEX,
            EnumFeature.WRITE_ENUM_KEYS_USING_INDEX,
            EnumFeature.WRITE_ENUMS_TO_LOWERCASE);
  }

  private static JsonMapper.Builder times(JsonMapper.Builder builder) {
    return builder.disable(
        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE,
        DateTimeFeature.WRITE_DATES_WITH_ZONE_ID,
        DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
        DateTimeFeature.WRITE_DATE_KEYS_AS_TIMESTAMPS,
        DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
  }

  /** Reads numbers and times by what is exact about them. */
  private static final class Exactly extends ValueDeserializerModifier {

    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier described,
        ValueDeserializer<?> usual) {
      Class<?> type = described.getBeanClass();
      if (ExactNumber.isFor(type)) {
        return new ExactNumber(usual);
      }
      if (ExactTime.isFor(type)) {
        return new ExactTime(usual);
      }
      return (type == boolean.class || type == Boolean.class) ? new NumberedBoolean(usual) : usual;
    }

    @Override
    public ValueDeserializer<?> modifyArrayDeserializer(
        DeserializationConfig config,
        ArrayType type,
        BeanDescription.Supplier described,
        ValueDeserializer<?> usual) {
      return ExactNumber.isFor(type.getRawClass()) ? new ExactNumber(usual) : usual;
    }
  }

  /** What a primitive parameter of a constructor would be without a value, nobody has said. */
  private static final class RequiredPrimitives extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      boolean isPrimitive =
          member instanceof AnnotatedParameter && member.getRawType().isPrimitive();
      // Else as annotations say, of which JsonSetter may say what stands for nothing.
      return (isPrimitive && !member.hasAnnotation(JsonSetter.class)) ? Boolean.TRUE : null;
    }

    @Override
    public Version version() {
      return Version.unknownVersion();
    }
  }
}

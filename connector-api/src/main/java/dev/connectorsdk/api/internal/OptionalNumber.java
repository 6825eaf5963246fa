package dev.connectorsdk.api.internal;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads an optional number as the number in it is read. Jackson makes the deserializers of these
 * types without asking those who modify deserializers.
 */
final class OptionalNumber<O> extends StdDeserializer<O> {

  private final Class<O> type;
  private final Class<? extends Number> number;
  private final O absent;

  private OptionalNumber(Class<O> type, Class<? extends Number> number, O absent) {
    super(type);
    this.type = type;
    this.number = number;
    this.absent = absent;
  }

  /** Adds what reads optional numbers. */
  static SimpleModule addTo(SimpleModule module) {
    return module
        .addDeserializer(
            OptionalInt.class,
            new OptionalNumber<>(OptionalInt.class, Integer.class, OptionalInt.empty()))
        .addDeserializer(
            OptionalLong.class,
            new OptionalNumber<>(OptionalLong.class, Long.class, OptionalLong.empty()))
        .addDeserializer(
            OptionalDouble.class,
            new OptionalNumber<>(OptionalDouble.class, Double.class, OptionalDouble.empty()));
  }

  @Override
  public O deserialize(JsonParser parser, DeserializationContext context) {
    Number read = context.readValue(parser, number);
    return read == null ? absent : type.cast(present(read));
  }

  private static Object present(Number read) {
    if (read instanceof Integer whole) {
      return OptionalInt.of(whole);
    }
    return read instanceof Long whole
        ? OptionalLong.of(whole)
        : OptionalDouble.of(read.doubleValue());
  }

  @Override
  public Object getNullValue(DeserializationContext context) {
    return absent;
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return absent;
  }
}

package dev.connectorsdk.api.internal;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads an optional number as the number in it is read. Jackson makes the deserializers of these
 * types without asking those who modify deserializers.
 */
final class OptionalNumber<N, O> extends StdDeserializer<O> {

  private final Class<N> number;
  private final Function<N, O> present;
  private final O absent;

  private OptionalNumber(Class<O> type, Class<N> number, Function<N, O> present, O absent) {
    super(type);
    this.number = number;
    this.present = present;
    this.absent = absent;
  }

  /** Adds what reads optional numbers. */
  static SimpleModule addTo(SimpleModule module) {
    return module
        .addDeserializer(
            OptionalInt.class,
            new OptionalNumber<>(
                OptionalInt.class, Integer.class, OptionalInt::of, OptionalInt.empty()))
        .addDeserializer(
            OptionalLong.class,
            new OptionalNumber<>(
                OptionalLong.class, Long.class, OptionalLong::of, OptionalLong.empty()))
        .addDeserializer(
            OptionalDouble.class,
            new OptionalNumber<>(
                OptionalDouble.class, Double.class, OptionalDouble::of, OptionalDouble.empty()));
  }

  @Override
  public O deserialize(JsonParser parser, DeserializationContext context) {
    N read = context.readValue(parser, number);
    return read == null ? absent : present.apply(read);
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

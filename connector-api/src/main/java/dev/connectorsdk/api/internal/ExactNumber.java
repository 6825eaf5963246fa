package dev.connectorsdk.api.internal;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Reads a number of JSON into a type that has room for it, or not at all: {@code 5.0} is a whole
 * number, {@code 5.7} is none, and {@code 1e400} is not infinite.
 */
final class ExactNumber extends DelegatingDeserializer {

  private static final Map<Class<?>, Function<BigDecimal, Object>> WHOLE =
      Map.ofEntries(
          entry(byte.class, BigDecimal::byteValueExact),
          entry(Byte.class, BigDecimal::byteValueExact),
          entry(short.class, BigDecimal::shortValueExact),
          entry(Short.class, BigDecimal::shortValueExact),
          entry(int.class, BigDecimal::intValueExact),
          entry(Integer.class, BigDecimal::intValueExact),
          entry(long.class, BigDecimal::longValueExact),
          entry(Long.class, BigDecimal::longValueExact),
          entry(BigInteger.class, ExactNumber::large));

  private static final Set<Class<?>> BINARY =
      Set.of(float.class, Float.class, double.class, Double.class);

  /** As long a number as a short text with an exponent is made into. */
  private static final int MOST_DIGITS = 1_000;

  /** How a decimal becomes such a number, or {@code null} if the type has fractions. */
  private final @Nullable Function<BigDecimal, Object> whole;

  ExactNumber(ValueDeserializer<?> usual) {
    super(usual);
    this.whole = WHOLE.get(usual.handledType());
  }

  static boolean isFor(Class<?> type) {
    return WHOLE.containsKey(type) || BINARY.contains(type);
  }

  @Override
  protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> usual) {
    return new ExactNumber(usual);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) {
    boolean isFraction = parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
    try {
      if (whole == null) {
        return finite(super.deserialize(parser, context), parser);
      }
      return isFraction
          ? whole.apply(parser.getDecimalValue())
          : super.deserialize(parser, context);
    } catch (ArithmeticException e) {
      return context.handleWeirdNumberValue(
          handledType(), parser.getNumberValue(), "it would be changed");
    }
  }

  private static Object finite(Object read, JsonParser parser) {
    boolean isNumber = read instanceof Number && parser.currentToken().isNumeric();
    if (isNumber && Double.isInfinite(((Number) read).doubleValue())) {
      throw new ArithmeticException();
    }
    return read;
  }

  private static BigInteger large(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    // A tiny fraction is told by its scale: Java would write its zeros out, which takes minutes.
    if (shortest.scale() > 0 || (long) shortest.precision() - shortest.scale() > MOST_DIGITS) {
      throw new ArithmeticException();
    }
    return shortest.toBigIntegerExact();
  }
}

package dev.connectorsdk.api.internal;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
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
      Set.of(float.class, Float.class, float[].class, double.class, Double.class, double[].class);

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
    JsonToken token = parser.currentToken();
    try {
      if (whole != null && (token == JsonToken.VALUE_NUMBER_FLOAT || isByte(token))) {
        return whole.apply(parser.getDecimalValue());
      }
      Object read = super.deserialize(parser, context);
      requireSame(read, parser);
      return read;
    } catch (ArithmeticException e) {
      return context.reportInputMismatch(handledType(), "A number would be changed");
    }
  }

  /** Jackson takes 200 for a byte, as which it is negative. */
  private boolean isByte(JsonToken token) {
    return token == JsonToken.VALUE_NUMBER_INT
        && (handledType() == byte.class || handledType() == Byte.class);
  }

  private static void requireSame(Object read, JsonParser parser) {
    boolean isText = parser.currentToken() == JsonToken.VALUE_STRING;
    boolean isChanged = isInfinite(read) && !(isText && isWord(parser.getString()));
    if (isText && read instanceof Byte small) {
      isChanged = small < 0 && !parser.getString().contains("-");
    }
    if (isChanged) {
      throw new ArithmeticException();
    }
  }

  /** Such as {@code Infinity}, which is what it was. */
  private static boolean isWord(String text) {
    return text.chars().noneMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isInfinite(Object read) {
    if (read instanceof double[] all) {
      return Arrays.stream(all).anyMatch(Double::isInfinite);
    }
    if (read instanceof float[] all) {
      return IntStream.range(0, all.length).anyMatch(i -> Float.isInfinite(all[i]));
    }
    return (read instanceof Double || read instanceof Float)
        && Double.isInfinite(((Number) read).doubleValue());
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

package dev.connectorsdk.api.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
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

  private static final Set<Class<?>> WHOLE =
      Set.of(
          byte.class,
          Byte.class,
          short.class,
          Short.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          BigInteger.class);

  private static final Set<Class<?>> BINARY =
      Set.of(float.class, Float.class, float[].class, double.class, Double.class, double[].class);

  /** As long a number as a short text with an exponent is made into. */
  private static final int MOST_DIGITS = 1_000;

  private final boolean isWhole;

  ExactNumber(ValueDeserializer<?> usual) {
    super(usual);
    this.isWhole = WHOLE.contains(usual.handledType());
  }

  static boolean isFor(Class<?> type) {
    return WHOLE.contains(type) || BINARY.contains(type);
  }

  @Override
  protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> usual) {
    return new ExactNumber(usual);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) {
    JsonToken token = parser.currentToken();
    try {
      if (isWhole && (token == JsonToken.VALUE_NUMBER_FLOAT || isByte(token))) {
        return whole(parser.getDecimalValue());
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
    return token == JsonToken.VALUE_NUMBER_INT && isOfByte();
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

  private Object whole(BigDecimal number) {
    Class<?> type = handledType();
    if (type == int.class || type == Integer.class) {
      return number.intValueExact();
    } else if (type == long.class || type == Long.class) {
      return number.longValueExact();
    } else if (type == short.class || type == Short.class) {
      return number.shortValueExact();
    }
    return isOfByte() ? number.byteValueExact() : large(number);
  }

  private boolean isOfByte() {
    return handledType() == byte.class || handledType() == Byte.class;
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

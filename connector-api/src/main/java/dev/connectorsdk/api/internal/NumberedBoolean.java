package dev.connectorsdk.api.internal;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/** Reads 0 and 1 as booleans where the author declares numbers, with {@link JsonFormat}. */
final class NumberedBoolean extends DelegatingDeserializer {

  NumberedBoolean(ValueDeserializer<?> usual) {
    super(usual);
  }

  @Override
  protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> usual) {
    return new NumberedBoolean(usual);
  }

  @Override
  public ValueDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) {
    return findFormatOverrides(context, property, handledType()).getShape().isNumeric()
        ? super.createContextual(context, property)
        : getDelegatee().createContextual(context, property);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      return super.deserialize(parser, context);
    }
    Number number = parser.getNumberValue();
    boolean isOne = number.toString().equals("1");
    return isOne || number.toString().equals("0")
        ? isOne
        : context.handleWeirdNumberValue(handledType(), number, "it is neither 0 nor 1");
  }
}

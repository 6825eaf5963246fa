package dev.connectorsdk.api.internal;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Calendar;
import java.util.Date;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Reads a time from a text that says neither more nor less. A number says nothing without its unit:
 * it is read where the author declares one, with {@link JsonFormat}.
 */
final class ExactTime extends DelegatingDeserializer {

  private static final String NUMBER = "[+-]?[0-9]+([.][0-9]*)?";

  /** What a text of each type does not look like, although Jackson would make something of it. */
  private static final Map<Class<?>, Pattern> NOT =
      Map.of(
          Instant.class, Pattern.compile(NUMBER),
          OffsetDateTime.class, Pattern.compile(NUMBER),
          ZonedDateTime.class, Pattern.compile(NUMBER),
          Duration.class, Pattern.compile(NUMBER),
          LocalDate.class, Pattern.compile(NUMBER + "|.*T.*"),
          LocalDateTime.class, Pattern.compile(NUMBER + "|.*[Zz]"),
          LocalTime.class, Pattern.compile(".+[Tt].*"),
          Date.class, Pattern.compile(NUMBER),
          Calendar.class, Pattern.compile(NUMBER));

  /** {@code +0200} and {@code +02}, which Jackson reads where the offset is kept. */
  private static final Pattern SHORT_OFFSET =
      Pattern.compile(".*[Tt][0-9:.]+[+-][0-9]{2}([0-9]{2})?");

  private static final DateTimeFormatter WITH_SHORT_OFFSET =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("X")
          .toFormatter();

  ExactTime(ValueDeserializer<?> usual) {
    super(usual);
  }

  static boolean isFor(Class<?> type) {
    return NOT.containsKey(type) || Date.class.isAssignableFrom(type) || type == Year.class;
  }

  @Override
  protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> usual) {
    return new ExactTime(usual);
  }

  @Override
  public ValueDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) {
    JsonFormat.Value format = findFormatOverrides(context, property, handledType());
    boolean isDeclared = format.getShape().isNumeric() || format.hasPattern();
    return isDeclared
        ? getDelegatee().createContextual(context, property)
        : super.createContextual(context, property);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) {
    boolean isNumber = parser.currentToken().isNumeric() && handledType() != Year.class;
    if (isNumber) {
      return context.handleUnexpectedToken(getValueType(context), parser);
    }
    try {
      return parser.currentToken() == JsonToken.VALUE_STRING
          ? fromText(parser.getString().trim(), parser, context)
          : super.deserialize(parser, context);
    } catch (DateTimeException e) {
      return context.handleWeirdStringValue(handledType(), parser.getString(), "it is no time");
    }
  }

  private Object fromText(String text, JsonParser parser, DeserializationContext context) {
    Pattern not = NOT.get(handledType());
    if (not != null && not.matcher(text).matches()) {
      return context.handleWeirdStringValue(handledType(), text, "it would be changed");
    }
    return handledType() == Instant.class && SHORT_OFFSET.matcher(text).matches()
        ? OffsetDateTime.parse(text, WITH_SHORT_OFFSET).toInstant()
        : super.deserialize(parser, context);
  }
}

package dev.connectorsdk.internal.definition.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values on their way into a request: as text, as the declared type, as lists. */
public final class Scalars {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  // Longer numbers are no numbers that a caller means, and cost more than they are worth.
  private static final int MAX_DIGITS = 100;

  // What starts like a call or holds an insert; "@odata.nextLink" and addresses are plain text.
  private static final Pattern EXPRESSION =
      Pattern.compile("@[A-Za-z]+\\(.*|.*@\\{.*", Pattern.DOTALL);
  private static final Pattern WORKFLOW =
      Pattern.compile("@\\{\\s*workflow\\(\\)\\s*}|@workflow\\(\\)");

  private Scalars() {}

  /** Returns a scalar as it stands in a URL, header or form; {@code null} for anything else. */
  public static @Nullable String text(JsonNode value) {
    if (value.isString() || value.isBinary()) {
      return value.asString();
    }
    if (value.isBoolean()) {
      return Boolean.toString(value.booleanValue());
    }
    if (value.isInt() || value.isLong()) {
      return Long.toString(value.longValue());
    }
    if (value.isIntegralNumber()) {
      return value.bigIntegerValue().toString();
    }
    if (value.isNumber()) {
      String number = value.asString();
      try {
        BigDecimal decimal = new BigDecimal(number);
        return Math.abs(decimal.scale()) > MAX_DIGITS ? number : decimal.toPlainString();
      } catch (NumberFormatException notFinite) {
        return null;
      }
    }
    return null;
  }

  /** Returns a value as the declared type if it can be read so, else as it is. */
  public static JsonNode coerce(JsonNode value, String type) {
    if (value.isContainer() || isOf(type, value)) {
      return value;
    }
    String text = text(value);
    if (text == null) {
      return value;
    }
    return switch (type) {
      case "string" -> JSON.stringNode(text);
      case "integer" -> integer(text, value);
      case "number" -> number(text, value);
      case "boolean" ->
          (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
              ? JSON.booleanNode(Boolean.parseBoolean(text))
              : value;
      default -> value;
    };
  }

  private static boolean isOf(String type, JsonNode scalar) {
    return switch (type) {
      case "string" -> scalar.isString();
      case "integer" -> scalar.isIntegralNumber();
      case "number" -> scalar.isNumber();
      case "boolean" -> scalar.isBoolean();
      default -> true;
    };
  }

  private static JsonNode integer(String text, JsonNode otherwise) {
    BigDecimal number = decimal(text);
    if (number == null) {
      return otherwise;
    }
    try {
      return JSON.numberNode(number.toBigIntegerExact());
    } catch (ArithmeticException hasFraction) {
      return otherwise;
    }
  }

  private static JsonNode number(String text, JsonNode otherwise) {
    BigDecimal number = decimal(text);
    return number == null ? otherwise : JSON.numberNode(number);
  }

  private static @Nullable BigDecimal decimal(String text) {
    if (text.length() > MAX_DIGITS) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text.trim());
      return Math.abs(number.scale()) > MAX_DIGITS ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Returns whether a default is written in the expression language of workflows. */
  public static boolean isExpression(JsonNode value) {
    return value.isString() && EXPRESSION.matcher(value.stringValue()).matches();
  }

  /** Returns whether a default asks for the workflow that runs, of which a plain call has none. */
  public static boolean isWorkflow(JsonNode value) {
    return value.isString() && WORKFLOW.matcher(value.stringValue().trim()).matches();
  }

  /**
   * Returns the texts of a list, or of the one value that was given instead; {@code null} if there
   * is something in it that is neither text, number nor boolean.
   */
  public static @Nullable List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value.isArray() ? value : JSON.arrayNode().add(value)) {
      String text = text(element);
      if (text == null) {
        return null;
      }
      texts.add(text);
    }
    return texts;
  }
}

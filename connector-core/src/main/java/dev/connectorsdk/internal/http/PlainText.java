package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.PercentEncoding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NumericNode;

/**
 * Values as they stand in paths, queries and forms: their JSON without quotes, and numbers without
 * an exponent, which many services do not read.
 */
final class PlainText {

  /** A number of so many zeros is nobody's, and would be made of a few characters. */
  private static final int MOST_ZEROS = 1_000;

  private static final String ONE =
      "must be a text, a number, a boolean, an enum, a date or a time";
  private static final String ONE_OR_LIST = ONE + ", or a list of these";

  private PlainText() {}

  /** Returns whether a value looks the same in JSON and in Java. */
  static boolean isSimple(@Nullable Object value) {
    return value instanceof String
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Boolean;
  }

  /**
   * Returns the texts of a value: none for nothing, one, or that of each element of a list.
   *
   * @param what what it is for, such as {@code a query}
   * @throws InvalidInputException if it, or an element, is an object, or is no JSON
   */
  static List<String> all(JsonMapper mapper, String what, String name, @Nullable Object value) {
    JsonNode json = json(mapper, what, name, ONE_OR_LIST, value);
    if (json.isNull()) {
      return List.of();
    }
    if (!json.isArray()) {
      return List.of(text(json, what, name, ONE_OR_LIST));
    }
    List<String> texts = new ArrayList<>();
    json.forEach(element -> texts.add(text(element, what, name, ONE_OR_LIST)));
    return texts;
  }

  /**
   * Returns the text of one value, empty for nothing.
   *
   * @param what what it is for
   * @throws InvalidInputException if it is a list or an object, or is no JSON
   */
  static String one(JsonMapper mapper, String what, String name, @Nullable Object value) {
    JsonNode json = json(mapper, what, name, ONE, value);
    return json.isNull() ? "" : text(json, what, name, ONE);
  }

  private static JsonNode json(
      JsonMapper mapper, String what, String name, String rule, @Nullable Object value) {
    try {
      return mapper.valueToTree(value);
    } catch (JacksonException e) {
      throw new InvalidInputException(what, name, rule);
    }
  }

  private static String text(JsonNode json, String what, String name, String rule) {
    if (json.isNull() || json.isContainer() || json.isPojo()) {
      throw new InvalidInputException(what, name, rule);
    }
    if (json instanceof NumericNode number) {
      if (number.isNaN()) {
        throw new InvalidInputException(what, name, "must be a finite number");
      }
      // A float as a decimal would have the digits of a double.
      return plain(new BigDecimal(number.asString()));
    }
    return json.asString();
  }

  /**
   * Returns a text percent-encoded.
   *
   * @throws InvalidInputException if it cannot be
   */
  static String encoded(String what, String name, String text) {
    String encoded = PercentEncoding.encode(text);
    if (encoded.length() > text.length() && !PercentEncoding.isEncodable(text)) {
      throw new InvalidInputException(what, name, "holds half a surrogate pair");
    }
    return encoded;
  }

  private static String plain(BigDecimal number) {
    return Math.abs(number.scale()) > MOST_ZEROS ? number.toString() : number.toPlainString();
  }
}

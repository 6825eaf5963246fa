package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * Says which items of a tree have items below them: {@code true}, {@code (is_folder eq true)},
 * {@code kind eq 'folder' and not (size gt 0)}. The operators are {@code eq}, {@code ne}, {@code
 * gt}, {@code ge}, {@code lt}, {@code le}, {@code not}, {@code and} and {@code or}; a name is a
 * path inside the item.
 */
final class ItemFilter {

  private static final int MAX_DEPTH = 50;

  /** The repetition in quotes gives nothing back: otherwise each character would take stack. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:([()])|'((?:[^']|'')*+)'|(-?\\d+(?:\\.\\d+)?)(?![\\w/])|([^\\s()']+))");

  private final String text;
  private final JsonNode item;
  private final Matcher tokens;
  private @Nullable String token;
  private int depth;

  private ItemFilter(String text, JsonNode item) {
    this.text = text;
    this.item = item;
    this.tokens = TOKEN.matcher(text);
    next();
  }

  /**
   * Applies a filter.
   *
   * @throws ResponseException if it cannot be read
   */
  static boolean matches(String filter, JsonNode item) {
    ItemFilter reading = new ItemFilter(filter.trim(), item);
    boolean matches = isTrue(reading.either());
    if (reading.token != null) {
      throw reading.unreadable();
    }
    return matches;
  }

  private void next() {
    if (tokens.lookingAt()) {
      token = tokens.group().trim();
      tokens.region(tokens.end(), text.length());
    } else if (text.substring(tokens.regionStart()).isBlank()) {
      token = null;
    } else {
      throw unreadable();
    }
  }

  private boolean take(String expected) {
    if (token != null && token.equalsIgnoreCase(expected)) {
      next();
      return true;
    }
    return false;
  }

  private JsonNode either() {
    if (++depth > MAX_DEPTH) {
      throw unreadable();
    }
    JsonNode value = both();
    while (take("or")) {
      JsonNode other = both();
      value = of(isTrue(value) || isTrue(other));
    }
    depth--;
    return value;
  }

  private JsonNode both() {
    JsonNode value = comparison();
    while (take("and")) {
      JsonNode other = comparison();
      value = of(isTrue(value) && isTrue(other));
    }
    return value;
  }

  private JsonNode comparison() {
    JsonNode left = operand();
    String operator = token == null ? "" : Lookup.lower(token);
    switch (operator) {
      case "eq", "ne", "gt", "ge", "lt", "le" -> next();
      default -> {
        return left;
      }
    }
    JsonNode right = operand();
    int order = order(left, right);
    return of(
        switch (operator) {
          case "eq" -> order == 0;
          case "ne" -> order != 0;
          case "gt" -> order > 0;
          case "ge" -> order >= 0;
          case "lt" -> order < 0;
          default -> order <= 0;
        });
  }

  private JsonNode operand() {
    if (take("(")) {
      JsonNode inner = either();
      if (!take(")")) {
        throw unreadable();
      }
      return inner;
    }
    if (take("not")) {
      if (++depth > MAX_DEPTH) {
        throw unreadable();
      }
      JsonNode negated = of(!isTrue(operand()));
      depth--;
      return negated;
    }
    String operand = token;
    if (operand == null || operand.equals(")")) {
      throw unreadable();
    }
    next();
    return value(operand);
  }

  private JsonNode value(String operand) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (operand.startsWith("'")) {
      return json.stringNode(operand.substring(1, operand.length() - 1).replace("''", "'"));
    }
    return switch (Lookup.lower(operand)) {
      case "true" -> of(true);
      case "false" -> of(false);
      case "null" -> MissingNode.getInstance();
      default -> {
        JsonNode number = Scalars.coerce(json.stringNode(operand), "number");
        yield number.isNumber() ? number : PathString.at(item, operand);
      }
    };
  }

  private static int order(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    return text(left).compareToIgnoreCase(text(right));
  }

  private static String text(JsonNode value) {
    String text = Scalars.text(value);
    return text == null ? "" : text;
  }

  private static boolean isTrue(JsonNode value) {
    return Lookup.isTrue(value);
  }

  private static JsonNode of(boolean value) {
    return JsonNodeFactory.instance.booleanNode(value);
  }

  private ResponseException unreadable() {
    return new ResponseException("The filter of the definition's tree cannot be read: " + text);
  }
}

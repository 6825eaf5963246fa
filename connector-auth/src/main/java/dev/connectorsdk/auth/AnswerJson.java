package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.internal.JsonPointers;
import java.net.URLDecoder;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What can be read of an answer that is JSON or a form, or was meant to be. Of members with one
 * name the last counts.
 *
 * @param json as far as it could be read; {@code null} if it is neither JSON nor a form
 * @param exact whether it is as RFC 8259 wants it, each name once and nothing after it
 * @param whole whether it was read to its end, whatever follows
 * @param ambiguous the JSON pointers of members that are there more than once, with other values
 */
record AnswerJson(@Nullable JsonNode json, boolean exact, boolean whole, Set<String> ambiguous) {

  private static final AnswerJson NONE = new AnswerJson(null, false, false, Set.of());
  private static final Pattern NAME_IN_FORM = Pattern.compile("[A-Za-z0-9_.\\[\\]-]{1,100}");

  private static final JsonMapper EXACT =
      JsonMapper.builder(factory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** What reads answers that are no JSON, which few servers send. */
  private static final class Lenient {
    static final JsonMapper MAPPER =
        JsonMapper.builder(
                factory()
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
  }

  private static JsonFactoryBuilder factory() {
    return JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(200).build());
  }

  /**
   * Reads an answer.
   *
   * @param contentType without parameters, in lower case, or {@code null} if there is none
   * @param text without white space around it
   */
  static AnswerJson of(@Nullable String contentType, String text) {
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith("\"")) {
      return json(text);
    }
    // Such as the warnings of a script, which come before what it writes.
    int object = contentType != null && contentType.endsWith("json") ? text.indexOf('{') : -1;
    if (object > 0) {
      return read(text.substring(object));
    }
    return text.startsWith("<") ? NONE : form(text);
  }

  private static AnswerJson json(String text) {
    JsonNode json;
    try {
      json = EXACT.readTree(text);
    } catch (JacksonException | NumberFormatException e) {
      // The latter comes from Jackson for an exponent that no BigDecimal can have.
      return read(text);
    }
    boolean isText = json.isString() && json.stringValue().stripLeading().startsWith("{");
    return isText ? read(json.stringValue()) : new AnswerJson(json, true, true, Set.of());
  }

  /** Reads as far as that is possible. */
  private static AnswerJson read(String text) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    Set<String> ambiguous = new HashSet<>();
    try (JsonParser parser = Lenient.MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return NONE;
      }
      members(root, "", parser, ambiguous);
      return new AnswerJson(root, false, true, ambiguous);
    } catch (JacksonException e) {
      return new AnswerJson(root, false, false, ambiguous);
    }
  }

  private static void members(
      ObjectNode object, String place, JsonParser parser, Set<String> ambiguous) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String member = JsonPointers.child(place, name);
      JsonNode before = object.get(name);
      parser.nextToken();
      value(read -> object.set(name, read), member, parser, ambiguous);
      if (before != null && !before.equals(object.get(name))) {
        ambiguous.add(member);
      }
    }
  }

  /** What holds others is where it belongs before these are read: the text may break off. */
  private static void value(
      Consumer<JsonNode> owner, String place, JsonParser parser, Set<String> ambiguous) {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        owner.accept(object);
        members(object, place, parser, ambiguous);
      }
      case START_ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        owner.accept(array);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(array::add, JsonPointers.child(place, array.size()), parser, ambiguous);
        }
      }
      default -> owner.accept(scalar(parser));
    }
  }

  private static JsonNode scalar(JsonParser parser) {
    try {
      return Lenient.MAPPER.readTree(parser);
    } catch (NumberFormatException e) {
      return JsonNodeFactory.instance.stringNode(parser.getString());
    }
  }

  /** Some endpoints, GitHub's for one, answer with a form unless they are asked for JSON. */
  private static AnswerJson form(String text) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    Set<String> ambiguous = new HashSet<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals);
      String value = NAME_IN_FORM.matcher(name).matches() ? decoded(pair, equals) : null;
      if (value != null) {
        JsonNode before = members.get(name);
        members.put(name, value);
        if (before != null && !before.equals(members.get(name))) {
          ambiguous.add(JsonPointers.child("", name));
        }
      }
    }
    return members.isEmpty() ? NONE : new AnswerJson(members, true, true, ambiguous);
  }

  private static @Nullable String decoded(String pair, int equals) {
    try {
      return URLDecoder.decode(pair.substring(equals + 1), UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}

package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request and its answer, as they came.
 *
 * @param headers of the answer that are kept
 */
record RecordedExchange(
    String method,
    String url,
    String requestType,
    String requestBody,
    int status,
    Map<String, String> headers,
    String responseBody) {

  /** The only headers of answers that are kept. */
  static final List<String> KEPT =
      List.of("Content-Type", "Link", "Location", "ETag", "Last-Modified", "Retry-After");

  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Returns bytes as text.
   *
   * @return {@code null} if they are none
   */
  static @Nullable String text(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns the object or array that a text is. */
  static @Nullable JsonNode parsed(String text) {
    JsonNode json = text.isBlank() ? null : read(text);
    return json != null && json.isContainer() ? json : null;
  }

  /** Returns whether a text is a string, number or another plain value of JSON. */
  static boolean isScalar(String text) {
    JsonNode json = read(text);
    return json != null && json.isValueNode();
  }

  private static @Nullable JsonNode read(String text) {
    try {
      return STRICT.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Returns the object or array that a body is, or those of its lines; else nothing. */
  static List<JsonNode> allParsed(String body) {
    JsonNode one = parsed(body);
    if (one != null) {
      return List.of(one);
    }
    List<JsonNode> all = new ArrayList<>();
    for (String line : body.lines().filter(line -> !line.isBlank()).toList()) {
      JsonNode json = parsed(line);
      if (json == null) {
        return List.of();
      }
      all.add(json);
    }
    return all;
  }

  /** Returns what two requests that count as the same have in common, without secrets. */
  static String key(
      Redaction redaction, String method, String url, String contentType, String body) {
    return method + " " + redaction.text(url) + "\n" + clean(redaction, contentType, body);
  }

  private static Object clean(Redaction redaction, String contentType, String body) {
    JsonNode json = parsed(body);
    if (json != null) {
      return redaction.json(json);
    }
    List<JsonNode> lines = allParsed(body);
    if (!lines.isEmpty()) {
      return lines.stream()
          .map(line -> redaction.json(line).toString())
          .collect(Collectors.joining("\n"));
    }
    return contentType.toLowerCase(Locale.ROOT).contains("form-urlencoded")
        ? redaction.form(body)
        : redaction.text(body);
  }

  /** Returns what is written to the disk. */
  ObjectNode toJson(Redaction redaction) {
    ObjectNode exchange = JsonNodeFactory.instance.objectNode();
    ObjectNode request = exchange.putObject("request");
    request.put("method", method);
    request.put("url", redaction.text(url));
    put(request, redaction, requestType, requestBody);
    ObjectNode response = exchange.putObject("response");
    response.put("status", status);
    ObjectNode kept = response.putObject("headers");
    headers.forEach((name, value) -> kept.put(name, redaction.text(value)));
    put(response, redaction, headers.getOrDefault("Content-Type", ""), responseBody);
    return exchange;
  }

  private static void put(ObjectNode side, Redaction redaction, String type, String body) {
    if (!type.isEmpty() && !side.has("headers")) {
      side.put("contentType", type);
    }
    if (!body.isEmpty()) {
      Object clean = clean(redaction, type, body);
      if (clean instanceof JsonNode json) {
        side.set("body", json);
      } else {
        side.put("body", clean.toString());
      }
    }
  }

  static RecordedExchange of(JsonNode json) {
    JsonNode request = json.path("request");
    JsonNode response = json.path("response");
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asString("")));
    return new RecordedExchange(
        request.path("method").asString(""),
        request.path("url").asString(""),
        request.path("contentType").asString(""),
        body(request.path("body")),
        response.path("status").asInt(),
        headers,
        body(response.path("body")));
  }

  private static String body(JsonNode body) {
    return body.isContainer() ? body.toString() : body.asString("");
  }
}

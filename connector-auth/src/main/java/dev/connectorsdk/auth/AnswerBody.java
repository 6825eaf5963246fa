package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.http.HttpResponse;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * An answer of an endpoint, in which values are found by their places; see {@link
 * dev.connectorsdk.api.auth.TokenFields}. Messages of the JSON library quote the answer and are
 * dropped.
 *
 * @param json {@code null} if the body is neither JSON nor a form
 */
record AnswerBody(@Nullable JsonNode json, String text, Map<String, List<String>> headers) {

  private static final String HEADER = "header:";
  private static final String COOKIE = "cookie:";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static AnswerBody of(HttpResponse response) {
    return of(response.contentType(), response.text(), response.headers());
  }

  /**
   * @param contentType without parameters, in lower case, or {@code null} if there is none
   */
  static AnswerBody of(
      @Nullable String contentType, String body, Map<String, List<String>> headers) {
    String text = body.strip();
    JsonNode json = null;
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith("\"")) {
      json = parse(text);
    } else if ("application/x-www-form-urlencoded".equals(contentType)
        || "text/plain".equals(contentType)) {
      json = form(text);
    }
    return new AnswerBody(json, text, headers);
  }

  boolean isObject() {
    return json instanceof ObjectNode;
  }

  /** Returns what is at the first of these places that holds something, or {@code null}. */
  @Nullable JsonNode find(List<String> places) {
    for (String place : places) {
      JsonNode found = find(place);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Returns what the server says of a failure in words of its own, or {@code null}. */
  @Nullable Secret words() {
    JsonNode words = find(List.of("/error_description", "/error/message", "/message"));
    return words == null || !words.isString() ? null : Secret.of(words.stringValue());
  }

  private @Nullable JsonNode find(String place) {
    if (place.startsWith(HEADER)) {
      return text(header(place.substring(HEADER.length())));
    }
    if (place.startsWith(COOKIE)) {
      return text(cookie(place.substring(COOKIE.length())));
    }
    return place.isEmpty() ? whole() : member(place);
  }

  private @Nullable JsonNode whole() {
    if (json == null) {
      return text(text);
    }
    return json.isString() ? json : null;
  }

  private @Nullable JsonNode member(String pointer) {
    JsonNode found = json == null ? null : json.at(JsonPointer.compile(pointer));
    boolean absent =
        found == null
            || found.isMissingNode()
            || found.isNull()
            || (found.isString() && found.stringValue().isEmpty());
    return absent ? null : found;
  }

  private static @Nullable JsonNode text(@Nullable String text) {
    return text == null || text.isEmpty() ? null : StringNode.valueOf(text);
  }

  private @Nullable String header(String name) {
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase(name) && !header.getValue().isEmpty()) {
        return header.getValue().get(0);
      }
    }
    return null;
  }

  private @Nullable String cookie(String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Set-Cookie"))
        .flatMap(header -> header.getValue().stream())
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(name.length() + 1).split(";", 2)[0].strip())
        .findFirst()
        .orElse(null);
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Some endpoints, GitHub's for one, answer with a form unless they are asked for JSON. */
  private static @Nullable JsonNode form(String body) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    try {
      for (String pair : body.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : URLDecoder.decode(pair.substring(0, equals), UTF_8);
        if (equals < 0 || members.has(name)) {
          return null;
        }
        members.put(name, URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    } catch (IllegalArgumentException e) {
      return null;
    }
    return members;
  }

  @Override
  public String toString() {
    return "***";
  }
}

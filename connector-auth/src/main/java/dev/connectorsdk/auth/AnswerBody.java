package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.ByteOrderMark;
import dev.connectorsdk.api.internal.WireText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * An answer of an endpoint, in which values are found by their places; see {@link
 * dev.connectorsdk.api.auth.TokenFields}. Messages of the JSON library quote the answer and are
 * dropped.
 */
record AnswerBody(AnswerJson content, String text, Map<String, List<String>> headers) {

  private static final String HEADER = "header:";
  private static final String COOKIE = "cookie:";

  static AnswerBody of(HttpResponse response) {
    String text = WireText.text(response.bytes(), response.header("Content-Type"));
    return of(response.contentType(), text, response.headers());
  }

  /**
   * @param contentType without parameters, in lower case, or {@code null} if there is none
   */
  static AnswerBody of(
      @Nullable String contentType, String body, Map<String, List<String>> headers) {
    String text = ByteOrderMark.removedFrom(body).strip();
    return new AnswerBody(AnswerJson.of(contentType, text), text, headers);
  }

  /** Returns the JSON, or {@code null} if the body is neither JSON nor a form. */
  @Nullable JsonNode json() {
    return content.json();
  }

  /** Returns whether it is an object of which there is only one reading. */
  boolean isExactObject() {
    return content.exact() && isObject();
  }

  /** Returns whether it is there to its end. */
  boolean isWhole() {
    return content.json() == null || content.whole();
  }

  /** Returns whether several values are at one of these places, or at what it is in. */
  boolean isAmbiguous(List<String> places) {
    if (content.ambiguous().isEmpty()) {
      return false;
    }
    return places.stream().anyMatch(this::isAmbiguous);
  }

  private boolean isAmbiguous(String place) {
    return content.ambiguous().stream()
        .anyMatch(doubled -> (place + "/").startsWith(doubled + "/"));
  }

  boolean isObject() {
    return json() instanceof ObjectNode;
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
    JsonNode json = json();
    if (json == null) {
      return text(text);
    }
    return json.isString() ? json : null;
  }

  private @Nullable JsonNode member(String pointer) {
    JsonNode json = json();
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

  @Override
  public String toString() {
    return "***";
  }
}

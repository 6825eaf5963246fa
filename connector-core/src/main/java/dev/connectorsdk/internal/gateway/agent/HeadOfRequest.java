package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.internal.http.HeaderRules;
import dev.connectorsdk.internal.http.RelayedExchanges;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Supplier;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Source;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request without its body, as the host has sent it. Nothing of it is taken on trust. */
final class HeadOfRequest {

  private static final String WHAT = "a request of the host";

  private final JsonNode json;

  HeadOfRequest(JsonNode json) {
    this.json = json;
  }

  /** Returns the connection whose request this is. */
  ConnectionId connection() {
    String id = json.path("connection").asString("");
    return ConnectionId.of(id.isEmpty() ? "none" : id);
  }

  /** Returns how it is to be authenticated. */
  JsonNode auth() {
    return json.path("auth");
  }

  Duration connectTimeout() {
    return Duration.ofMillis(json.path("connect").asInt(0));
  }

  Duration readTimeout() {
    return Duration.ofMillis(json.path("read").asInt(0));
  }

  /**
   * Returns the request.
   *
   * @param body what its body is read from, once
   * @throws InvalidInputException if it is none
   */
  Request request(Supplier<Source> body) {
    String method = json.path("method").asString("");
    HttpUrl url = HttpUrl.parse(json.path("url").asString(""));
    if (url == null || !url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      throw new InvalidInputException(WHAT, "url", "is none that a member asks");
    }
    RelayedExchanges.requireSendable(method);
    try {
      return new Request.Builder().url(url).headers(headers()).method(method, body(body)).build();
    } catch (IllegalArgumentException e) {
      // Its message can quote a value.
      throw new InvalidInputException(WHAT, "head", "cannot be sent");
    }
  }

  private @Nullable StreamedBody body(Supplier<Source> content) {
    JsonNode length = json.path("length");
    return length.isNumber()
        ? new StreamedBody(content, length.asLong(-1), json.path("type").asString(""))
        : null;
  }

  /** With one of the others it could be another request to the service than it is here. */
  private static void requireOfRequest(String name) {
    if (HeaderRules.kind(name) == HeaderRules.Kind.OF_TRANSPORT
        || name.toLowerCase(Locale.ROOT).startsWith("proxy-")) {
      throw new InvalidInputException(WHAT, "headers", "has one that only its sender sets");
    }
  }

  private Headers headers() {
    Headers.Builder headers = new Headers.Builder();
    for (Iterator<JsonNode> all = json.path("headers").iterator(); all.hasNext(); ) {
      String name = all.next().asString("");
      String value = all.hasNext() ? all.next().asString("") : "";
      requireOfRequest(name);
      headers.add(name, value);
    }
    return headers.build();
  }
}

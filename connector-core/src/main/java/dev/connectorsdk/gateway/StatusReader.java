package dev.connectorsdk.gateway;

import dev.connectorsdk.internal.gateway.seal.RequiredText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How the members of a gateway stand, as a host says it to one of them. */
final class StatusReader {

  private StatusReader() {}

  /**
   * Returns the status that a host has sent.
   *
   * @throws UncheckedIOException if it has sent something else
   */
  static GatewayStatus read(JsonNode json) {
    try {
      return new GatewayStatus(
          RequiredText.of(json, "gateway"),
          Instant.parse(RequiredText.of(json, "at")),
          json.path("members").valueStream().map(StatusReader::member).toList());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UncheckedIOException(new IOException("What the host answers is no status"));
    }
  }

  private static GatewayStatus.Member member(JsonNode json) {
    return new GatewayStatus.Member(
        RequiredText.of(json, "id"),
        RequiredText.of(json, "name"),
        json.path("confirmed").asBoolean(false),
        json.path("lastSeen").isString() ? Instant.parse(RequiredText.of(json, "lastSeen")) : null,
        json.path("lines").valueStream().map(StatusReader::line).toList(),
        copy(json.path("copy")));
  }

  private static GatewayStatus.Line line(JsonNode json) {
    return new GatewayStatus.Line(
        RequiredText.of(json, "host"),
        RequiredText.of(json, "address"),
        RequiredText.of(json, "version"),
        Instant.parse(RequiredText.of(json, "since")),
        Instant.parse(RequiredText.of(json, "lastSeen")),
        Duration.ofMillis(json.path("skewMillis").asLong(0)),
        json.path("inFlight").asInt(0),
        json.path("queued").asInt(0));
  }

  private static GatewayStatus.@Nullable Copy copy(JsonNode json) {
    return json.isObject()
        ? new GatewayStatus.Copy(
            RequiredText.of(json, "address"), Instant.parse(RequiredText.of(json, "at")))
        : null;
  }
}

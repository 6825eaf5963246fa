package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one sealed value may be used for.
 *
 * @param of which connection it belongs to
 * @param slot which secret parameter of the connection it is
 * @param version of this slot alone: a member takes no lower one than it has seen
 * @param origins where requests with it may go, as RFC 6454 section 6.2 writes them; at least one
 * @param application how it is put into requests, and where tokens are got with it, which need not
 *     be at one of the origins
 */
public record SealedUse(
    Owner of, String slot, long version, SortedSet<String> origins, Application application) {

  private static final JsonMapper JSON = new JsonMapper();

  /** A connection and its connector. */
  public record Owner(ConnectionId connection, ConnectorId connector) {}

  public SealedUse {
    origins = Collections.unmodifiableSortedSet(new TreeSet<>(origins));
    if (origins.isEmpty() || slot.isBlank() || version < 1) {
      throw new IllegalArgumentException("A sealed value needs an origin, a slot and a version");
    }
  }

  /** Returns whether the values of two slots belong together. */
  public boolean isForSameUseAs(SealedUse other) {
    return of.equals(other.of)
        && origins.equals(other.origins)
        && application.toJson().equals(other.application.toJson());
  }

  /** Returns the same for a higher version of the slot. */
  public SealedUse withVersion(long next) {
    return new SealedUse(of, slot, next, origins, application);
  }

  /** Returns a JSON text; equal purposes have equal ones. {@link #parse} reads it back. */
  @Override
  public String toString() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("connection", of.connection().value()).put("connector", of.connector().value());
    json.put("slot", slot).put("version", version);
    ArrayNode places = json.putArray("origins");
    origins.forEach(places::add);
    json.setAll(application.toJson());
    return JSON.writeValueAsString(json);
  }

  /**
   * Parses the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is anything else, without a word of what it is
   */
  public static SealedUse parse(String text) {
    JsonNode json = tree(text);
    SortedSet<String> origins = new TreeSet<>();
    json.path("origins").forEach(origin -> origins.add(origin.asString("")));
    SealedUse purpose =
        new SealedUse(
            new Owner(
                ConnectionId.of(RequiredText.of(json, "connection")),
                ConnectorId.of(RequiredText.of(json, "connector"))),
            RequiredText.of(json, "slot"),
            json.path("version").asLong(0),
            origins,
            Application.of(json));
    if (!purpose.toString().equals(text)) {
      throw new IllegalArgumentException("Not in the form in which it is written");
    }
    return purpose;
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("Not JSON");
    }
  }
}

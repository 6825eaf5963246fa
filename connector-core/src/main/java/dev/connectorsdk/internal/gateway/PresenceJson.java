package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.internal.gateway.Presence.Claim;
import dev.connectorsdk.internal.gateway.Presence.Copy;
import dev.connectorsdk.internal.gateway.Presence.Holder;
import dev.connectorsdk.internal.gateway.seal.RequiredText;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Presences as they are stored. */
final class PresenceJson {

  private static final JsonMapper JSON = new JsonMapper();

  private PresenceJson() {}

  static String write(Presence presence) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("there", presence.isThere());
    put(json, "since", presence.since());
    put(json, "seen", presence.seen());
    Holder holder = presence.holder();
    if (holder != null) {
      put(json.putObject("holder"), holder.instance(), holder.address(), holder.at());
    }
    Claim claim = presence.claim();
    if (claim != null) {
      put(json.putObject("claim"), claim.instance(), claim.address(), claim.at())
          .put("refused", claim.refused());
    }
    Copy copy = presence.copy();
    if (copy != null) {
      put(json.putObject("copy").put("address", copy.address()), "at", copy.at());
    }
    return JSON.writeValueAsString(json);
  }

  private static ObjectNode put(ObjectNode json, String instance, String address, Instant at) {
    return json.put("instance", instance).put("address", address).put("at", at.toString());
  }

  private static void put(ObjectNode json, String member, @Nullable Instant at) {
    if (at != null) {
      json.put(member, at.toString());
    }
  }

  /** Returns what {@link #write} has written; nothing of a later version that writes otherwise. */
  static Presence read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      JsonNode holder = json.path("holder");
      JsonNode claim = json.path("claim");
      JsonNode copy = json.path("copy");
      return new Presence(
          holder.isObject()
              ? new Holder(
                  RequiredText.of(holder, "instance"),
                  RequiredText.of(holder, "address"),
                  instant(holder, "at"))
              : null,
          json.path("there").asBoolean(false),
          json.has("since") ? instant(json, "since") : null,
          json.has("seen") ? instant(json, "seen") : null,
          claim.isObject()
              ? new Claim(
                  RequiredText.of(claim, "instance"),
                  RequiredText.of(claim, "address"),
                  instant(claim, "at"),
                  claim.path("refused").asBoolean(false))
              : null,
          copy.isObject() ? new Copy(RequiredText.of(copy, "address"), instant(copy, "at")) : null);
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      return Presence.NEVER;
    }
  }

  private static Instant instant(JsonNode json, String member) {
    return Instant.parse(RequiredText.of(json, member));
  }
}

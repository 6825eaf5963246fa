package dev.connectorsdk.internal.gateway;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.GatewayStore.StoredGateway;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.Gateway.Share;
import dev.connectorsdk.internal.gateway.GatewayMemberRecord.PublicKeys;
import dev.connectorsdk.internal.gateway.GatewayRecord.About;
import dev.connectorsdk.internal.gateway.GatewayRecord.Keys;
import dev.connectorsdk.internal.gateway.GatewayRecord.Recovery;
import dev.connectorsdk.internal.gateway.seal.RequiredText;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Gateways as they are stored. */
final class GatewayJson {

  private static final JsonMapper JSON = new JsonMapper();

  private GatewayJson() {}

  static String write(GatewayRecord gateway) {
    About about = gateway.about();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", about.name())
            .put("environment", about.environment().name())
            .put("createdBy", about.createdBy().toString())
            .put("createdAt", about.createdAt().toString())
            .put("spread", about.spread());
    Keys keys = gateway.keys();
    if (keys != null) {
      json.put("generation", keys.generation())
          .put("key", keys.key().publicJwk())
          .put("recovery", keys.recovery().sealed())
          .put("recoveryProofHash", keys.recovery().proofHash());
    }
    for (GatewayMemberRecord member : gateway.members()) {
      write(member, json.withArray("/members").addObject());
    }
    for (Share share : gateway.shares()) {
      json.withArray("/shares")
          .addObject()
          .put("with", share.with().toString())
          .put("role", share.role().name())
          .put("by", share.by().toString());
    }
    for (RegistrationCode code : gateway.codes()) {
      json.withArray("/codes")
          .addObject()
          .put("hash", code.hash())
          .put("expiresAt", code.expiresAt().toString());
    }
    return JSON.writeValueAsString(json);
  }

  private static void write(GatewayMemberRecord member, ObjectNode json) {
    json.put("id", member.id())
        .put("name", member.name())
        .put("identity", member.keys().identity().toPublicJWK().toJSONString())
        .put("handOver", member.keys().handOver().publicJwk())
        .put("registeredAt", member.registeredAt().toString())
        .put("confirmed", member.confirmed())
        .put("handed", member.handed());
  }

  /**
   * Returns what {@link #write} has written.
   *
   * @throws StoreException if it is anything else
   */
  static GatewayRecord read(StoredGateway stored) {
    try {
      JsonNode json = JSON.readTree(stored.json());
      About about =
          new About(
              RequiredText.of(json, "name"),
              Environment.of(RequiredText.of(json, "environment")),
              Principal.parse(RequiredText.of(json, "createdBy")),
              Instant.parse(RequiredText.of(json, "createdAt")),
              json.path("spread").asBoolean(false));
      List<GatewayMemberRecord> members = new ArrayList<>();
      for (JsonNode member : json.path("members")) {
        members.add(member(member));
      }
      List<Share> shares = new ArrayList<>();
      for (JsonNode share : json.path("shares")) {
        shares.add(share(share));
      }
      List<RegistrationCode> codes = new ArrayList<>();
      for (JsonNode code : json.path("codes")) {
        codes.add(code(code));
      }
      return new GatewayRecord(stored.id(), about, keys(json), members, shares, codes);
    } catch (JacksonException | ParseException | DateTimeException | IllegalArgumentException e) {
      throw new StoreException(
          "The stored gateway '" + stored.id() + "' is damaged, or a later version wrote it",
          false,
          null);
    }
  }

  private static @Nullable Keys keys(JsonNode json) {
    return json.has("key")
        ? new Keys(
            json.path("generation").asInt(0),
            publicKey(RequiredText.of(json, "key")),
            new Recovery(
                RequiredText.of(json, "recovery"), RequiredText.of(json, "recoveryProofHash")))
        : null;
  }

  private static GatewayMemberRecord member(JsonNode json) throws ParseException {
    return new GatewayMemberRecord(
        RequiredText.of(json, "id"),
        RequiredText.of(json, "name"),
        new PublicKeys(
            ECKey.parse(RequiredText.of(json, "identity")),
            publicKey(RequiredText.of(json, "handOver"))),
        Instant.parse(RequiredText.of(json, "registeredAt")),
        json.path("confirmed").asBoolean(false),
        json.path("handed").isString() ? json.path("handed").asString() : null);
  }

  private static Share share(JsonNode json) {
    return new Share(
        Principal.parse(RequiredText.of(json, "with")),
        Role.valueOf(RequiredText.of(json, "role")),
        Principal.parse(RequiredText.of(json, "by")));
  }

  private static RegistrationCode code(JsonNode json) {
    return new RegistrationCode(
        RequiredText.of(json, "hash"), Instant.parse(RequiredText.of(json, "expiresAt")));
  }

  /** Whoever writes into the store may put a whole key there, which must not be passed on. */
  static SealingKey publicKey(String jwk) {
    return SealingKey.parse(Secret.of(jwk)).publicHalf();
  }
}

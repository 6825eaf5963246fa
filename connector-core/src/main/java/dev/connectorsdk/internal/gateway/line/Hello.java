package dev.connectorsdk.internal.gateway.line;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.text.ParseException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who has dialled, in answer to a challenge. It is sent as a compact JWS (RFC 7515), ES256, signed
 * by the member's identity key.
 *
 * @param gateway empty to become one
 * @param member empty to become one
 * @param version of the protocol that is to be spoken; 0 if none of the host's is
 * @param agent the version of the member's software
 * @param instance the process, which is another one after each start
 * @param clock what time it is there
 */
public record Hello(
    String gateway,
    String member,
    Purpose purpose,
    int version,
    String agent,
    String instance,
    Instant clock) {

  /** A hello whose signature was checked. */
  public record Proven(Hello hello, ECKey key) {}

  /** Who says whose key is to have signed. */
  @FunctionalInterface
  public interface Keys {
    /** Returns the key of a member, or {@code null} if there is no such member. */
    @Nullable ECKey of(String gateway, String member);
  }

  /** Returns what is sent in answer to a challenge. */
  public ByteString signed(Challenge challenge, ECKey key, JsonMapper mapper) {
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("nonce", challenge.nonce())
            .put("node", challenge.node())
            .put("gateway", gateway)
            .put("member", member)
            .put("purpose", purpose.name().toLowerCase(Locale.ROOT))
            .put("version", version)
            .put("agent", agent)
            .put("instance", instance)
            .put("clock", clock.toString());
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256);
    if (purpose == Purpose.REGISTER) {
      header.jwk(key.toPublicJWK());
    }
    JWSObject jws = new JWSObject(header.build(), new Payload(mapper.writeValueAsString(json)));
    try {
      jws.sign(new ECDSASigner(key));
      return ByteString.encodeUtf8(jws.serialize());
    } catch (JOSEException e) {
      throw new IllegalArgumentException("The identity key of a member is no P-256 key", e);
    }
  }

  /**
   * Checks an answer to a challenge.
   *
   * @return {@code null} if it is none, or is not signed by the right key
   */
  public static @Nullable Proven checked(
      ByteString answer, Challenge challenge, Keys keys, JsonMapper mapper) {
    try {
      JWSObject jws = JWSObject.parse(answer.utf8());
      Hello hello = of(jws, challenge, mapper);
      ECKey key = hello == null ? null : key(hello, jws.getHeader(), keys);
      return hello != null && key != null && isSigned(jws, key) ? new Proven(hello, key) : null;
    } catch (ParseException | JOSEException | DateTimeParseException e) {
      return null;
    }
  }

  private static boolean isSigned(JWSObject jws, ECKey key) throws JOSEException {
    return JWSAlgorithm.ES256.equals(jws.getHeader().getAlgorithm())
        && jws.verify(new ECDSAVerifier(key));
  }

  private static @Nullable ECKey key(Hello hello, JWSHeader header, Keys keys) {
    if (hello.purpose() != Purpose.REGISTER) {
      return keys.of(hello.gateway(), hello.member());
    }
    return header.getJWK() instanceof ECKey own && own.getCurve().equals(Curve.P_256)
        ? own.toPublicJWK()
        : null;
  }

  private static @Nullable Hello of(JWSObject jws, Challenge challenge, JsonMapper mapper) {
    JsonNode json = Texts.tree(ByteString.of(jws.getPayload().toBytes()), mapper);
    Purpose purpose = purpose(json.path("purpose").asString(""));
    boolean answers =
        json.path("nonce").asString("").equals(challenge.nonce())
            && json.path("node").asString("").equals(challenge.node());
    if (!answers || purpose == null) {
      return null;
    }
    return new Hello(
        json.path("gateway").asString(""),
        json.path("member").asString(""),
        purpose,
        json.path("version").asInt(0),
        json.path("agent").asString(""),
        json.path("instance").asString(""),
        Instant.parse(json.path("clock").asString("")));
  }

  private static @Nullable Purpose purpose(String name) {
    for (Purpose purpose : Purpose.values()) {
      if (purpose.name().toLowerCase(Locale.ROOT).equals(name)) {
        return purpose;
      }
    }
    return null;
  }
}

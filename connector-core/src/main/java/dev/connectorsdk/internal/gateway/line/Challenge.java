package dev.connectorsdk.internal.gateway.line;

import java.util.List;
import java.util.random.RandomGenerator;
import okio.ByteString;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a host asks of whoever has dialled, and now and then of whoever holds a line: to sign
 * something that nobody has signed before.
 *
 * @param nonce never used twice
 * @param node which process of the host this is
 * @param versions of the protocol that it speaks
 */
public record Challenge(String nonce, String node, List<Integer> versions) {

  /** The versions of the protocol that this library speaks: the current one and the one before. */
  public static final List<Integer> SPOKEN = List.of(1);

  private static final int NONCE_BYTES = 32;

  /** Returns a challenge that was never there before. */
  public static Challenge by(String node, RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return new Challenge(ByteString.of(nonce).base64Url(), node, SPOKEN);
  }

  /** Returns what is sent. */
  public ByteString encoded(JsonMapper mapper) {
    ObjectNode json = mapper.createObjectNode().put("nonce", nonce).put("node", node);
    versions.forEach(json.putArray("versions")::add);
    return Texts.bytes(json, mapper);
  }

  /** Reads what {@link #encoded} has written. Parts that are missing are empty. */
  public static Challenge decoded(ByteString payload, JsonMapper mapper) {
    JsonNode json = Texts.tree(payload, mapper);
    return new Challenge(
        json.path("nonce").asString(""),
        json.path("node").asString(""),
        json.path("versions").valueStream().map(version -> version.asInt(0)).toList());
  }
}

package dev.connectorsdk.internal.gateway.seal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of one member of a gateway: by which it proves who it is, by which secrets are handed
 * over to it alone, and those of the gateway that it was given. Safe for several threads.
 */
public final class MemberKeys {

  private static final String FILE = "member.json";
  private static final String IDENTITY = "identity";
  private static final String HAND_OVER = "handOver";
  private static final String SEALING = "sealing";
  private static final String FORGOTTEN = "forgotten";

  private final MemberFolder folder;
  private final ECKey identity;
  private final SealingKey handOver;
  private final List<SealingKey> sealing = new ArrayList<>(); // guarded by this; newest last
  private final Set<String> forgotten = new LinkedHashSet<>(); // guarded by this; fingerprints

  private MemberKeys(MemberFolder folder, ECKey identity, SealingKey handOver) {
    this.folder = folder;
    this.identity = identity;
    this.handOver = handOver;
  }

  /**
   * Returns the keys in a folder, which are made if there are none.
   *
   * @throws IllegalArgumentException if they cannot be read; they are never replaced
   * @throws java.io.UncheckedIOException if the folder cannot be read or written
   */
  public static MemberKeys loadOrCreate(MemberFolder folder) {
    return folder.read(FILE).map(json -> load(folder, json)).orElseGet(() -> create(folder));
  }

  private static MemberKeys create(MemberFolder folder) {
    try {
      ECKey identity =
          new ECKeyGenerator(Curve.P_256)
              .keyUse(KeyUse.SIGNATURE)
              .keyIDFromThumbprint(true)
              .generate();
      MemberKeys keys = new MemberKeys(folder, identity, SealingKey.random());
      keys.store();
      return keys;
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM makes no keys on P-256", e);
    }
  }

  private static MemberKeys load(MemberFolder folder, JsonNode json) {
    try {
      ECKey identity = ECKey.parse(json.path(IDENTITY).asString());
      SealingKey handOver = whole(json.path(HAND_OVER));
      MemberKeys keys = new MemberKeys(folder, identity, handOver);
      json.path(SEALING).forEach(key -> keys.sealing.add(whole(key)));
      json.path(FORGOTTEN).forEach(key -> keys.forgotten.add(key.asString("")));
      if (identity.isPrivate() && Curve.P_256.equals(identity.getCurve())) {
        return keys;
      }
    } catch (ParseException | IllegalArgumentException e) {
      // A key may be quoted in it.
    }
    throw new IllegalArgumentException(
        "The keys in " + folder + " are damaged: restore " + FILE + ", or register a new member");
  }

  private static SealingKey whole(JsonNode jwk) {
    SealingKey key = SealingKey.parse(Secret.of(jwk.asString()));
    if (!key.isWhole()) {
      throw new IllegalArgumentException("Half a key");
    }
    return key;
  }

  private void store() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(IDENTITY, identity.toJSONString()).put(HAND_OVER, handOver.wholeJwk().reveal());
    sealing.forEach(key -> json.withArray("/" + SEALING).add(key.wholeJwk().reveal()));
    forgotten.forEach(json.withArray("/" + FORGOTTEN)::add);
    folder.write(FILE, json);
  }

  /** Returns the key by which the member signs, ES256. */
  public ECKey identity() {
    return identity;
  }

  /** Returns the key that secrets for this member alone are encrypted for. */
  public SealingKey handOver() {
    return handOver;
  }

  /** Returns what people compare to be sure of both of the member's own keys. */
  public String fingerprint() {
    return fingerprint(identity, handOver);
  }

  /** Returns the fingerprint of a member with these public keys. */
  public static String fingerprint(ECKey identity, SealingKey handOver) {
    try {
      String both = identity.computeThumbprint() + "\n" + handOver.fingerprint();
      byte[] digest = Sha256.start().digest(both.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }

  /** Returns one of the gateway's keys that the member was given. */
  public synchronized Optional<SealingKey> sealing(String fingerprint) {
    return sealing.stream().filter(key -> key.fingerprint().equals(fingerprint)).findFirst();
  }

  /** Returns the newest of the gateway's keys that the member was given. */
  public synchronized Optional<SealingKey> newestSealing() {
    return sealing.isEmpty() ? Optional.empty() : Optional.of(sealing.get(sealing.size() - 1));
  }

  /**
   * Returns whether whoever has the newest of the gateway's keys that the member was given has
   * chosen the next one. An older one is known to members that were removed, too.
   */
  boolean isLinked(SealingKey next, String link) {
    byte[] given = link.getBytes(StandardCharsets.US_ASCII);
    return newestSealing()
        .map(key -> key.link(next).getBytes(StandardCharsets.US_ASCII))
        .filter(expected -> MessageDigest.isEqual(expected, given))
        .isPresent();
  }

  /**
   * Keeps a key of the gateway, for good, as the newest one unless it was kept before.
   *
   * @throws SecretUnreadableException if it was forgotten: members that were removed may have it
   * @throws java.io.UncheckedIOException if it cannot be stored
   */
  public synchronized void keep(SealingKey whole) {
    if (!whole.isWhole()) {
      throw new IllegalArgumentException("Half a key opens nothing");
    }
    if (forgotten.contains(whole.fingerprint())) {
      throw new SecretUnreadableException(
          "The gateway's key " + whole + " was replaced by a newer one; it is not taken again.");
    }
    if (sealing(whole.fingerprint()).isEmpty()) {
      sealing.add(whole);
      store();
    }
  }

  /** Returns whether the member has keys that a newer one has replaced. */
  public synchronized boolean hasFormer() {
    return sealing.size() > 1;
  }

  /**
   * Forgets all keys that were replaced, and takes none of them again.
   *
   * @param present the key that takes their place
   * @throws java.io.UncheckedIOException if that cannot be stored
   */
  synchronized void forgetFormer(SealingKey present) {
    boolean isNewest =
        newestSealing().filter(key -> key.fingerprint().equals(present.fingerprint())).isPresent();
    if (isNewest && hasFormer()) {
      List<SealingKey> former = List.copyOf(sealing.subList(0, sealing.size() - 1));
      former.forEach(key -> forgotten.add(key.fingerprint()));
      sealing.removeAll(former);
      store();
    }
  }

  /** Returns the fingerprint. */
  @Override
  public String toString() {
    return fingerprint();
  }
}

package dev.connectorsdk.internal.gateway.seal;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.internal.Sha256;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a member does to become and stay one: by the host, which it trusts with nothing. The
 * gateway's key goes only to members whose fingerprint somebody has compared here, and is taken
 * only from one that had it. Safe for several threads, not for several processes.
 */
public final class Membership {

  /** Asks to be a member. */
  public static final String REGISTER = "register";

  /** Asks what there is to know. */
  public static final String STATE = "state";

  /** Asks which members have lines. */
  public static final String STATUS = "status";

  /** Says what the gateway's first key is. */
  public static final String FIRST_KEY = "firstKey";

  /** Lets another member in. */
  public static final String LET_IN = "letIn";

  /** Comes in by the recovery key. */
  public static final String RECOVER = "recover";

  /** Says how the gateway's key can be restored from now on. */
  public static final String NEW_RECOVERY = "newRecovery";

  /** Says what the gateway's next key is. */
  public static final String NEW_KEY = "newKey";

  private static final String FILE = "membership.json";

  private final MemberFolder folder;
  private final MemberKeys keys;
  private final Host host;

  /** The host that a member has a line to. */
  @FunctionalInterface
  public interface Host {

    /**
     * Asks something.
     *
     * @throws RuntimeException if it is refused, or the host cannot be asked
     */
    JsonNode ask(String method, JsonNode arguments);
  }

  /**
   * Another member, as the host has it.
   *
   * @param fingerprint of its keys, which people compare
   * @param handOver the key that secrets are handed over to it by
   * @param confirmed whether it was let in
   */
  public record Other(
      String id, String name, String fingerprint, SealingKey handOver, boolean confirmed) {}

  /** What a member can do. */
  public enum Standing {
    /** It waits until another member lets it in. */
    PENDING,
    /**
     * It was let in, and waits for the gateway's key, or for the fingerprint to compare it with.
     */
    WITHOUT_KEY,
    /** It has the gateway's key. */
    READY
  }

  /** Which member of which gateway this is, as the host calls them. */
  public record Ids(String gateway, String member) {}

  public Membership(MemberFolder folder, MemberKeys keys, Host host) {
    this.folder = folder;
    this.keys = keys;
    this.host = host;
  }

  /** Returns which member this is, if it was registered. */
  public Optional<Ids> ids() {
    return folder.read(FILE).map(Membership::ids);
  }

  private static Ids ids(JsonNode json) {
    return new Ids(RequiredText.of(json, "gateway"), RequiredText.of(json, "member"));
  }

  private String gateway() {
    return ids()
        .orElseThrow(() -> new IllegalStateException("This member is not registered"))
        .gateway();
  }

  /**
   * Registers this member.
   *
   * @param code that an administrator of the gateway had issued
   * @param name by which people know it
   * @param expected the fingerprint of the gateway's key, as another member shows it; {@code null}
   *     for the first member, or for one that has the recovery key
   */
  public Ids register(Secret code, String name, @Nullable String expected) {
    ObjectNode asked =
        arguments()
            .put("code", code.reveal())
            .put("name", name)
            .put("handOver", keys.handOver().publicJwk());
    Ids ids = ids(host.ask(REGISTER, asked));
    ObjectNode kept = arguments().put("gateway", ids.gateway()).put("member", ids.member());
    kept.put("expected", expected == null ? "" : expected);
    folder.write(FILE, kept);
    return ids;
  }

  /**
   * Brings this member up to date: the first one makes the gateway's key, another one takes what it
   * was handed.
   *
   * @param shown is given the recovery key, if one is made, before it counts; nobody can ask for it
   *     again
   * @throws SecretUnreadableException if the host passes on a key that no member has made
   */
  public Standing refresh(Consumer<RecoveryKey> shown) {
    JsonNode state = host.ask(STATE, arguments());
    if (!state.path("confirmed").asBoolean(false)) {
      return Standing.PENDING;
    }
    Optional<SealingKey> present = presentKey(state);
    if (present.isEmpty()) {
      return withoutPresentKey(shown);
    }
    String fingerprint = present.get().fingerprint();
    if (keys.sealing(fingerprint).isEmpty()) {
      take(state);
    }
    return keys.sealing(fingerprint).isPresent() ? Standing.READY : Standing.WITHOUT_KEY;
  }

  /** Who was told of another member's key is not the first, whatever the host says. */
  private Standing withoutPresentKey(Consumer<RecoveryKey> shown) {
    if (expectsKey()) {
      return Standing.WITHOUT_KEY;
    }
    makeFirstKey(shown);
    return Standing.READY;
  }

  private static Optional<SealingKey> presentKey(JsonNode state) {
    return state.has("key")
        ? Optional.of(SealingKey.parse(Secret.of(RequiredText.of(state, "key"))))
        : Optional.empty();
  }

  /** What was made before a sudden end, and may have reached the host, is what counts. */
  private void makeFirstKey(Consumer<RecoveryKey> shown) {
    SealingKey key = keys.newestSealing().orElseGet(SealingKey::random);
    keys.keep(key);
    RecoveryKey recovery = RecoveryKey.random();
    shown.accept(recovery);
    ObjectNode asked = withRecovery(key, recovery).put("key", key.publicJwk());
    host.ask(FIRST_KEY, asked);
  }

  private String expected() {
    return folder.read(FILE).map(kept -> RequiredText.of(kept, "expected")).orElse("");
  }

  /** Returns whether this member was told what the gateway's key is, and waits for it. */
  public boolean expectsKey() {
    return !expected().isEmpty();
  }

  private void take(JsonNode state) {
    String expected = expected();
    boolean canTell = !expected.isEmpty() || keys.newestSealing().isPresent();
    if (canTell && state.path("handed").isString()) {
      keys.keep(KeyHandOver.atMember(state.path("handed").asString(), keys, gateway(), expected));
    }
  }

  /** Returns the members of the gateway, this one included, as the host has them. */
  public List<Other> members() {
    return members(host.ask(STATE, arguments()));
  }

  private static List<Other> members(JsonNode state) {
    List<Other> others = new ArrayList<>();
    for (JsonNode member : state.path("members")) {
      SealingKey handOver = SealingKey.parse(Secret.of(RequiredText.of(member, "handOver")));
      others.add(
          new Other(
              RequiredText.of(member, "id"),
              RequiredText.of(member, "name"),
              MemberKeys.fingerprint(identity(member), handOver),
              handOver,
              member.path("confirmed").asBoolean(false)));
    }
    return others;
  }

  private static ECKey identity(JsonNode member) {
    try {
      return ECKey.parse(RequiredText.of(member, "identity"));
    } catch (ParseException e) {
      throw new IllegalArgumentException("The host shows a member without a key");
    }
  }

  /**
   * Lets another member in, which gets the gateway's key.
   *
   * @param fingerprint as the other member itself shows it
   * @throws IllegalArgumentException if the host shows no member with that fingerprint
   * @throws SecretUnreadableException if this member does not have the gateway's present key
   */
  public Other letIn(String fingerprint) {
    JsonNode state = host.ask(STATE, arguments());
    Other other =
        members(state).stream()
            .filter(one -> one.fingerprint().equals(fingerprint))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The gateway has no member with the fingerprint " + fingerprint));
    host.ask(
        LET_IN,
        arguments()
            .put("other", other.id())
            .put("fingerprint", fingerprint)
            .put("handed", KeyHandOver.toMember(own(state), other.handOver(), gateway(), null)));
    return other;
  }

  /**
   * Returns all of the gateway's present key.
   *
   * @throws SecretUnreadableException if this member does not have it, or the host shows one that
   *     was replaced
   */
  SealingKey present() {
    return own(host.ask(STATE, arguments()));
  }

  /** Returns all of the gateway's present key, which is none that another one has replaced. */
  private SealingKey own(JsonNode state) {
    SealingKey own =
        presentKey(state)
            .flatMap(key -> keys.sealing(key.fingerprint()))
            .orElseThrow(
                () ->
                    new SecretUnreadableException(
                        "This member does not have the gateway's present key."));
    String newest = keys.newestSealing().map(SealingKey::fingerprint).orElse("");
    if (!own.fingerprint().equals(newest)) {
      throw new SecretUnreadableException(
          "The host shows the key " + own + ", which " + newest + " has replaced; it is not used.");
    }
    return own;
  }

  /**
   * Comes in by the recovery key, where no member is left that could let this one in.
   *
   * @throws SecretUnreadableException if it is not the recovery key of this gateway
   */
  public void recover(RecoveryKey recovery) {
    SealingKey key = recovered(host.ask(STATE, arguments()), recovery);
    keys.keep(key);
    host.ask(RECOVER, arguments().put("proof", recovery.proof(gateway()).reveal()));
  }

  private SealingKey recovered(JsonNode state, RecoveryKey recovery) {
    SealingKey key =
        KeyHandOver.byRecovery(RequiredText.of(state, "recovery"), recovery, gateway());
    if (!presentKey(state).map(SealingKey::fingerprint).equals(Optional.of(key.fingerprint()))) {
      throw new SecretUnreadableException(
          "The recovery key restores " + key + ", which is not the gateway's present key.");
    }
    return key;
  }

  /**
   * Proves that the gateway's key can be restored; nothing is changed.
   *
   * @return the fingerprint of the key
   * @throws SecretUnreadableException if it cannot be, with this recovery key
   */
  public String verify(RecoveryKey recovery) {
    return recovered(host.ask(STATE, arguments()), recovery).fingerprint();
  }

  /**
   * Sets a new recovery key; the one before restores nothing any more.
   *
   * @param shown is given it, before it counts
   */
  public void renewRecovery(Consumer<RecoveryKey> shown) {
    SealingKey key = own(host.ask(STATE, arguments()));
    RecoveryKey recovery = RecoveryKey.random();
    shown.accept(recovery);
    host.ask(NEW_RECOVERY, withRecovery(key, recovery).put("fingerprint", key.fingerprint()));
  }

  /**
   * Makes a new key for the gateway, which this member gets and those whose fingerprint is given:
   * who is missing there, or was removed, does not, whatever members the host shows. All others
   * have to be let in again.
   *
   * @param fingerprints as the other members themselves show them
   * @param shown is given the new recovery key, before it counts
   * @return the fingerprint of the new key
   */
  public String rekey(Set<String> fingerprints, Consumer<RecoveryKey> shown) {
    JsonNode state = host.ask(STATE, arguments());
    SealingKey before = own(state);
    SealingKey next = SealingKey.random();
    ObjectNode handed = arguments();
    String ownFingerprint = keys.fingerprint();
    for (Other other : members(state)) {
      if (fingerprints.contains(other.fingerprint())
          || other.fingerprint().equals(ownFingerprint)) {
        handed.put(other.id(), KeyHandOver.toMember(next, other.handOver(), gateway(), before));
      }
    }
    RecoveryKey recovery = RecoveryKey.random();
    shown.accept(recovery);
    ObjectNode asked =
        withRecovery(next, recovery)
            .put("key", next.publicJwk())
            .put("fingerprint", before.fingerprint());
    asked.set("handed", handed);
    host.ask(NEW_KEY, asked);
    keys.keep(next);
    return next.fingerprint();
  }

  private ObjectNode withRecovery(SealingKey key, RecoveryKey recovery) {
    String gateway = gateway();
    return arguments()
        .put("recovery", KeyHandOver.forRecovery(key, recovery, gateway))
        .put("recoveryProofHash", Sha256.hex(recovery.proof(gateway).reveal()));
  }

  private static ObjectNode arguments() {
    return JsonNodeFactory.instance.objectNode();
  }
}

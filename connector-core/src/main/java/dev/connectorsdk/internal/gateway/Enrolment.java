package dev.connectorsdk.internal.gateway;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.SealedRows;
import dev.connectorsdk.internal.gateway.GatewayMemberRecord.PublicKeys;
import dev.connectorsdk.internal.gateway.GatewayRecord.Keys;
import dev.connectorsdk.internal.gateway.GatewayRecord.Recovery;
import dev.connectorsdk.internal.gateway.seal.Membership;
import dev.connectorsdk.internal.gateway.seal.RequiredText;
import dev.connectorsdk.internal.gateway.seal.Resealing;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What members ask of the host: to be registered, and to pass the gateway's key on. Whoever asks
 * has proven the key that it is known by. What changes is recorded. Safe for several threads.
 *
 * <p>The first member makes the gateway's key. Each further one waits until a member that has the
 * key lets it in, or proves that it has the recovery key.
 */
final class Enrolment {

  private static final int MOST_MEMBERS = 100;

  /** Room for a key that was handed over. */
  private static final int LONGEST = 10_000;

  private final StoredGateways gateways;
  private final Statuses statuses;
  private final Auditor auditor;
  private final Clock clock;
  private final RandomGenerator random;
  private volatile @Nullable SealedRows rows;

  Enrolment(
      StoredGateways gateways,
      Statuses statuses,
      Auditor auditor,
      Clock clock,
      RandomGenerator random) {
    this.gateways = gateways;
    this.statuses = statuses;
    this.auditor = auditor;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Registers a member, with {@code code}, {@code name} and {@code handOver}, its public key for
   * secrets, and uses up the code thereby. Who was registered and has not heard of it asks again
   * with the same code.
   *
   * @param identity which whoever asks has just proven to have
   * @return {@code gateway} and {@code member}, their ids
   */
  JsonNode register(ECKey identity, JsonNode arguments) {
    PublicKeys keys =
        new PublicKeys(
            identity.toPublicJWK(), GatewayJson.publicKey(RequiredText.of(arguments, "handOver")));
    String code = RequiredText.of(arguments, "code");
    Optional<GatewayRecord> wanted = taking(code);
    for (GatewayRecord gateway : gateways.list()) {
      for (GatewayMemberRecord member : gateway.members()) {
        if (member.keys().fingerprint().equals(keys.fingerprint())) {
          requireSame(gateway, wanted);
          return ids(gateway.id(), member.id());
        }
      }
    }
    String name = GatewayRecord.requireName(RequiredText.of(arguments, "name"));
    GatewayRecord gateway = wanted.orElseThrow(Enrolment::noCode);
    String id = GatewayRecord.newId(random);
    change(
        gateway.id(),
        "member " + id + " registered",
        record -> {
          if (!record.takes(code, clock.instant())) {
            throw noCode();
          }
          return with(record.withoutCode(code), id, name, keys);
        });
    return ids(gateway.id(), id);
  }

  /** Returns the gateway that a code holds for, which may have been issued this very moment. */
  private Optional<GatewayRecord> taking(String code) {
    return taking(gateways.list(), code).or(() -> taking(gateways.listLately(), code));
  }

  private Optional<GatewayRecord> taking(List<GatewayRecord> among, String code) {
    return among.stream().filter(gateway -> gateway.takes(code, clock.instant())).findFirst();
  }

  private static void requireSame(GatewayRecord present, Optional<GatewayRecord> wanted) {
    if (wanted.isPresent() && !wanted.get().id().equals(present.id())) {
      throw refused(
          "code",
          "is for gateway '"
              + wanted.get().about().name()
              + "', and this member belongs to gateway '"
              + present.about().name()
              + "': register with another folder");
    }
  }

  private static InvalidInputException noCode() {
    return new InvalidInputException(
        "the registration of a member of a gateway",
        "/code",
        "is no code, was used before, or is older than one hour: have another one issued");
  }

  /** Which person is behind a member, if any, nobody knows. */
  private void change(String gateway, String what, UnaryOperator<GatewayRecord> change) {
    auditor.requireRoom();
    auditor.done(attempt(gateways.change(gateway, change), what));
  }

  private static Attempt attempt(GatewayRecord gateway, String what) {
    var actor = new Actor(null, null, gateway.about().environment(), null);
    String recorded = DefaultGateways.what(gateway.id(), what);
    return new Attempt(Kind.CHANGE, actor, null, recorded, null, gateway.id());
  }

  /**
   * Answers a member.
   *
   * @param method one of {@link Membership}
   * @throws IllegalArgumentException if there is no such method, or an argument is missing
   */
  JsonNode answer(String gateway, String member, String method, JsonNode arguments) {
    return switch (method) {
      case Membership.STATE -> state(gateway, member);
      case Membership.STATUS -> status(gateway, member);
      case Membership.FIRST_KEY -> firstKey(gateway, member, arguments);
      case Membership.LET_IN -> letIn(gateway, member, arguments);
      case Membership.RECOVER -> recover(gateway, member, arguments);
      case Membership.NEW_RECOVERY -> newRecovery(gateway, member, arguments);
      case Membership.NEW_KEY -> newKey(gateway, member, arguments);
      case Resealing.STALE -> stale(gateway, member, arguments);
      case Resealing.RESEALED -> resealed(gateway, member, arguments);
      default -> throw new IllegalArgumentException("No method '" + method + "'");
    };
  }

  private static JsonNode ids(String gateway, String member) {
    return JsonNodeFactory.instance.objectNode().put("gateway", gateway).put("member", member);
  }

  /** Whoever is the first has nobody who could let it in; the code has done that. */
  private GatewayRecord with(GatewayRecord gateway, String id, String name, PublicKeys keys) {
    if (gateway.members().size() >= MOST_MEMBERS) {
      throw refused("code", "is for a gateway that has " + MOST_MEMBERS + " members already");
    }
    boolean isFirst = gateway.members().isEmpty() && gateway.keys() == null;
    return gateway.with(new GatewayMemberRecord(id, name, keys, clock.instant(), isFirst, null));
  }

  /**
   * Returns what a member has to know: of the gateway, itself and the others.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if it is no member any more
   */
  private JsonNode state(String gateway, String member) {
    GatewayRecord record = record(gateway);
    GatewayMemberRecord own = record.requireMember(member);
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("gateway", gateway)
            .put("name", record.about().name())
            .put("confirmed", own.confirmed())
            .put("handed", own.handed());
    Keys keys = record.keys();
    if (keys != null) {
      json.put("generation", keys.generation())
          .put("key", keys.key().publicJwk())
          .put("recovery", keys.recovery().sealed());
    }
    for (GatewayMemberRecord one : record.members()) {
      json.withArray("/members")
          .addObject()
          .put("id", one.id())
          .put("name", one.name())
          .put("identity", one.keys().identity().toJSONString())
          .put("handOver", one.keys().handOver().publicJwk())
          .put("confirmed", one.confirmed());
    }
    return json;
  }

  /** Returns which members have lines, and how these are. */
  private JsonNode status(String gateway, String member) {
    GatewayRecord record = record(gateway);
    requireConfirmed(record, member);
    return StatusJson.write(statuses.of(record));
  }

  /**
   * Takes the gateway's first key, {@code key}, its public half, with {@code recovery} and {@code
   * recoveryProofHash}.
   */
  private JsonNode firstKey(String gateway, String member, JsonNode arguments) {
    SealingKey key = GatewayJson.publicKey(RequiredText.of(arguments, "key"));
    Recovery recovery = recovery(arguments);
    change(
        gateway,
        "key made by member " + member,
        record -> {
          requireConfirmed(record, member);
          if (record.keys() != null) {
            throw refused("key", "comes too late: the gateway has one");
          }
          return record.with(new Keys(1, key, recovery));
        });
    return state(gateway, member);
  }

  private static Recovery recovery(JsonNode arguments) {
    return new Recovery(
        bounded("recovery", RequiredText.of(arguments, "recovery")),
        bounded("recoveryProofHash", RequiredText.of(arguments, "recoveryProofHash")));
  }

  /** Each process of the host reads what is stored, again and again. */
  private static String bounded(String argument, String text) {
    if (text.length() > LONGEST) {
      throw refused(argument, "is longer than " + LONGEST + " characters");
    }
    return text;
  }

  /**
   * Lets in {@code other}, whose {@code fingerprint} somebody has compared, and keeps {@code
   * handed} for it, the gateway's key.
   */
  private JsonNode letIn(String gateway, String member, JsonNode arguments) {
    String other = RequiredText.of(arguments, "other");
    String fingerprint = RequiredText.of(arguments, "fingerprint");
    String handed = bounded("handed", RequiredText.of(arguments, "handed"));
    change(
        gateway,
        "member " + other + " let in by member " + member,
        record -> {
          requireConfirmed(record, member);
          if (!record.requireMember(other).keys().fingerprint().equals(fingerprint)) {
            throw refused("fingerprint", "is not that of this member");
          }
          return record.changing(other, one -> one.letIn(handed));
        });
    return state(gateway, member);
  }

  /** Lets in whoever proves to have the recovery key, by {@code proof}. */
  private JsonNode recover(String gateway, String member, JsonNode arguments) {
    String hash = Sha256.hex(RequiredText.of(arguments, "proof"));
    String what = "member " + member + " let in by the recovery key";
    change(
        gateway,
        what,
        record -> {
          record.requireMember(member);
          Keys keys = record.keys();
          if (keys == null || !isSame(hash, keys.recovery().proofHash())) {
            InvalidInputException wrong =
                refused("proof", "does not prove that the recovery key of this gateway is known");
            auditor.denied(attempt(record, what), wrong);
            throw wrong;
          }
          return record.changing(member, one -> one.letIn(one.handed()));
        });
    return state(gateway, member);
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces what the gateway's key can be restored from; see {@link #firstKey}. */
  private JsonNode newRecovery(String gateway, String member, JsonNode arguments) {
    Recovery recovery = recovery(arguments);
    change(
        gateway,
        "recovery key replaced by member " + member,
        record -> {
          requireConfirmed(record, member);
          Keys keys = present(record, arguments);
          return record.with(new Keys(keys.generation(), keys.key(), recovery));
        });
    return state(gateway, member);
  }

  /**
   * Takes a new key in place of the one with {@code fingerprint}: {@code key}, with {@code
   * recovery}, {@code recoveryProofHash}, and {@code handed}, by the id of a member. A member that
   * it was not handed to has to be let in again.
   */
  private JsonNode newKey(String gateway, String member, JsonNode arguments) {
    SealingKey key = GatewayJson.publicKey(RequiredText.of(arguments, "key"));
    Recovery recovery = recovery(arguments);
    JsonNode handed = arguments.path("handed");
    change(
        gateway,
        "key replaced by member " + member,
        record -> {
          requireConfirmed(record, member);
          int generation = present(record, arguments).generation() + 1;
          return record
              .withMembers(record.members().stream().map(one -> handedTo(one, handed)).toList())
              .with(new Keys(generation, key, recovery));
        });
    return state(gateway, member);
  }

  private static GatewayMemberRecord handedTo(GatewayMemberRecord member, JsonNode handed) {
    JsonNode own = handed.path(member.id());
    return own.isString() ? member.letIn(bounded("handed", own.asString())) : member.keptOut();
  }

  /**
   * Returns sealed values that another key than the present one, {@code fingerprint}, has sealed,
   * beginning at {@code from}.
   */
  private JsonNode stale(String gateway, String member, JsonNode arguments) {
    GatewayRecord record = record(gateway);
    requireConfirmed(record, member);
    String key = present(record, arguments).key().fingerprint();
    String from = RequiredText.of(arguments, "from");
    SealedRows.Page page = rows().stale(record.about().environment(), gateway, key, from);
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("next", page.next());
    ArrayNode connections = json.putArray("connections");
    for (SealedRows.Stale stale : page.connections()) {
      ObjectNode connection = connections.addObject().put("connection", stale.connection().value());
      stale.sealed().forEach(connection.withArray("/sealed")::add);
    }
    return json;
  }

  /** Takes the secrets of {@code connection}, {@code sealed} with the present key. */
  private JsonNode resealed(String gateway, String member, JsonNode arguments) {
    GatewayRecord record = record(gateway);
    requireConfirmed(record, member);
    String key = present(record, arguments).key().fingerprint();
    ConnectionId connection = ConnectionId.of(RequiredText.of(arguments, "connection"));
    List<String> sealed = new ArrayList<>();
    arguments.path("sealed").forEach(value -> sealed.add(value.asString("")));
    auditor.requireRoom();
    boolean replaced = rows().replace(gateway, connection, key, sealed);
    if (replaced) {
      var actor = new Actor(null, null, record.about().environment(), null);
      String what = DefaultGateways.what(gateway, "secrets sealed again by member " + member);
      auditor.done(new Attempt(Kind.CHANGE, actor, null, what, connection, gateway));
    }
    return JsonNodeFactory.instance.objectNode().put("replaced", replaced);
  }

  private SealedRows rows() {
    SealedRows known = rows;
    if (known == null) {
      throw new IllegalArgumentException("This host keeps no connections yet");
    }
    return known;
  }

  /** Has the secrets of connections sealed again, too. */
  void resealing(SealedRows connections) {
    rows = connections;
  }

  /** Returns the gateway's keys, which whoever asks has to know by {@code fingerprint}. */
  private static Keys present(GatewayRecord gateway, JsonNode arguments) {
    Keys keys = gateway.keys();
    if (keys == null
        || !keys.key().fingerprint().equals(RequiredText.of(arguments, "fingerprint"))) {
      throw refused("fingerprint", "is not that of the gateway's present key");
    }
    return keys;
  }

  private static void requireConfirmed(GatewayRecord gateway, String member) {
    if (!gateway.requireMember(member).confirmed()) {
      throw refused("member", "was not let in yet");
    }
  }

  private GatewayRecord record(String gateway) {
    return gateways.find(gateway).orElseThrow(() -> StoredGateways.notFound(gateway));
  }

  private static InvalidInputException refused(String argument, String problem) {
    return new InvalidInputException("a request of a gateway's member", "/" + argument, problem);
  }
}

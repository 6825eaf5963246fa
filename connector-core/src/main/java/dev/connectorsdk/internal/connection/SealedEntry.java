package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption.RefusingAnswer;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.internal.gateway.seal.Application;
import dev.connectorsdk.internal.gateway.seal.SealedUse;
import dev.connectorsdk.internal.gateway.seal.SealedValue;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.internal.http.Origins;
import dev.connectorsdk.internal.http.RefusedCredential;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of connections through gateways, which arrive sealed: what they have to be sealed for,
 * and whether they were. Stores nothing itself.
 */
final class SealedEntry {

  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final String ID = "id";
  private static final String UNTIL = "until";
  private static final String CHALLENGE = "header:WWW-Authenticate";

  private final GatewayAccess gateways;
  private final CredentialBox box;
  private final Clock clock;

  SealedEntry(GatewayAccess gateways, CredentialBox box, Clock clock) {
    this.gateways = gateways;
    this.box = box;
    this.clock = clock;
  }

  /**
   * A connection through a gateway, as it is about to be.
   *
   * @param version the version of what the owner enters
   */
  record Draft(ConnectionId id, RegisteredOption<?> option, ParameterValues values, long version) {}

  /** Returns what the secrets of a connection are to be sealed for. */
  SealRequest request(Caller caller, String gateway, Draft draft) {
    SealingKey key = gateways.sealingKey(caller, gateway);
    Map<String, String> purposes = new LinkedHashMap<>();
    for (ConnectionParameter parameter : draft.option().parameters()) {
      if (parameter.isSecret() && parameter.isFor(true)) {
        purposes.put(parameter.name(), use(draft, parameter.name()).toString());
      }
    }
    return new SealRequest(
        draft.id(),
        gateway,
        key.publicJwk(),
        key.fingerprint(),
        purposes,
        reservation(caller, draft.id()));
  }

  /** The id is one that this host has made up, and the same caller gets it back alone. */
  private String reservation(Caller caller, ConnectionId id) {
    Instant until = clock.instant().plus(LIFETIME);
    return box.encrypt(
        Map.of(ID, Secret.of(id.value()), UNTIL, Secret.of(until.toString())), place(caller));
  }

  private static Place place(Caller caller) {
    String whose = caller.environment().name() + "\n" + caller.principal();
    return new Place(Sha256.hex(whose), "reservation of a connection", 1);
  }

  /**
   * Returns the id that secrets were sealed for.
   *
   * @throws ConflictException if it was reserved for somebody else, or too long ago
   */
  ConnectionId reserved(Caller caller, String reservation) {
    try {
      Map<String, Secret> values = box.decrypt(reservation, place(caller));
      String until = Objects.requireNonNull(values.get(UNTIL)).reveal();
      if (clock.instant().isBefore(Instant.parse(until))) {
        return ConnectionId.of(Objects.requireNonNull(values.get(ID)).reveal());
      }
    } catch (SecretUnreadableException e) {
      // Not of this host, or of somebody else.
    }
    throw new ConflictException("What the secrets were sealed for");
  }

  /**
   * Checks the secrets of a connection as it is about to be stored.
   *
   * @param caller who makes or changes it, and has to have a right to use the gateway
   * @param kept those that were stored before
   * @throws InvalidInputException naming each that was sealed for something else, or not at all
   */
  void require(Caller caller, String gateway, Draft draft, Map<String, Secret> kept) {
    SealingKey key = gateways.sealingKey(caller, gateway);
    List<Fault> faults = new ArrayList<>();
    draft
        .values()
        .secrets()
        .forEach(
            (name, value) -> {
              Secret before = kept.get(name);
              boolean isNew = before == null || !value.equals(before);
              String problem = problem(draft, name, value, isNew ? key : null);
              if (problem != null) {
                faults.add(new Fault(JsonPointers.child("", name), problem));
              }
            });
    if (!faults.isEmpty()) {
      throw new InvalidInputException(what(draft.option()), faults);
    }
  }

  private static @Nullable String problem(
      Draft draft, String name, Secret sealed, @Nullable SealingKey key) {
    SealedValue value;
    try {
      value = SealedValue.parse(sealed.reveal());
    } catch (SecretUnreadableException e) {
      return "is not sealed in the form that this version reads";
    }
    if (key != null && !value.keyId().equals(key.fingerprint())) {
      return "is sealed with another key than the gateway's present one";
    }
    SealedUse use = value.purpose();
    boolean fits = use.withVersion(draft.version()).toString().equals(use(draft, name).toString());
    boolean isOfThisVersion = use.version() == draft.version();
    if (key == null) {
      return fits ? null : "was sealed for another use, and has to be sealed again";
    }
    return fits && isOfThisVersion
        ? null
        : "is sealed for another use than this one: ask for Connections.sealRequest again";
  }

  private static SealedUse use(Draft draft, String slot) {
    RegisteredOption<?> option = draft.option();
    SortedSet<String> origins = new TreeSet<>();
    option
        .addresses(draft.values().plain())
        .ofRequests()
        .forEach(url -> origins.add(Origins.of(url).toString()));
    return new SealedUse(
        new SealedUse.Owner(draft.id(), option.connector().id()),
        slot,
        draft.version(),
        origins,
        application(draft));
  }

  /**
   * Checks that members of a gateway can authenticate in a way, and see when it is refused.
   *
   * @throws InvalidInputException if they cannot, with the reason
   */
  static void requireApplicable(RegisteredOption<?> option) {
    Application.obstacle(option.scheme())
        .or(() -> unseenRefusal(option))
        .ifPresent(
            why -> {
              throw new InvalidInputException(
                  what(option),
                  "",
                  "cannot be made with auth option '" + option.id() + "': " + why);
            });
  }

  private static Optional<String> unseenRefusal(RegisteredOption<?> option) {
    return option.option().refusingAnswers().stream()
        .filter(answer -> Application.getsTokens(option.scheme()) && !isSeenByMembers(answer))
        .findFirst()
        .map(
            answer ->
                "members of a gateway get another token after an answer 401, or 403 with"
                    + " invalid_token, and not after "
                    + answer.status()
                    + " as AuthOption.refusedBy says");
  }

  private static boolean isSeenByMembers(RefusingAnswer answer) {
    if (CHALLENGE.equalsIgnoreCase(answer.place()) && !answer.values().isEmpty()) {
      return answer.values().stream()
          .allMatch(value -> RefusedCredential.isSaidBy(answer.status(), value));
    }
    return RefusedCredential.isSaidBy(answer.status(), null);
  }

  private static Application application(Draft draft) {
    RegisteredOption<?> option = draft.option();
    Map<String, Object> plain = draft.values().plain();
    return Application.of(
        option.scheme(),
        name -> text(option, plain, name),
        template -> UrlTemplate.expand(template, option.values(plain)).toString());
  }

  private static @Nullable String text(
      RegisteredOption<?> option, Map<String, Object> plain, String name) {
    var value = option.values(plain).get(name);
    return value == null ? null : value.text();
  }

  private static String what(RegisteredOption<?> option) {
    return "a connection of connector '" + option.connector().id() + "' through a gateway";
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Turns what an owner enters into what is to be stored. Stores nothing itself. */
final class ConnectionDrafts {

  private static final int LONGEST_NAME = 200;

  private final ConnectorStore store;
  private final Registry registry;
  private final CredentialBox box;
  private final ParameterJson parameterJson;
  private final ConnectionOpener opener;
  private final RuntimeServices services;
  private final SealedEntry sealedEntry;

  ConnectionDrafts(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      ParameterJson parameterJson,
      ConnectionOpener opener,
      RuntimeServices services) {
    this.store = store;
    this.registry = registry;
    this.box = box;
    this.parameterJson = parameterJson;
    this.opener = opener;
    this.services = services;
    this.sealedEntry = new SealedEntry(services.gateways(), box, services.clock());
  }

  /**
   * What is to be stored.
   *
   * @param credentials those that change
   * @param keepsSignIn whether the owner need not sign in again
   * @param leadsElsewhere whether the service is at another address than before
   * @param isTested whether the connector's test is to be run afterwards
   */
  record Draft(
      StoredConnection row,
      List<StoredCredential> credentials,
      boolean keepsSignIn,
      boolean leadsElsewhere,
      boolean isTested) {

    Draft(StoredConnection row, List<StoredCredential> credentials, boolean keepsSignIn) {
      this(row, credentials, keepsSignIn, false, false);
    }
  }

  /** Returns where an auth option sends credentials, and how. */
  String reach(Caller caller, ConnectorId connector, String authOption) {
    return registry.option(caller.environment(), connector, authOption).reach();
  }

  /** Returns what the secrets of a connection that is not there yet are to be sealed for. */
  SealRequest sealRequest(Caller caller, ConnectionSpec spec) {
    RegisteredOption<?> option =
        registry.option(caller.environment(), spec.connector(), spec.authOption());
    return sealRequest(caller, spec, option, newId(), 1);
  }

  /** Returns what the secrets of a connection that is to be changed are to be sealed for. */
  SealRequest sealRequest(Caller caller, StoredConnection row, ConnectionSpec spec) {
    requireSameConnector(row, spec);
    RegisteredOption<?> option =
        registry.option(row.environment(), row.connector(), spec.authOption());
    long version = Stored.version(store, row.id(), ConnectionOpener.ENTERED) + 1;
    return sealRequest(caller, spec, option, row.id(), version);
  }

  private SealRequest sealRequest(
      Caller caller,
      ConnectionSpec spec,
      RegisteredOption<?> option,
      ConnectionId id,
      long version) {
    String gateway = spec.gateway();
    if (gateway == null) {
      throw new IllegalArgumentException("The connection leads through no gateway");
    }
    Map<String, Secret> yetToCome = new LinkedHashMap<>();
    for (ConnectionParameter parameter : option.parameters()) {
      if (parameter.isSecret()) {
        yetToCome.put(parameter.name(), Secret.of(""));
      }
    }
    ParameterValues values = checked(option, spec, new Kept(Map.of(), yetToCome));
    return sealedEntry.request(caller, gateway, new SealedEntry.Draft(id, option, values, version));
  }

  /**
   * Returns a connection that is not there yet.
   *
   * @throws InvalidInputException naming every fault of what was entered
   */
  Draft first(Caller caller, ConnectionSpec spec) {
    RegisteredOption<?> option =
        registry.option(caller.environment(), spec.connector(), spec.authOption());
    ParameterValues values = checked(option, spec, Kept.NOTHING);
    requireSeen(option, spec, values, null);
    Instant now = services.clock().instant();
    String reservation = spec.reservation();
    ConnectionId id = reservation == null ? newId() : sealedEntry.reserved(caller, reservation);
    requireSealed(caller, spec, new SealedEntry.Draft(id, option, values, 1), Kept.NOTHING);
    StoredConnection row =
        new StoredConnection(
            new Identity(id, spec.connector(), caller.environment(), caller.principal()),
            settings(spec, option, values, option.connector().title()),
            Access.of(firstStatus(option, spec, now)),
            Revision.first(now));
    return new Draft(
        inspected(row, values),
        List.of(box.anew(row, 1, option.reach(), values.secrets()).sealEntered(1)),
        false,
        false,
        isTested(option, spec));
  }

  /**
   * Returns the next version of a connection.
   *
   * @throws InvalidInputException naming every fault of what was entered
   * @throws IllegalArgumentException if that is for another connector
   */
  Draft next(Caller caller, StoredConnection row, ConnectionSpec spec) {
    requireSameConnector(row, spec);
    RegisteredOption<?> option =
        registry.option(row.environment(), row.connector(), spec.authOption());
    StoredCredential before = store.findCredential(row.id(), ConnectionOpener.ENTERED).orElse(null);
    ConnectionBox former = former(row, before);
    Kept kept = kept(row, option, former);
    ParameterValues values = checked(option, spec, kept);
    boolean leadsElsewhere = leadsElsewhere(row, option, values);
    boolean sameAddress = !leadsElsewhere && isSame(row, option, spec.gateway(), former);
    if (!sameAddress && !kept.isNothing()) {
      kept = Kept.NOTHING;
      values = checked(option, spec, kept);
    }
    requireSeen(option, spec, values, sameAddress ? former : null);
    boolean keepsSignIn = former != null && sameAddress && option.scheme().needsConsent();
    long version = version(before) + 1;
    requireSealed(caller, spec, new SealedEntry.Draft(row.id(), option, values, version), kept);
    Instant now = services.clock().instant();
    Access access = keepsSignIn ? kept(row, now) : begunAnew(row, option, spec, now);
    Settings settings = settings(spec, option, values, row.settings().displayName());
    StoredConnection next = inspected(row.next(now).with(settings).with(access), values);
    List<StoredCredential> credentials =
        former != null && keepsSignIn
            ? resealed(former, row, next, version, values.secrets())
            : sealedAnew(next, version, option, values.secrets());
    return new Draft(next, credentials, keepsSignIn, leadsElsewhere, isTested(option, spec));
  }

  private void requireSealed(
      Caller caller, ConnectionSpec spec, SealedEntry.Draft draft, Kept kept) {
    String gateway = spec.gateway();
    if (gateway != null) {
      sealedEntry.require(caller, gateway, draft, kept.secrets());
    }
  }

  private List<StoredCredential> sealedAnew(
      StoredConnection next,
      long version,
      RegisteredOption<?> option,
      Map<String, Secret> secrets) {
    ConnectionBox own = box.anew(next, version, option.reach(), secrets);
    List<StoredCredential> credentials = new ArrayList<>();
    credentials.add(own.sealEntered(version));
    credentials.addAll(emptied(next, own));
    return credentials;
  }

  /** Secrets are bound to the parameters of their connection. */
  private static List<StoredCredential> resealed(
      ConnectionBox former,
      StoredConnection row,
      StoredConnection next,
      long version,
      Map<String, Secret> secrets) {
    boolean isSame = secrets.equals(former.entered()) && next.parameters().equals(row.parameters());
    return isSame
        ? List.of()
        : List.of(former.with(next).seal(ConnectionOpener.ENTERED, version, secrets));
  }

  /**
   * Checks that a new credential goes where its owner has seen that it goes.
   *
   * @param known what was entered before and stays where it is, if anything was
   * @throws InvalidInputException if that is not said of a connector that may be replaced
   * @throws ConflictException if it was replaced meanwhile
   */
  private static void requireSeen(
      RegisteredOption<?> option,
      ConnectionSpec spec,
      ParameterValues values,
      @Nullable ConnectionBox known) {
    boolean isCredential = !values.secrets().isEmpty() || option.scheme().needsConsent();
    boolean isNew = known == null || !values.secrets().equals(known.entered());
    boolean isSeen = option.reach().isEmpty() || option.reach().equals(spec.reach());
    if (isSeen || !isCredential || !isNew) {
      return;
    }
    if (spec.reach() == null) {
      throw new InvalidInputException(
          "a connection of connector '" + spec.connector() + "'",
          "",
          "must say where its owner has seen that credentials go, because the connector may be"
              + " replaced: show Connections.reach, and hand it back by ConnectionSpec.sentTo");
    }
    throw new ConflictException("Where connector '" + spec.connector() + "' sends credentials");
  }

  /** Returns a connection as an administrator has disabled it. */
  Draft disabled(StoredConnection row, Principal by, String why) {
    return switched(row, ConnectionStatus.disabled(by, why, services.clock().instant()));
  }

  /** Returns a connection that is no longer disabled. */
  Draft enabled(StoredConnection row) {
    return switched(row, null);
  }

  private Draft switched(StoredConnection row, @Nullable ConnectionStatus disabled) {
    Instant now = services.clock().instant();
    return new Draft(row.next(now).with(row.access().withDisabled(disabled)), List.of(), true);
  }

  /**
   * Returns a connection of a new owner, who enters all credentials or signs in: everything that
   * the former owner entered or acquired is erased, secret parameters included.
   */
  Draft handedOver(StoredConnection row, Principal newOwner) {
    Instant now = services.clock().instant();
    var status =
        ConnectionStatus.notConnected(
            State.UNAUTHENTICATED,
            Reason.HANDED_OVER,
            "The new owner has to sign in or enter credentials",
            now);
    StoredConnection next =
        row.next(now)
            .ownedBy(newOwner)
            .with(row.settings().withCredentialExpiresAt(null))
            .with(Access.of(status).withDisabled(row.access().disabled()));
    long version = Stored.version(store, row.id(), ConnectionOpener.ENTERED) + 1;
    ConnectionBox own = box.anew(next, version, Map.of());
    List<StoredCredential> credentials = new ArrayList<>(emptied(next, own));
    credentials.add(own.sealEntered(version));
    return new Draft(next, credentials, false);
  }

  /**
   * Returns whether what was entered before was for this option and gateway, and for a connector
   * that sends it as this one does.
   */
  private static boolean isSame(
      StoredConnection row,
      RegisteredOption<?> option,
      @Nullable String gateway,
      @Nullable ConnectionBox former) {
    return option.id().equals(row.authOption())
        && Objects.equals(gateway, row.settings().gateway())
        && (former == null || former.isSentTo(option.reach()));
  }

  private static long version(@Nullable StoredCredential stored) {
    return stored == null ? 0 : stored.version();
  }

  private static void requireSameConnector(StoredConnection row, ConnectionSpec spec) {
    if (!row.connector().equals(spec.connector())) {
      throw new IllegalArgumentException(
          "Connection '" + row.id() + "' is of connector '" + row.connector() + "'");
    }
  }

  /** What did not work as it was configured is tried again. */
  private static Access kept(StoredConnection row, Instant now) {
    return row.status().reason() == Reason.CONFIGURATION
        ? row.access().withStatus(ConnectionStatus.connected(now))
        : row.access();
  }

  private static Access begunAnew(
      StoredConnection row, RegisteredOption<?> option, ConnectionSpec spec, Instant now) {
    return Access.of(firstStatus(option, spec, now)).withAccount(row.access().account());
  }

  /**
   * What stays of a connection's values although it is not entered again.
   *
   * @param captured what the service said of the connection
   */
  private record Kept(Map<String, Object> captured, Map<String, Secret> secrets) {

    static final Kept NOTHING = new Kept(Map.of(), Map.of());

    boolean isNothing() {
      return captured.isEmpty() && secrets.isEmpty();
    }
  }

  /**
   * A secret stays only where it was entered for: if the service's address or the way to
   * authenticate changes, it has to be entered again, and what was acquired with it is dropped.
   */
  private Kept kept(
      StoredConnection row, RegisteredOption<?> option, @Nullable ConnectionBox former) {
    return former != null && option.id().equals(row.authOption())
        ? new Kept(
            CapturedValues.among(parameterJson.read(row.parameters()), option), former.entered())
        : Kept.NOTHING;
  }

  /** What cannot be read any more, or was stored for another connection, is entered again. */
  private @Nullable ConnectionBox former(StoredConnection row, @Nullable StoredCredential entered) {
    try {
      return box.of(row, entered);
    } catch (SecretUnreadableException e) {
      return null;
    }
  }

  private boolean leadsElsewhere(
      StoredConnection row, RegisteredOption<?> option, ParameterValues values) {
    return !option.addresses(values.plain()).all().equals(formerAddresses(option, row));
  }

  /** What was stored for another version of the connector need not fit any more. */
  private List<HttpUrl> formerAddresses(RegisteredOption<?> option, StoredConnection row) {
    try {
      return option.addresses(parameterJson.read(row.parameters())).all();
    } catch (InvalidInputException e) {
      return List.of();
    }
  }

  private List<StoredCredential> emptied(StoredConnection row, ConnectionBox own) {
    List<StoredCredential> credentials = new ArrayList<>();
    // In any case: whoever asks for a token as things were then finds another version.
    credentials.add(emptied(row, own, StoredVault.ACQUIRED));
    for (String slot : List.of(SignInRecord.SLOT, ClientVault.SLOT)) {
      if (store.findCredential(row.id(), slot).isPresent()) {
        credentials.add(emptied(row, own, slot));
      }
    }
    return credentials;
  }

  private StoredCredential emptied(StoredConnection row, ConnectionBox own, String slot) {
    return own.seal(slot, Stored.version(store, row.id(), slot) + 1, Map.of());
  }

  private static ParameterValues checked(
      RegisteredOption<?> option, ConnectionSpec spec, Kept kept) {
    Map<String, Object> entered = new LinkedHashMap<>(spec.values());
    kept.captured()
        .forEach(
            (name, value) -> {
              if (entered.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                entered.put(name, value);
              }
            });
    ParameterValues values =
        ParameterValues.check(
            option.connector(),
            option.parameters(),
            spec.gateway() != null,
            entered,
            withSealed(option, spec, kept));
    // A value that does not fit the service's address is noticed now, not at the first call.
    option.addresses(values.plain()).all();
    return values;
  }

  /** What is sealed is not looked into: it is taken as if it had been entered before. */
  private static Map<String, Secret> withSealed(
      RegisteredOption<?> option, ConnectionSpec spec, Kept kept) {
    if (option.lacksGateway(spec.gateway())) {
      throw new InvalidInputException(
          "a connection of connector '" + spec.connector() + "'",
          "",
          "has to lead through a gateway with auth option '"
              + option.id()
              + "': ConnectionSpec.through");
    }
    if (spec.gateway() == null) {
      return kept.secrets();
    }
    SealedEntry.requireApplicable(option);
    Map<String, Secret> all = new LinkedHashMap<>(kept.secrets());
    List<Fault> faults = new ArrayList<>();
    for (String name : spec.values().keySet()) {
      ConnectionParameter parameter = ParameterValues.find(option.parameters(), name);
      if (parameter != null && parameter.isSecret()) {
        faults.add(fault(name, "has to be sealed for the gateway: see Connections.sealRequest"));
      }
    }
    spec.sealedValues()
        .forEach(
            (name, value) -> {
              ConnectionParameter parameter = ParameterValues.find(option.parameters(), name);
              if (parameter == null || !parameter.isSecret() || !parameter.isFor(true)) {
                faults.add(
                    fault(name, "is no secret parameter of this auth option through a gateway"));
              } else {
                all.put(parameter.name(), Secret.of(value));
              }
            });
    if (!faults.isEmpty()) {
      throw new InvalidInputException(
          "a connection of connector '" + spec.connector() + "' through a gateway", faults);
    }
    return all;
  }

  private static Fault fault(String parameter, String problem) {
    return new Fault(JsonPointers.child("", parameter), problem);
  }

  /** A key that cannot be used is noticed now; a certificate says by itself until when it holds. */
  private StoredConnection inspected(StoredConnection row, ParameterValues values) {
    Settings settings = row.settings();
    if (settings.gateway() != null) {
      return row; // What is sealed tells nothing here.
    }
    Instant end = opener.inspect(row, values.secrets());
    return end == null || settings.credentialExpiresAt() != null
        ? row
        : row.with(settings.withCredentialExpiresAt(end));
  }

  private Settings settings(
      ConnectionSpec spec, RegisteredOption<?> option, ParameterValues values, String otherwise) {
    String name = spec.displayName() == null ? otherwise : spec.displayName();
    return new Settings(
        name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name,
        option.id(),
        parameterJson.write(values.plain()),
        spec.credentialExpiresAt(),
        spec.gateway());
  }

  private static boolean isTested(RegisteredOption<?> option, ConnectionSpec spec) {
    return !option.scheme().needsConsent()
        && spec.isTested()
        && option.connector().connectionTest().isPresent();
  }

  private static ConnectionStatus firstStatus(
      RegisteredOption<?> option, ConnectionSpec spec, Instant now) {
    if (option.scheme().needsConsent()) {
      return ConnectionStatus.notConnected(
          State.UNAUTHENTICATED, Reason.CONSENT_PENDING, "The owner has to sign in", now);
    }
    if (isTested(option, spec)) {
      return ConnectionStatus.notConnected(
          State.UNAUTHENTICATED, Reason.NOT_TESTED, "The connection was not tested yet", now);
    }
    return ConnectionStatus.connected(now);
  }

  private ConnectionId newId() {
    byte[] bytes = new byte[16];
    services.random().nextBytes(bytes);
    return ConnectionId.of(HexFormat.of().formatHex(bytes));
  }
}

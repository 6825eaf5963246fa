package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Revocation;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.ConnectorEvent.Change;
import dev.connectorsdk.api.event.ConnectorEvent.ConnectionChanged;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialExpiring;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections as rows of the store, their secrets encrypted beside them. */
public final class DefaultConnections implements Connections {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  private static final int TRIES = 5;
  private static final Duration EXPIRES_SOON = Duration.ofDays(14);

  /** A little less than a day, so that whoever looks once a day is told each time. */
  private static final Duration TELL_AGAIN = Duration.ofHours(23);

  private final ConnectorStore store;
  private final Registry registry;
  private final CredentialBox box;
  private final ParameterJson parameterJson;
  private final StatusKeeper statusKeeper;
  private final OpenConnections open;
  private final ConnectionTester tester;
  private final EventHub events;
  private final Clock clock;
  private final RandomGenerator random;
  private final Consumer<StoredConnection> cameOrWent;
  private final Map<ConnectionId, Instant> toldExpiring = new ConcurrentHashMap<>();

  DefaultConnections(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      ParameterJson parameterJson,
      StatusKeeper statusKeeper,
      OpenConnections open,
      ConnectionTester tester,
      EventHub events,
      Clock clock,
      RandomGenerator random,
      Consumer<StoredConnection> cameOrWent) {
    this.store = store;
    this.registry = registry;
    this.box = box;
    this.parameterJson = parameterJson;
    this.statusKeeper = statusKeeper;
    this.open = open;
    this.tester = tester;
    this.events = events;
    this.clock = clock;
    this.random = random;
    this.cameOrWent = cameOrWent;
  }

  @Override
  public Connection create(Caller caller, ConnectionSpec spec) {
    Connector connector = registry.connector(spec.connector());
    AuthOption option = registry.authOption(connector, spec.authOption());
    registry.strategy(option.scheme());
    ParameterValues values = checked(connector, option, spec, Map.of(), Map.of());
    Instant now = clock.instant();
    StoredConnection row =
        inspected(
            new StoredConnection(
                new Identity(newId(), connector.id(), caller.environment(), caller.principal()),
                new Settings(
                    displayName(spec, connector),
                    option.id(),
                    parameterJson.write(values.plain()),
                    spec.credentialExpiresAt()),
                Access.of(firstStatus(connector, option, spec, now)),
                Revision.first(now)),
            values);
    if (!store.insertConnection(row, entered(row.id(), 0, values.secrets()))) {
      throw new ConflictException("Connection '" + row.id() + "'");
    }
    cameOrWent.accept(row);
    publish(row, caller, Change.CREATED);
    return afterChange(caller, row, connector, option, spec);
  }

  @Override
  public Connection update(Caller caller, ConnectionId id, ConnectionSpec spec) {
    for (int i = 0; i < TRIES; i++) {
      StoredConnection row = own(caller, id);
      if (!row.connector().equals(spec.connector())) {
        throw new IllegalArgumentException(
            "Connection '" + id + "' is of connector '" + row.connector() + "'");
      }
      Connector connector = registry.connector(row.connector());
      AuthOption option = registry.authOption(connector, spec.authOption());
      registry.strategy(option.scheme());
      Replacement replacement = replacement(row, connector, option, spec);
      Instant now = clock.instant();
      Settings settings =
          new Settings(
              spec.displayName() == null
                  ? row.settings().displayName()
                  : displayName(spec, connector),
              option.id(),
              parameterJson.write(replacement.values().plain()),
              spec.credentialExpiresAt());
      Access access =
          replacement.keepsSignIn()
              ? row.access()
              : Access.of(firstStatus(connector, option, spec, now))
                  .withAccount(row.access().account());
      StoredConnection next =
          inspected(row.next(now).with(settings).with(access), replacement.values());
      if (store.updateConnection(next, row.version(), replacement.credentials())) {
        if (replacement.keepsSignIn()) {
          open.refresh(id);
        } else {
          open.forget(id);
        }
        publish(next, caller, Change.UPDATED);
        return afterChange(caller, next, connector, option, spec);
      }
    }
    throw new ConflictException("Connection '" + id + "'");
  }

  /**
   * What becomes of a connection's values.
   *
   * @param keepsSignIn whether the owner need not sign in again
   */
  private record Replacement(
      ParameterValues values, List<StoredCredential> credentials, boolean keepsSignIn) {}

  /**
   * A secret stays only where it was entered for: if the service's address or the way to
   * authenticate changes, it has to be entered again, and what was acquired with it is dropped.
   */
  private Replacement replacement(
      StoredConnection row, Connector connector, AuthOption option, ConnectionSpec spec) {
    StoredCredential before = store.findCredential(row.id(), OpenConnections.ENTERED).orElse(null);
    boolean sameOption = option.id().equals(row.authOption());
    Map<String, Secret> kept = before == null || !sameOption ? Map.of() : kept(before);
    Map<String, Object> told =
        sameOption
            ? ToldValues.among(parameterJson.read(row.parameters()), option.scheme())
            : Map.of();
    ParameterValues values = checked(connector, option, spec, told, kept);
    boolean sameAddress =
        sameOption
            && addresses(connector, option, values.plain())
                .equals(formerAddresses(connector, option, row));
    if (!sameAddress && !(kept.isEmpty() && told.isEmpty())) {
      values = checked(connector, option, spec, Map.of(), Map.of());
    }
    List<StoredCredential> credentials = new ArrayList<>();
    if (!values.secrets().equals(kept)) {
      credentials.addAll(
          entered(row.id(), before == null ? 0 : before.version(), values.secrets()));
    }
    boolean keepsSignIn = sameAddress && option.scheme().needsConsent();
    if (!keepsSignIn) {
      // In any case: whoever asks for a token as things were then finds another version.
      credentials.add(emptied(row, StoredVault.ACQUIRED));
      for (String slot : List.of(SignInRecord.SLOT, ClientVault.SLOT)) {
        if (store.findCredential(row.id(), slot).isPresent()) {
          credentials.add(emptied(row, slot));
        }
      }
    }
    return new Replacement(values, credentials, keepsSignIn);
  }

  private StoredCredential emptied(StoredConnection row, String slot) {
    return box.seal(row.id(), slot, Slots.version(store, row.id(), slot) + 1, Map.of());
  }

  /** What was stored for another version of the connector need not fit any more. */
  private List<HttpUrl> formerAddresses(
      Connector connector, AuthOption option, StoredConnection row) {
    try {
      return addresses(connector, option, parameterJson.read(row.parameters()));
    } catch (InvalidInputException e) {
      return List.of();
    }
  }

  /** Secrets that cannot be read any more are entered again rather than kept. */
  private Map<String, Secret> kept(StoredCredential before) {
    try {
      return box.open(before);
    } catch (dev.connectorsdk.api.error.SecretUnreadableException e) {
      return Map.of();
    }
  }

  @Override
  public Connection get(Caller caller, ConnectionId id) {
    return open.snapshot(own(caller, id));
  }

  @Override
  public List<Connection> list(Caller caller) {
    ConnectionFilter filter = new ConnectionFilter(caller.environment(), caller.principal(), null);
    List<Connection> connections = new ArrayList<>();
    store.listConnections(filter).forEach(row -> connections.add(open.snapshot(row)));
    connections.sort(java.util.Comparator.comparing(Connection::createdAt));
    return connections;
  }

  @Override
  public ConnectionTestResult test(Caller caller, ConnectionId id) {
    StoredConnection row = own(caller, id);
    return test(row);
  }

  private ConnectionTestResult test(StoredConnection row) {
    open.refresh(row.id());
    OpenConnection connection =
        open.find(row.id())
            .orElseThrow(() -> new NotFoundException("connection", row.id().value(), "Deleted."));
    ConnectionTestResult result = tester.test(connection);
    switch (result.outcome()) {
      case OK -> statusKeeper.connected(row.id(), result.account());
      case NO_TEST -> {}
      case NOT_AUTHENTICATED ->
          statusKeeper.move(
              row.id(),
              State.UNAUTHENTICATED,
              Reason.CREDENTIALS_REJECTED,
              "The service did not accept the credentials");
      case NOT_REACHABLE -> {
        if (!row.status().isConnected()) {
          statusKeeper.move(
              row.id(), State.ERROR, Reason.TEST_FAILED, "The service could not be asked");
        }
      }
      case FAILED ->
          statusKeeper.move(
              row.id(), State.ERROR, Reason.TEST_FAILED, "The test of the connection failed");
    }
    return result;
  }

  @Override
  public boolean delete(Caller caller, ConnectionId id) {
    StoredConnection row = store.findConnection(id).orElse(null);
    if (row == null || !isOwn(caller, row)) {
      return false;
    }
    revoke(row);
    if (!store.deleteConnection(id)) {
      return false;
    }
    open.forget(id);
    statusKeeper.forget(id);
    toldExpiring.remove(id);
    cameOrWent.accept(row);
    publish(row, caller, Change.DELETED);
    return true;
  }

  @Override
  public int keepAlive(Duration unusedFor) {
    Instant now = clock.instant();
    int renewed = 0;
    for (StoredConnection row : store.listConnections(new ConnectionFilter(null, null, null))) {
      tellIfExpiring(row, now);
      if (row.status().isConnected() && keptAlive(row, now.minus(unusedFor))) {
        renewed++;
      }
    }
    return renewed;
  }

  private boolean keptAlive(StoredConnection row, Instant lastUsedBefore) {
    try {
      OpenConnection connection = open.find(row.id()).orElse(null);
      Authenticator authenticator =
          connection == null ? null : connection.endpoint().authenticator();
      return authenticator != null && authenticator.keepAlive(lastUsedBefore);
    } catch (CallCancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      log.debug(
          "Connection {}: not kept alive: {}",
          row.id(),
          e instanceof ConnectorException ? e.getMessage() : e.getClass().getName());
      return false;
    }
  }

  private void tellIfExpiring(StoredConnection row, Instant now) {
    Instant expiresAt = row.settings().credentialExpiresAt();
    boolean soon =
        expiresAt != null && expiresAt.isAfter(now) && expiresAt.isBefore(now.plus(EXPIRES_SOON));
    if (expiresAt == null || !soon) {
      toldExpiring.remove(row.id());
      return;
    }
    Instant told = toldExpiring.get(row.id());
    if (!events.isQuiet() && (told == null || !now.isBefore(told.plus(TELL_AGAIN)))) {
      toldExpiring.put(row.id(), now);
      events.publish(new CredentialExpiring(now, row.id(), row.connector(), expiresAt));
    }
  }

  /** Best effort: nothing that goes wrong here keeps a connection from being deleted. */
  private void revoke(StoredConnection row) {
    boolean opened = false;
    boolean confirmed = false;
    try {
      ConnectionAuth<?> auth = open.authToRevoke(row);
      opened = true;
      if (auth.revoke() == Revocation.NONE) {
        return;
      }
      confirmed = true;
    } catch (RuntimeException e) {
      if (!opened && store.findCredential(row.id(), StoredVault.ACQUIRED).isEmpty()) {
        return;
      }
      log.warn(
          "Connection {}: whether its credentials were revoked is unconfirmed, {}",
          row.id(),
          e instanceof ConnectorException ? e.getMessage() : e.getClass().getName());
    }
    if (!events.isQuiet()) {
      events.publish(new CredentialRevoked(clock.instant(), row.id(), row.connector(), confirmed));
    }
  }

  /** A key that cannot be used is noticed now; a certificate says by itself until when it holds. */
  private StoredConnection inspected(StoredConnection row, ParameterValues values) {
    Instant end = open.inspect(row, values.secrets());
    Settings settings = row.settings();
    return end == null || settings.credentialExpiresAt() != null
        ? row
        : row.with(settings.withCredentialExpiresAt(end));
  }

  private StoredConnection own(Caller caller, ConnectionId id) {
    StoredConnection row = store.findConnection(id).orElseThrow(() -> unknown(id));
    requireOwn(caller, row);
    return row;
  }

  private static void requireOwn(Caller caller, StoredConnection row) {
    if (!isOwn(caller, row)) {
      throw unknown(row.id());
    }
  }

  private static boolean isOwn(Caller caller, StoredConnection row) {
    return row.owner().equals(caller.principal()) && row.environment().equals(caller.environment());
  }

  private static NotFoundException unknown(ConnectionId id) {
    return new NotFoundException(
        "connection", id.value(), "The caller has no such connection in this environment.");
  }

  private ParameterValues checked(
      Connector connector,
      AuthOption option,
      ConnectionSpec spec,
      Map<String, Object> told,
      Map<String, Secret> kept) {
    List<ConnectionParameter> declared = connector.parameters(option);
    Map<String, Object> entered = new LinkedHashMap<>(spec.values());
    told.forEach(
        (name, value) -> {
          if (entered.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
            entered.put(name, value);
          }
        });
    ParameterValues values = ParameterValues.check(connector, declared, entered, kept);
    addresses(connector, option, values.plain());
    return values;
  }

  /** A value that does not fit the service's address is noticed now, not at the first call. */
  private static List<HttpUrl> addresses(
      Connector connector, AuthOption option, Map<String, Object> plain) {
    List<ConnectionParameter> declared = connector.parameters(option);
    return ServiceAddresses.of(connector, option, ParameterValues.lookup(declared, plain));
  }

  private List<StoredCredential> entered(
      ConnectionId id, long previousVersion, Map<String, Secret> secrets) {
    if (secrets.isEmpty() && previousVersion == 0) {
      return List.of();
    }
    return List.of(box.seal(id, OpenConnections.ENTERED, previousVersion + 1, secrets));
  }

  private static String displayName(ConnectionSpec spec, Connector connector) {
    String name = spec.displayName() == null ? connector.title() : spec.displayName();
    return name.length() > 200 ? name.substring(0, 200) : name;
  }

  private static ConnectionStatus firstStatus(
      Connector connector, AuthOption option, ConnectionSpec spec, Instant now) {
    if (option.scheme().needsConsent()) {
      return ConnectionStatus.notConnected(
          State.UNAUTHENTICATED, Reason.CONSENT_PENDING, "The owner has to sign in", now);
    }
    if (spec.isTested() && connector.connectionTest().isPresent()) {
      return ConnectionStatus.notConnected(
          State.UNAUTHENTICATED, Reason.NOT_TESTED, "The connection was not tested yet", now);
    }
    return ConnectionStatus.connected(now);
  }

  private Connection afterChange(
      Caller caller,
      StoredConnection row,
      Connector connector,
      AuthOption option,
      ConnectionSpec spec) {
    if (!option.scheme().needsConsent()
        && spec.isTested()
        && connector.connectionTest().isPresent()) {
      test(row);
    }
    return get(caller, row.id());
  }

  private ConnectionId newId() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return ConnectionId.of(java.util.HexFormat.of().formatHex(bytes));
  }

  private void publish(StoredConnection row, Caller caller, Change change) {
    if (!events.isQuiet()) {
      events.publish(
          new ConnectionChanged(
              clock.instant(), row.id(), row.connector(), caller.principal(), change));
    }
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.http.TemplateValues;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes out of what is stored of a connection what its requests need. Safe for several threads. */
final class ConnectionOpener {

  /** The slot of the secrets that the owner entered. */
  static final String ENTERED = "entered";

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final Registry registry;
  private final CredentialBox box;
  private final ParameterJson parameterJson;
  private final StatusKeeper statusKeeper;
  private final ConnectionChanges changes;
  private final RuntimeServices services;
  private final CapturedValues capturedValues;

  ConnectionOpener(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      ParameterJson parameterJson,
      StatusKeeper statusKeeper,
      ConnectionChanges changes,
      RuntimeServices services) {
    this.store = store;
    this.registry = registry;
    this.box = box;
    this.parameterJson = parameterJson;
    this.statusKeeper = statusKeeper;
    this.changes = changes;
    this.services = services;
    this.capturedValues =
        new CapturedValues(store, registry, parameterJson, services.clock(), changes);
  }

  ConnectionSnapshot snapshot(StoredConnection row) {
    try {
      return new ConnectionSnapshot(row, parameterJson.read(row.parameters()));
    } catch (StoreException e) {
      return new ConnectionSnapshot(damaged(row), Map.of());
    }
  }

  private static StoredConnection damaged(StoredConnection row) {
    ConnectionStatus status =
        ConnectionStatus.notConnected(
            ConnectionStatus.State.ERROR,
            ConnectionStatus.Reason.NOT_UNDERSTOOD,
            "The stored parameters are damaged",
            row.status().since());
    return row.with(row.access().withStatus(status));
  }

  /**
   * A connection's row and what its owner entered, from one moment.
   *
   * @param signIn the version of what is known of the last sign-in
   */
  private record Configuration(
      StoredConnection row, Optional<StoredCredential> entered, long signIn) {

    Fit fit() {
      return Fit.of(row, entered.map(StoredCredential::version).orElse(0L), signIn);
    }
  }

  /**
   * A secret must not meet the address that was there before it: if the connection was changed
   * since {@code known} was read, the present row is taken.
   */
  private Configuration configuration(StoredConnection known) {
    StoredConnection row = known;
    for (int i = 0; i < TRIES; i++) {
      Stored.requireUnderstood(row);
      Optional<StoredCredential> entered = store.findCredential(row.id(), ENTERED);
      long signIn = Stored.version(store, row.id(), SignInRecord.SLOT);
      StoredConnection present = Stored.connection(store, row.id());
      if (present.version() == row.version()) {
        return new Configuration(row, entered, signIn);
      }
      row = present;
    }
    throw new ConflictException("Connection '" + known.id() + "'");
  }

  private Map<String, Secret> secrets(Configuration configuration) {
    try {
      return configuration.entered().map(box::open).orElseGet(Map::of);
    } catch (SecretUnreadableException e) {
      statusKeeper.move(
          configuration.row().id(),
          ConnectionStatus.State.ERROR,
          ConnectionStatus.Reason.CREDENTIALS_UNREADABLE,
          "The stored credentials cannot be decrypted");
      throw e;
    }
  }

  /**
   * Opens a connection for calls.
   *
   * @param latest what was opened of it before, which is returned if it fits still
   */
  OpenConnection.Opened open(StoredConnection known, OpenConnection.@Nullable Opened latest) {
    Configuration configuration = configuration(known);
    Fit fit = configuration.fit();
    if (latest != null && latest.fit().equals(fit)) {
      return latest;
    }
    ConnectionAuth<?> auth = auth(configuration);
    Authenticator authenticator = new GuardedAuthenticator(auth, fit, statusKeeper);
    return new OpenConnection.Opened(fit, auth.endpoint(authenticator), auth);
  }

  /** Returns what a strategy needs for a connection that is stored. */
  ConnectionAuth<?> auth(StoredConnection known) {
    return auth(configuration(known));
  }

  private ConnectionAuth<?> auth(Configuration configuration) {
    StoredConnection row = configuration.row();
    Map<String, Secret> secrets = secrets(configuration);
    RegisteredOption<?> option = registry.option(row);
    var keeper =
        new StoredKeeper(
            row,
            option.usesClientOfHost(parameterJson.read(row.parameters()), secrets.keySet()),
            configuration.fit(),
            vault(row, option),
            new ClientVault(store, box, row.id()),
            capturedValues,
            statusKeeper);
    return auth(row, option, secrets, keeper);
  }

  private ConnectionAuth<?> auth(
      StoredConnection row,
      RegisteredOption<?> option,
      Map<String, Secret> secrets,
      CredentialKeeper keeper) {
    TemplateValues values = option.values(parameterJson.read(row.parameters()));
    option.addresses(values).requireClientAtHome(row.id());
    return new ConnectionAuth<>(row, option, values, secrets, keeper, services);
  }

  private CredentialVault vault(StoredConnection row, RegisteredOption<?> option) {
    return new StoredVault(
        store,
        box,
        row.id(),
        services,
        () -> statusKeeper.credentialStored(row.id()),
        present -> requireStillFor(row, option, present));
  }

  /**
   * A token that is asked for at the connection's former address must not be stored for the new
   * one. One that needs a sign-in is dropped when the address changes, and nobody asks for another.
   */
  private void requireStillFor(
      StoredConnection known, RegisteredOption<?> option, StoredConnection present) {
    boolean same =
        known.authOption().equals(present.authOption())
            && (option.scheme().needsConsent()
                || entered(known, option).equals(entered(present, option)));
    if (!same && !registry.option(present).scheme().needsConsent()) {
      changes.outdated(known.id());
      throw new ConflictException("Connection '" + known.id() + "'");
    }
  }

  private Map<String, Object> entered(StoredConnection row, RegisteredOption<?> option) {
    Map<String, Object> plain = new HashMap<>(parameterJson.read(row.parameters()));
    plain.keySet().removeIf(option::isCaptured);
    return plain;
  }

  /**
   * Returns a connection as a sign-in may make it.
   *
   * @throws NotFoundException if there is no such connection
   */
  Candidate candidate(ConnectionId id) {
    Configuration configuration = configuration(Stored.connection(store, id));
    StoredConnection row = configuration.row();
    HeldKeeper held = held(row);
    return new Candidate(row, held, auth(row, registry.option(row), secrets(configuration), held));
  }

  private HeldKeeper held(StoredConnection row) {
    return new HeldKeeper(row, new ClientVault(store, box, row.id()), capturedValues);
  }

  /** Opens a candidate for a test; what fails there moves no status. */
  OpenConnection ready(Candidate candidate) {
    ConnectionAuth<?> auth = candidate.auth();
    StoredConnection row = candidate.row();
    return OpenConnection.ready(
        this, row, new OpenConnection.Opened(Fit.of(row, 0, 0), auth.endpoint(auth.open()), auth));
  }

  /**
   * Looks at a connection that need not be stored yet; see {@link ConnectionAuth#inspect}.
   *
   * @return when the client certificate among its secrets expires, or {@code null} if it has none
   */
  @Nullable Instant inspect(StoredConnection row, Map<String, Secret> secrets) {
    RegisteredOption<?> option = registry.option(row);
    TemplateValues values = option.values(parameterJson.read(row.parameters()));
    return new ConnectionAuth<>(row, option, values, secrets, held(row), services).inspect();
  }

  /** Says that the service has refused a connection's credentials for good. */
  void credentialsRejected(ConnectionId id, Fit fit) {
    statusKeeper.moveIfStill(
        id,
        fit,
        ConnectionStatus.State.UNAUTHENTICATED,
        ConnectionStatus.Reason.CREDENTIALS_REJECTED,
        "The service refused the stored credentials");
  }
}

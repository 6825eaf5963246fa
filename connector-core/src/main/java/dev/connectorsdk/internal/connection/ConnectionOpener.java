package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Sharing;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionWithCredentials;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.http.TemplateValues;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes out of what is stored of a connection what its requests need. Safe for several threads. */
final class ConnectionOpener {

  /** The slot of the secrets that the owner entered. */
  static final String ENTERED = "entered";

  private final ConnectorStore store;
  private final Registry registry;
  private final CredentialBox box;
  private final ParameterJson parameterJson;
  private final StatusKeeper statusKeeper;
  private final ConnectionChanges changes;
  private final RuntimeServices services;
  private final CapturedValues capturedValues;
  private final LostValues lost;
  private final Rejections rejections;

  ConnectionOpener(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      ParameterJson parameterJson,
      StatusKeeper statusKeeper,
      ConnectionChanges changes,
      RuntimeServices services,
      Rejections rejections) {
    this.store = store;
    this.registry = registry;
    this.box = box;
    this.parameterJson = parameterJson;
    this.statusKeeper = statusKeeper;
    this.changes = changes;
    this.services = services;
    this.capturedValues =
        new CapturedValues(store, box, registry, parameterJson, services.clock(), changes);
    this.lost = new LostValues(registry, parameterJson);
    this.rejections = rejections;
  }

  /** Returns what follows when a service refuses a credential. */
  Rejections rejections() {
    return rejections;
  }

  /** Returns the connector of a connection, or {@code null} if it is missing. */
  @Nullable Connector connector(StoredConnection row) {
    return registry.find(row.environment(), row.connector());
  }

  /** Returns whether somebody may replace the connector of a connection. */
  boolean isReplaceable(StoredConnection row) {
    return registry.isReplaceable(row.environment(), row.connector());
  }

  /**
   * Checks that the owner of a connection may use its gateway, if it goes through one.
   *
   * @throws AuthenticationException if not
   */
  void requireGateway(StoredConnection row) {
    GatewayAccess.Through through = GatewayAccess.Through.of(row);
    if (through != null) {
      services.gateways().requirePermitted(through);
    }
  }

  ConnectionSnapshot snapshot(StoredConnection row) {
    Map<String, Object> parameters;
    try {
      parameters = parameterJson.read(row.parameters());
    } catch (StoreException e) {
      return snapshot(damaged(row), Map.of());
    }
    return snapshot(row, parameters);
  }

  private ConnectionSnapshot snapshot(StoredConnection row, Map<String, Object> parameters) {
    try {
      boolean custom = !registry.isPublic(row.connector());
      RegisteredOption<?> option = registry.option(row);
      Sharing sharing = option.option().sharing(custom);
      return new ConnectionSnapshot(
          named(judged(row, option, parameters), option), parameters, sharing);
    } catch (NotFoundException e) {
      return new ConnectionSnapshot(
          with(
              row,
              ConnectionStatus.State.ERROR,
              ConnectionStatus.Reason.CONNECTOR_MISSING,
              String.valueOf(e.getMessage())),
          parameters,
          new Sharing(false, "Its connector or auth option is not registered."));
    }
  }

  /** One that nobody has named has the name of its account, by which it differs from others. */
  private static StoredConnection named(StoredConnection row, RegisteredOption<?> option) {
    Account account = row.access().account();
    StoredConnection.Settings settings = row.settings();
    return account == null || !settings.displayName().equals(option.connector().title())
        ? row
        : row.with(settings.withDisplayName(account.label()));
  }

  /** Another version of the connector may ask for more than the connection has. */
  private static StoredConnection judged(
      StoredConnection row, RegisteredOption<?> option, Map<String, Object> parameters) {
    if (!row.access().status().isConnected()) {
      return row;
    }
    List<String> missing = option.missing(parameters, row.settings().gateway() != null);
    if (option.lacksGateway(row.settings().gateway())) {
      return misconfigured(row, "Its connector is reached through a gateway alone");
    }
    return missing.isEmpty()
        ? row
        : misconfigured(row, "Its connector needs parameters that it does not have: " + missing);
  }

  private static StoredConnection misconfigured(StoredConnection row, String message) {
    return with(row, ConnectionStatus.State.ERROR, ConnectionStatus.Reason.CONFIGURATION, message);
  }

  /** Returns a connection as hosts see it: disabled while a data policy blocks its connector. */
  ConnectionSnapshot shown(StoredConnection row) {
    try {
      services.policies().requireUsable(row.environment(), row.connector(), null);
      return snapshot(row);
    } catch (PolicyException e) {
      return snapshot(
          with(
              row,
              ConnectionStatus.State.DISABLED,
              ConnectionStatus.Reason.POLICY,
              String.valueOf(e.getMessage())));
    }
  }

  private static StoredConnection damaged(StoredConnection row) {
    return with(
        row,
        ConnectionStatus.State.ERROR,
        ConnectionStatus.Reason.NOT_UNDERSTOOD,
        "The stored parameters are damaged");
  }

  private static StoredConnection with(
      StoredConnection row,
      ConnectionStatus.State state,
      ConnectionStatus.Reason reason,
      String message) {
    ConnectionStatus status =
        ConnectionStatus.notConnected(state, reason, message, row.status().since());
    return row.with(row.access().withStatus(status));
  }

  private Configured configured(StoredConnection known) {
    return Configured.read(store, known);
  }

  /** What an earlier version stored is not damaged, so the status says nothing of it. */
  private ConnectionBox opened(Configured configured) {
    StoredCredential entered = configured.entered();
    try {
      return box.of(configured.row(), entered);
    } catch (SecretUnreadableException e) {
      if (entered != null && !entered.context().isEmpty()) {
        statusKeeper.move(
            configured.row().id(),
            ConnectionStatus.State.ERROR,
            ConnectionStatus.Reason.CREDENTIALS_UNREADABLE,
            registry.reach(configured.row()).isEmpty()
                ? "The stored credentials cannot be decrypted"
                : "Its connector, or what is stored of it, has changed: enter the credentials"
                    + " again");
      }
      throw e;
    }
  }

  /**
   * Opens a connection for calls.
   *
   * @param latest what was opened of it before, which is returned if it fits still
   */
  OpenConnection.Opened open(StoredConnection known, OpenConnection.@Nullable Opened latest) {
    Configured configured = configured(known);
    Fit fit = configured.fit();
    if (latest != null && latest.fit().equals(fit)) {
      return latest;
    }
    return opened(auth(configured), fit);
  }

  private OpenConnection.Opened opened(ConnectionAuth<?> auth, Fit fit) {
    Authenticator authenticator = new GuardedAuthenticator(auth, fit, statusKeeper);
    return new OpenConnection.Opened(fit, auth.endpoint(authenticator), auth);
  }

  /** Opens a connection anew, for requests that end access. */
  OpenConnection toEndAccess(StoredConnection known) {
    Configured configured = configured(known);
    return OpenConnection.ready(
        this, known, opened(auth(configured).toEndAccess(), configured.fit()));
  }

  /** Returns what a strategy needs for a connection that is stored. */
  ConnectionAuth<?> auth(StoredConnection known) {
    return auth(configured(known));
  }

  private ConnectionAuth<?> auth(Configured configured) {
    return auth(configured, opened(configured));
  }

  private ConnectionAuth<?> auth(Configured configured, ConnectionBox own) {
    StoredConnection row = configured.row();
    RegisteredOption<?> option = registry.option(row);
    var keeper =
        new StoredKeeper(
            row,
            usesClientOfHost(row, own.entered()),
            configured.fit(),
            vault(row, option, own),
            new ClientVault(store, own, row.id()),
            capturedValues,
            statusKeeper);
    return auth(row, option, own, keeper);
  }

  private ConnectionAuth<?> auth(
      StoredConnection row,
      RegisteredOption<?> option,
      ConnectionBox own,
      CredentialKeeper keeper) {
    own.requireSentTo(option.reach());
    if (option.lacksGateway(row.settings().gateway())) {
      throw new AuthenticationException(
          row.id(), Reason.CONFIGURATION, "its connector is reached through a gateway alone");
    }
    TemplateValues values = option.values(parameterJson.read(row.parameters()));
    option.addresses(values).requireClientAtHome(row.id());
    return new ConnectionAuth<>(row, option, values, own.entered(), keeper, services);
  }

  private CredentialVault vault(
      StoredConnection row, RegisteredOption<?> option, ConnectionBox own) {
    return new StoredVault(
        store,
        own,
        row.id(),
        row.connector(),
        services,
        option.strategy()::renewal,
        () -> statusKeeper.credentialStored(row.id()),
        present -> requireStillFor(row, option, own, present));
  }

  /**
   * A token that is asked for at the connection's former address must not be stored for the new
   * one. One that needs a sign-in is dropped when the address changes, and nobody asks for another.
   */
  private void requireStillFor(
      StoredConnection known,
      RegisteredOption<?> option,
      ConnectionBox own,
      ConnectionWithCredentials stored) {
    StoredConnection present = stored.connection();
    boolean same =
        known.authOption().equals(present.authOption())
            && (option.scheme().needsConsent()
                || entered(known, option).equals(entered(present, option)));
    if ((!same && !registry.option(present).scheme().needsConsent())
        || !keepsAcquired(own, stored)) {
      changes.outdated(known.id());
      throw new ConflictException("Connection '" + known.id() + "'");
    }
  }

  private boolean keepsAcquired(ConnectionBox own, ConnectionWithCredentials present) {
    StoredCredential entered = present.credential(ENTERED);
    return own.keepsAcquired(entered == null ? null : box.binding(present.connection(), entered));
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
   * @throws AuthenticationException if it is disabled
   * @throws SecretUnreadableException as {@link #forSignIn} does
   */
  Candidate candidate(Caller caller, ConnectionId id) {
    Configured configured = Configured.read(store, id);
    Stored.requireUsable(configured.row());
    Auditor auditor = services.auditor();
    var attempt = new Attempt(Kind.CHANGE, caller, configured.row().connector(), "sign-in", id);
    ConnectionBox own = forSignIn(configured);
    StoredConnection row = own.isLost() ? lost.asEntered(configured.row()) : configured.row();
    HeldKeeper held = held(row, own.entered(), own);
    ConnectionAuth<?> auth = auth(row, registry.option(row), own, held);
    return own.isLost()
        ? new Candidate(
            configured.row(), auth, held, auth, lost.optionalSecrets(row), auditor, attempt)
        : new Candidate(row, auth(configured, own), held, auth, List.of(), auditor, attempt);
  }

  /**
   * Returns the box of a connection for a sign-in; see {@link CredentialBox#forSignIn}.
   *
   * @throws SecretUnreadableException if a sign-in does not make up for what cannot be read
   */
  ConnectionBox forSignIn(Configured configured) {
    StoredCredential entered = configured.entered();
    if (entered == null) {
      throw ConnectionBox.notBound(configured.row().id(), ENTERED);
    }
    ConnectionBox own = box.forSignIn(configured.row(), entered);
    if (own.isLost()) {
      lost.requireMadeUpForBySignIn(configured.row());
    }
    return own;
  }

  private HeldKeeper held(StoredConnection row, Map<String, Secret> secrets, ConnectionBox own) {
    return new HeldKeeper(
        row, usesClientOfHost(row, secrets), new ClientVault(store, own, row.id()), capturedValues);
  }

  private boolean usesClientOfHost(StoredConnection row, Map<String, Secret> secrets) {
    return registry
        .option(row)
        .usesClientOfHost(parameterJson.read(row.parameters()), secrets.keySet());
  }

  /** Returns whether the host has registered a client that a connection may use. */
  boolean mayUseClientOfHost(StoredConnection row) {
    return registry.option(row).client().isPresent();
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
    return new ConnectionAuth<>(
            row, option, values, secrets, held(row, secrets, box.anew(row, 0, secrets)), services)
        .inspect();
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

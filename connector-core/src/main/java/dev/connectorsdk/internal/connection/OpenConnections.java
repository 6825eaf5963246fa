package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.http.Endpoint;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Finds connections by id and opens them for calls. Safe for several threads. */
public final class OpenConnections {

  /** The slot of the secrets that the owner entered. */
  static final String ENTERED = "entered";

  private static final Duration LONGEST_REVOCATION = Duration.ofSeconds(10);
  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final Registry registry;
  private final CredentialBox box;
  private final ParameterJson parameterJson;
  private final StatusKeeper statusKeeper;
  private final Transport transport;
  private final Workers workers;
  private final Clock clock;
  private final RandomGenerator random;
  private final ToldValues toldValues;
  private final FreshCache<ConnectionId, Optional<OpenConnection>> cache;

  OpenConnections(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      ParameterJson parameterJson,
      StatusKeeper statusKeeper,
      Transport transport,
      Workers workers,
      Clock clock,
      RandomGenerator random,
      Duration freshness) {
    this.store = store;
    this.registry = registry;
    this.box = box;
    this.parameterJson = parameterJson;
    this.statusKeeper = statusKeeper;
    this.transport = transport;
    this.workers = workers;
    this.clock = clock;
    this.random = random;
    this.toldValues = new ToldValues(store, registry, parameterJson, clock, this::refresh);
    this.cache = new FreshCache<>(clock, freshness, this::read, OpenConnections::newer);
  }

  private Optional<OpenConnection> read(ConnectionId id) {
    return store.findConnection(id).map(row -> new OpenConnection(this, row, snapshot(row)));
  }

  private static Optional<OpenConnection> newer(
      Optional<OpenConnection> before, Optional<OpenConnection> read) {
    return before.isPresent() && read.isPresent()
        ? Optional.of(OpenConnection.newer(before.get(), read.get()))
        : read;
  }

  /** Returns the connection with this id, from memory where possible. */
  public Optional<OpenConnection> find(ConnectionId id) {
    return cache.get(id);
  }

  /** Has a connection read from the store by the next {@link #find}, keeping what still fits. */
  public void refresh(ConnectionId id) {
    cache.expire(id);
  }

  ConnectionSnapshot snapshot(StoredConnection row) {
    return new ConnectionSnapshot(row, parameterJson.read(row.parameters()));
  }

  /** Drops the connection with its authenticator and everything in it. */
  void forget(ConnectionId id) {
    cache.forget(id);
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
      Optional<StoredCredential> entered = store.findCredential(row.id(), ENTERED);
      long signIn = Slots.version(store, row.id(), SignInRecord.SLOT);
      StoredConnection present =
          store
              .findConnection(row.id())
              .orElseThrow(
                  () ->
                      new NotFoundException(
                          "connection", known.id().value(), "It was deleted in the meantime."));
      if (present.version() == row.version()) {
        return new Configuration(row, entered, signIn);
      }
      row = present;
    }
    throw new ConflictException("Connection '" + known.id() + "'");
  }

  OpenConnection.Opened open(StoredConnection known, OpenConnection.@Nullable Opened latest) {
    Configuration configuration = configuration(known);
    Fit fit = configuration.fit();
    if (latest != null && latest.fit().equals(fit)) {
      return latest;
    }
    ConnectionAuth<?> auth = auth(configuration, this::openForTokens);
    Authenticator authenticator = new GuardedAuthenticator(auth, fit, statusKeeper);
    return new OpenConnection.Opened(fit, endpoint(auth, authenticator), auth);
  }

  private Map<String, Secret> secrets(StoredConnection row, Optional<StoredCredential> entered) {
    try {
      return entered.map(box::open).orElseGet(Map::of);
    } catch (SecretUnreadableException e) {
      statusKeeper.move(
          row.id(),
          ConnectionStatus.State.ERROR,
          ConnectionStatus.Reason.CREDENTIALS_UNREADABLE,
          "The stored credentials cannot be decrypted");
      throw e;
    }
  }

  void credentialsRejected(ConnectionId id, Fit fit) {
    statusKeeper.moveIfStill(
        id,
        fit,
        ConnectionStatus.State.UNAUTHENTICATED,
        ConnectionStatus.Reason.CREDENTIALS_REJECTED,
        "The service refused the stored credentials");
  }

  private Endpoint endpoint(ConnectionAuth<?> auth, Authenticator authenticator) {
    Connector connector = registry.connector(auth.connector());
    return new Endpoint(
        auth.connection(),
        auth.connector(),
        auth.url(connector.baseUrl()),
        connector.additionalOrigins().stream().map(auth::url).toList(),
        authenticator,
        auth.tls());
  }

  /**
   * Returns a connection as a sign-in may make it.
   *
   * @throws NotFoundException if there is no such connection
   */
  Candidate candidate(ConnectionId id) {
    StoredConnection known =
        store
            .findConnection(id)
            .orElseThrow(() -> new NotFoundException("connection", id.value(), "Deleted."));
    Configuration configuration = configuration(known);
    Map<String, Secret> secrets = secrets(configuration.row(), configuration.entered());
    return new Candidate(
        configuration.row(),
        (row, candidate) ->
            auth(
                row,
                secrets,
                candidate.vault(),
                told -> candidate.tell(toldValues.check(candidate.row(), told)),
                this::openForTokens,
                ConnectionAuth.Watcher.NONE));
  }

  /** Opens a candidate for a test; what fails there moves no status. */
  OpenConnection ready(Candidate candidate) {
    ConnectionAuth<?> auth = candidate.auth();
    StoredConnection row = candidate.row();
    return OpenConnection.ready(
        this, row, new OpenConnection.Opened(Fit.of(row, 0, 0), endpoint(auth, auth.open()), auth));
  }

  /** Returns what a strategy needs for a connection that is stored. */
  public ConnectionAuth<?> auth(OpenConnection connection) {
    return auth(configuration(connection.row()), this::openForTokens);
  }

  /**
   * Looks at a connection that need not be stored yet; see {@link ConnectionAuth#inspect}.
   *
   * @return when the client certificate among its secrets expires, or {@code null} if it has none
   */
  @Nullable Instant inspect(StoredConnection row, Map<String, Secret> secrets) {
    AuthOption option = option(row);
    return auth(
            row,
            option.scheme(),
            values(row, option),
            secrets,
            vault(row),
            told -> values(row, option),
            this::openForTokens,
            ConnectionAuth.Watcher.NONE)
        .inspect();
  }

  /** Returns what a strategy needs to end a connection's credentials at the service, in time. */
  ConnectionAuth<?> authToRevoke(StoredConnection row) {
    Instant end = clock.instant().plus(LONGEST_REVOCATION);
    return auth(
        configuration(row), auth -> openForTokens(auth, Duration.between(clock.instant(), end)));
  }

  private ConnectionAuth<?> auth(
      Configuration configuration, Function<ConnectionAuth<?>, ConnectorHttp> http) {
    StoredConnection row = configuration.row();
    return auth(
        row,
        secrets(row, configuration.entered()),
        vault(row),
        told -> toldValues.keep(row.id(), row.authOption(), told),
        http,
        watcher(row, configuration.fit()));
  }

  private ConnectionAuth<?> auth(
      StoredConnection row,
      Map<String, Secret> secrets,
      CredentialVault vault,
      ConnectionAuth.Teller teller,
      Function<ConnectionAuth<?>, ConnectorHttp> http,
      ConnectionAuth.Watcher watcher) {
    AuthOption option = option(row);
    Function<String, UrlTemplate.@Nullable Value> values = values(row, option);
    ServiceAddresses.requireClientAtHome(
        row.id(),
        registry.client(row.connector(), row.authOption()),
        registry.connector(row.connector()),
        option.scheme(),
        values);
    return auth(row, option.scheme(), values, secrets, vault, teller, http, watcher);
  }

  private ConnectionAuth.Watcher watcher(StoredConnection row, Fit fit) {
    return new ConnectionAuth.Watcher() {
      @Override
      public void refreshFailed(ConnectorException failure, boolean told) {
        boolean hostsClient = registry.client(row.connector(), row.authOption()).isPresent();
        statusKeeper.refreshFailed(row, fit, hostsClient, failure, told);
      }

      @Override
      public void ended(long version, AuthenticationException failure) {
        statusKeeper.ended(row.id(), version, failure);
      }
    };
  }

  private CredentialVault vault(StoredConnection row) {
    return new StoredVault(
        store,
        box,
        row.id(),
        workers,
        transport.sleeper(),
        random,
        () -> statusKeeper.credentialStored(row.id()),
        present -> requireStillFor(row, present));
  }

  /**
   * A token that is asked for at the connection's former address must not be stored for the new
   * one. One that needs a sign-in is dropped when the address changes, and nobody asks for another.
   */
  private void requireStillFor(StoredConnection known, StoredConnection present) {
    boolean sameOption = known.authOption().equals(present.authOption());
    AuthScheme scheme = option(present).scheme();
    if (scheme.needsConsent()
        || (sameOption && entered(known, scheme).equals(entered(present, scheme)))) {
      return;
    }
    forget(known.id());
    throw new ConflictException("Connection '" + known.id() + "'");
  }

  private Map<String, Object> entered(StoredConnection row, AuthScheme scheme) {
    Map<String, Object> plain = new HashMap<>(parameterJson.read(row.parameters()));
    plain.keySet().removeIf(name -> ToldValues.isTold(scheme, name));
    return plain;
  }

  private AuthOption option(StoredConnection row) {
    return registry.authOption(registry.connector(row.connector()), row.authOption());
  }

  private Function<String, UrlTemplate.@Nullable Value> values(
      StoredConnection row, AuthOption option) {
    List<ConnectionParameter> declared = registry.connector(row.connector()).parameters(option);
    return ParameterValues.lookup(declared, parameterJson.read(row.parameters()));
  }

  private <S extends AuthScheme> ConnectionAuth<S> auth(
      StoredConnection row,
      S scheme,
      Function<String, UrlTemplate.@Nullable Value> values,
      Map<String, Secret> secrets,
      CredentialVault vault,
      ConnectionAuth.Teller teller,
      Function<ConnectionAuth<?>, ConnectorHttp> http,
      ConnectionAuth.Watcher watcher) {
    return new ConnectionAuth<>(
        row.id(),
        row.connector(),
        row.authOption() + "\n" + row.parameters(),
        scheme,
        registry.strategy(scheme),
        registry.client(row.connector(), row.authOption()),
        values,
        teller,
        secrets,
        vault,
        new ClientVault(store, box, row.id()),
        registry.clientName(row.connector()),
        http,
        transport::offering,
        clock,
        random,
        workers,
        transport.sleeper(),
        watcher);
  }

  private ConnectorHttp openForTokens(ConnectionAuth<?> auth) {
    return transport.openForTokens(tokenEndpoint(auth));
  }

  private ConnectorHttp openForTokens(ConnectionAuth<?> auth, Duration timeout) {
    return transport.openForTokens(tokenEndpoint(auth), timeout);
  }

  private Endpoint tokenEndpoint(ConnectionAuth<?> auth) {
    List<HttpUrl> endpoints = ServiceAddresses.endpoints(auth.scheme(), auth.values());
    HttpUrl first =
        endpoints.isEmpty()
            ? auth.url(registry.connector(auth.connector()).baseUrl())
            : endpoints.get(0);
    @Nullable Authenticator none = null;
    return new Endpoint(auth.connection(), auth.connector(), first, endpoints, none, auth.tls());
  }
}

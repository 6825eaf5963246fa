package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.AuthStrategy.Revocation;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceAnswer;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.internal.http.ClientTls;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's auth scheme together with its strategy and what the strategy gets to know.
 *
 * @param <S> the scheme
 */
public final class ConnectionAuth<S extends AuthScheme> implements AuthContext {

  private static final Logger log = LoggerFactory.getLogger(ConnectionAuth.class);

  private final ConnectionId connection;
  private final ConnectorId connector;
  private final String configuration;
  private final S scheme;
  private final AuthStrategy<S> strategy;
  private final Optional<ClientRegistration> client;
  private final Teller teller;
  private volatile Function<String, UrlTemplate.@Nullable Value> values;
  private final Map<String, Secret> secrets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final CredentialVault vault;
  private final CredentialVault clientVault;
  private final String clientName;
  private final Function<ConnectionAuth<?>, ConnectorHttp> http;
  private final Function<ClientCertificate, ClientTls> offering;
  private final Clock clock;
  private final RandomGenerator random;
  private final Executor executor;
  private final Sleeper sleeper;
  private final Watcher watcher;
  private volatile boolean tellsEnds;
  private @Nullable ClientTls tls; // guarded by this
  private boolean tlsKnown; // guarded by this

  /** Keeps what the service told; returns what fills URL templates from then on. */
  interface Teller {
    Function<String, UrlTemplate.@Nullable Value> keep(Map<String, String> told);
  }

  /** Hears what becomes of the credential. */
  interface Watcher {

    /** Does nothing, for what is not stored. */
    Watcher NONE =
        new Watcher() {
          @Override
          public void refreshFailed(ConnectorException failure, boolean told) {}

          @Override
          public void ended(long version, AuthenticationException failure) {}
        };

    /**
     * Hears that a credential could not be replaced.
     *
     * @param told whether the status follows by what was told already
     */
    void refreshFailed(ConnectorException failure, boolean told);

    /**
     * Hears that a credential leads to no other any more.
     *
     * @param version of the vault, when it held what has ended
     */
    void ended(long version, AuthenticationException failure);
  }

  ConnectionAuth(
      ConnectionId connection,
      ConnectorId connector,
      String configuration,
      S scheme,
      AuthStrategy<S> strategy,
      Optional<ClientRegistration> client,
      Function<String, UrlTemplate.@Nullable Value> values,
      Teller teller,
      Map<String, Secret> secrets,
      CredentialVault vault,
      CredentialVault clientVault,
      String clientName,
      Function<ConnectionAuth<?>, ConnectorHttp> http,
      Function<ClientCertificate, ClientTls> offering,
      Clock clock,
      RandomGenerator random,
      Executor executor,
      Sleeper sleeper,
      Watcher watcher) {
    this.connection = connection;
    this.connector = connector;
    this.configuration = configuration;
    this.scheme = scheme;
    this.strategy = strategy;
    this.client = client;
    this.values = values;
    this.teller = teller;
    this.secrets.putAll(secrets);
    this.vault = vault;
    this.clientVault = clientVault;
    this.clientName = clientName;
    this.http = http;
    this.offering = offering;
    this.clock = clock;
    this.random = random;
    this.executor = executor;
    this.sleeper = sleeper;
    this.watcher = watcher;
  }

  S scheme() {
    return scheme;
  }

  /** Returns a text that another way to authenticate, or another parameter, makes another one. */
  public String configuration() {
    return configuration;
  }

  Function<String, UrlTemplate.@Nullable Value> values() {
    return values;
  }

  HttpUrl url(String template) {
    return UrlTemplate.expand(template, values);
  }

  Authenticator open() {
    Authenticator opened = strategy.open(scheme, this);
    ClientTls own = tls();
    return own == null
        ? opened
        : new CertifiedAuthenticator(connection, own.certificate(), clock, opened);
  }

  /** Returns what offers the connection's client certificate, or {@code null} if it has none. */
  synchronized @Nullable ClientTls tls() {
    if (!tlsKnown) {
      tls = strategy.clientCertificate(scheme, this).map(offering).orElse(null);
      tlsKnown = true;
    }
    return tls;
  }

  /**
   * Looks at what can be seen without asking anybody.
   *
   * @return when the connection's own certificate expires, or {@code null} if it has none
   * @throws InvalidInputException if a parameter cannot be used for what it is
   */
  @Nullable Instant inspect() {
    try {
      if (!scheme.needsConsent()) {
        openQuietly();
      }
      return strategy
          .clientCertificate(scheme, this)
          .map(ClientCertificate::expiresAt)
          .orElse(null);
    } catch (InvalidInputException e) {
      // The connection may be a new one, whose id nobody knows.
      throw new InvalidInputException("a connection of connector '" + connector + "'", e.faults());
    }
  }

  /** What is not the owner's fault is no reason to refuse what was entered: calls will tell. */
  private void openQuietly() {
    try {
      strategy.open(scheme, this);
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      log.debug("Connection {} cannot be opened yet: {}", connection, e.getClass().getName());
    }
  }

  /**
   * Begins a sign-in; see {@link ConsentStrategy#begin}.
   *
   * @throws IllegalArgumentException if the scheme has no sign-in
   */
  public ConsentStart beginConsent(ConsentRequest request) {
    return consentStrategy().begin(scheme, this, request);
  }

  /** Ends a sign-in; see {@link ConsentStrategy#complete}. */
  ConsentResult completeConsent(ConsentCallback callback) {
    return consentStrategy().complete(scheme, this, callback);
  }

  /** Begins a sign-in on another device; see {@link ConsentStrategy#beginDevice}. */
  DeviceStart beginDevice(List<String> scopes) {
    return consentStrategy().beginDevice(scheme, this, scopes);
  }

  /** Asks once whether the user has signed in; see {@link ConsentStrategy#pollDevice}. */
  DeviceAnswer pollDevice(DeviceStart start) {
    return consentStrategy().pollDevice(scheme, this, start);
  }

  /** Returns the scopes that are asked for unless somebody says otherwise. */
  public List<String> declaredScopes() {
    return consentStrategy().scopes(scheme, this);
  }

  /** Ends the credentials at the service; see {@link AuthStrategy#revoke}. */
  Revocation revoke() {
    return strategy.revoke(scheme, this);
  }

  private ConsentStrategy<S> consentStrategy() {
    if (strategy instanceof ConsentStrategy<S> consent && scheme.needsConsent()) {
      return consent;
    }
    throw new IllegalArgumentException(
        "Connection '" + connection + "' of connector '" + connector + "' needs no sign-in");
  }

  @Override
  public ConnectionId connection() {
    return connection;
  }

  @Override
  public ConnectorId connector() {
    return connector;
  }

  @Override
  public @Nullable String parameter(String name) {
    UrlTemplate.Value value = values.apply(name);
    return value == null ? null : value.text();
  }

  @Override
  public @Nullable Secret secret(String name) {
    return secrets.get(name);
  }

  @Override
  public Optional<ClientRegistration> client() {
    return client;
  }

  @Override
  public URI expand(String urlTemplate) {
    return url(urlTemplate).uri();
  }

  @Override
  public void capture(Map<String, String> told) {
    if (!told.isEmpty()) {
      values = teller.keep(told);
    }
  }

  @Override
  public CredentialVault vault() {
    return vault;
  }

  @Override
  public CredentialVault clientVault() {
    return clientVault;
  }

  @Override
  public String clientName() {
    return clientName;
  }

  @Override
  public ConnectorHttp http() {
    return http.apply(this);
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Executor executor() {
    return executor;
  }

  @Override
  public Sleeper sleeper() {
    return sleeper;
  }

  @Override
  public void refreshFailed(ConnectorException failure) {
    watcher.refreshFailed(failure, hasTold(failure));
  }

  @Override
  public void credentialEnded(long version, AuthenticationException failure) {
    tellsEnds = true;
    watcher.ended(version, failure);
  }

  /** Returns whether a strategy tells of this failure rather than only throwing it. */
  boolean hasTold(ConnectorException failure) {
    return tellsEnds
        && failure instanceof AuthenticationException authentication
        && authentication.reason() == AuthenticationException.Reason.GRANT_ENDED;
  }
}

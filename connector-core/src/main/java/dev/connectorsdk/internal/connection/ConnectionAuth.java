package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption.RefusingAnswer;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
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
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.internal.connection.GatewayAccess.Through;
import dev.connectorsdk.internal.gateway.seal.Application;
import dev.connectorsdk.internal.http.CertifiedAuthenticator;
import dev.connectorsdk.internal.http.ClientTls;
import dev.connectorsdk.internal.http.Destinations;
import dev.connectorsdk.internal.http.Endpoint;
import dev.connectorsdk.internal.http.EndpointGate;
import dev.connectorsdk.internal.http.ServiceClients;
import dev.connectorsdk.internal.http.ServiceUrl;
import dev.connectorsdk.internal.http.TemplateValues;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's auth scheme together with its strategy and what the strategy gets to know.
 *
 * @param <S> the scheme
 */
final class ConnectionAuth<S extends AuthScheme> implements AuthContext {

  private static final Logger log = LoggerFactory.getLogger(ConnectionAuth.class);

  private final StoredConnection row;
  private final RegisteredOption<S> option;
  private final S scheme;
  private final AuthStrategy<S> strategy;
  private volatile TemplateValues values;
  private final Map<String, Secret> secrets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final CredentialKeeper keeper;
  private final FirstReadVault vault;
  private final RuntimeServices services;
  private volatile @Nullable Instant end;
  private volatile boolean endsAccess;
  private @Nullable ClientTls tls; // guarded by this
  private boolean tlsKnown; // guarded by this
  private @Nullable ServiceClients clients; // guarded by this

  ConnectionAuth(
      StoredConnection row,
      RegisteredOption<S> option,
      TemplateValues values,
      Map<String, Secret> secrets,
      CredentialKeeper keeper,
      RuntimeServices services) {
    this.row = row;
    this.option = option;
    this.scheme = option.scheme();
    this.strategy = option.strategy();
    this.values = values;
    this.secrets.putAll(secrets);
    this.keeper = keeper;
    this.vault = new FirstReadVault(keeper.vault());
    this.services = services;
  }

  /** Returns a text that another way to authenticate, or another parameter, makes another one. */
  String configuration() {
    return row.authOption() + "\n" + row.parameters();
  }

  private ServiceAddresses addresses() {
    return option.addresses(values);
  }

  /** Returns the connector that gets the connection's credentials. */
  Connector offeredBy() {
    return option.connector();
  }

  /** Returns where the connection's requests go. */
  Endpoint endpoint(Authenticator authenticator) {
    ServiceAddresses addresses = addresses();
    return new Endpoint(
        row.id(),
        row.connector(),
        addresses.destinations(),
        authenticator,
        clients(),
        tls(),
        gate());
  }

  private EndpointGate gate() {
    PolicyGate policies = services.policies();
    return endsAccess
        ? policies.endpointsToEndAccess(row.environment(), row.connector())
        : policies.endpoints(row.environment(), row.connector());
  }

  /** Has whatever it sends from now on serve to end access, which fewer data policies refuse. */
  ConnectionAuth<S> toEndAccess() {
    endsAccess = true;
    return this;
  }

  Authenticator open() {
    Authenticator plain = isSealed() ? atMembers() : strategy.open(scheme, this);
    List<RefusingAnswer> refusing = option.option().refusingAnswers();
    Authenticator opened = refusing.isEmpty() ? plain : new RefusingAnswers(refusing, plain);
    ClientTls own = tls();
    return own == null
        ? opened
        : new CertifiedAuthenticator(row.id(), own.certificate(), clock(), opened);
  }

  private Authenticator atMembers() {
    List<HttpUrl> tokens = addresses().endpoints().stream().map(ServiceUrl::url).toList();
    return new MembersCredential(Application.getsTokens(scheme), tokens, gate());
  }

  /** Returns whether the members of a gateway alone can open the secrets, and authenticate. */
  boolean isSealed() {
    return row.settings().gateway() != null;
  }

  /**
   * Returns whether requests carry a credential for which nobody signs in, so that a service which
   * refuses it even when it is new does not know it at all.
   */
  boolean isOfNobody() {
    return !scheme.needsConsent() && !(scheme instanceof NoneScheme && secrets.isEmpty());
  }

  /** Returns what offers the connection's client certificate, or {@code null} if it has none. */
  synchronized @Nullable ClientTls tls() {
    if (!tlsKnown && !isSealed()) {
      tls =
          strategy.clientCertificate(scheme, this).map(services.transport()::offering).orElse(null);
      tlsKnown = true;
    }
    return tls;
  }

  private synchronized ServiceClients clients() {
    ServiceClients present = clients;
    if (present == null) {
      Through through = Through.of(row);
      present =
          through == null
              ? services.transport().clients(row.id(), tls())
              : services.transport().clientsBy(way(through), row.id());
      clients = present;
    }
    return present;
  }

  private UnaryOperator<OkHttpClient> way(Through through) {
    List<String> sealed = secrets.values().stream().map(Secret::reveal).toList();
    return services.gateways().way(through, sealed);
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
      throw new InvalidInputException(
          "a connection of connector '" + row.connector() + "'", e.faults());
    }
  }

  /** What is not the owner's fault is no reason to refuse what was entered: calls will tell. */
  private void openQuietly() {
    try {
      strategy.open(scheme, this);
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      log.debug("Connection {} cannot be opened yet: {}", row.id(), e.getClass().getName());
    }
  }

  /**
   * Begins a sign-in; see {@link ConsentStrategy#begin}.
   *
   * @throws IllegalArgumentException if the scheme has no sign-in
   */
  ConsentStart beginConsent(ConsentRequest request) {
    addresses().requireSignInAtHome(row.id(), request.redirectUri());
    return consentStrategy().begin(scheme, this, request);
  }

  /**
   * Returns the host at which users sign in, with its port if that is not the usual one; {@code
   * null} if it is not the owner's choice.
   */
  @Nullable String chosenSite() {
    return addresses().chosenSite();
  }

  /** Ends a sign-in; see {@link ConsentStrategy#complete}. */
  ConsentResult completeConsent(ConsentCallback callback) {
    return consentStrategy().complete(scheme, this, callback);
  }

  /** Begins a sign-in on another device; see {@link ConsentStrategy#beginDevice}. */
  DeviceStart beginDevice(DeviceRequest request) {
    addresses().requireDeviceSignInAtHome(row.id());
    return consentStrategy().beginDevice(scheme, this, request);
  }

  /** Asks once whether the user has signed in; see {@link ConsentStrategy#pollDevice}. */
  DeviceAnswer pollDevice(DeviceStart start) {
    return consentStrategy().pollDevice(scheme, this, start);
  }

  /** Returns the scopes that are asked for unless somebody says otherwise. */
  List<String> declaredScopes() {
    return consentStrategy().scopes(scheme, this);
  }

  /**
   * Ends the credentials at the service; see {@link AuthStrategy#revoke}.
   *
   * @param atMost how long that may take, with all requests that it needs
   */
  Revocation revoke(Duration atMost) {
    end = clock().instant().plus(atMost);
    return strategy.revoke(scheme, toEndAccess());
  }

  /** Returns when these values were last renewed, as the strategy says. */
  Renewal renewal(Map<String, Secret> acquired) {
    return strategy.renewal(acquired);
  }

  private ConsentStrategy<S> consentStrategy() {
    if (strategy instanceof ConsentStrategy<S> consent && scheme.needsConsent()) {
      return consent;
    }
    throw new IllegalArgumentException(
        "Connection '" + row.id() + "' of connector '" + row.connector() + "' needs no sign-in");
  }

  @Override
  public ConnectionId connection() {
    return row.id();
  }

  @Override
  public ConnectorId connector() {
    return row.connector();
  }

  @Override
  public @Nullable String parameter(String name) {
    UrlTemplate.Value value = values.get(name);
    return value == null ? null : value.text();
  }

  @Override
  public @Nullable Secret secret(String name) {
    return secrets.get(name);
  }

  @Override
  public Optional<ClientRegistration> client() {
    return option.client();
  }

  @Override
  public URI expand(String urlTemplate) {
    return UrlTemplate.expand(urlTemplate, values).uri();
  }

  @Override
  public void capture(Map<String, String> captured) {
    if (!captured.isEmpty()) {
      values = keeper.capture(captured);
    }
  }

  @Override
  public void granted(List<String> scopes) {
    if (scheme.needsConsent()) {
      keeper.granted(scopes);
    }
  }

  @Override
  public CredentialVault vault() {
    return vault;
  }

  /** Returns whether a credential was there already when the connection was opened. */
  boolean wasFound(long version) {
    return vault.wasFound(version);
  }

  @Override
  public CredentialVault clientVault() {
    return keeper.clientVault();
  }

  @Override
  public String clientName() {
    return option.clientName();
  }

  @Override
  public ConnectorHttp http() {
    ServiceAddresses addresses = addresses();
    List<ServiceUrl> endpoints = addresses.endpoints();
    ServiceUrl first = endpoints.isEmpty() ? addresses.base() : endpoints.get(0);
    @Nullable Authenticator none = null;
    Endpoint endpoint =
        new Endpoint(
            row.id(),
            row.connector(),
            Destinations.of(first, endpoints),
            none,
            clients(),
            tls(),
            gate());
    Instant until = end;
    return until == null
        ? services.transport().openForTokens(endpoint)
        : services.transport().openForTokens(endpoint, Duration.between(clock().instant(), until));
  }

  @Override
  public Clock clock() {
    return services.clock();
  }

  @Override
  public RandomGenerator random() {
    return services.random();
  }

  @Override
  public Executor executor() {
    return services.workers();
  }

  @Override
  public Sleeper sleeper() {
    return services.sleeper();
  }

  boolean usesClientOfHost() {
    return keeper.hostsClient();
  }

  @Override
  public void refreshFailed(ConnectorException failure) {
    keeper.refreshFailed(failure);
  }
}

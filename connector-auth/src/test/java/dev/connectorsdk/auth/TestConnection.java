package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.fixtures.PlainHttp;
import dev.connectorsdk.fixtures.SettableClock;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A connection as a runtime would present it. */
final class TestConnection implements AuthContext {

  final SettableClock clock;
  final List<ConnectorException> failures = new CopyOnWriteArrayList<>();
  final List<List<String>> granted = new CopyOnWriteArrayList<>();
  private final ConnectionId id;
  private Executor executor = Runnable::run;
  private Runnable duringPauses = () -> {};
  private Runnable afterFailures = () -> {};
  private final Map<String, String> parameters = new HashMap<>();
  private final Map<String, Secret> secrets = new HashMap<>();
  private final PlainHttp http = new PlainHttp().limitedTo(256 * 1024);
  private TestVault vault = new TestVault();
  private final TestVault clientVault = new TestVault();
  private RandomGenerator random = new SecureRandom();
  private @Nullable ClientRegistration client;

  /** The connection {@code c1}, with a clock of its own. */
  TestConnection() {
    this("c1", new SettableClock());
  }

  TestConnection(String id, SettableClock clock) {
    this.id = ConnectionId.of(id);
    this.clock = clock;
  }

  TestConnection parameter(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  TestConnection secret(String name, String value) {
    secrets.put(name, Secret.of(value));
    return this;
  }

  /** Has the connection bring its own client. */
  TestConnection client(String id, String secret) {
    return parameter(OAuth2Scheme.CLIENT_ID, id).secret(OAuth2Scheme.CLIENT_SECRET, secret);
  }

  TestConnection registered(ClientRegistration client) {
    this.client = client;
    return this;
  }

  TestConnection random(RandomGenerator random) {
    this.random = random;
    return this;
  }

  /** Shares the vault of another one, as a second process would. */
  TestConnection sharing(TestVault vault) {
    this.vault = vault;
    return this;
  }

  /** Has shared work run on threads of its own, as in a runtime. */
  TestConnection executor(Executor executor) {
    this.executor = executor;
    return this;
  }

  /** Has something happen whenever it was said that a refresh has failed. */
  TestConnection afterFailures(Runnable happening) {
    this.afterFailures = happening;
    return this;
  }

  /** Has something happen whenever somebody waits before trying again. */
  TestConnection duringPauses(Runnable happening) {
    this.duringPauses = happening;
    return this;
  }

  /** Opens the connection by the strategy that a runtime would find. */
  <S extends AuthScheme> Authenticator open(S scheme) {
    return strategy(scheme).open(scheme, this);
  }

  /** Returns the certificate that a runtime would offer. */
  <S extends AuthScheme> ClientCertificate certificate(S scheme) {
    return strategy(scheme).clientCertificate(scheme, this).orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private static <S extends AuthScheme> AuthStrategy<S> strategy(S scheme) {
    return (AuthStrategy<S>)
        AuthStrategies.standard().stream()
            .filter(candidate -> candidate.schemeType() == scheme.getClass())
            .findFirst()
            .orElseThrow();
  }

  @Override
  public ConnectionId connection() {
    return id;
  }

  @Override
  public ConnectorId connector() {
    return ConnectorId.of("tickets");
  }

  @Override
  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  @Override
  public @Nullable Secret secret(String name) {
    return secrets.get(name);
  }

  @Override
  public Optional<ClientRegistration> client() {
    return Optional.ofNullable(client);
  }

  @Override
  public URI expand(String urlTemplate) {
    String url = urlTemplate;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      url = url.replace("{" + parameter.getKey() + "}", parameter.getValue());
    }
    return URI.create(url);
  }

  @Override
  public void capture(Map<String, String> values) {
    parameters.putAll(values);
  }

  @Override
  public void granted(List<String> scopes) {
    granted.add(scopes);
  }

  @Override
  public TestVault vault() {
    return vault;
  }

  @Override
  public TestVault clientVault() {
    return clientVault;
  }

  @Override
  public ConnectorHttp http() {
    return http;
  }

  @Override
  public SettableClock clock() {
    return clock;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Sleeper sleeper() {
    return pause -> {
      clock.sleep(pause);
      duringPauses.run();
    };
  }

  @Override
  public Executor executor() {
    return executor;
  }

  @Override
  public void refreshFailed(ConnectorException failure) {
    failures.add(failure);
    afterFailures.run();
  }
}

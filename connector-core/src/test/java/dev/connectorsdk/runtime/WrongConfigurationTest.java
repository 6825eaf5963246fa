package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.event.ConnectorEvent.ClientRefused;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.ConnectionTestResult.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the owner of a connection entered is wrong, and the token endpoint says so. */
@Tag("B18")
@Tag("D3")
class WrongConfigurationTest extends RawProviderTest {

  private static final String WRONG = "mistyped";
  private static final String REALM = "{\"error\":\"Realm does not exist\"}";

  private final CountDownLatch refreshFailed = new CountDownLatch(1);

  @Override
  Connector connector() {
    OAuth2Scheme scheme = OAuth2Scheme.clientCredentials(provider.url() + "/token");
    return Tickets.builder(url(), provider.url())
        .auth(AuthOption.oauth2(scheme.clientOfHost()).named("hosts"))
        .test(
            call -> {
              call.http().get("/tickets/1").send();
              return null;
            })
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder)
        .listener(
            event -> {
              if (event instanceof CredentialRefreshFailed) {
                refreshFailed.countDown();
              }
            });
  }

  @Test
  @DisplayName(
      "B18: a client secret that the owner entered wrongly shows in the status, until mended")
  void aClientSecretThatTheOwnerEnteredWronglyShowsInTheStatus() {
    Connection connection = connect(WRONG);
    provider.answers(
        json(
            401,
            "{\"error\":\"invalid_client\",\"error_description\":\"Secret "
                + WRONG
                + " is not valid\"}"));

    AuthenticationException failure = failure();

    assertThat(failure.reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION);
    assertThat(failure.problem())
        .isEqualTo(
            "the token endpoint at localhost refused the request: invalid_client (Secret ... is"
                + " not valid)");
    assertThat(status().state()).isEqualTo(State.ERROR);
    assertThat(status().reason()).isEqualTo(Reason.CONFIGURATION);
    assertThat(status().message()).endsWith("invalid_client (Secret ... is not valid)");
    assertThat(heard(ClientRefused.class)).hasSize(1);

    theServiceAccepts("t1");
    provider.answers(json(200, "{\"access_token\":\"t1\",\"expires_in\":3600}"));
    runtime.connections().update(ADA, connection.id(), spec("right"));
    call(runtime);
    assertThat(status().state()).isEqualTo(State.CONNECTED);

    provider.answers(json(401, "{\"error\":\"invalid_client\"}"));
    clock.advance(Duration.ofHours(2));
    failure();
    assertThat(heard(ClientRefused.class)).as("refused anew").hasSize(2);
  }

  @Test
  @DisplayName(
      "B18: a realm that does not exist is the owner's to mend, and the server's words say so")
  void aRealmThatDoesNotExistIsTheOwnersToMend() {
    connect("right");
    provider.answers(json(404, REALM));

    assertThat(failure())
        .satisfies(
            e -> {
              assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION);
              assertThat(e.problem()).endsWith("status 404 (Realm does not exist)");
            });

    assertThat(status().reason()).isEqualTo(Reason.CONFIGURATION);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  @DisplayName("B18: a token endpoint that was there and is lost for a while changes no status")
  void aTokenEndpointThatIsLostForAWhileChangesNoStatus() {
    theServiceAccepts("t1");
    connect("right");
    provider.answers(json(200, "{\"access_token\":\"t1\",\"expires_in\":3600}"));
    call(runtime);
    clock.advance(Duration.ofHours(2));
    provider.answers(json(404, REALM));

    AuthenticationException failure = failure();
    assertThat(failure.reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION);
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(5));
    assertThat(status()).matches(ConnectionStatus::isConnected);

    provider.answers(json(200, "{\"access_token\":\"t1\",\"expires_in\":3600}"));
    clock.advance(Duration.ofSeconds(10));
    call(runtime);
  }

  @Test
  @DisplayName(
      "B18: a token that is still valid serves although its client is refused, till it ends")
  void aTokenThatIsStillValidServesAlthoughItsClientIsRefused() throws Exception {
    theServiceAccepts("t1");
    connect("right");
    provider.answers(json(200, "{\"access_token\":\"t1\",\"expires_in\":3600}"));
    call(runtime);
    provider.answers(json(401, "{\"error\":\"invalid_client\"}"));

    clock.advance(Duration.ofMinutes(57));
    call(runtime);
    call(runtime);
    assertThat(refreshFailed.await(30, TimeUnit.SECONDS)).isTrue();
    call(runtime);
    assertThat(status()).matches(ConnectionStatus::isConnected);

    clock.advance(Duration.ofMinutes(5));
    assertThat(failure().reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION);
    assertThat(status().reason()).isEqualTo(Reason.CONFIGURATION);
  }

  @Test
  @DisplayName("B18: a 401 without an error code, as a gateway sends it, changes no status")
  void aRefusalWithoutAnErrorCodeChangesNoStatus() {
    theServiceAccepts("t1");
    connect("right");
    provider.answers(json(200, "{\"access_token\":\"t1\",\"expires_in\":3600}"));
    call(runtime);
    clock.advance(Duration.ofHours(2));
    provider.answers(json(401, "{}"));

    AuthenticationException failure = failure();
    assertThat(failure.reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION);
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(5));
    assertThat(status()).matches(ConnectionStatus::isConnected);
  }

  @Test
  @DisplayName("B18: a test while the token endpoint is lost leaves a connection that works alone")
  void aTestWhileTheTokenEndpointIsLostChangesNoStatus() {
    theServiceAccepts("t1");
    Connection connection = connect("right");
    provider.answers(json(200, "{\"access_token\":\"t1\",\"expires_in\":3600}"));
    call(runtime);
    clock.advance(Duration.ofHours(2));
    provider.answers(json(404, REALM));

    ConnectionTestResult result = runtime.connections().test(ADA, connection.id());

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_REACHABLE);
    assertThat(status()).matches(ConnectionStatus::isConnected);
  }

  @Test
  @DisplayName(
      "B18: a client of the connection's own is the owner's to mend beside one of the host")
  void aClientOfTheConnectionsOwnIsTheOwnersToMendBesideOneOfTheHost() {
    try (ConnectorRuntime both = runtimeWithClientOfHost()) {
      provider.answers(json(401, "{\"error\":\"invalid_client\"}"));
      Connection connection =
          both.connections()
              .create(
                  ADA,
                  ConnectionSpec.of("tickets", "oauth2")
                      .with("client_id", "of")
                      .secret("client_secret", Secret.of(WRONG))
                      .untested());

      ConnectionTestResult result = both.connections().test(ADA, connection.id());

      assertThat(result.outcome()).isEqualTo(Outcome.NOT_AUTHENTICATED);
      assertThat(both.connections().get(ADA, connection.id()).status().reason())
          .isEqualTo(Reason.CONFIGURATION);
    }
  }

  @Test
  @DisplayName("B18: a realm that does not exist is the owner's to mend with the host's client too")
  void aRealmThatDoesNotExistIsTheOwnersToMendWithTheHostsClientToo() {
    try (ConnectorRuntime hosts = runtimeWithClientOfHost()) {
      provider.answers(json(404, REALM));
      Connection connection =
          hosts.connections().create(ADA, ConnectionSpec.of("tickets", "hosts").untested());

      assertThat(catchThrowableOfType(AuthenticationException.class, () -> call(hosts)).reason())
          .isEqualTo(AuthenticationException.Reason.CONFIGURATION);

      assertThat(hosts.connections().get(ADA, connection.id()).status().reason())
          .isEqualTo(Reason.CONFIGURATION);
      assertThat(heard(ClientRefused.class)).isEmpty();
    }
  }

  private ConnectorRuntime runtimeWithClientOfHost() {
    return builder().client("tickets", "oauth2", CLIENT).client("tickets", "hosts", CLIENT).build();
  }

  private Connection connect(String secret) {
    return runtime.connections().create(ADA, spec(secret));
  }

  private static ConnectionSpec spec(String secret) {
    return ConnectionSpec.of("tickets", "oauth2")
        .with("client_id", "of")
        .secret("client_secret", Secret.of(secret))
        .untested();
  }

  private AuthenticationException failure() {
    return catchThrowableOfType(AuthenticationException.class, () -> call(runtime));
  }
}

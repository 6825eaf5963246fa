package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An issuer says one day that its endpoints are elsewhere. */
@Tag("A6")
class EndpointsChangedTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.example.com/callback/tickets");
  private static final String SESSION = "session";
  private static final ConnectionSpec SPEC = ConnectionSpec.of("tickets", "oauth2");

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();

  @Override
  Connector connector() {
    OAuth2Scheme device =
        OAuth2Scheme.deviceCode("{device_authorization_endpoint}", "{token_endpoint}");
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(OAuth2Scheme.issuer(url())))
        .auth(AuthOption.oauth2(device.discoveredAt(url())).named("device"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.clientCredentials("{token_endpoint}").discoveredAt(url()))
                .named("service"))
        .action(Tickets.GET)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .client("tickets", "oauth2", CLIENT.redirectingTo(CALLBACK))
        .client("tickets", "device", CLIENT);
  }

  @BeforeEach
  void anIssuer() {
    theServiceAccepts("t1");
    theEndpointsAreBelow("");
    for (String path : new String[] {"", "/new"}) {
      service.stubFor(
          post(path + "/token")
              .willReturn(
                  okJson(
                      "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"expires_in\":3600}")));
      service.stubFor(
          post(path + "/device")
              .willReturn(
                  okJson(
                      """
                      {"device_code":"d","user_code":"u","verification_uri":"https://id.test",
                       "interval":3700,"expires_in":7200}""")));
      service.stubFor(
          post(path + "/par")
              .willReturn(okJson("{\"request_uri\":\"urn:pushed:1\",\"expires_in\":60}")));
      service.stubFor(post(path + "/revoke").willReturn(ok()));
    }
  }

  private void theEndpointsAreBelow(String path) {
    theIssuerSays(
        """
        "authorization_endpoint":"URL/authorize","token_endpoint":"URL/token",
        "device_authorization_endpoint":"URL/device"
        """
            .replace("URL", url() + path));
  }

  private void theIssuerSays(String endpoints) {
    service.stubFor(
        get("/.well-known/openid-configuration")
            .willReturn(okJson("{\"issuer\":\"" + url() + "\"," + endpoints + "}")));
  }

  /** All endpoints are where they were, but for a further one. */
  private void theIssuerAlsoHas(String furtherEndpoint) {
    theIssuerSays(
        """
        "authorization_endpoint":"URL/authorize","token_endpoint":"URL/token",
        "device_authorization_endpoint":"URL/device",%s
        """
            .formatted(furtherEndpoint)
            .replace("URL", url()));
  }

  private void call() {
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  private Connection complete(PendingConsent pending) {
    return runtime
        .consents()
        .complete(ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), SESSION)
        .connection();
  }

  private PendingConsent begin(Connection connection, ConsentOptions options) {
    return runtime.consents().begin(ADA, connection.id(), SESSION, options);
  }

  private Connection signIn() {
    return complete(runtime.consents().begin(ADA, SPEC, SESSION));
  }

  private static void assertMoved(ThrowingCallable signIn, String endpoint) {
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(signIn)
        .matches(e -> e.reason() == ConsentException.Reason.ENDPOINTS_CHANGED)
        .withMessageContaining(endpoint + " from ");
  }

  private static void verifyNothingSentBelowNew() {
    service.verify(0, anyRequestedFor(urlPathMatching("/new/.*")));
  }

  @Test
  @DisplayName("A6: renewals and sign-ins wait for a confirmation, and say what has changed")
  void renewalsAndSignInsWaitForAConfirmation() {
    Connection connection = complete(runtime.consents().begin(ADA, SPEC, SESSION));
    call();
    theEndpointsAreBelow("/new");
    clock.advance(Duration.ofHours(2));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::call)
        .matches(e -> e.reason() == Reason.CONFIGURATION)
        .withMessageContaining("token_endpoint from " + url() + "/token to " + url() + "/new/token")
        .withMessageContaining("acceptingNewEndpoints");
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> begin(connection, ConsentOptions.standard()))
        .matches(e -> e.reason() == ConsentException.Reason.ENDPOINTS_CHANGED)
        .withMessageContaining("authorization_endpoint from " + url() + "/authorize to ")
        .withMessageContaining("token_endpoint from ");
    service.verify(0, postRequestedFor(urlEqualTo("/new/token")));

    complete(begin(connection, ConsentOptions.standard().acceptingNewEndpoints()));
    call();
    clock.advance(Duration.ofHours(2));
    call();
    service.verify(2, postRequestedFor(urlEqualTo("/new/token")));
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  void whoseSignInDoesNotBeginIsSentBackToTheirPage() {
    Connection connection = signIn();
    theEndpointsAreBelow("/new");
    clock.advance(Duration.ofHours(2));
    ConsentOptions toSettings = ConsentOptions.standard().returnTo("/settings");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> begin(connection, toSettings))
        .matches(e -> e.reason() == ConsentException.Reason.ENDPOINTS_CHANGED)
        .extracting(ConsentException::returnTo)
        .isEqualTo(CALLBACK.resolve("/settings"));
  }

  @Test
  @DisplayName(
      "A6: a code is not sent to a token endpoint that was not there when it was asked for")
  void aCodeIsNotSentToATokenEndpointThatWasNotThere() {
    PendingConsent pending = runtime.consents().begin(ADA, SPEC, SESSION);
    theEndpointsAreBelow("/new");

    try (ConnectorRuntime other = with(builder()).build()) {
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(
              () ->
                  other
                      .consents()
                      .complete(
                          ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), SESSION))
          .matches(e -> e.reason() == ConsentException.Reason.ENDPOINTS_CHANGED);
    }
    service.verify(0, postRequestedFor(urlEqualTo("/new/token")));
  }

  @Test
  @DisplayName("A6: a renewal goes on where endpoints stay")
  void aRenewalGoesOnWhereEndpointsStay() {
    complete(runtime.consents().begin(ADA, SPEC, SESSION));
    clock.advance(Duration.ofHours(2));

    call();

    service.verify(2, postRequestedFor(urlEqualTo("/token")));
  }

  @Test
  @DisplayName("A6: a sign-in on another device waits for a confirmation too")
  void aSignInOnAnotherDeviceWaitsForAConfirmation() throws Exception {
    Connection connection =
        runtime
            .consents()
            .beginDevice(ADA, ConnectionSpec.of("tickets", "device"))
            .await()
            .connection();
    theEndpointsAreBelow("/new");
    clock.advance(Duration.ofHours(2));

    ConsentOptions standard = ConsentOptions.standard();
    assertMoved(
        () -> runtime.consents().beginDevice(ADA, connection.id(), standard),
        "device_authorization_endpoint");
    verifyNothingSentBelowNew();

    runtime.consents().beginDevice(ADA, connection.id(), standard.acceptingNewEndpoints()).await();
    call();
    service.verify(1, postRequestedFor(urlEqualTo("/new/device")));
    service.verify(1, postRequestedFor(urlEqualTo("/new/token")));
  }

  @Test
  @DisplayName("A6: a device code is not sent to a token endpoint that was not there when it came")
  void aDeviceCodeIsNotSentToATokenEndpointThatWasNotThere() {
    PendingDeviceConsent pending =
        runtime.consents().beginDevice(ADA, ConnectionSpec.of("tickets", "device"));
    theEndpointsAreBelow("/new");

    assertMoved(pending::await, "token_endpoint");
    verifyNothingSentBelowNew();
  }

  @Test
  @DisplayName("A6: tokens are not revoked at an endpoint that has moved")
  void tokensAreNotRevokedAtAnEndpointThatHasMoved() {
    theIssuerAlsoHas("\"revocation_endpoint\":\"URL/revoke\"");
    Connection connection = signIn();
    theIssuerAlsoHas("\"revocation_endpoint\":\"URL/new/revoke\"");
    clock.advance(Duration.ofHours(2));

    call();
    assertMoved(() -> begin(connection, ConsentOptions.standard()), "revocation_endpoint");
    runtime.connections().delete(ADA, connection.id());

    verifyNothingSentBelowNew();
    service.verify(0, postRequestedFor(urlEqualTo("/revoke")));
    assertThat(heard(CredentialRevoked.class))
        .extracting(CredentialRevoked::confirmed)
        .containsExactly(false);
  }

  @Test
  @DisplayName("A6: a request is not pushed to an endpoint that has moved")
  void aRequestIsNotPushedToAnEndpointThatHasMoved() {
    theIssuerAlsoHas("\"pushed_authorization_request_endpoint\":\"URL/par\"");
    Connection connection = signIn();
    theIssuerAlsoHas(
        "\"require_pushed_authorization_requests\":true,"
            + "\"pushed_authorization_request_endpoint\":\"URL/new/par\"");
    clock.advance(Duration.ofHours(2));

    assertMoved(
        () -> begin(connection, ConsentOptions.standard()),
        "pushed_authorization_request_endpoint");
    verifyNothingSentBelowNew();

    begin(connection, ConsentOptions.standard().acceptingNewEndpoints());
    service.verify(1, postRequestedFor(urlEqualTo("/new/par")));
  }

  @Test
  @DisplayName("A6, C5: where nothing can be read of the last sign-in, the next one begins anew")
  void whereNothingCanBeReadOfTheLastSignInTheNextOneBeginsAnew() {
    Connection connection = signIn();
    StoredCredential stored = store.findCredential(connection.id(), "acquired").orElseThrow();
    store.writeCredential(
        new StoredCredential(
            connection.id(), "acquired", stored.version() + 1, stored.keyId(), "damaged"),
        stored.version());
    theEndpointsAreBelow("/new");
    clock.advance(Duration.ofHours(2));

    complete(begin(connection, ConsentOptions.standard()));

    call();
    service.verify(1, postRequestedFor(urlEqualTo("/new/token")));
  }

  @Test
  @DisplayName("A6: an endpoint that the issuer did not have before has not moved")
  void anEndpointThatTheIssuerDidNotHaveBeforeHasNotMoved() {
    Connection connection = signIn();
    theIssuerAlsoHas("\"revocation_endpoint\":\"URL/revoke\"");
    clock.advance(Duration.ofHours(2));

    call();
    complete(begin(connection, ConsentOptions.standard()));
    runtime.connections().delete(ADA, connection.id());

    service.verify(1, postRequestedFor(urlEqualTo("/revoke")));
  }

  @Test
  @DisplayName("A6: where nobody signs in, an update of the connection confirms new endpoints")
  void whereNobodySignsInAnUpdateConfirmsNewEndpoints() {
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "service")
            .with("client_id", "app")
            .secret("client_secret", Secret.of("s"));
    Connection connection = runtime.connections().create(ADA, spec);
    call();
    theEndpointsAreBelow("/new");
    clock.advance(Duration.ofHours(2));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::call)
        .matches(e -> e.reason() == Reason.CONFIGURATION)
        .withMessageContaining("token_endpoint from ")
        .withMessageContaining("updating the connection");
    verifyNothingSentBelowNew();

    runtime.connections().update(ADA, connection.id(), spec);
    call();
    service.verify(1, postRequestedFor(urlEqualTo("/new/token")));
  }
}

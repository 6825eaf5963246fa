package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
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
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(OAuth2Scheme.issuer(url())))
        .action(Tickets.GET)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, keys).client("tickets", "oauth2", CLIENT.redirectingTo(CALLBACK));
  }

  @BeforeEach
  void anIssuer() {
    theServiceAccepts("t1");
    theEndpointsAreBelow("");
    for (String token : new String[] {"/token", "/new/token"}) {
      service.stubFor(
          post(token)
              .willReturn(
                  okJson(
                      "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"expires_in\":3600}")));
    }
  }

  private void theEndpointsAreBelow(String path) {
    service.stubFor(
        get("/.well-known/openid-configuration")
            .willReturn(
                okJson(
                    """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s%2$s/authorize",
                     "token_endpoint":"%1$s%2$s/token"}"""
                        .formatted(url(), path))));
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
}

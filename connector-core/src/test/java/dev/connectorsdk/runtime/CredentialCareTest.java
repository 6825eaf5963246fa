package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.ClientRefused;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRecovered;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a host hears of credentials that cannot be renewed, and how it keeps idle ones alive. */
class CredentialCareTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.client(
        "tickets", "signIn", ClientRegistration.of("app", Secret.of("client-s3cret")));
  }

  @BeforeEach
  void theServiceIssuesTokensForAnHour() {
    issues("authorization_code", "t0", "r0");
    service.stubFor(get(urlEqualTo("/tickets/1")).willReturn(okJson("{\"id\":\"1\"}")));
  }

  @Test
  @DisplayName("An idle refresh token is renewed before it dies of that, a busy one is left alone")
  void anIdleRefreshTokenIsRenewedBeforeItDiesOfThat() {
    signIn(ADA);
    issues("refresh_token", "t1", "r1");
    clock.advance(Duration.ofDays(29));
    assertThat(runtime.connections().keepAlive(Duration.ofDays(30))).isZero();

    clock.advance(Duration.ofDays(2));
    assertThat(runtime.connections().keepAlive(Duration.ofDays(30))).isEqualTo(1);
    assertThat(runtime.connections().keepAlive(Duration.ofDays(30))).isZero();

    service.verify(
        1, postRequestedFor(urlEqualTo("/token")).withRequestBody(containing("refresh_token=r0")));
  }

  @Test
  @DisplayName("One that cannot be kept alive does not keep the others from it")
  void oneThatCannotBeKeptAliveDoesNotKeepTheOthersFromIt() {
    signIn(ADA);
    connect(BOB, "key");
    answers("refresh_token", aResponse().withStatus(503));
    clock.advance(Duration.ofDays(31));

    assertThat(runtime.connections().keepAlive(Duration.ofDays(30))).isZero();

    assertThat(heard(CredentialRefreshFailed.class))
        .extracting(CredentialRefreshFailed::retryable)
        .containsExactly(true);
    assertThat(runtime.connections().list(ADA))
        .extracting(Connection::status)
        .allMatch(ConnectionStatus::isConnected);
  }

  @Test
  @DisplayName("What expires by itself soon is told")
  void whatExpiresByItselfSoonIsTold() {
    ConnectionSpec key =
        ConnectionSpec.of("tickets", "apiKey")
            .secret("api_key", Secret.of("k"))
            .expiringAt(clock.instant().plus(Duration.ofDays(20)));
    runtime.connections().create(ADA, key);
    runtime.connections().keepAlive(Duration.ofDays(30));
    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).isEmpty();

    clock.advance(Duration.ofDays(7));
    runtime.connections().keepAlive(Duration.ofDays(30));

    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).hasSize(1);
  }

  private void signIn(Caller caller) {
    PendingConsent pending =
        runtime
            .consents()
            .begin(caller, ConnectionSpec.of("tickets", "signIn"), CALLBACK, "session");
    String state = HttpUrl.get(pending.authorizationUrl()).queryParameter("state");
    runtime.consents().complete(caller, URI.create(CALLBACK + "?code=c&state=" + state), "session");
  }

  private static void issues(String grant, String accessToken, String refreshToken) {
    answers(
        grant,
        okJson(
            """
            {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":3600}
            """
                .formatted(accessToken, refreshToken)));
  }

  private static void answers(
      String grant, com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder answer) {
    service.stubFor(
        post(urlEqualTo("/token"))
            .withRequestBody(containing("grant_type=" + grant))
            .willReturn(answer));
  }

  private <T extends ConnectorEvent> List<T> heard(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}

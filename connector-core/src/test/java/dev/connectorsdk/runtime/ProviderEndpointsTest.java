package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.http;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import dev.connectorsdk.fixtures.RawTokenEndpoint.Answer;
import dev.connectorsdk.http.HttpLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider has beside its token endpoint, and what that may do wrong. */
class ProviderEndpointsTest extends RawProviderTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  @AutoClose private final RawTokenEndpoint elsewhere = new RawTokenEndpoint();

  @Override
  Connector connector() {
    OAuth2Scheme code =
        OAuth2Scheme.authorizationCode(url() + "/authorize", provider.url() + "/token");
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(code).named("signIn"))
        .auth(AuthOption.oauth2(OAuth2Scheme.issuer(provider.url())).named("discovered"))
        .auth(
            AuthOption.oauth2(code.pushedAuthorization(provider.url() + "/push")).named("pushing"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.deviceCode(provider.url() + "/device", provider.url() + "/token"))
                .named("device"))
        .auth(
            AuthOption.oauth2(
                    code.clientAuthentication(ClientAuthentication.POST_OR_BASIC)
                        .revocationUrl(provider.url() + "/revoke"))
                .named("revocable"))
        .action(Tickets.GET)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    for (String option : List.of("discovered", "pushing", "device", "revocable")) {
      builder.client("tickets", option, CLIENT);
    }
    return super.with(builder);
  }

  private void begin(String option) {
    ConnectionSpec spec = ConnectionSpec.of("tickets", option);
    if (option.equals("device")) {
      runtime.consents().beginDevice(ADA, spec);
    } else {
      runtime
          .consents()
          .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(CALLBACK));
    }
  }

  @Test
  @DisplayName("C10: deleting a connection asks its service for 10 s at most")
  void deletingAsksForTenSecondsAtMost() {
    provider.answers(RawTokenEndpoint.pair("t", "r"));
    Connection connection =
        SignIns.signIn(runtime, ADA, ConnectionSpec.of("tickets", "revocable"), "c");
    provider.answers(
        request -> {
          clock.advance(Duration.ofSeconds(11));
          return json(401, "{\"error\":\"invalid_client\"}");
        });

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();

    assertThat(provider.requests()).hasSize(1).allMatch(sent -> sent.startsWith("POST /revoke "));
    assertThat(heard(CredentialRevoked.class))
        .extracting(CredentialRevoked::confirmed)
        .containsExactly(false);
    assertThat(store.listCredentialsNotUnder("", 10)).isEmpty();
  }

  @Test
  @DisplayName("C10: of a connector that is gone no credential is revoked, and that is told")
  void ofAConnectorThatIsGoneNoCredentialIsRevoked() {
    provider.answers(RawTokenEndpoint.pair("t", "r"));
    Connection connection =
        SignIns.signIn(runtime, ADA, ConnectionSpec.of("tickets", "revocable"), "c");
    runtime.close();
    runtime =
        ConnectorRuntime.builder()
            .connector(Connector.builder("other", url()).build())
            .store(store, keys)
            .listener(events::add)
            .build();

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();

    assertThat(heard(CredentialRevoked.class))
        .extracting(CredentialRevoked::confirmed)
        .containsExactly(false);
    assertThat(store.listCredentialsNotUnder("", 10)).isEmpty();
  }

  @Test
  @DisplayName("C10: nobody signs in to a connection that was deleted meanwhile")
  void nobodySignsInToADeletedConnection() {
    ConsentOptions options = ConsentOptions.standard().redirectUri(CALLBACK);
    PendingConsent pending =
        runtime.consents().begin(ADA, ConnectionSpec.of("tickets", "signIn"), "session", options);
    runtime.connections().delete(ADA, pending.connection());
    provider.answers(RawTokenEndpoint.pair("t", "r"));

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .complete(
                        ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "session"));

    assertThat(provider.requests()).isEmpty();
    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(store.listCredentialsNotUnder("", 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"discovered", "pushing", "device"})
  @DisplayName("B1: no endpoint of a provider leads elsewhere, sends much or takes long")
  void noEndpointLeadsElsewhere(String option) {
    List<Answer> answers =
        List.of(
            json(302, "", "Location: " + elsewhere.url() + "/x"),
            json(307, "", "Location: " + elsewhere.url() + "/x"),
            json(302, "", "Location: /x"),
            http(200, "application/json", new byte[10_000_000]),
            silence());
    runtime.close();
    HttpLimits brief = HttpLimits.forTokens().withCallTimeout(Duration.ofMillis(500));
    runtime = with(builder()).tokenLimits(brief).build();
    for (Answer answer : answers) {
      provider.answers(answer);

      assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> begin(option));

      assertThat(provider.requests()).isNotEmpty().noneMatch(sent -> sent.contains(" /x "));
      assertThat(elsewhere.connections()).isZero();
      assertThat(runtime.connections().list(ADA)).isEmpty();
      clock.advance(Duration.ofHours(1));
    }
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.reset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A provider that renews tokens by GET, which spends a refresh token all the same. */
@Tag("B16")
class RenewalByGetTest extends RawProviderTest {

  @BeforeEach
  void aTokenThatHasExpired() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    provider.answers(pair("t0", "r0"));
    signIn();
    clock.advance(Duration.ofHours(2));
  }

  @Override
  Connector connector() {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(url() + "/authorize", provider.url() + "/token")
            .refresh(request -> request.byGet());
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(scheme).named("signIn"))
        .action(Tickets.GET)
        .build();
  }

  @Test
  void aLostAnswerMayHideASpentToken() {
    provider.answers(
        reset("{\"access_token\":\"t1\"}"), json(400, "{\"error\":\"invalid_grant\"}"));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> call(runtime))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.GRANT_ENDED))
        .withMessageContaining("the refresh outcome was lost");

    assertThat(provider.requests()).hasSize(2).allMatch(sent -> sent.startsWith("GET /token?"));
    assertThat(provider.spent()).containsExactly("r0", "r0");
  }

  @Test
  void aProviderThatReplaysIsAskedAgain() {
    provider.answers(reset("{\"access_token\":\"t1\"}"), pair("t1", "r1"));

    call(runtime);

    assertThat(provider.spent()).containsExactly("r0", "r0");
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The metadata of an issuer cannot be read for a while. */
@Tag("B18")
class MetadataAwayTest extends HostTest {

  @Override
  Connector connector() {
    OAuth2Scheme device = OAuth2Scheme.deviceCode(url() + "/device", url() + "/token");
    return Tickets.builder(url())
        .auth(AuthOption.oauth2(device.discoveredAt(url()).then(lookUp())).named("device"))
        .auth(
            AuthOption.oauth2(OAuth2Scheme.clientCredentials(url() + "/token").discoveredAt(url()))
                .named("service"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.clientCredentials("{token_endpoint}").discoveredAt(url()))
                .named("discovered"))
        .build();
  }

  private static RequestTemplate lookUp() {
    return RequestTemplate.get("{userinfo_endpoint}")
        .header("Authorization", "Bearer {access_token}")
        .answer(fields -> TokenFields.none());
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.client("tickets", "device", CLIENT);
  }

  @BeforeEach
  void aProvider() {
    theServiceAccepts("t1");
    service.stubFor(
        post("/token")
            .willReturn(
                okJson("{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"expires_in\":3600}")));
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"u","verification_uri":"https://id.test"}""")));
    service.stubFor(get("/userinfo").willReturn(okJson("{\"sub\":\"ada\"}")));
    service.stubFor(
        get("/.well-known/openid-configuration")
            .willReturn(
                okJson(
                    """
                    {"issuer":"%1$s","token_endpoint":"%1$s/token",
                     "userinfo_endpoint":"%1$s/userinfo"}"""
                        .formatted(url()))));
  }

  private static void theMetadataAreAway() {
    service.stubFor(
        get("/.well-known/openid-configuration").willReturn(aResponse().withStatus(503)));
    service.resetRequests();
  }

  private void call() {
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  private void create(String option) {
    runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tickets", option)
                .with("client_id", "app")
                .secret("client_secret", Secret.of("s")));
  }

  @Test
  @DisplayName("B18: a grant that needs them for a look-up alone is renewed without that")
  void aGrantThatNeedsThemForALookUpAloneIsRenewed() throws Exception {
    runtime.consents().beginDevice(ADA, ConnectionSpec.of("tickets", "device")).await();
    clock.advance(Duration.ofHours(2));
    theMetadataAreAway();

    call();

    service.verify(1, postRequestedFor(urlEqualTo("/token")));
    service.verify(0, getRequestedFor(urlEqualTo("/userinfo")));
  }

  @Test
  @DisplayName("B18: a grant that needs none of them is renewed, and they are not asked for")
  void aGrantThatNeedsNoneOfThemIsRenewed() {
    create("service");
    call();
    clock.advance(Duration.ofHours(2));
    theMetadataAreAway();

    call();

    service.verify(1, postRequestedFor(urlEqualTo("/token")));
    service.verify(0, getRequestedFor(urlEqualTo("/.well-known/openid-configuration")));
  }

  @Test
  @DisplayName("B18: a grant whose token endpoint they name fails for the moment")
  void aGrantWhoseTokenEndpointTheyNameFailsForTheMoment() {
    create("discovered");
    call();
    clock.advance(Duration.ofHours(2));
    theMetadataAreAway();

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::call)
        .matches(e -> e.reason() == Reason.TEMPORARY)
        .withMessageContaining("metadata");
  }
}

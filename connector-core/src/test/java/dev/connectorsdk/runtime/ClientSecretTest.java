package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.auth.TokenPlace;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The secret of the host's client is not the connection owner's to send anywhere. */
@Tag("E1")
@Tag("E10")
class ClientSecretTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/cb/shop");
  private static final ClientRegistration CLIENT =
      ClientRegistration.of("app", Secret.of("host-s3cret"));

  private static Connector connector(String tokenUrl) {
    return Connector.builder("shop", "https://api.shop.example")
        .parameter(ConnectionParameter.text("site"))
        .parameter(ConnectionParameter.text("host").matching(".*").withDefault("x.example"))
        .parameter(ConnectionParameter.text("region").oneOf("eu", "us").withDefault("eu"))
        .auth(AuthOption.oauth2(OAuth2Scheme.authorizationCode("https://a.example/a", tokenUrl)))
        .build();
  }

  private ConnectorRuntime shop(String tokenUrl, ClientRegistration client) {
    return ConnectorRuntime.builder()
        .connector(connector(tokenUrl))
        .client("shop", "oauth2", client)
        .build();
  }

  private static void begin(ConnectorRuntime runtime, String site) {
    runtime
        .consents()
        .begin(
            ADA,
            ConnectionSpec.of("shop", "oauth2").with("site", site),
            "session",
            ConsentOptions.standard().redirectUri(CALLBACK));
  }

  @ParameterizedTest
  @CsvSource({
    "https://{site}.shop.example/token, true",
    "https://id.shop.example/{site}/token, true",
    "https://{region}/token, true",
    "{site}/token, false",
    "https://{site}/token, false",
    "https://{site}.com/token, false",
    "https://{host}/token, false",
    "https://id.{host}/token, false"
  })
  void goesOnlyWhereTheAuthorFixedTheHost(String tokenUrl, boolean fixed) {
    try (ConnectorRuntime shop = shop(tokenUrl, CLIENT)) {
      String site = tokenUrl.startsWith("{") ? "https://evil.test" : "evil";
      if (fixed) {
        assertThatCode(() -> begin(shop, site)).doesNotThrowAnyException();
      } else {
        assertThatExceptionOfType(AuthenticationException.class)
            .isThrownBy(() -> begin(shop, site))
            .withMessageEndingWith("; name the origin with ClientRegistration.sentTo")
            .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
        assertThat(shop.connections().list(ADA)).isEmpty();
      }
    }
  }

  @Test
  void goesToTheOriginsThatTheHostNamedAndNoOthers() {
    service.stubFor(post(anyUrl()).willReturn(okJson("{}")));
    try (ConnectorRuntime shop =
        shop("{site}/token", CLIENT.sentTo("https://id.shop.example", "https://id2.example"))) {
      assertThatCode(() -> begin(shop, "https://id.shop.example")).doesNotThrowAnyException();
      assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> begin(shop, url()));
    }
    service.verify(0, postRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @CsvSource({
    "https://{site}.shop.example, https://x.shop.example, true",
    "https://{site}, https://x.shop.example, false",
    "https://api.shop.example, https://{site}, false",
    "https://api.shop.example, https://{site}.shop.example, true"
  })
  void aValueOfTheHostGoesOnlyWhereTheAuthorFixedTheHost(
      String baseUrl, String followUp, boolean fixed) {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("https://a.example/a", "https://a.example/t")
            .then(RequestTemplate.get(followUp + "/me").header("X-Dev", "{other|dev_token}"))
            .sendingToken(TokenPlace.BEARER, TokenPlace.header("X-Dev", "{dev_token=none}"));
    ClientRegistration client =
        ClientRegistration.publicClient("app").with("dev_token", Secret.of("host-s3cret"));
    try (ConnectorRuntime shop = shop(baseUrl, scheme, client);
        ConnectorRuntime named =
            shop(
                baseUrl,
                scheme,
                client.sentTo("https://a.example", "https://evil", "https://x.shop.example"));
        ConnectorRuntime without = shop(baseUrl, scheme, ClientRegistration.publicClient("app"))) {
      if (fixed) {
        assertThatCode(() -> begin(shop, "evil")).doesNotThrowAnyException();
      } else {
        assertThatExceptionOfType(AuthenticationException.class)
            .isThrownBy(() -> begin(shop, "evil"))
            .withMessageContaining("may not be sent to evil;");
        assertThatCode(() -> begin(named, "evil")).doesNotThrowAnyException();
      }
      assertThatCode(() -> begin(without, "evil")).doesNotThrowAnyException();
    }
  }

  @Test
  void aValueThatNoRequestNamesLimitsNothing() {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("https://a.example/a", "https://a.example/t")
            .then(RequestTemplate.get("https://{site}/me").header("X-Dev", "dev_token"));
    ClientRegistration client =
        ClientRegistration.publicClient("app").with("dev_token", Secret.of("host-s3cret"));
    try (ConnectorRuntime shop = shop("https://{site}", scheme, client)) {
      assertThatCode(() -> begin(shop, "evil")).doesNotThrowAnyException();
    }
  }

  private static ConnectorRuntime shop(
      String baseUrl, OAuth2Scheme scheme, ClientRegistration client) {
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("shop", baseUrl)
                .parameter(ConnectionParameter.text("site"))
                .parameter(ConnectionParameter.text("other").withDefault(""))
                .auth(AuthOption.oauth2(scheme))
                .build())
        .client("shop", "oauth2", client)
        .build();
  }

  @Test
  void aPublicClientHasNothingToLoseButCodes() {
    try (ConnectorRuntime shop = shop("{site}/token", ClientRegistration.publicClient("app"))) {
      assertThatCode(() -> begin(shop, "https://a.example")).doesNotThrowAnyException();
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> begin(shop, "https://anywhere.example"))
          .withMessageContaining("codes and tokens would go to anywhere.example");
    }
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.http.AddressPolicy;
import java.net.URI;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sites that the owners of connections choose: one of them would like to have what another one's
 * sign-in brings.
 */
@Tag("A4")
class SiteMixUpTest extends HostTest {

  private static final String HONEST = "https://honest.example";
  private static final String SESSION = "session";
  private static final URI EACH = URI.create("https://app.example.com/callback/sites/*");
  private static final URI ALL = URI.create("https://app.example.com/callback/sites");
  private static final ClientRegistration PUBLIC = ClientRegistration.publicClient("app");

  @BeforeEach
  void theTokenEndpointAnswers() {
    service.stubFor(post(anyUrl()).willReturn(okJson("{\"access_token\":\"t1\"}")));
  }

  private static ConnectorRuntime sites(ClientRegistration client) {
    return sites(client, scheme -> scheme);
  }

  private static ConnectorRuntime sites(
      ClientRegistration client, UnaryOperator<OAuth2Scheme> change) {
    OAuth2Scheme scheme = OAuth2Scheme.authorizationCode("{site}/auth", "{token_site|site}/token");
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("sites", "{site}")
                .parameter(ConnectionParameter.text("site"))
                .parameter(ConnectionParameter.text("token_site").withDefault(""))
                .auth(AuthOption.oauth2(change.apply(scheme)))
                .build())
        .client("sites", "oauth2", client)
        .addressPolicy(AddressPolicy.allowAll())
        .build();
  }

  private static PendingConsent begin(ConnectorRuntime runtime, String site) {
    return begin(runtime, spec(site));
  }

  private static PendingConsent begin(ConnectorRuntime runtime, ConnectionSpec spec) {
    return runtime.consents().begin(ADA, spec, SESSION);
  }

  private static ConnectionSpec spec(String site) {
    return ConnectionSpec.of("sites", "oauth2").with("site", site);
  }

  private static URI redirectUri(PendingConsent pending) {
    return URI.create("https://app.example.com/callback/sites/" + pending.connection().value());
  }

  @Test
  @DisplayName("A4: sites do not share a redirect URI, so such a sign-in is not begun")
  void sitesDoNotShareARedirectUri() {
    try (ConnectorRuntime runtime = sites(PUBLIC.redirectingTo(ALL))) {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> begin(runtime, HONEST))
          .matches(e -> e.reason() == AuthenticationException.Reason.CONFIGURATION)
          .withMessageContaining("redirectingTo end in /*")
          .withMessageContaining("sentTo");
      assertThat(runtime.connections().list(ADA)).isEmpty();
    }
  }

  @Test
  @DisplayName("A4: a code that arrives at another site's redirect URI is not redeemed")
  void aCodeThatArrivesAtAnotherSitesRedirectUriIsNotRedeemed() {
    try (ConnectorRuntime runtime = sites(PUBLIC.redirectingTo(EACH))) {
      PendingConsent evil = begin(runtime, url());
      PendingConsent honest = begin(runtime, HONEST);
      assertThat(evil.authorizationUrl().getQuery()).contains(redirectUri(evil).toString());

      assertRefused(runtime, redirectUri(honest), evil, "code=honest", Reason.CONTEXT_MISMATCH);
    }
    service.verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  @Tag("A5")
  @DisplayName(
      "A5: an issuer that nobody declared has to be of the origin that the user was sent to")
  void anIssuerThatNobodyDeclaredHasToBeOfTheOriginThatTheUserWasSentTo() {
    try (ConnectorRuntime runtime = sites(PUBLIC.redirectingTo(EACH))) {
      for (String issuer : new String[] {HONEST, "https://localhost", "localhost", "", "a:b"}) {
        PendingConsent evil = begin(runtime, url());
        assertRefused(
            runtime, redirectUri(evil), evil, "code=c&iss=" + issuer, Reason.ISSUER_MISMATCH);
      }
      service.verify(0, postRequestedFor(anyUrl()));

      PendingConsent own = begin(runtime, url());
      runtime
          .consents()
          .complete(
              ADA.principal(),
              SignIns.callback(redirectUri(own), own, "code=c&iss=" + url() + "/realm"),
              SESSION);
    }
  }

  @Test
  @DisplayName("A4: sites that the host names may share one")
  void sitesThatTheHostNamesMayShareOne() {
    ClientRegistration limited = PUBLIC.redirectingTo(ALL).sentTo(HONEST);
    try (ConnectorRuntime runtime = sites(limited)) {
      assertThatCode(() -> begin(runtime, HONEST)).doesNotThrowAnyException();
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> begin(runtime, url()))
          .withMessageContaining("may not be sent to localhost");
    }
  }

  @Test
  @Tag("A6")
  @DisplayName("A6: codes go to the origin at which users sign in, or where the author says")
  void codesGoToTheOriginAtWhichUsersSignInOrWhereTheAuthorSays() {
    ConnectionSpec google =
        spec("https://accounts.google.com").with("token_site", "https://oauth2.googleapis.com");
    ClientRegistration client = PUBLIC.redirectingTo(EACH);
    try (ConnectorRuntime runtime = sites(client);
        ConnectorRuntime named =
            sites(client, scheme -> scheme.alsoAt("https://oauth2.googleapis.com"));
        ConnectorRuntime left = sites(client, scheme -> scheme.alsoAt("{token_site}"))) {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> begin(runtime, google))
          .withMessageContaining("users sign in at accounts.google.com")
          .withMessageContaining("would go to oauth2.googleapis.com")
          .withMessageContaining("OAuth2Scheme.alsoAt");
      assertThatCode(() -> begin(named, google)).doesNotThrowAnyException();
      assertThatCode(() -> begin(left, google)).doesNotThrowAnyException();
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(
              () ->
                  begin(
                      named,
                      spec("https://accounts.google.com").with("token_site", "https://evil.test")));
    }
  }

  @Test
  @Tag("A6")
  @DisplayName("A6: device codes go to the origin that they came from, or where the author says")
  void deviceCodesGoToTheOriginThatTheyCameFrom() {
    OAuth2Scheme device = OAuth2Scheme.deviceCode("{site}/device", "{token_site|site}/token");
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"u","verification_uri":"https://id.test"}""")));
    ConnectionSpec elsewhere = spec(url()).with("token_site", HONEST);
    try (ConnectorRuntime runtime = sites(PUBLIC, scheme -> device);
        ConnectorRuntime named = sites(PUBLIC, scheme -> device.alsoAt(HONEST))) {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> runtime.consents().beginDevice(ADA, elsewhere))
          .withMessageContaining("would go to honest.example")
          .withMessageContaining("OAuth2Scheme.alsoAt");
      service.verify(0, postRequestedFor(anyUrl()));
      assertThatCode(() -> runtime.consents().beginDevice(ADA, spec(url())))
          .doesNotThrowAnyException();
      assertThatCode(() -> named.consents().beginDevice(ADA, elsewhere)).doesNotThrowAnyException();
    }
  }

  @Test
  @Tag("A6")
  @DisplayName("A6: a further origin that a connection has no value for is none, and no fault")
  void aFurtherOriginWithoutAValueIsNone() {
    try (ConnectorRuntime runtime =
        sites(PUBLIC.redirectingTo(EACH), scheme -> scheme.alsoAt("{token_site}"))) {
      assertThatCode(() -> begin(runtime, HONEST)).doesNotThrowAnyException();
    }
  }

  @Test
  @Tag("A6")
  @DisplayName("A6: who signs in again where the service says who has the tokens is not refused")
  void whoSignsInAgainWhereTheServiceSaysWhoHasTheTokensIsNotRefused() {
    service.stubFor(
        post(anyUrl())
            .willReturn(okJson("{\"access_token\":\"t1\",\"accounts_server\":\"" + url() + "\"}")));
    try (ConnectorRuntime runtime = regional("http://localhost:[0-9]+")) {
      PendingConsent first = begin(runtime, ConnectionSpec.of("sites", "oauth2"));
      signIn(runtime, first);

      PendingConsent again = runtime.consents().begin(ADA, first.connection(), SESSION);
      signIn(runtime, again);
    }
    service.verify(2, postRequestedFor(urlEqualTo("/oauth/v2/token")));
  }

  @Test
  @Tag("A6")
  @DisplayName("A6: what the owner enters in place of the service is still the owner's choice")
  void whatTheOwnerEntersInPlaceOfTheServiceIsStillTheOwnersChoice() {
    try (ConnectorRuntime runtime = regional(null)) {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(
              () ->
                  begin(
                      runtime,
                      ConnectionSpec.of("sites", "oauth2")
                          .with("accounts_server", "https://evil.test")))
          .withMessageContaining("would go to evil.test");
    }
  }

  private ConnectorRuntime regional(@Nullable String pattern) {
    ConnectionParameter server = ConnectionParameter.text("accounts_server").optional();
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(
                "https://accounts.example/oauth/v2/auth",
                "{accounts_server=" + url() + "}/oauth/v2/token")
            .answer(answer -> answer.capture("accounts_server", "/accounts_server"));
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("sites", "https://api.example")
                .parameter(pattern == null ? server : server.matching(pattern))
                .auth(AuthOption.oauth2(scheme))
                .build())
        .client("sites", "oauth2", PUBLIC.redirectingTo(ALL))
        .addressPolicy(AddressPolicy.allowAll())
        .build();
  }

  private void signIn(ConnectorRuntime runtime, PendingConsent pending) {
    runtime.consents().complete(ADA.principal(), SignIns.callback(ALL, pending, "code=c"), SESSION);
  }

  /** As Zoho does it: each region has accounts, and the callback says which one the user's are. */
  private static ConnectorRuntime naming(ConnectionParameter server, ClientRegistration client) {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(
                "https://accounts.example/oauth/v2/auth", "{accounts-server}/oauth/v2/token")
            .callback("code", "accounts-server");
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("sites", "https://api.example")
                .parameter(server.optional().hidden())
                .auth(AuthOption.oauth2(scheme))
                .build())
        .client("sites", "oauth2", client.redirectingTo(ALL))
        .addressPolicy(AddressPolicy.allowAll())
        .build();
  }

  private static ConnectionParameter server() {
    return ConnectionParameter.text("accounts-server");
  }

  private static void complete(ConnectorRuntime runtime, PendingConsent pending, String query) {
    URI callback = SignIns.callback(ALL, pending, "code=c&accounts-server=" + query);
    runtime.consents().complete(ADA.principal(), callback, SESSION);
  }

  @Test
  @DisplayName("A4: the first callback may say who has the tokens, among those the author lists")
  void theFirstCallbackMaySayWhoHasTheTokens() {
    try (ConnectorRuntime runtime = naming(server().oneOf(HONEST, url()), CLIENT)) {
      PendingConsent pending = begin(runtime, ConnectionSpec.of("sites", "oauth2"));
      complete(runtime, pending, url());

      assertThat(runtime.connections().get(ADA, pending.connection()))
          .satisfies(c -> assertThat(c.status().isConnected()).isTrue())
          .satisfies(c -> assertThat(c.parameters()).containsEntry("accounts-server", url()));
      complete(runtime, runtime.consents().begin(ADA, pending.connection(), SESSION), url());
    }
    service.verify(
        2, postRequestedFor(urlEqualTo("/oauth/v2/token")).withRequestBody(containing("code=c")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.test",
        "http://localhost",
        "//evil.test",
        "https://honest.example@evil.test",
        "https://honest.example/x"
      })
  @DisplayName("A4: a callback that names another server has no code sent anywhere")
  void aCallbackThatNamesAnotherServerHasNoCodeSent(String named) {
    try (ConnectorRuntime runtime = naming(server().oneOf(HONEST, url()), CLIENT)) {
      PendingConsent pending = begin(runtime, ConnectionSpec.of("sites", "oauth2"));

      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(() -> complete(runtime, pending, named));

      assertThat(runtime.connections().get(ADA, pending.connection()))
          .satisfies(c -> assertThat(c.status().isConnected()).isFalse())
          .satisfies(c -> assertThat(c.parameters()).isEmpty());
    }
    service.verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  @Tag("A8")
  @DisplayName("A8: a callback that does not say who has the tokens is malformed")
  void aCallbackThatDoesNotSayWhoHasTheTokensIsMalformed() {
    try (ConnectorRuntime runtime = naming(server().oneOf(HONEST, url()), CLIENT)) {
      for (String query : new String[] {"code=c", "code=c&accounts-server="}) {
        PendingConsent pending = begin(runtime, ConnectionSpec.of("sites", "oauth2"));
        assertRefused(runtime, ALL, pending, query, Reason.MALFORMED);
      }
    }
    service.verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("A4: a pattern is no list: the host's secret goes only where the host says")
  void aPatternIsNoList() {
    ConnectionParameter anywhere = server().matching("http://localhost:[0-9]+");
    try (ConnectorRuntime runtime = naming(anywhere, CLIENT);
        ConnectorRuntime unlimited = naming(server(), PUBLIC);
        ConnectorRuntime limited = naming(anywhere, CLIENT.sentTo(url()))) {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(
              () -> complete(runtime, begin(runtime, ConnectionSpec.of("sites", "oauth2")), url()))
          .withMessageContaining("ClientRegistration.sentTo");
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(
              () ->
                  complete(
                      unlimited, begin(unlimited, ConnectionSpec.of("sites", "oauth2")), url()))
          .withMessageContaining("a pattern or a list of choices");
      service.verify(0, postRequestedFor(anyUrl()));

      complete(limited, begin(limited, ConnectionSpec.of("sites", "oauth2")), url());
    }
    service.verify(1, postRequestedFor(urlEqualTo("/oauth/v2/token")));
  }

  @Test
  @DisplayName("A4: where users sign in may be a page with a route")
  void whereUsersSignInMayBeAPageWithARoute() {
    OAuth2Scheme routed =
        OAuth2Scheme.authorizationCode(
            "https://go.example/#/authorize", "https://id.example/token");
    try (ConnectorRuntime runtime = sites(PUBLIC.redirectingTo(ALL), scheme -> routed)) {
      assertThat(begin(runtime, HONEST).authorizationUrl().toString())
          .startsWith("https://go.example/#/authorize?");
    }
  }

  @Test
  @DisplayName("A4: what the author has fixed needs neither")
  void whatTheAuthorHasFixedNeedsNeither() {
    OAuth2Scheme google =
        OAuth2Scheme.authorizationCode(
            "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token");
    try (ConnectorRuntime runtime = sites(PUBLIC.redirectingTo(ALL), scheme -> google)) {
      assertThatCode(() -> begin(runtime, HONEST)).doesNotThrowAnyException();
    }
  }

  private static void assertRefused(
      ConnectorRuntime runtime, URI arrivedAt, PendingConsent begun, String query, Reason reason) {
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .complete(ADA.principal(), SignIns.callback(arrivedAt, begun, query), SESSION))
        .extracting(ConsentException::reason)
        .isEqualTo(reason);
  }
}

package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Revocation;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients and tokens that prove themselves by keys, and issuers that are asked. */
class ProofTest {

  @RegisterExtension
  static final WireMockExtension provider = WireMockExtension.newInstance().build();

  private final TestConnection connection = new TestConnection();

  @BeforeEach
  void theProviderIsAt() throws NoSuchAlgorithmException {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(
                    KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----";
    connection
        .parameter("url", provider.baseUrl())
        .registered(ClientRegistration.withKey("app", Secret.of(pem), "key-1"));
  }

  @Test
  @DisplayName("B3: an assertion is for the issuer, lives for a minute and is used once")
  void aClientProvesItselfToTheIssuer() {
    issues("a1");
    OAuth2Scheme scheme = application().issuedBy("https://id.example.com");

    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      assertThat(sent(scheme)).isEqualTo("Bearer a1");
      String claims = part(form("client_assertion"), 1);
      assertThat(claims)
          .contains("\"aud\":\"https://id.example.com\"")
          .contains("\"iss\":\"app\"")
          .contains("\"sub\":\"app\"")
          .contains("\"exp\":1767268860");
      ids.add(id(form("client_assertion")));
      connection.vault().put(Map.of());
    }
    assertThat(ids).hasSize(2);
    assertThat(part(form("client_assertion"), 0))
        .contains("\"alg\":\"ES256\"")
        .contains("\"kid\":\"key-1\"");
    assertThat(body()).doesNotContain("client_secret").doesNotContain("PRIVATE");
  }

  @Test
  @DisplayName("B3: without an issuer nothing is signed and nothing is sent")
  void theTokenUrlIsNoAudienceUnlessTheSchemeSaysSo() {
    issues("a1");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> sent(application()))
        .withMessageContaining("OAuth2Scheme.issuedBy");
    assertThat(requests()).isEmpty();

    assertThat(sent(application().assertionAudience("https://id.example.com/token")))
        .isEqualTo("Bearer a1");
    assertThat(application().assertionAudience("x").weaknesses()).isNotEmpty();
  }

  @Test
  @DisplayName("B3: each attempt of one request is proved by an assertion of its own")
  void eachAttemptHasItsOwnAssertion() {
    String busy = "busy";
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .inScenario(busy)
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("ready")
            .willReturn(aResponse().withStatus(503)));
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .inScenario(busy)
            .whenScenarioStateIs("ready")
            .willReturn(okJson("{\"access_token\":\"a1\"}")));

    assertThat(sent(application().issuedBy("https://id.example.com"))).isEqualTo("Bearer a1");

    assertThat(requests())
        .hasSize(2)
        .extracting(request -> id(form(request.getBodyAsString(), "client_assertion")))
        .doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("B3: what an issuer says of its token endpoint makes no assertion for another one")
  void anAssertionIsForTheIssuerThatWasAsked() {
    String honest = "https://honest.example";
    issues("a1");
    metadata("{'issuer':'%s','token_endpoint':'%s'}".formatted(provider.baseUrl(), honest));
    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> sent(discovered()));
    assertThat(requests()).isEmpty();

    String hostile = provider.baseUrl() + "/token?" + honest;
    metadata("{'issuer':'%s','token_endpoint':'%s'}".formatted(provider.baseUrl(), hostile));
    assertThat(sent(discovered())).isEqualTo("Bearer a1");

    assertThat(part(form("client_assertion"), 1))
        .contains("\"aud\":\"" + provider.baseUrl() + "\"")
        .doesNotContain("honest");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401})
  @DisplayName("B5: a demanded nonce leads to one repeat, and the latest one is sent at once")
  void aNonceIsTakenAndKept(int status) {
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .inScenario("nonce")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("given")
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("DPoP-Nonce", "n-1")
                    .withBody("{\"error\":\"use_dpop_nonce\"}")));
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .inScenario("nonce")
            .whenScenarioStateIs("given")
            .willReturn(
                okJson("{\"access_token\":\"a1\",\"token_type\":\"DPoP\",\"expires_in\":100}")));
    OAuth2Scheme scheme = bound();
    TestRequest request = new TestRequest();
    Authenticator authenticator = connection.open(scheme);

    authenticator.authenticate(request);

    assertThat(requests()).hasSize(2);
    assertThat(part(requests().get(1).getHeader("DPoP"), 1)).contains("\"nonce\":\"n-1\"");
    assertThat(request.headers.get("Authorization")).isEqualTo("DPoP a1");
    assertThat(part(request.headers.get("DPoP"), 1))
        .contains("\"htm\":\"GET\"")
        .contains("\"htu\":\"https://api.example.com/tickets\"")
        .contains("\"ath\":");
    assertThat(connection.vault().contents()).containsKey("proof_key");
    connection.clock.set(99);
    authenticator.authenticate(new TestRequest());
    assertThat(requests()).hasSize(3);
    assertThat(part(requests().get(2).getHeader("DPoP"), 1)).contains("\"nonce\":\"n-1\"");
    assertThat(part(requests().get(2).getHeader("DPoP"), 0))
        .isEqualTo(part(requests().get(0).getHeader("DPoP"), 0));
  }

  @Test
  @DisplayName("B5: a server that always demands a nonce sees two requests")
  void aNonceIsNotTriedForEver() {
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withHeader("DPoP-Nonce", "n")
                    .withBody("{\"error\":\"use_dpop_nonce\"}")));

    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> sent(bound()));
    assertThat(requests()).hasSize(2);
  }

  @Test
  @DisplayName("B5: a bearer token is not taken where a bound one was asked for")
  void aBoundTokenIsNeverABearerToken() {
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .willReturn(okJson("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}")));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> sent(bound()))
        .withMessageContaining("not DPoP tokens");
  }

  @Test
  @DisplayName("B5: a bound token stays one when the author has stopped asking for them")
  void aStoredTokenStaysBound() {
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .willReturn(
                okJson("{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"expires_in\":100}")));
    connection.open(bound()).authenticate(new TestRequest());
    OAuth2Scheme unbound = application().issuedBy("https://id.example.com");
    Authenticator authenticator = connection.open(unbound);
    TestRequest request = new TestRequest();

    authenticator.authenticate(request);

    assertThat(request.headers.get("Authorization")).isEqualTo("DPoP a");
    assertThat(part(request.headers.get("DPoP"), 1)).contains("\"ath\":");
    issues("b");
    connection.clock.set(101);
    TestRequest next = new TestRequest();
    authenticator.authenticate(next);
    assertThat(next.headers.get("Authorization")).isEqualTo("Bearer b");
    assertThat(next.headers).doesNotContainKey("DPoP");
    assertThat(connection.vault().contents()).doesNotContainKey("proof_key");
  }

  @Test
  @DisplayName("B5: a hundred requests have a hundred proofs")
  void noProofIsUsedTwice() {
    provider.stubFor(
        any(urlPathEqualTo("/token"))
            .willReturn(okJson("{\"access_token\":\"a\",\"token_type\":\"dpop\"}")));
    Authenticator authenticator = connection.open(bound());

    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      TestRequest request = new TestRequest();
      authenticator.authenticate(request);
      ids.add(id(request.headers.get("DPoP")));
    }

    assertThat(ids).hasSize(100);
  }

  @Test
  void anIssuerSaysWhereItsEndpointsAre() {
    metadata(
        "{'issuer':'%s','token_endpoint':'%s/token'}"
            .formatted(provider.baseUrl(), provider.baseUrl()));
    issues("a1");

    assertThat(sent(discovered())).isEqualTo("Bearer a1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'issuer':'https://other.example','token_endpoint':'URL/token'}",
        "{'issuer':'URL/','token_endpoint':'URL/token'}",
        "{'issuer':'URL','token_endpoint':'http://id.example.com/token'}",
        "{'issuer':'URL','token_endpoint':'https://169.254.169.254/token'}",
        "{'issuer':'URL','token_endpoint':'https://other.example/token'}",
        "{'issuer':'URL','token_endpoint':'file:///etc/passwd'}",
        "{'issuer':'URL'}",
        "[]"
      })
  @DisplayName("A6: metadata that points elsewhere, or is of somebody else, is refused")
  void metadataIsBelievedOnlyOfItsIssuer(String document) {
    metadata(document.replace("URL", provider.baseUrl()));
    issues("a1");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> sent(discovered()))
        .withMessageContaining("the metadata of")
        .extracting(AuthenticationException::reason)
        .isEqualTo(AuthenticationException.Reason.CONFIGURATION);
    assertThat(requests()).isEmpty();
  }

  @Test
  void tokensAreRevokedByTheirRefreshToken() {
    provider.stubFor(any(urlPathEqualTo("/revoke")).willReturn(aResponse().withStatus(200)));
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("{url}/authorize", "{url}/token")
            .clientAuthentication(ClientAuthentication.POST)
            .revocationUrl("{url}/revoke");
    connection.registered(ClientRegistration.of("app", Secret.of("s")));
    connection
        .vault()
        .put(new TokenSet(Secret.of("a"), Secret.of("r"), Instant.EPOCH, null, List.of()));

    assertThat(new OAuth2Strategy().revoke(scheme, connection)).isEqualTo(Revocation.CONFIRMED);
    assertThat(
            provider.findAll(anyRequestedFor(urlPathEqualTo("/revoke"))).get(0).getBodyAsString())
        .isEqualTo("token=r&token_type_hint=refresh_token&client_id=app&client_secret=s");
  }

  @Test
  void aRevocationProvesTheClientInTheHeaderIfTheBodyIsRefused() {
    provider.stubFor(any(urlPathEqualTo("/revoke")).willReturn(aResponse().withStatus(401)));
    provider.stubFor(
        any(urlPathEqualTo("/revoke"))
            .withBasicAuth("app", "s")
            .willReturn(aResponse().withStatus(200)));
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("{url}/authorize", "{url}/token")
            .clientAuthentication(ClientAuthentication.POST_OR_BASIC)
            .revocationUrl("{url}/revoke");
    connection.registered(ClientRegistration.of("app", Secret.of("s")));
    connection
        .vault()
        .put(new TokenSet(Secret.of("a"), Secret.of("r"), Instant.EPOCH, null, List.of()));

    assertThat(new OAuth2Strategy().revoke(scheme, connection)).isEqualTo(Revocation.CONFIRMED);
    assertThat(provider.findAll(anyRequestedFor(urlPathEqualTo("/revoke")))).hasSize(2);
  }

  @Test
  @DisplayName("C10: what a renewal that was under way has stored is revoked, not what it spent")
  void whatARenewalThatWasUnderWayHasStoredIsRevoked() {
    provider.stubFor(any(urlPathEqualTo("/revoke")).willReturn(aResponse().withStatus(200)));
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("{url}/authorize", "{url}/token")
            .clientAuthentication(ClientAuthentication.NONE)
            .revocationUrl("{url}/revoke");
    connection.registered(ClientRegistration.publicClient("app"));
    TestVault vault = connection.vault();
    vault.put(new TokenSet(Secret.of("a"), Secret.of("r0"), Instant.EPOCH, null, List.of()));
    vault.beforeLease(
        () ->
            vault.put(
                new TokenSet(Secret.of("b"), Secret.of("r1"), Instant.EPOCH, null, List.of())));

    assertThat(new OAuth2Strategy().revoke(scheme, connection)).isEqualTo(Revocation.CONFIRMED);

    assertThat(provider.findAll(anyRequestedFor(urlPathEqualTo("/revoke"))))
        .singleElement()
        .satisfies(sent -> assertThat(sent.getBodyAsString()).startsWith("token=r1&"));
    assertThat(vault.leases).isEqualTo(1);
    assertThat(vault.isLeased()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 503})
  @DisplayName("C10: that a registered client cannot be read hides no outcome of a revocation")
  void thatARegisteredClientCannotBeReadHidesNoOutcome(int status) {
    provider.stubFor(any(urlPathEqualTo("/revoke")).willReturn(aResponse().withStatus(status)));
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("{url}/authorize", "{url}/token")
            .clientAuthentication(ClientAuthentication.NONE)
            .registeringClients("{url}/register")
            .revocationUrl("{url}/revoke");
    connection.registered(ClientRegistration.publicClient("app"));
    connection
        .vault()
        .put(new TokenSet(Secret.of("a"), Secret.of("r"), Instant.EPOCH, null, List.of()));
    connection.clientVault().down(true);

    if (status == 200) {
      assertThat(new OAuth2Strategy().revoke(scheme, connection)).isEqualTo(Revocation.CONFIRMED);
    } else {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> new OAuth2Strategy().revoke(scheme, connection))
          .withMessageContaining("503");
    }
    assertThat(connection.clientVault().reads).isEqualTo(1);
  }

  @Test
  @DisplayName("A1: what is weaker than advised shows")
  void weaknessesShow() {
    assertThat(
            OAuth2Scheme.authorizationCode("https://a.example", "https://t.example")
                .withoutPkce()
                .toString())
        .contains("PKCE is off");
    assertThat(OAuth2Scheme.passwordAgainstAdvice("https://t.example").toString())
        .contains("password");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                OAuth2Scheme.authorizationCode("https://a.example", "https://t.example")
                    .authorization(r -> r.parameter("response_type", "token")));
  }

  private static OAuth2Scheme application() {
    return OAuth2Scheme.clientCredentials("{url}/token")
        .clientOfHost()
        .clientAuthentication(ClientAuthentication.PRIVATE_KEY_JWT);
  }

  private static OAuth2Scheme bound() {
    return application().issuedBy("https://id.example.com").dpop("ES256");
  }

  private OAuth2Scheme discovered() {
    return OAuth2Scheme.clientCredentials("{token_endpoint}")
        .clientOfHost()
        .clientAuthentication(ClientAuthentication.PRIVATE_KEY_JWT)
        .discoveredAt(provider.baseUrl());
  }

  private static void metadata(String document) {
    provider.stubFor(
        any(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(okJson(document.replace('\'', '"'))));
  }

  private static void issues(String token) {
    provider.stubFor(
        any(urlPathEqualTo("/token")).willReturn(okJson("{\"access_token\":\"" + token + "\"}")));
  }

  private String sent(OAuth2Scheme scheme) {
    TestRequest request = new TestRequest();
    connection.open(scheme).authenticate(request);
    return String.valueOf(request.headers.get("Authorization"));
  }

  private static List<LoggedRequest> requests() {
    return provider.findAll(anyRequestedFor(urlPathEqualTo("/token")));
  }

  private static String body() {
    return requests().get(requests().size() - 1).getBodyAsString();
  }

  private static String form(String name) {
    return form(body(), name);
  }

  private static String form(String body, String name) {
    return body.replaceAll(".*\\b" + name + "=([^&]*).*", "$1");
  }

  private static String id(String jwt) {
    return part(jwt, 1).replaceAll(".*\"jti\":\"([^\"]*)\".*", "$1");
  }

  private static String part(String jwt, int index) {
    return new String(
        Base64.getUrlDecoder().decode(List.of(jwt.split("\\.", -1)).get(index)), UTF_8);
  }
}

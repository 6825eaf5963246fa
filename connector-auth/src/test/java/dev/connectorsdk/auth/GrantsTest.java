package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.JwtTemplate;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Grants without a sign-in, as they are on the wire, and what becomes of their tokens. */
class GrantsTest {

  private static final String TYPE = "urn:ietf:params:oauth:token-type:";

  @RegisterExtension static final TokenServer server = new TokenServer();

  private final TestConnection connection = new TestConnection();

  @BeforeEach
  void theHostHasAClient() {
    connection.registered(
        ClientRegistration.of("app", Secret.of("s3cret"))
            .onBehalfOf(id -> Secret.of("host-token-of-" + id)));
    server.issues("t1", 3600);
  }

  @Test
  @DisplayName("B6: token exchange says what it gives and wants, and is told what it got")
  void tokenExchange() {
    server.answers(exchanged("t1", "Bearer", TYPE + "access_token"));
    OAuth2Scheme scheme =
        OAuth2Scheme.tokenExchange(server.url(), "{user_assertion}", TYPE + "access_token")
            .scopes("tickets.read")
            .resources("https://api.example.com")
            .exchange(
                request ->
                    request
                        .parameter("audience", "tickets")
                        .parameter("requested_token_type", TYPE + "access_token")
                        .parameter("actor_token", "{actor}")
                        .parameter("actor_token_type", TYPE + "jwt"));
    connection.secret("actor", "actor-token");

    assertThat(sent(scheme)).isEqualTo("Bearer t1");
    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            entry("subject_token", "host-token-of-c1"),
            entry("subject_token_type", TYPE + "access_token"),
            entry("actor_token", "actor-token"),
            entry("actor_token_type", TYPE + "jwt"),
            entry("requested_token_type", TYPE + "access_token"),
            entry("audience", "tickets"),
            entry("resource", "https://api.example.com"),
            entry("scope", "tickets.read"));
    assertThat(basic()).isEqualTo("app:s3cret");
  }

  @Test
  @DisplayName("B6: a token that is no access token is none of a type, and is sent all the same")
  void tokenExchangeOfAnotherType() {
    server.answers(exchanged("t1", "N_A", TYPE + "jwt"));

    assertThat(sent(exchange())).isEqualTo("Bearer t1");
  }

  @Test
  @DisplayName("B6: a token exchange that does not say what it issued is not believed")
  void tokenExchangeWithoutIssuedTokenType() {
    assertFails(
        exchange(),
        Reason.TEMPORARY,
        "answered with status 200, but its answer does not say what type of token was issued");
    assertThat(connection.vault().contents()).isEmpty();
  }

  @Test
  @DisplayName("B6: no other grant may give a token without a type of bearer")
  void aTokenOfNoTypeIsForTokenExchangeAlone() {
    server.answers("{\"access_token\":\"t1\",\"token_type\":\"N_A\"}");

    assertFails(OAuth2Scheme.custom("x", server.url()), Reason.CONFIGURATION, "not bearer tokens");
  }

  @Test
  @DisplayName("B6: a token exchange is run again with what the host says then")
  void tokenExchangeIsRunAgain() {
    int[] asked = {0};
    connection.registered(
        ClientRegistration.of("app", Secret.of("s3cret"))
            .onBehalfOf(id -> Secret.of("host-token-" + ++asked[0])));
    server.answers(
        okJson(
            """
            {"access_token":"t1","refresh_token":"r1","expires_in":3600,"issued_token_type":"x"}
            """));
    sent(exchange());
    connection.clock.set(3600);

    sent(exchange());

    assertThat(server.form())
        .containsEntry("subject_token", "host-token-2")
        .doesNotContainKey("refresh_token");
    assertThat(connection.vault().contents()).doesNotContainKey("refresh_token");
  }

  @Test
  void withoutATokenOfTheHostNothingIsExchanged() {
    connection.registered(ClientRegistration.of("app", Secret.of("s3cret")));

    assertFails(exchange(), Reason.CONFIGURATION, "");
    assertThat(server.requests()).isZero();
  }

  @Test
  @DisplayName("B6: a refused exchange says nothing against the client and stores nothing")
  void aRefusedExchange() {
    server.refuses("invalid_target");

    assertFails(exchange(), Reason.CONFIGURATION, "refused the request: invalid_target");
    assertThat(connection.vault().version()).isZero();
  }

  @Test
  void onBehalfOfIsWhatEntraIdUnderstands() {
    OAuth2Scheme scheme =
        OAuth2Scheme.onBehalfOf(server.url())
            .scopes("api://tickets/.default")
            .clientAuthentication(ClientAuthentication.POST);

    sent(scheme);

    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            entry("assertion", "host-token-of-c1"),
            entry("requested_token_use", "on_behalf_of"),
            entry("scope", "api://tickets/.default"),
            entry("client_id", "app"),
            entry("client_secret", "s3cret"));
  }

  @Test
  void onBehalfOfRenewsByItsRefreshTokenWhereItIsToldTo() {
    OAuth2Scheme scheme =
        OAuth2Scheme.onBehalfOf(server.url())
            .scopes("api://tickets/.default", "offline_access")
            .renewal(Renewal.REFRESH_TOKEN);
    server.issues("t1", "r1", 3600);
    sent(scheme);
    connection.clock.set(3600);

    sent(scheme);

    assertThat(server.form())
        .containsOnly(entry("grant_type", "refresh_token"), entry("refresh_token", "r1"));
  }

  @Test
  void aJwtProvesTheClientAndTheSubject() {
    connection.secret("key", "a-secret-of-more-than-thirty-two-bytes");
    OAuth2Scheme scheme =
        OAuth2Scheme.jwtBearer(
                server.url(),
                JwtTemplate.signedBy("HS256", "{key}")
                    .keyId("k-{tenant}")
                    .claim("iss", "app")
                    .claim("sub", "{user}")
                    .claim("aud", server.url()))
            .scopes("tickets.read");
    connection.parameter("tenant", "acme").parameter("user", "ada");

    sent(scheme);

    Map<String, String> form = server.form();
    assertThat(form)
        .containsOnlyKeys("grant_type", "assertion", "scope")
        .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assertThat(part(form, "assertion", 0)).contains("\"kid\":\"k-acme\"", "\"alg\":\"HS256\"");
    assertThat(part(form, "assertion", 1))
        .contains("\"sub\":\"ada\"", "\"aud\":\"" + server.url(), "\"exp\":1767268860", "\"jti\":");
    assertThat(server.latest().containsHeader("Authorization")).isFalse();
  }

  @Test
  void aJwtIsSignedAnewForEachToken() {
    connection.secret("key", "a-secret-of-more-than-thirty-two-bytes");
    OAuth2Scheme scheme =
        OAuth2Scheme.jwtBearer(server.url(), JwtTemplate.signedBy("HS256", "{key}"));
    sent(scheme);
    String first = server.form().get("assertion");
    connection.clock.set(3600);

    sent(scheme);

    assertThat(server.form().get("assertion")).isNotEqualTo(first);
  }

  @Test
  @DisplayName("A9: a token is not used on when the JWT would be for somebody else")
  void aTokenIsNotUsedOnForSomebodyElse() {
    connection.secret("key", "a-secret-of-more-than-thirty-two-bytes").parameter("user", "ada");
    OAuth2Scheme scheme =
        OAuth2Scheme.jwtBearer(
            server.url(), JwtTemplate.signedBy("HS256", "{key}").claim("sub", "{user}"));
    server.answers("{\"access_token\": \"of-ada\"}");
    sent(scheme);
    server.answers("{\"access_token\": \"of-bob\"}");

    assertThat(sent(scheme)).isEqualTo("Bearer of-ada");
    connection.parameter("user", "bob");
    assertThat(sent(scheme)).isEqualTo("Bearer of-bob");
  }

  @Test
  void aSamlAssertionGoesAsItIs() {
    String assertion = Base64.getUrlEncoder().encodeToString("<saml:Assertion/>".getBytes(UTF_8));
    connection.secret("assertion_of_ada", assertion);
    OAuth2Scheme scheme =
        OAuth2Scheme.samlBearer(server.url(), "{assertion_of_ada}").scopes("tickets.read");

    sent(scheme);

    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "urn:ietf:params:oauth:grant-type:saml2-bearer"),
            entry("assertion", assertion),
            entry("scope", "tickets.read"));
    assertThat(basic()).isEqualTo("app:s3cret");
  }

  @Test
  @Tag("A1")
  void aPasswordIsSentOnlyWhereAnAuthorSaysSo() {
    OAuth2Scheme scheme = OAuth2Scheme.passwordAgainstAdvice(server.url());
    connection.parameter("username", "ada").secret("password", "p w");

    sent(scheme);

    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "password"), entry("username", "ada"), entry("password", "p w"));
    assertThat(scheme.weaknesses()).containsExactly("it sends the user's password");
    assertThat(scheme.parameters()).filteredOn(p -> p.isSecret()).hasSize(1);
  }

  @Test
  void aPasswordGrantMayRenewByItsRefreshToken() {
    OAuth2Scheme scheme =
        OAuth2Scheme.passwordAgainstAdvice(server.url()).renewal(Renewal.REFRESH_TOKEN);
    connection.parameter("username", "ada").secret("password", "pw");
    server.issues("t1", "r1", 3600);
    sent(scheme);
    connection.clock.set(3600);
    server.issues("t2", "r2", 3600);

    assertThat(sent(scheme)).isEqualTo("Bearer t2");

    assertThat(server.form())
        .containsEntry("refresh_token", "r1")
        .doesNotContainKeys("password", "username");
  }

  @Test
  void aRefusedRefreshTokenLeadsBackToTheGrantWhereThatNeedsNobody() {
    OAuth2Scheme scheme =
        OAuth2Scheme.passwordAgainstAdvice(server.url()).renewal(Renewal.REFRESH_TOKEN);
    connection.parameter("username", "ada").secret("password", "pw");
    server.issues("t1", "r1", 3600);
    sent(scheme);
    connection.clock.set(3600);
    server.inTurn(TokenServer.refusal("invalid_grant"), TokenServer.pair("t2", "r2"));

    assertThat(sent(scheme)).isEqualTo("Bearer t2");

    assertThat(server.form()).containsEntry("grant_type", "password");
  }

  @Test
  void aGrantMayHaveAnyNameOrNone() {
    connection.parameter("account", "a-1");
    sent(
        OAuth2Scheme.custom("account_credentials", server.url())
            .exchange(request -> request.parameter("account_id", "{account}")));

    assertThat(server.form())
        .containsOnly(entry("grant_type", "account_credentials"), entry("account_id", "a-1"));

    connection.vault().put(Map.of());
    sent(
        OAuth2Scheme.custom("", server.url())
            .exchange(request -> request.parameter("account_id", "{account}")));
    assertThat(server.form()).containsOnly(entry("account_id", "a-1"));
  }

  @Test
  @DisplayName("RFC 8707: resources are named in each request for a token, the renewal too")
  void resourcesAreNamedEachTime() {
    OAuth2Scheme scheme =
        OAuth2Scheme.custom("x", server.url())
            .resources("https://a.example.com/{tenant}", "https://b.example.com", "{absent}")
            .renewal(Renewal.REFRESH_TOKEN);
    connection.parameter("tenant", "acme");
    server.issues("t1", "r1", 3600);

    sent(scheme);
    assertThat(resources())
        .containsExactly("https%3A%2F%2Fa.example.com%2Facme", "https%3A%2F%2Fb.example.com");

    connection.clock.set(3600);
    sent(scheme);
    assertThat(server.latest().getBodyAsString()).contains("grant_type=refresh_token");
    assertThat(resources())
        .containsExactly("https%3A%2F%2Fa.example.com%2Facme", "https%3A%2F%2Fb.example.com");
  }

  @Test
  @DisplayName("RFC 8707: in JSON several resources are an array")
  void severalResourcesInJson() {
    sent(
        OAuth2Scheme.custom("x", server.url())
            .resources("https://a.example.com", "https://b.example.com")
            .exchange(request -> request.json()));

    assertThat(server.latest().getBodyAsString())
        .contains("\"resource\":[\"https://a.example.com\",\"https://b.example.com\"]");
  }

  private OAuth2Scheme exchange() {
    return OAuth2Scheme.tokenExchange(server.url(), "{user_assertion}", TYPE + "access_token");
  }

  private static String exchanged(String token, String type, String issued) {
    return "{\"access_token\":\"%s\",\"token_type\":\"%s\",\"issued_token_type\":\"%s\"}"
        .formatted(token, type, issued);
  }

  private String sent(OAuth2Scheme scheme) {
    TestRequest request = new TestRequest();
    connection.open(scheme).authenticate(request);
    return String.valueOf(request.headers.get("Authorization"));
  }

  private void assertFails(OAuth2Scheme scheme, Reason reason, String problem) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> sent(scheme))
        .withMessageContaining(problem)
        .extracting(AuthenticationException::reason)
        .isEqualTo(reason);
  }

  private static String basic() {
    String header = server.latest().getHeader("Authorization");
    return new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
  }

  private static List<String> resources() {
    return List.of(server.latest().getBodyAsString().split("&", -1)).stream()
        .filter(pair -> pair.startsWith("resource="))
        .map(pair -> pair.substring("resource=".length()))
        .toList();
  }

  private static String part(Map<String, String> form, String name, int index) {
    String jwt = new HashMap<>(form).getOrDefault(name, "..");
    return new String(
        Base64.getUrlDecoder().decode(List.of(jwt.split("\\.", -1)).get(index)), UTF_8);
  }
}

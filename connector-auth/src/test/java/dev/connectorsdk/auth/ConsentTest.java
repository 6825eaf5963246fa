package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.StoreException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsentTest {

  private static final URI REDIRECT = URI.create("https://host.example.com/callback/c?x=1");

  @RegisterExtension static final TokenServer server = new TokenServer();

  private final OAuth2Strategy strategy = new OAuth2Strategy();
  private final TestConnection connection =
      new TestConnection().registered(ClientRegistration.of("app", Secret.of("s3cret")));
  private final TestVault vault = connection.vault();

  @Test
  void aSignInAsksForACodeWithAllThatBelongsToIt() {
    ConsentStart start = begin(scheme().scopes("read", "write all"));

    Map<String, String> query = query(start.authorizationUrl().getRawQuery());
    assertThat(start.authorizationUrl().toString())
        .startsWith("https://id.example.com/authorize?response_type=code&");
    assertThat(query)
        .containsOnly(
            entry("response_type", "code"),
            entry("client_id", "app"),
            entry("redirect_uri", REDIRECT.toString()),
            entry("scope", "read write all"),
            entry("state", "st&te"),
            entry("code_challenge", Pkce.challenge(verifier(start))),
            entry("code_challenge_method", "S256"));
  }

  @Test
  @Tag("A1")
  void aThousandSignInsHaveAThousandChallenges() {
    Set<String> challenges = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      ConsentStart start = begin(scheme());
      Map<String, String> query = query(start.authorizationUrl().getRawQuery());
      assertThat(query).containsEntry("code_challenge_method", "S256");
      assertThat(verifier(start).reveal()).matches("[A-Za-z0-9_-]{43}");
      assertThat(query).containsEntry("code_challenge", Pkce.challenge(verifier(start)));
      challenges.add(query.get("code_challenge"));
    }
    assertThat(challenges).hasSize(1_000);
  }

  @Test
  @Tag("A1")
  void theChallengeIsThatOfTheSpecification() {
    Secret verifier = Secret.of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

    assertThat(Pkce.challenge(verifier)).isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  }

  @Test
  void withoutPkceThereIsNoChallengeAndNoVerifier() {
    OAuth2Scheme scheme = scheme().withoutPkce();
    ConsentStart start = begin(scheme);
    server.issues("t", 3600);

    complete(scheme, start, Map.of("code", List.of("c0de")));

    assertThat(start.authorizationUrl().toString()).doesNotContain("code_challenge");
    assertThat(start.memo()).containsOnlyKeys("authorization_origin");
    assertThat(server.form()).doesNotContainKey("code_verifier");
  }

  @Test
  void furtherParametersAreAddedButCannotReplaceOurs() {
    ConsentStart start =
        begin(
            scheme()
                .authorizationParameter("access_type", "offline")
                .authorizationParameter("state", "theirs")
                .authorizationParameter("code_challenge_method", "plain"));

    assertThat(query(start.authorizationUrl().getRawQuery()))
        .containsEntry("access_type", "offline")
        .containsEntry("state", "st&te")
        .containsEntry("code_challenge_method", "S256");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/auth,          https://a.example/auth?p=1%202",
    "https://a.example/auth?,         https://a.example/auth?p=1%202",
    "https://a.example/auth?name=x,   https://a.example/auth?name=x&p=1%202",
    "https://a.example/auth?name=x&,  https://a.example/auth?name=x&p=1%202",
    "https://a.example/#/auth,        https://a.example/#/auth?p=1%202",
    "https://a.example/#!/auth,       https://a.example/#!/auth?p=1%202",
    "https://a.example/?a=b#/auth,    https://a.example/?a=b#/auth?p=1%202",
    "https://a.example/#/auth?name=x, https://a.example/#/auth?name=x&p=1%202",
    "https://a.example/auth#top,      https://a.example/auth?p=1%202#top",
    "https://a.example/auth?b=c#top,  https://a.example/auth?b=c&p=1%202#top"
  })
  void theUrlKeepsItsQueryAndItsRoute(URI endpoint, URI expected) {
    assertThat(AuthorizationUrl.with(endpoint, Map.of("p", "1 2"))).isEqualTo(expected);
  }

  @Test
  void theAuthorizationUrlIsATemplate() {
    connection.parameter("site", "acme");

    ConsentStart start =
        begin(OAuth2Scheme.authorizationCode("https://{site}.example.com/auth", server.url()));

    assertThat(start.authorizationUrl().getHost()).isEqualTo("acme.example.com");
  }

  @Test
  void aBrowserIsNotSentToAScript() {
    connection.parameter("url", "javascript:alert(1)//");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin(OAuth2Scheme.authorizationCode("{url}", server.url())))
        .withMessage("Connection 'c1': the authorization URL is not an http URL");
  }

  @Test
  void aSignInWithoutClientDoesNotBegin() {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin(scheme(), new TestConnection()))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.CONFIGURATION);
  }

  @Test
  void nobodySignsInForClientCredentials() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> begin(OAuth2Scheme.clientCredentials(server.url())))
        .withMessage("Nobody signs in for the grant CLIENT_CREDENTIALS");
  }

  @Test
  void theCodeIsExchangedWithItsVerifierAndTheTokensAreStored() {
    ConsentStart start = begin(scheme());
    server.answers(
        """
        {"access_token":"t1","refresh_token":"r1","token_type":"Bearer","expires_in":3600,
         "scope":"read"}
        """);

    complete(scheme(), start, Map.of("code", List.of("c0de"), "state", List.of("st&te")));

    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "authorization_code"),
            entry("code", "c0de"),
            entry("redirect_uri", REDIRECT.toString()),
            entry("code_verifier", verifier(start).reveal()));
    assertThat(vault.contents())
        .containsOnly(
            entry("access_token", "t1"),
            entry("refresh_token", "r1"),
            entry("token_type", "Bearer"),
            entry("scope", "read"),
            entry("redirect_uri", REDIRECT.toString()),
            entry("obtained_at", "2026-01-01T12:00:00Z"),
            entry("expires_at", "2026-01-01T13:00:00Z"));
    TestRequest request = new TestRequest();
    connection.open(scheme()).authenticate(request);
    assertThat(request.headers).containsExactly(entry("Authorization", "Bearer t1"));
  }

  @Test
  void anotherSignInReplacesAllThatWasThere() {
    vault.put(Map.of("access_token", Secret.of("old"), "refresh_token", Secret.of("old")));
    server.answers("{\"access_token\":\"t1\"}");

    complete(scheme(), begin(scheme()), Map.of("code", List.of("c0de")));

    assertThat(vault.contents())
        .containsEntry("access_token", "t1")
        .doesNotContainKey("refresh_token");
  }

  @Test
  @Tag("A8")
  void whoeverSaysNoGetsATypedRefusal() {
    assertRefused(
        Map.of("error", List.of("access_denied"), "error_description", List.of("s3cret")),
        ConsentException.Reason.ACCESS_DENIED,
        "The sign-in was refused: access_denied");
  }

  @ParameterizedTest
  @Tag("A8")
  @CsvSource({
    "login_required, LOGIN_REQUIRED",
    "invalid_scope, INVALID_SCOPE",
    "server_error, SERVER_ERROR",
    "temporarily_unavailable, SERVER_ERROR",
    "unauthorized_client, PROVIDER_ERROR",
    "unsupported_response_type, PROVIDER_ERROR"
  })
  void anErrorOfTheListIsNamed(String code, ConsentException.Reason reason) {
    assertRefused(
        Map.of("error", List.of(code)),
        reason,
        "The service could not complete the sign-in: " + code);
  }

  @Test
  @Tag("A8")
  void anErrorThatIsOnNoListIsNotRepeated() {
    assertRefused(
        Map.of("error", List.of("<script>s3cret</script>")),
        ConsentException.Reason.PROVIDER_ERROR,
        "The service could not complete the sign-in: an unlisted error code");
  }

  @Test
  @Tag("A8")
  void aCallbackThatContradictsItselfIsMalformed() {
    assertMalformed(Map.of("code", List.of("a", "b")), "has a parameter more than once");
    assertMalformed(
        Map.of("code", List.of("a"), "x", List.of("x", "x")), "has a parameter more than once");
    assertMalformed(
        Map.of("code", List.of("a"), "error", List.of("access_denied")),
        "has both a code and an error");
    assertMalformed(Map.of(), "has no code");
    assertMalformed(Map.of("code", List.of()), "has no code");
    assertMalformed(Map.of("code", List.of("")), "has no code");
  }

  @ParameterizedTest
  @CsvSource({
    "code, https://a.test/r/",
    "code, https://b.test/r",
    "code, https://A.test/r",
    "code, ''",
    "code, https://a.test/r https://a.test/r",
    "error, https://b.test/r"
  })
  @DisplayName("A5: a callback of another issuer reaches no token endpoint")
  void aCallbackOfAnotherIssuerReachesNoTokenEndpoint(String parameter, String issuers) {
    OAuth2Scheme scheme = scheme().issuedBy("https://a.test/r");
    Map<String, List<String>> callback =
        Map.of(parameter, List.of("access_denied"), "iss", List.of(issuers.split(" ", -1)));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> complete(scheme, begin(scheme), callback))
        .extracting(ConsentException::reason)
        .isEqualTo(ConsentException.Reason.ISSUER_MISMATCH);
    assertThat(server.requests()).isZero();
  }

  @Test
  @DisplayName("A5: the issuer itself is welcome, and so is one that says nothing of itself")
  void theIssuerItselfIsWelcome() {
    server.issues("t", 3600);
    OAuth2Scheme scheme = scheme().issuedBy("https://a.test/r");

    complete(
        scheme, begin(scheme), Map.of("code", List.of("c"), "iss", List.of("https://a.test/r")));
    complete(scheme, begin(scheme), Map.of("code", List.of("c")));
  }

  @ParameterizedTest
  @DisplayName("A5: an issuer that nobody declared is of the origin to which the user was sent")
  @CsvSource({
    "https://id.example.com, true",
    "https://id.example.com/realm, true",
    "https://ID.example.com:443, true",
    "https://accounts.google.com, false",
    "http://id.example.com, false",
    "https://id.example.com:8443, false",
    "id.example.com, false",
    "any, false"
  })
  void anIssuerThatNobodyDeclaredIsOfTheOriginToWhichTheUserWasSent(String issuer, boolean fits) {
    server.issues("t", 3600);
    Map<String, List<String>> callback = Map.of("code", List.of("c"), "iss", List.of(issuer));

    if (fits) {
      complete(scheme(), begin(scheme()), callback);
    } else {
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> complete(scheme(), begin(scheme()), callback))
          .extracting(ConsentException::reason)
          .isEqualTo(ConsentException.Reason.ISSUER_MISMATCH);
      assertThat(server.requests()).isZero();
    }
  }

  @Test
  @DisplayName(
      "A5: Google's issuer is of its authorization endpoint's origin, not its token endpoint's")
  void googlesIssuerIsOfItsAuthorizationEndpointsOrigin() {
    server.issues("t", 3600);
    OAuth2Scheme google =
        OAuth2Scheme.authorizationCode(
            "https://accounts.google.com/o/oauth2/v2/auth", server.url());

    complete(
        google,
        begin(google),
        Map.of("code", List.of("c"), "iss", List.of("https://accounts.google.com")));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () ->
                complete(
                    google,
                    begin(google),
                    Map.of("code", List.of("c"), "iss", List.of("https://oauth2.googleapis.com"))))
        .extracting(ConsentException::reason)
        .isEqualTo(ConsentException.Reason.ISSUER_MISMATCH);
  }

  @Test
  @Tag("A1")
  void aRefusedCodeMeansBeginningAgainAndStoresNothing() {
    server.refuses("invalid_grant");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> complete(scheme(), begin(scheme()), Map.of("code", List.of("c0de"))))
        .withMessage(
            "Connection 'c1': the token endpoint at localhost refused the request: invalid_grant")
        .extracting(ConsentException::reason)
        .isEqualTo(ConsentException.Reason.PROVIDER_ERROR);
    assertThat(vault.version()).isZero();
  }

  @Test
  void anEndpointThatCannotBeReachedMeansBeginningAgain() {
    server.breaksOff();

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> complete(scheme(), begin(scheme()), Map.of("code", List.of("c0de"))));
  }

  @Test
  void aRefusedClientIsAMatterOfConfiguration() {
    server.refuses("invalid_client");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> complete(scheme(), begin(scheme()), Map.of("code", List.of("c0de"))))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.CONFIGURATION);
  }

  @Test
  @Tag("B15")
  void aSignInThatCannotBeStoredIsNotReportedAsDone() {
    server.issues("t1", 3600);
    vault.readOnly(true);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> complete(scheme(), begin(scheme()), Map.of("code", List.of("c0de"))));
  }

  private static OAuth2Scheme scheme() {
    return OAuth2Scheme.authorizationCode("https://id.example.com/authorize", server.url());
  }

  private ConsentStart begin(OAuth2Scheme scheme) {
    return begin(scheme, connection);
  }

  private ConsentStart begin(OAuth2Scheme scheme, TestConnection connection) {
    List<String> scopes = strategy.scopes(scheme, connection);
    return strategy.begin(
        scheme, connection, new ConsentRequest(REDIRECT, "st&te", scopes, Map.of()));
  }

  private void complete(OAuth2Scheme scheme, ConsentStart start, Map<String, List<String>> back) {
    strategy.complete(scheme, connection, new ConsentCallback(REDIRECT, start.memo(), back));
  }

  private static Secret verifier(ConsentStart start) {
    return start.memo().getOrDefault("code_verifier", Secret.of(""));
  }

  private static Map<String, String> query(@Nullable String rawQuery) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : String.valueOf(rawQuery).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private void assertMalformed(Map<String, List<String>> callback, String problem) {
    assertRefused(
        callback,
        ConsentException.Reason.MALFORMED,
        "The sign-in was not completed: the callback " + problem);
  }

  private void assertRefused(
      Map<String, List<String>> callback, ConsentException.Reason reason, String message) {
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> complete(scheme(), begin(scheme()), callback))
        .withMessage(message)
        .extracting(ConsentException::reason)
        .isEqualTo(reason);
    assertThat(server.requests()).isZero();
    assertThat(vault.version()).isZero();
  }
}

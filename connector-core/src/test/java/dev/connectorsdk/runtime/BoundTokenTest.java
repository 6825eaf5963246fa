package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.ScenarioMappingBuilder;
import com.github.tomakehurst.wiremock.matching.MatchResult;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls with tokens that are bound to a key of the connection (RFC 9449), seen by the service. */
@Tag("B5")
class BoundTokenTest extends HostTest {

  private static final String NONCES = "nonces";

  /** The path, with its query. */
  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  private static final Action<String, String> POST =
      Action.builder("post", Effect.WRITE, String.class, String.class)
          .run(
              (path, call) ->
                  call.http().callEncoded("POST", path).json(List.of("x")).send().text());

  private static final Action<String, String> GET_UNWRAPPED =
      Action.builder("getUnwrapped", Effect.READ, String.class, String.class)
          .run(
              (path, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request = new Request.Builder().url(url("").concat(path)).build();
                try (Response answer = client.newCall(request).execute()) {
                  return answer.code() + " " + answer.body().string();
                }
              });

  private static String url(String path) {
    return "http://localhost:" + service.port() + path;
  }

  @Override
  Connector connector() {
    OAuth2Scheme bound = OAuth2Scheme.clientCredentials(url() + "/token").dpop("ES256");
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(bound).named("bound"))
        .auth(
            AuthOption.oauth2(
                    bound.then(
                        RequestTemplate.get(url() + "/me?full=1")
                            .header("Authorization", "Bearer {access_token}")
                            .answer(fields -> TokenFields.none().value("who", "/name"))))
                .named("asking"))
        .action(GET)
        .action(POST)
        .action(GET_UNWRAPPED)
        .build();
  }

  private Connection connected(String option) {
    return runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tickets", option)
                .with("client_id", "app")
                .secret("client_secret", Secret.of("s3cret")));
  }

  private static void tokens(String token, long seconds) {
    service.stubFor(any(urlPathEqualTo("/token")).willReturn(issued(token, seconds)));
  }

  private static void tokensInTurn(String first, String second) {
    service.stubFor(
        any(urlPathEqualTo("/token"))
            .inScenario("tokens")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo(second)
            .willReturn(issued(first, 3600)));
    service.stubFor(
        any(urlPathEqualTo("/token"))
            .inScenario("tokens")
            .whenScenarioStateIs(second)
            .willReturn(issued(second, 3600)));
  }

  private static ResponseDefinitionBuilder issued(String token, long seconds) {
    return okJson(
        """
        {"access_token":"%s","token_type":"DPoP","expires_in":%d}
        """
            .formatted(token, seconds));
  }

  private static ResponseDefinitionBuilder demand(String nonce) {
    return aResponse()
        .withStatus(401)
        .withHeader("WWW-Authenticate", "Bearer realm=\"x\"")
        .withHeader("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\", algs=\"ES256\"")
        .withHeader("DPoP-Nonce", nonce);
  }

  private static ScenarioMappingBuilder at(String state) {
    return any(urlPathMatching("/api/.*")).inScenario(NONCES).whenScenarioStateIs(state);
  }

  /** Demands a nonce once, from a request that had none. */
  private static void theServiceDemandsANonce() {
    service.stubFor(at(Scenario.STARTED).willSetStateTo("given").willReturn(demand("n-1")));
    service.stubFor(at("given").willReturn(aResponse().withBody("ok")));
  }

  @Test
  @DisplayName("B5: each request carries a proof for itself and its token, with the scheme DPoP")
  void eachRequestCarriesItsProof() throws Exception {
    tokens("t1", 3600);
    service.stubFor(any(urlPathMatching("/api/.*")).willReturn(aResponse().withBody("ok")));
    connected("bound");

    runtime.invoke(ADA, MINE, GET, "/api/tickets?status=open&q=a%20b");
    runtime.invoke(ADA, MINE, POST, "/api/tickets");

    SignedJWT get = proof(requests("/api/.*").get(0));
    assertThat(get.getHeader().getType()).isEqualTo(new JOSEObjectType("dpop+jwt"));
    assertThat(get.getHeader().getJWK().isPrivate()).isFalse();
    assertThat(get.getJWTClaimsSet().getStringClaim("htm")).isEqualTo("GET");
    assertThat(get.getJWTClaimsSet().getStringClaim("htu")).isEqualTo(url("/api/tickets"));
    assertThat(get.getJWTClaimsSet().getStringClaim("ath")).isEqualTo(hash("t1"));
    assertThat(get.getJWTClaimsSet().getIssueTime()).isEqualTo(Date.from(clock.instant()));
    assertThat(get.getJWTClaimsSet().getClaims()).doesNotContainKey("nonce");
    SignedJWT post = proof(requests("/api/.*").get(1));
    assertThat(post.getJWTClaimsSet().getStringClaim("htm")).isEqualTo("POST");
    assertThat(post.getJWTClaimsSet().getJWTID()).isNotEqualTo(get.getJWTClaimsSet().getJWTID());
    assertThat(proof(requests("/token").get(0)).getJWTClaimsSet().getClaims())
        .doesNotContainKey("ath");
    assertNoBearer();
  }

  @Test
  @DisplayName("B5: a demanded nonce leads to one repeat with the same token, writes included")
  void aDemandedNonceLeadsToOneRepeat() throws Exception {
    tokens("t1", 3600);
    theServiceDemandsANonce();
    connected("bound");

    assertThat(runtime.invoke(ADA, MINE, POST, "/api/tickets")).isEqualTo("ok");

    List<LoggedRequest> sent = requests("/api/.*");
    assertThat(sent).hasSize(2);
    assertThat(nonce(sent.get(0))).isNull();
    assertThat(nonce(sent.get(1))).isEqualTo("n-1");
    assertThat(sent.get(1).getHeader("Authorization")).isEqualTo("DPoP t1");
    assertThat(sent.get(1).getBodyAsString()).isEqualTo("[\"x\"]");
    assertThat(requests("/token")).as("the token is not to blame").hasSize(1);
  }

  @Test
  @DisplayName("B5: the next call sends the latest nonce at once, whichever answer brought it")
  void theLatestNonceIsSentAtOnce() throws Exception {
    tokens("t1", 3600);
    service.stubFor(at(Scenario.STARTED).willSetStateTo("given").willReturn(demand("n-1")));
    service.stubFor(
        at("given").willReturn(aResponse().withHeader("DPoP-Nonce", "n-2").withBody("ok")));
    connected("bound");
    runtime.invoke(ADA, MINE, GET, "/api/1");

    runtime.invoke(ADA, MINE, GET, "/api/2");

    List<LoggedRequest> sent = requests("/api/.*");
    assertThat(sent).hasSize(3);
    assertThat(nonce(sent.get(1))).isEqualTo("n-1");
    assertThat(nonce(sent.get(2))).isEqualTo("n-2");
  }

  @Test
  @DisplayName("B5: a service that demands a nonce for ever sees two requests, and no new token")
  void aNonceIsNotTriedForEver() {
    tokens("t1", 3600);
    service.stubFor(any(urlPathMatching("/api/.*")).willReturn(demand("n-1")));
    connected("bound");

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/api/1"));
    assertThat(requests("/api/.*")).hasSize(2);
    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/api/2"));

    assertThat(requests("/api/.*")).as("it had the nonce, so once more is of no use").hasSize(3);
    assertThat(requests("/token")).hasSize(1);
    assertThat(runtime.connections().list(ADA).get(0).status().isConnected()).isTrue();
  }

  @Test
  @Timeout(60)
  @DisplayName(
      "B5: threads that are asked for the same nonce all repeat, and none asks for a token")
  void aNonceThatAnotherThreadLearntIsNews() throws Exception {
    tokens("t1", 3600);
    int calls = 8;
    // Everybody is asked before anybody has an answer.
    service.stubFor(
        any(urlPathMatching("/api/.*"))
            .willReturn(demand("n-1").withFixedDelay(700))
            .atPriority(2));
    service.stubFor(
        any(urlPathMatching("/api/.*"))
            .andMatching(request -> MatchResult.of(hasNonce(request.getHeader("DPoP"), "n-1")))
            .willReturn(aResponse().withBody("ok"))
            .atPriority(1));
    connected("bound");
    ExecutorService threads = Executors.newFixedThreadPool(calls);
    List<Callable<String>> all = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      all.add(() -> runtime.invoke(ADA, MINE, GET, "/api/x"));
    }

    for (Future<String> done : threads.invokeAll(all)) {
      assertThat(done.get()).isEqualTo("ok");
    }
    threads.shutdown();

    assertThat(requests("/token")).hasSize(1);
  }

  @Test
  @DisplayName("B5: the key stays the same for as long as the connection is what it is")
  void theKeyStaysTheSame() throws Exception {
    tokens("t1", 60);
    service.stubFor(any(urlPathMatching("/api/.*")).willReturn(aResponse().withBody("ok")));
    connected("bound");
    Set<String> keys = new HashSet<>();
    for (int i = 1; i <= 5; i++) {
      runtime.invoke(ADA, MINE, GET, "/api/1");
      tokens("t" + (i + 1), 60);
      clock.advance(Duration.ofSeconds(60));
    }

    List<LoggedRequest> sent = new ArrayList<>(requests("/api/.*"));
    sent.addAll(requests("/token"));
    for (LoggedRequest request : sent) {
      keys.add(proof(request).getHeader().getJWK().computeThumbprint().toString());
    }
    assertThat(sent).hasSize(10);
    assertThat(keys).hasSize(1);
    assertNoBearer();
  }

  @Test
  @DisplayName("B5, B17: a refused token is replaced once, and the new one is proved too")
  void aRefusedTokenIsReplaced() throws Exception {
    tokensInTurn("t1", "t2");
    connected("bound");
    service.stubFor(
        at(Scenario.STARTED)
            .willSetStateTo("replaced")
            .willReturn(
                aResponse()
                    .withStatus(401)
                    .withHeader("WWW-Authenticate", "DPoP error=\"invalid_token\"")));
    service.stubFor(at("replaced").willReturn(aResponse().withBody("ok")));

    assertThat(runtime.invoke(ADA, MINE, GET, "/api/1")).isEqualTo("ok");

    assertThat(requests("/token")).hasSize(2);
    List<LoggedRequest> sent = requests("/api/.*");
    assertThat(sent)
        .extracting(request -> request.getHeader("Authorization"))
        .containsExactly("DPoP t1", "DPoP t2");
    assertThat(proof(sent.get(1)).getJWTClaimsSet().getStringClaim("ath")).isEqualTo(hash("t2"));
  }

  @Test
  @DisplayName("B5: an unwrapped client gets proofs and nonces like any other")
  void anUnwrappedClientGetsNonces() throws Exception {
    tokens("t1", 3600);
    theServiceDemandsANonce();
    connected("bound");

    assertThat(runtime.invoke(ADA, MINE, GET_UNWRAPPED, "/api/1")).isEqualTo("200 ok");

    assertThat(requests("/api/.*")).hasSize(2);
    assertThat(nonce(requests("/api/.*").get(1))).isEqualTo("n-1");
    assertThat(requests("/token")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "getUnwrapped"})
  @DisplayName("B17: a 403 that blames the token leads to a new one, of an unwrapped client too")
  void aForbiddenTokenIsReplaced(String action) throws Exception {
    tokensInTurn("t1", "t2");
    service.stubFor(
        at(Scenario.STARTED)
            .willSetStateTo("replaced")
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withHeader("WWW-Authenticate", "DPoP error=\"invalid_token\"")));
    service.stubFor(at("replaced").willReturn(aResponse().withBody("ok")));
    connected("bound");

    assertThat(runtime.invoke(ADA, MINE, action.equals("get") ? GET : GET_UNWRAPPED, "/api/1"))
        .endsWith("ok");

    assertThat(requests("/token")).hasSize(2);
    assertThat(requests("/api/.*").get(1).getHeader("Authorization")).isEqualTo("DPoP t2");
  }

  @Test
  @DisplayName("B5, B17: neither a demanded nonce nor a refused token keeps the other from help")
  void aNonceAndATokenMayBothBeMissing() throws Exception {
    tokens("t1", 3600);
    service.stubFor(at(Scenario.STARTED).willSetStateTo("given").willReturn(demand("n-1")));
    service.stubFor(
        at("given")
            .willSetStateTo("replaced")
            .willReturn(
                aResponse()
                    .withStatus(401)
                    .withHeader("WWW-Authenticate", "DPoP error=\"invalid_token\"")));
    service.stubFor(at("replaced").willReturn(aResponse().withBody("ok")));
    connected("bound");

    assertThat(runtime.invoke(ADA, MINE, GET, "/api/1")).isEqualTo("ok");

    assertThat(requests("/api/.*")).hasSize(3);
    assertThat(requests("/token")).hasSize(2);
  }

  @Test
  @DisplayName("B5: a look-up after the token is proved as well, and is no bearer token either")
  void aLookUpIsProved() throws Exception {
    tokens("t1", 3600);
    service.stubFor(any(urlPathMatching("/api/.*")).willReturn(aResponse().withBody("ok")));
    service.stubFor(
        any(urlPathEqualTo("/me"))
            .inScenario("me")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("given")
            .willReturn(demand("n-9")));
    service.stubFor(
        any(urlPathEqualTo("/me"))
            .inScenario("me")
            .whenScenarioStateIs("given")
            .willReturn(okJson("{\"name\":\"ada\"}")));
    connected("asking");

    runtime.invoke(ADA, MINE, GET, "/api/1");

    List<LoggedRequest> asked = requests("/me");
    assertThat(asked).hasSize(2);
    SignedJWT proof = proof(asked.get(1));
    assertThat(proof.getJWTClaimsSet().getStringClaim("htu")).isEqualTo(url("/me"));
    assertThat(proof.getJWTClaimsSet().getStringClaim("ath")).isEqualTo(hash("t1"));
    assertThat(nonce(asked.get(1))).isEqualTo("n-9");
    assertNoBearer();
  }

  private static void assertNoBearer() {
    assertThat(service.findAll(anyRequestedFor(urlMatching(".*"))))
        .noneMatch(
            request ->
                request.containsHeader("Authorization")
                    && request.getHeader("Authorization").startsWith("Bearer"));
  }

  private static List<LoggedRequest> requests(String path) {
    return service.findAll(anyRequestedFor(urlPathMatching(path)));
  }

  /** Returns the proof, whose signature is that of the key in it. */
  private static SignedJWT proof(LoggedRequest request) throws ParseException, JOSEException {
    SignedJWT proof = SignedJWT.parse(request.getHeader("DPoP"));
    assertThat(proof.verify(new ECDSAVerifier((ECKey) proof.getHeader().getJWK()))).isTrue();
    return proof;
  }

  private static String nonce(LoggedRequest request) throws Exception {
    return proof(request).getJWTClaimsSet().getStringClaim("nonce");
  }

  private static boolean hasNonce(String proof, String nonce) {
    try {
      return nonce.equals(SignedJWT.parse(proof).getJWTClaimsSet().getStringClaim("nonce"));
    } catch (ParseException e) {
      return false;
    }
  }

  private static String hash(String token) throws NoSuchAlgorithmException {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII)));
  }
}

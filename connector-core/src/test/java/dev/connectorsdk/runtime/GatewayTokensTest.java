package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.JwtTemplate;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through a gateway whose members get tokens for them, inside. */
@WireMockTest
@Timeout(60)
class GatewayTokensTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Administrator ADMINISTRATOR = Administrator.of(ADA.principal(), "prod");
  private static final Administrator OF_ALL = Administrator.ofRuntime(ADA.principal());
  private static final ConnectionReference MINE = ConnectionReference.invoker("erp", "erp");

  record Order(String text) {}

  private static final Action<Order, Integer> SHOW =
      Action.builder("show", Effect.READ, Order.class, Integer.class)
          .run((in, call) -> call.http().get("/orders").send().status());
  private static final Action<Order, Integer> STORE =
      Action.builder("store", Effect.WRITE, Order.class, Integer.class)
          .run((in, call) -> call.http().post("/orders").json(in).send().status());

  @TempDir Path temp;
  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing ring = KeyRing.random();
  private ConnectorRuntime runtime;
  private InsideNetwork inside;
  private String origin;
  private String login;
  private String gateway;

  @BeforeEach
  void open(WireMockRuntimeInfo server) throws Exception {
    origin = "http://erp.inside.test:" + server.getHttpPort();
    login = "http://login.inside.test:" + server.getHttpPort();
    stubFor(any(anyUrl()).willReturn(ok()));
    issue("token-1");
    String token = login + "/{plant}/token";
    OAuth2Scheme app = OAuth2Scheme.clientCredentials(token).scopes("{plant}.read");
    Connector erp =
        Connector.builder("erp", origin)
            .parameter(ConnectionParameter.text("plant").withDefault("p3"))
            .auth(AuthOption.oauth2(app).named("app"))
            .auth(AuthOption.oauth2(app.clientOfHost()).named("hosts"))
            .auth(AuthOption.oauth2(app.dpop("ES256")).named("dpop"))
            .auth(AuthOption.oauth2(app.renewal(Renewal.REFRESH_TOKEN)).named("refresh"))
            .auth(
                AuthOption.oauth2(app.clientAuthentication(ClientAuthentication.PRIVATE_KEY_JWT))
                    .named("key"))
            .auth(
                AuthOption.oauth2(app.answer(answer -> answer.accessToken("/session")))
                    .named("session"))
            .auth(AuthOption.oauth2(OAuth2Scheme.passwordAgainstAdvice(token)).named("password"))
            .auth(
                AuthOption.oauth2(
                        OAuth2Scheme.jwtBearer(token, JwtTemplate.signedBy("RS256", "{k}")))
                    .named("jwt"))
            .auth(AuthOption.oauth2(app).named("refusing").refusedBy(419))
            .auth(
                AuthOption.oauth2(app)
                    .named("seen")
                    .refusedBy(401, "/error", "expired")
                    .refusedBy(403, "header:WWW-Authenticate", "Bearer error=\"invalid_token\""))
            .auth(AuthOption.bearer().named("fixed").refusedBy(419))
            .auth(AuthOption.oauth2(OAuth2Scheme.deviceCode(token, token)).named("device"))
            .action(SHOW)
            .action(STORE)
            .build();
    runtime =
        ConnectorRuntime.builder()
            .connector(erp)
            .client("erp", "hosts", ClientRegistration.of("host", Secret.of("hosts-s3cret")))
            .store(store, ring)
            .build();
    inside = new InsideNetwork(runtime, temp);
    gateway = runtime.gateways().create(ADMINISTRATOR, "Plant 3").id();
  }

  @AfterEach
  void close() {
    inside.close();
    runtime.close();
  }

  private static void issue(String token) {
    stubFor(
        post("/p3/token")
            .willReturn(okJson("{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\"}")));
  }

  private void member(String... origins) {
    GatewayAgent member = inside.agent("first", origins);
    inside.register(member, ADA, gateway, null);
    inside.refresh(member);
    inside.start(member);
    while (member.connected() == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private ConnectionSpec spec(String option) {
    return ConnectionSpec.of("erp", option).through(gateway);
  }

  private Connection connect() {
    ConnectionSpec spec = spec("app").with("client_id", "app");
    SealRequest request = runtime.connections().sealRequest(ADA, spec);
    String secret = request.seal("client_secret", Secret.of("s3cret"));
    return runtime.connections().create(ADA, spec.sealed(request, Map.of("client_secret", secret)));
  }

  private static void verifyToken(int times) {
    verify(times, postRequestedFor(urlEqualTo("/p3/token")));
  }

  @Test
  void aMemberGetsTheTokenAndTheHostNeverHasIt() {
    member(origin, login);
    Connection connection = connect();

    assertThat(runtime.invoke(ADA, MINE, SHOW, new Order(""))).isEqualTo(200);
    runtime.invoke(ADA, MINE, SHOW, new Order(""));

    verify(
        2,
        getRequestedFor(urlEqualTo("/orders"))
            .withHeader("Authorization", equalTo("Bearer token-1")));
    verify(
        1,
        postRequestedFor(urlEqualTo("/p3/token"))
            .withBasicAuth(new BasicCredentials("app", "s3cret"))
            .withRequestBody(containing("scope=p3.read")));
    for (StoredCredential stored : store.listCredentials(connection.id())) {
      assertThat(stored.decrypt(ring).reveal()).doesNotContain("s3cret", "token-1");
    }
  }

  @Test
  void aRefusedTokenIsReplacedAndTheRequestSentAgainWithItsBody() {
    member(origin, login);
    connect();
    runtime.invoke(ADA, MINE, SHOW, new Order(""));
    stubFor(
        post("/orders")
            .withHeader("Authorization", equalTo("Bearer token-1"))
            .willReturn(unauthorized()));
    issue("token-2");

    assertThat(runtime.invoke(ADA, MINE, STORE, new Order("7"))).isEqualTo(200);

    verify(
        1,
        postRequestedFor(urlEqualTo("/orders"))
            .withHeader("Authorization", equalTo("Bearer token-2"))
            .withRequestBody(containing("7")));
    verifyToken(2);
  }

  @Test
  void aTokenThatIsAlwaysRefusedIsReplacedOnceForACall() {
    member(origin, login);
    connect();
    stubFor(post("/orders").willReturn(unauthorized()));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, STORE, new Order("7")))
        .matches(e -> e.reason() == AuthenticationException.Reason.REJECTED);

    verify(2, postRequestedFor(urlEqualTo("/orders")));
  }

  @Test
  @Tag("E1")
  void aTokenEndpointThatIsNotOnTheMembersListGetsNothing() {
    member(origin);
    connect();

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SHOW, new Order("")))
        .withMessageContaining("no credential that can be used");

    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("I3")
  void dataPoliciesHoldForTheTokenEndpoint() {
    member(origin, login);
    connect();
    runtime.policies().save(OF_ALL, DataPolicy.named("p").denyEndpoint("erp", login).build(), 0);

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SHOW, new Order("")))
        .returns("p", PolicyException::policy);

    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("C2")
  void anotherTokenEndpointMeansThatTheSecretIsEnteredAgain() {
    member(origin, login);
    Connection connection = connect();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .update(
                        ADA,
                        connection.id(),
                        spec("app").with("client_id", "app").with("plant", "p4")))
        .withMessageContaining("client_secret: is required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seen", "fixed"})
  void refusalsThatMembersSeeOrHaveNothingToDoAboutAreNoObstacle(String option) {
    member(origin, login);

    ConnectionSpec plain = spec(option);
    ConnectionSpec spec = option.equals("seen") ? plain.with("client_id", "app") : plain;

    assertThat(runtime.connections().sealRequest(ADA, spec).purposes()).isNotEmpty();
  }

  @Test
  @Tag("E1")
  void aSecretIsSealedForTheServiceAndNotForTheTokenServer() {
    member(origin, login);

    ConnectionSpec spec = spec("app").with("client_id", "app");
    String purpose = runtime.connections().sealRequest(ADA, spec).purposes().get("client_secret");

    assertThat(purpose)
        .contains("\"origins\":[\"" + origin + "\"]")
        .contains("\"tokenUrl\":\"" + login + "/p3/token\"");
  }

  @Test
  @Tag("C7")
  void whatATokenEndpointSaysStaysWithTheMember() {
    member(origin, login);
    connect();
    stubFor(
        post("/p3/token")
            .willReturn(
                jsonResponse(
                    "{\"error\":\"invalid_client\",\"error_description\":\"inner words\"}", 401)));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SHOW, new Order("")))
        .withMessageContaining("no credential that can be used (")
        .withMessageNotContaining("inner words");
  }

  @ParameterizedTest
  @CsvSource({
    "hosts, the OAuth client of the host stays with the host",
    "refresh, keep no refresh tokens",
    "key, do not authenticate OAuth clients by PRIVATE_KEY_JWT",
    "dpop, or DPoP",
    "session, read no other answer",
    "password, get no tokens by the OAuth 2.0 grant PASSWORD",
    "jwt, get no tokens by the OAuth 2.0 grant JWT_BEARER",
    "refusing, not after 419 as AuthOption.refusedBy says",
    "device, the grant of a person who signs in stays with the host"
  })
  void otherWaysToGetTokensAreRefusedByName(String option, String why) {
    member(origin, login);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().sealRequest(ADA, spec(option)))
        .withMessageContaining("auth option '" + option + "'")
        .withMessageContaining(why);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec(option)));
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A sign-in registers the client that nobody else has; RFC 7591 and RFC 7592. */
class RegisteredClientTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final URI ELSEWHERE = URI.create("https://other.test/callback/tickets");

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();

  @Override
  Connector connector() {
    OAuth2Scheme discovered = OAuth2Scheme.issuer(url()).scopes("tickets.read");
    return Tickets.builder(url())
        .auth(AuthOption.oauth2(discovered.registeringClients()).named("registering"))
        .auth(AuthOption.oauth2(discovered.registeringClients()).named("provided"))
        .auth(
            AuthOption.oauth2(
                    discovered
                        .pushedAuthorization(url() + "/push")
                        .registeringClients(url() + "/register"))
                .named("pushing"))
        .auth(
            AuthOption.oauth2(
                    discovered
                        .clientAuthentication(ClientAuthentication.PRIVATE_KEY_JWT)
                        .registeringClients())
                .named("keyed"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.deviceCode(url() + "/device", url() + "/token")
                        .registeringClients(url() + "/register"))
                .named("device"))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .clientName("Ada's Desk")
        .client("tickets", "provided", ClientRegistration.publicClient("app-of-host"));
  }

  @BeforeEach
  void serve() {
    metadata("");
    registration("c1", "");
    service.stubFor(
        post("/token")
            .willReturn(
                okJson("{\"access_token\":\"t\",\"refresh_token\":\"r\",\"expires_in\":3600}")));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    service.stubFor(delete("/register/c1").willReturn(aResponse().withStatus(204)));
  }

  private void metadata(String more) {
    service.stubFor(
        get("/.well-known/openid-configuration")
            .willReturn(
                okJson(
                    """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize",
                     "token_endpoint":"%1$s/token","revocation_endpoint":"%1$s/revoke",
                     "registration_endpoint":"%1$s/register"%2$s}
                    """
                        .formatted(url(), more))));
  }

  private static ResponseDefinitionBuilder created(String body) {
    return aResponse()
        .withStatus(201)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  private void registration(String id, String more) {
    service.stubFor(
        post("/register")
            .willReturn(
                created(
                    """
                    {"client_id":"%1$s","client_secret":"s3cret-%1$s",
                     "client_secret_expires_at":0,"registration_access_token":"manage-%1$s",
                     "registration_client_uri":"%2$s/register/%1$s"%3$s}
                    """
                        .formatted(id, url(), more))));
  }

  private PendingConsent begin(String option) {
    return runtime
        .consents()
        .begin(
            ADA,
            ConnectionSpec.of("tickets", option),
            "s",
            ConsentOptions.standard().redirectUri(CALLBACK));
  }

  private PendingConsent again(ConnectionId connection, URI callback) {
    return runtime
        .consents()
        .begin(ADA, connection, "s", ConsentOptions.standard().redirectUri(callback));
  }

  private static ConnectionId complete(
      ConnectorRuntime node, PendingConsent pending, URI callback) {
    URI back = SignIns.callback(callback, pending, "code=c");
    return node.consents().complete(ADA.principal(), back, "s").connection().id();
  }

  private ConnectionId signIn() {
    return complete(runtime, begin("registering"), CALLBACK);
  }

  private static String clientOf(PendingConsent pending) {
    return HttpUrl.get(pending.authorizationUrl()).queryParameter("client_id");
  }

  private void call() {
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  private static void assertRegistered(int times) {
    service.verify(times, postRequestedFor(urlEqualTo("/register")));
  }

  private static void assertTokensAskedFor(String grant, String client) {
    service.verify(
        postRequestedFor(urlEqualTo("/token"))
            .withBasicAuth(new BasicCredentials(client, "s3cret-" + client))
            .withRequestBody(containing("grant_type=" + grant)));
  }

  @Test
  void theFirstSignInRegistersAClientAndTheSecondOneUsesIt() {
    PendingConsent pending = begin("registering");
    ConnectionId connection = complete(runtime, pending, CALLBACK);
    registration("c2", "");
    PendingConsent second = again(connection, CALLBACK);
    complete(runtime, second, CALLBACK);

    assertThat(clientOf(pending)).isEqualTo("c1");
    assertThat(clientOf(second)).isEqualTo("c1");
    assertTokensAskedFor("authorization_code", "c1");
    assertRegistered(1);
    service.verify(
        postRequestedFor(urlEqualTo("/register"))
            .withHeader("Content-Type", equalTo("application/json"))
            .withRequestBody(
                equalToJson(
                    """
                    {"client_name":"Ada's Desk",
                     "redirect_uris":["https://app.test/callback/tickets"],
                     "grant_types":["authorization_code","refresh_token"],
                     "response_types":["code"],
                     "token_endpoint_auth_method":"client_secret_basic",
                     "application_type":"web","scope":"tickets.read"}
                    """)));
  }

  @Test
  void aSignInThatNobodyCompletedLeavesItsClientToTheNext() {
    ConnectionId connection = begin("registering").connection();
    again(connection, CALLBACK);

    assertRegistered(1);
  }

  @Test
  void everyConnectionHasAClientOfItsOwn() {
    signIn();
    registration("c2", "");

    assertThat(clientOf(begin("registering"))).isEqualTo("c2");
  }

  @Test
  void tokensAreRenewedByTheClientThatGotThem() {
    ConnectionId connection = signIn();
    registration("c2", "");
    assertThat(clientOf(again(connection, ELSEWHERE))).isEqualTo("c2");
    clock.advance(Duration.ofHours(2));

    call();

    assertTokensAskedFor("refresh_token", "c1");
  }

  @Test
  @DisplayName("A sign-in begun on one node is completed on another, by the client it began with")
  void anotherNodeCompletesBySameClient() {
    PendingConsent pending = begin("registering");
    registration("c2", "");
    again(pending.connection(), ELSEWHERE);
    try (ConnectorRuntime other = with(builder()).build()) {
      complete(other, pending, CALLBACK);
      other.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    }

    assertTokensAskedFor("authorization_code", "c1");
  }

  @Test
  @DisplayName(
      "Of two clients that two nodes register at once one counts, and the other is deleted")
  void twoNodesThatRegisterAtOnceUseOneClient() throws Exception {
    String state = Scenario.STARTED;
    for (String id : List.of("c1", "c2")) {
      service.stubFor(
          post("/register")
              .inScenario("ids")
              .whenScenarioStateIs(state)
              .willSetStateTo(id)
              .willReturn(
                  created(
                          """
                          {"client_id":"%1$s","client_secret":"s3cret-%1$s",
                           "registration_access_token":"manage-%1$s",
                           "registration_client_uri":"%2$s/register/%1$s"}
                          """
                              .formatted(id, url()))
                      .withFixedDelay(300)));
      service.stubFor(delete("/register/" + id).willReturn(aResponse().withStatus(204)));
      state = id;
    }
    ConnectionSpec spec = ConnectionSpec.of("tickets", "registering");
    ConnectionId connection = runtime.connections().create(ADA, spec).id();
    try (ConnectorRuntime other = with(builder()).build()) {
      CompletableFuture<PendingConsent> elsewhere =
          CompletableFuture.supplyAsync(
              () ->
                  other
                      .consents()
                      .begin(
                          ADA, connection, "s", ConsentOptions.standard().redirectUri(CALLBACK)));
      PendingConsent here = again(connection, CALLBACK);

      assertThat(clientOf(elsewhere.get(30, TimeUnit.SECONDS))).isEqualTo(clientOf(here));
    }
    int registered = service.findAll(postRequestedFor(urlEqualTo("/register"))).size();
    service.verify(
        registered - 1, deleteRequestedFor(urlMatching("/register/(?!" + kept() + "$).*")));
    service.verify(0, deleteRequestedFor(urlEqualTo("/register/" + kept())));
  }

  /** The client that the next sign-in uses. */
  private String kept() {
    return clientOf(again(runtime.connections().list(ADA).get(0).id(), CALLBACK));
  }

  @Test
  void aChangedConnectionRegistersAnotherClient() {
    ConnectionId connection = signIn();
    runtime.connections().update(ADA, connection, ConnectionSpec.of("tickets", "provided"));
    runtime.connections().update(ADA, connection, ConnectionSpec.of("tickets", "registering"));
    registration("c2", "");

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c2");
  }

  @Test
  void aClientWhoseSecretExpiresIsReplacedByTheNextSignIn() {
    long expiry = clock.instant().plus(Duration.ofDays(1)).getEpochSecond();
    service.stubFor(
        post("/register")
            .willReturn(
                created(
                    "{\"client_id\":\"c1\",\"client_secret\":\"s3cret-c1\","
                        + "\"client_secret_expires_at\":%d}".formatted(expiry))));
    ConnectionId connection = signIn();
    registration("c2", "");

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c1");
    clock.advance(Duration.ofHours(24).minusMinutes(5));
    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c2");
  }

  @Test
  void moreScopesThanItWasRegisteredForNeedAnotherClient() {
    ConnectionId connection = signIn();
    registration("c2", "");
    var more = ConsentOptions.standard().plusScopes("tickets.write");

    assertThat(clientOf(runtime.consents().begin(ADA, connection, "s", more.redirectUri(CALLBACK))))
        .isEqualTo("c2");
  }

  @Test
  void aClientThatTheServiceHasForgottenEndsTheGrantAndIsReplaced() {
    ConnectionId connection = signIn();
    service.stubFor(
        post("/token").willReturn(aResponse().withStatus(401).withBody(INVALID_CLIENT)));
    clock.advance(Duration.ofHours(2));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::call)
        .matches(e -> e.reason() == Reason.GRANT_ENDED);
    assertThat(runtime.connections().get(ADA, connection).status().state())
        .isEqualTo(ConnectionStatus.State.UNAUTHENTICATED);
    registration("c2", "");
    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c2");
  }

  private static final String INVALID_CLIENT = "{\"error\":\"invalid_client\"}";

  @Test
  void aClientThatIsForgottenDuringTheSignInIsReplacedByTheNext() {
    PendingConsent pending = begin("registering");
    service.stubFor(
        post("/token").willReturn(aResponse().withStatus(401).withBody(INVALID_CLIENT)));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> complete(runtime, pending, CALLBACK))
        .matches(e -> e.reason() == ConsentException.Reason.PROVIDER_ERROR);
    registration("c2", "");
    assertThat(clientOf(again(pending.connection(), CALLBACK))).isEqualTo("c2");
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName(
      "A renewal that may mean that the client is forgotten lets the next sign-in register")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | {"error":"invalid_client"}
          401 | {"error":"unauthorized_client"}
          401 | {"error":"client_not_found"}
          401 | {}
          400 | {"error":"unauthorized_client"}
          400 | {"error":"invalid_client_id"}
          400 | {"error":"invalid_request","error_description":"unknown client"}
          """)
  void aRenewalThatDoubtsTheClient(int status, String body) {
    ConnectionId connection = signIn();
    registration("c2", "");
    clock.advance(Duration.ofHours(2));
    service.stubFor(post("/token").willReturn(aResponse().withStatus(status).withBody(body)));

    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(this::call);

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c2");
  }

  @ParameterizedTest
  @DisplayName("An error of the sign-in that may mean the same does so too")
  @ValueSource(strings = {"unauthorized_client", "invalid_client", "invalid_request"})
  void aCallbackThatDoubtsTheClient(String error) {
    ConnectionId connection = signIn();
    registration("c2", "");
    PendingConsent pending = again(connection, CALLBACK);
    URI back = SignIns.callback(CALLBACK, pending, "error=" + error);

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(ADA.principal(), back, "s"));

    assertThat(clientOf(pending)).isEqualTo("c1");
    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c2");
  }

  @Test
  @DisplayName("A client with which somebody went to the service and did not come back is replaced")
  void aClientFromWhoseSignInNobodyCameBack() {
    ConnectionId connection = signIn();
    registration("c2", "");
    again(connection, CALLBACK);
    assertThat(clientOf(again(connection, CALLBACK))).as("in another tab").isEqualTo("c1");

    clock.advance(Duration.ofSeconds(61));

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c2");
  }

  @Test
  @DisplayName("A client with which somebody came back is used on, whatever became of the sign-in")
  void aClientWithWhichSomebodyCameBackIsUsedOn() {
    ConnectionId connection = signIn();
    registration("c2", "");
    PendingConsent pending = again(connection, CALLBACK);
    URI back = SignIns.callback(CALLBACK, pending, "error=access_denied");
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(ADA.principal(), back, "s"));

    clock.advance(Duration.ofHours(1));

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c1");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("A service that lets clients be managed is asked whether it knows one; RFC 7592")
  @CsvSource({"401, c2", "200, c1", "404, c1", "500, c1"})
  void aServiceIsAskedWhetherItKnowsTheClient(int status, String next) {
    ConnectionId connection = signIn();
    registration("c2", "");
    service.stubFor(get("/register/c1").willReturn(aResponse().withStatus(status)));

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo(next);
  }

  @Test
  @DisplayName("A client that the service says it knows is used on, though a sign-in was given up")
  void aClientThatIsKnownOutlastsASignInThatWasGivenUp() {
    ConnectionId connection = signIn();
    registration("c2", "");
    service.stubFor(get("/register/c1").willReturn(okJson("{\"client_id\":\"c1\"}")));
    again(connection, CALLBACK);
    clock.advance(Duration.ofHours(1));

    assertThat(clientOf(again(connection, CALLBACK))).isEqualTo("c1");
    assertRegistered(1);
  }

  @Test
  @DisplayName("A pushed request that the service refuses for its client is pushed by another one")
  void aPushedRequestRegistersAgain() {
    service.stubFor(
        post("/push")
            .inScenario("push")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("forgotten")
            .willReturn(aResponse().withStatus(401).withBody(INVALID_CLIENT)));
    service.stubFor(
        post("/push")
            .inScenario("push")
            .whenScenarioStateIs("forgotten")
            .willReturn(created("{\"request_uri\":\"urn:request:1\",\"expires_in\":60}")));

    assertThat(begin("pushing").authorizationUrl()).hasParameter("request_uri", "urn:request:1");
    assertRegistered(2);
  }

  @Test
  void aSignInOnAnotherDeviceRegistersAPublicClient() throws InterruptedException {
    service.stubFor(
        post("/register")
            .willReturn(created("{\"client_id\":\"d1\",\"token_endpoint_auth_method\":\"none\"}")));
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"AB","verification_uri":"https://id.test/d"}
                    """)));
    PendingDeviceConsent pending =
        runtime.consents().beginDevice(ADA, ConnectionSpec.of("tickets", "device"));
    pending.await();

    for (String path : List.of("/device", "/token")) {
      service.verify(
          postRequestedFor(urlEqualTo(path)).withRequestBody(containing("client_id=d1")));
    }
    assertRegistered(1);
    service.verify(
        postRequestedFor(urlEqualTo("/register"))
            .withRequestBody(
                equalToJson(
                    """
                    {"client_name":"Ada's Desk","redirect_uris":[],"response_types":[],
                     "grant_types":["urn:ietf:params:oauth:grant-type:device_code",
                                    "refresh_token"],
                     "token_endpoint_auth_method":"none","application_type":"native"}
                    """)));
  }

  @Test
  void theClientOfTheHostCounts() {
    PendingConsent pending = begin("provided");
    complete(runtime, pending, CALLBACK);

    assertThat(clientOf(pending)).isEqualTo("app-of-host");
    assertRegistered(0);
  }

  @Test
  void aServiceThatTakesPublicClientsOnlyIsAskedForOne() {
    metadata(",\"token_endpoint_auth_methods_supported\":[\"none\"]");
    service.stubFor(post("/register").willReturn(created("{\"client_id\":\"p1\"}")));
    signIn();

    service.verify(
        postRequestedFor(urlEqualTo("/token"))
            .withoutHeader("Authorization")
            .withRequestBody(containing("client_id=p1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          invalid_redirect_uri    | https only, please | invalid_redirect_uri (https only, please)
          invalid_client_metadata | no\\nsuch scope    | invalid_client_metadata (no?such scope)
          wh4t3v3r                | go away            | an unlisted error code (go away)
          """)
  void aRefusalSaysWhyInTheWordsOfTheService(String code, String words, String told) {
    service.stubFor(
        post("/register")
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withBody(
                        "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(code, words))));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin("registering"))
        .withMessageContaining(told)
        .matches(e -> e.reason() == Reason.CONFIGURATION);
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "client_id=c1&client_secret=s",
        "{\"client_id\":\"c1\"}",
        "{\"client_id\":7,\"client_secret\":\"s\"}",
        "{\"client_id\":\"c\\u00e9\",\"client_secret\":\"s\"}",
        "{\"client_id\":\"c1\",\"client_id\":\"c2\",\"client_secret\":\"s\"}",
        "{\"client_id\":\"c1\",\"client_secret\":\"s\",\"client_secret_expires_at\":\"soon\"}",
        "{\"client_id\":\"c1\",\"client_secret\":\"s\",\"client_secret_expires_at\":1e30}",
        "{\"client_id\":\"c1\",\"client_secret\":\"s\",\"redirect_uris\":[\"https://evil.test/\"]}",
        "{\"client_id\":\"c1\",\"token_endpoint_auth_method\":\"private_key_jwt\"}"
      })
  void anAnswerThatIsNoClientIsRefused(String answer) {
    service.stubFor(post("/register").willReturn(created(answer)));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin("registering"))
        .matches(e -> e.reason() == Reason.CONFIGURATION);
  }

  @ParameterizedTest
  @CsvSource({"302,CONFIGURATION", "401,CONFIGURATION", "404,CONFIGURATION", "503,TEMPORARY"})
  @Tag("B1")
  void noRedirectIsFollowedAndAnOutageIsTemporary(int status, Reason reason) {
    service.stubFor(
        post("/register")
            .willReturn(aResponse().withStatus(status).withHeader("Location", url() + "/other")));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin("registering"))
        .matches(e -> e.reason() == reason);
    service.verify(0, anyRequestedFor(urlEqualTo("/other")));
  }

  @Test
  @Tag("B1")
  void anAnswerOfMoreThan256KiBIsNotRead() {
    registration("c1", ",\"x\":\"" + "x".repeat(300_000) + "\"");

    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> begin("registering"));
  }

  @Test
  @Tag("A6")
  void nothingIsRegisteredAtAHostThatTheSchemeDoesNotName() {
    WireMockServer foreign = new WireMockServer(WireMockConfiguration.options().dynamicPort());
    foreign.start();
    try {
      service.stubFor(
          get("/.well-known/openid-configuration")
              .willReturn(
                  okJson(
                      """
                      {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize",
                       "token_endpoint":"%1$s/token",
                       "registration_endpoint":"http://localhost:%2$d/register"}
                      """
                          .formatted(url(), foreign.port()))));

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> begin("registering"))
          .matches(e -> e.reason() == Reason.CONFIGURATION);
      foreign.verify(0, postRequestedFor(anyUrl()));
    } finally {
      foreign.stop();
    }
  }

  @Test
  void anIssuerThatRegistersNobodyIsToldApart() {
    service.stubFor(
        get("/.well-known/openid-configuration")
            .willReturn(
                okJson(
                    """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize",
                     "token_endpoint":"%1$s/token"}
                    """
                        .formatted(url()))));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin("registering"))
        .withMessageContaining("does not say where clients register themselves");
  }

  @Test
  void aClientThatProvesItselfByAKeyIsNotRegistered() {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin("keyed"))
        .matches(e -> e.reason() == Reason.CONFIGURATION);
    assertRegistered(0);
  }

  @Test
  void onlySignInsRegisterClients() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OAuth2Scheme.clientCredentials("https://id.test").registeringClients());
  }

  @Test
  void theClientIsDeletedWithItsConnection() {
    service.stubFor(post("/revoke").willReturn(aResponse().withStatus(200)));
    ConnectionId connection = signIn();

    runtime.connections().delete(ADA, connection);

    service.verify(
        postRequestedFor(urlEqualTo("/revoke"))
            .withBasicAuth(new BasicCredentials("c1", "s3cret-c1")));
    service.verify(
        1,
        deleteRequestedFor(urlEqualTo("/register/c1"))
            .withHeader("Authorization", equalTo("Bearer manage-c1")));
  }

  @Test
  void theClientIsDeletedThoughNobodySignedInAndNothingCanBeRevoked() {
    ConnectionId connection = begin("registering").connection();
    service.stubFor(delete("/register/c1").willReturn(aResponse().withStatus(500)));

    assertThat(runtime.connections().delete(ADA, connection)).isTrue();

    service.verify(1, deleteRequestedFor(urlEqualTo("/register/c1")));
  }

  @Test
  @Tag("A6")
  void whatOpensARegistrationIsSentNowhereElse() {
    WireMockServer foreign = new WireMockServer(WireMockConfiguration.options().dynamicPort());
    foreign.start();
    try {
      service.stubFor(
          post("/register")
              .willReturn(
                  created(
                      """
                      {"client_id":"c1","client_secret":"s3cret-c1",
                       "registration_access_token":"manage",
                       "registration_client_uri":"http://localhost:%d/register/c1"}
                      """
                          .formatted(foreign.port()))));
      runtime.connections().delete(ADA, signIn());

      foreign.verify(0, deleteRequestedFor(anyUrl()));
    } finally {
      foreign.stop();
    }
  }

  @Test
  @Tag("D1")
  void nothingOfTheClientIsLogged() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    for (String server : List.of("org.eclipse.jetty", "WireMock", "com.github.tomakehurst")) {
      ((Logger) LoggerFactory.getLogger(server)).setLevel(Level.OFF);
    }
    root.setLevel(Level.TRACE);
    lines.start();
    root.addAppender(lines);
    try {
      ConnectionId connection = signIn();
      service.stubFor(
          post("/register").willReturn(created("{\"client_secret\":\"s3cret-c3\",\"a\":1}")));
      var failure = catchThrowableOfType(AuthenticationException.class, () -> begin("registering"));
      assertThat(failure).isNotNull();
      assertThat(failure.toString()).doesNotContain("s3cret");
      clock.advance(Duration.ofHours(2));
      call();
      runtime.connections().delete(ADA, connection);
    } finally {
      root.detachAppender(lines);
      root.setLevel(before);
    }

    assertThat(lines.list).isNotEmpty();
    assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
        .noneMatch(line -> line.contains("s3cret-c") || line.contains("manage-c"));
    assertThat(events.toString()).doesNotContain("s3cret-c", "manage-c");
  }
}

package dev.connectorsdk.authserver;

import static dev.connectorsdk.authserver.AuthorizationServer.CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What has to work with every authorization server, seen from a host and from a browser. */
abstract class AuthorizationServerContract {

  static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "tickets");

  final ShiftedClock clock = new ShiftedClock();
  final Browser browser = new Browser();
  final List<ConnectorEvent> events = new CopyOnWriteArrayList<>();
  ConnectorRuntime runtime;

  abstract AuthorizationServer server();

  /** The scopes that a user of this server can grant. */
  abstract List<String> scopes();

  /** The scopes that a service needs to be told who it is. */
  List<String> serviceScopes() {
    return List.of();
  }

  /** How long a token lives that is bound to a key. */
  abstract Duration lifeOfBoundTokens();

  @BeforeEach
  void start() {
    var builder =
        ConnectorRuntime.builder()
            .connector(connector())
            .clock(clock.withZone(ZoneOffset.UTC))
            .sleeper(pause -> {})
            .listener(events::add);
    clients().forEach((id, client) -> builder.client("tickets", id, client));
    runtime = builder.build();
  }

  private Connector connector() {
    ObjectNode anything = new JsonMapper().createObjectNode();
    var connector =
        Connector.builder("tickets", server().api())
            .titled("Tickets")
            .action(
                dev.connectorsdk.api.Action.dynamic("whoAmI", Effect.READ, anything, anything)
                    .run((in, call) -> call.http().get(server().whoAmI()).fetch(JsonNode.class)));
    options().forEach((id, scheme) -> connector.auth(AuthOption.oauth2(scheme).named(id)));
    return connector.build();
  }

  @AfterEach
  void stop() {
    runtime.close();
    browser.close();
  }

  /** One auth option for each way to be a client. */
  Map<String, OAuth2Scheme> options() {
    String[] scopes = scopes().toArray(String[]::new);
    String token = server().endpoint("token_endpoint");
    Map<String, OAuth2Scheme> options = new LinkedHashMap<>();
    options.put("web", code());
    options.put("discovered", OAuth2Scheme.issuer(server().issuer()).scopes(scopes));
    options.put(
        "pushing",
        code().pushedAuthorization(server().endpoint("pushed_authorization_request_endpoint")));
    options.put(
        "keyed", code().clientAuthentication(OAuth2Scheme.ClientAuthentication.PRIVATE_KEY_JWT));
    options.put("bound", code().dpop("ES256"));
    options.put("native", code().clientAuthentication(OAuth2Scheme.ClientAuthentication.NONE));
    options.put("revoking", code().revocationUrl(server().endpoint("revocation_endpoint")));
    options.put(
        "device",
        OAuth2Scheme.deviceCode(server().endpoint("device_authorization_endpoint"), token)
            .scopes(scopes));
    options.put(
        "exchanging",
        OAuth2Scheme.tokenExchange(
                token, "{user_assertion}", "urn:ietf:params:oauth:token-type:access_token")
            .scopes("openid"));
    options.put(
        "service",
        OAuth2Scheme.clientCredentials(token)
            .clientOfHost()
            .scopes(serviceScopes().toArray(String[]::new)));
    return options;
  }

  Map<String, ClientRegistration> clients() {
    Map<String, ClientRegistration> clients = new LinkedHashMap<>();
    ClientRegistration web = ClientRegistration.of("web", server().secret("web"));
    clients.put("web", web);
    clients.put("discovered", web);
    clients.put("revoking", web);
    for (String id : List.of("pushing", "bound", "service")) {
      clients.put(id, ClientRegistration.of(id, server().secret(id)));
    }
    clients.put(
        "exchanging",
        ClientRegistration.of("exchanger", server().secret("exchanger"))
            .onBehalfOf(connection -> server().tokenOfHost("ada")));
    clients.put("native", ClientRegistration.publicClient("native"));
    clients.put("device", ClientRegistration.publicClient("device"));
    clients.put("keyed", ClientRegistration.withKey("keyed", key(), null));
    return clients;
  }

  /** Returns the private JWK of the client that proves itself by one. */
  abstract Secret key();

  final OAuth2Scheme code() {
    return OAuth2Scheme.authorizationCode(
            server().endpoint("authorization_endpoint"), server().endpoint("token_endpoint"))
        .scopes(scopes().toArray(String[]::new))
        .issuedBy(server().issuer());
  }

  final PendingConsent begin(String option) {
    return runtime
        .consents()
        .begin(
            ADA,
            ConnectionSpec.of("tickets", option),
            "session",
            ConsentOptions.standard().redirectUri(CALLBACK));
  }

  final Connection signIn(String option) {
    URI back = server().signIn(browser, begin(option).authorizationUrl(), CALLBACK, "ada");
    return runtime.consents().complete(ADA.principal(), back, "session").connection();
  }

  final JsonNode call() {
    return runtime.invoke(ADA, MINE, "whoAmI", Map.of());
  }

  private int count(String what) {
    return server().counts().getOrDefault(what, 0);
  }

  @Test
  @DisplayName("A1: a user signs in through the real login page, with PKCE")
  void aUserSignsInThroughTheLoginPage() {
    PendingConsent pending = begin("web");
    URI back = server().signIn(browser, pending.authorizationUrl(), CALLBACK, "ada");
    CompletedConsent done = runtime.consents().complete(ADA.principal(), back, "session");

    assertThat(HttpUrl.get(pending.authorizationUrl()).queryParameter("code_challenge_method"))
        .isEqualTo("S256");
    assertThat(HttpUrl.get(back).queryParameter("iss")).isEqualTo(server().issuer());
    assertThat(done.connection().status().isConnected()).isTrue();
    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("A1: a code is worth nothing without the verifier of the sign-in that it is of")
  void aCodeNeedsItsVerifier() {
    PendingConsent first = begin("web");
    PendingConsent second = begin("web");
    URI back = server().signIn(browser, first.authorizationUrl(), CALLBACK, "ada");
    URI swapped = URI.create(back.toString().replace(state(first), state(second)));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(ADA.principal(), swapped, "session"))
        .withMessageContaining("invalid_grant")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.PROVIDER_ERROR));

    assertThat(runtime.connections().list(ADA)).noneMatch(c -> c.status().isConnected());
    assertThatExceptionOfType(ResolutionException.class).isThrownBy(this::call);
  }

  private static String state(PendingConsent pending) {
    return String.valueOf(HttpUrl.get(pending.authorizationUrl()).queryParameter("state"));
  }

  @Test
  @DisplayName("A8: a user who says no leads to a typed refusal, and it is over")
  void aUserWhoSaysNoIsATypedRefusal() {
    URI back = server().refuse(browser, begin("web").authorizationUrl());

    for (ConsentException.Reason reason :
        List.of(ConsentException.Reason.ACCESS_DENIED, ConsentException.Reason.STATE_UNKNOWN)) {
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> runtime.consents().complete(ADA.principal(), back, "session"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }
  }

  @Test
  @DisplayName("A8: an unknown scope is a typed refusal, or is left out and reported")
  void anUnknownScopeIsRefusedOrReported() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(
                ADA,
                ConnectionSpec.of("tickets", "web"),
                "session",
                ConsentOptions.standard().plusScopes("no.such.scope").redirectUri(CALLBACK));
    URI back = browser.open(pending.authorizationUrl(), CALLBACK);
    if (back.getQuery() != null && back.getQuery().contains("error=")) {
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> runtime.consents().complete(ADA.principal(), back, "session"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.INVALID_SCOPE));
    } else {
      URI after = server().signIn(browser, pending.authorizationUrl(), CALLBACK, "ada");
      assertThat(runtime.consents().complete(ADA.principal(), after, "session").missingScopes())
          .contains("no.such.scope");
    }
  }

  @Test
  @DisplayName("B10: however many threads find the token expired, it is renewed once, and rotates")
  void theTokenIsRenewedOnce() throws Exception {
    signIn("web");
    for (int round = 1; round <= 3; round++) {
      int before = count("granted refresh_token");
      clock.advance(Duration.ofMinutes(30));
      ExecutorService threads = Executors.newFixedThreadPool(5);
      List<Callable<JsonNode>> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(this::call);
      }

      for (Future<JsonNode> done : threads.invokeAll(calls)) {
        assertThat(done.get().toString()).contains("ada");
      }
      threads.shutdown();

      if (!server().counts().isEmpty()) {
        assertThat(count("granted refresh_token") - before).isEqualTo(1);
        assertThat(count("refused refresh_token invalid_grant")).isZero();
      }
    }
  }

  @Test
  void aServiceGetsATokenOfItsOwn() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "service"));

    assertThat(call().toString()).contains("service");
  }

  @Test
  @DisplayName("A10: whose account it is is known from the sign-in, and another one is refused")
  void whoseAccountItIsIsKnown() {
    Connection connection = signIn("web");

    try (Browser other = new Browser()) {
      PendingConsent pending =
          runtime
              .consents()
              .begin(
                  ADA, connection.id(), "session", ConsentOptions.standard().redirectUri(CALLBACK));
      URI back = server().signIn(other, pending.authorizationUrl(), CALLBACK, "eve");
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> runtime.consents().complete(ADA.principal(), back, "session"))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.ACCOUNT_CHANGED));
    }

    assertThat(connection.account()).isNotNull();
    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("A9: what was granted is known, and asking for more keeps it")
  void whatWasGrantedIsKnown() {
    Connection connection = signIn("web");
    assertThat(connection.grantedScopes()).contains("openid");

    PendingConsent more =
        runtime
            .consents()
            .begin(
                ADA, connection.id(), "session", ConsentOptions.standard().redirectUri(CALLBACK));
    URI back = browser.open(more.authorizationUrl(), CALLBACK);

    assertThat(back.toString()).startsWith(CALLBACK.toString());
    assertThat(runtime.consents().complete(ADA.principal(), back, "session").missingScopes())
        .doesNotContain("openid");
  }

  @Test
  @DisplayName("A5: a callback of another issuer is refused, and the code is not redeemed")
  void aCallbackOfAnotherIssuerIsRefused() {
    URI back = server().signIn(browser, begin("web").authorizationUrl(), CALLBACK, "ada");
    int before = count("granted authorization_code");
    URI mixedUp = URI.create(back.toString().replaceAll("iss=[^&]*", "iss=https%3A%2F%2Fb.test"));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(ADA.principal(), mixedUp, "session"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.ISSUER_MISMATCH));
    assertThat(count("granted authorization_code")).isEqualTo(before);
  }

  @Test
  @DisplayName("A6: the issuer is all that a connector has to name")
  void theIssuerIsAllThatAConnectorHasToName() {
    signIn("discovered");

    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("A11: a pushed request leaves nothing in the browser but what stands for it")
  void aPushedRequestLeavesNothingInTheBrowser() {
    PendingConsent pending = begin("pushing");
    URI back = server().signIn(browser, pending.authorizationUrl(), CALLBACK, "ada");
    runtime.consents().complete(ADA.principal(), back, "session");

    assertThat(HttpUrl.get(pending.authorizationUrl()).queryParameterNames())
        .containsExactlyInAnyOrder("client_id", "request_uri");
    assertThat(call().toString()).contains("ada");
  }

  @Test
  void aClientProvesItselfByItsKey() {
    signIn("keyed");

    assertThat(call().toString()).contains("ada");
  }

  @Test
  void aNativeClientComesBackToThisMachine() throws Exception {
    CompletedConsent done =
        runtime
            .consents()
            .signInHere(
                ADA,
                ConnectionSpec.of("tickets", "native"),
                ConsentOptions.standard(),
                Duration.ofMinutes(1),
                link -> openInBackground(link));

    assertThat(done.connection().status().isConnected()).isTrue();
    assertThat(call().toString()).contains("ada");
  }

  private void openInBackground(URI link) {
    Thread person =
        new Thread(
            () -> {
              URI target = URI.create("http://127.0.0.1:");
              URI here =
                  URI.create(String.valueOf(HttpUrl.get(link).queryParameter("redirect_uri")));
              URI back = server().signIn(browser, link, here, "ada");
              browser.open(back, URI.create(target + "none"));
            });
    person.setDaemon(true);
    person.start();
  }

  @Test
  @DisplayName("A12: a user signs in on another device")
  void aUserSignsInOnAnotherDevice() throws Exception {
    PendingDeviceConsent pending =
        runtime.consents().beginDevice(ADA, ConnectionSpec.of("tickets", "device"));
    server().signInOnDevice(browser, pending.verificationUriComplete().orElseThrow(), "ada");

    Connection connection = pending.await().connection();

    assertThat(connection.status().isConnected()).isTrue();
    assertThat(call().toString()).contains("ada");
    clock.advance(Duration.ofMinutes(30));
    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("B5: a token that is bound to a key is renewed and used with proofs")
  void aTokenThatIsBoundToAKeyIsUsedWithProofs() {
    signIn("bound");

    assertThat(call().toString()).contains("ada");
    clock.advance(lifeOfBoundTokens());
    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("B6: the host's token for a user is exchanged for one of the service, and once more")
  void aTokenIsExchanged() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "exchanging"));

    assertThat(call().toString()).contains("ada");
    clock.advance(Duration.ofMinutes(30));
    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("B6: a token that is none is not exchanged, and the client is not to blame")
  void aTokenOfNobodyIsNotExchanged() {
    ClientRegistration client =
        ClientRegistration.of("exchanger", server().secret("exchanger"))
            .onBehalfOf(connection -> Secret.of("no-token"));
    try (ConnectorRuntime other =
        ConnectorRuntime.builder()
            .connector(connector())
            .client("tickets", "exchanging", client)
            .build()) {
      other.connections().create(ADA, ConnectionSpec.of("tickets", "exchanging"));

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> other.invoke(ADA, MINE, "whoAmI", Map.of()))
          .withMessageContaining("refused the request");
    }
  }

  @Test
  @DisplayName("A connection that is deleted is ended at the service")
  void aDeletedConnectionIsEndedAtTheService() {
    Connection connection = signIn("revoking");
    assertThat(call().toString()).contains("ada");
    int before = count("revoked");

    runtime.connections().delete(ADA, connection.id());

    assertThat(events)
        .filteredOn(CredentialRevoked.class::isInstance)
        .map(CredentialRevoked.class::cast)
        .singleElement()
        .satisfies(e -> assertThat(e.confirmed()).isTrue());
    if (!server().counts().isEmpty()) {
      assertThat(count("revoked") - before).isEqualTo(1);
    }
  }
}

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
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
  ConnectorRuntime runtime;

  abstract AuthorizationServer server();

  /** The scopes that a user of this server can grant. */
  abstract List<String> scopes();

  @BeforeEach
  void start() {
    ObjectNode anything = new JsonMapper().createObjectNode();
    var connector =
        Connector.builder("tickets", server().api())
            .titled("Tickets")
            .action(
                dev.connectorsdk.api.Action.dynamic("whoAmI", Effect.READ, anything, anything)
                    .run((in, call) -> call.http().get(server().whoAmI()).fetch(JsonNode.class)));
    options().forEach((id, scheme) -> connector.auth(AuthOption.oauth2(scheme).named(id)));
    var builder = ConnectorRuntime.builder().connector(connector.build()).clock(clock);
    clients().forEach((id, client) -> builder.client("tickets", id, client));
    runtime = builder.build();
  }

  @AfterEach
  void stop() {
    runtime.close();
    browser.close();
  }

  /** One auth option for each way to be a client. */
  Map<String, OAuth2Scheme> options() {
    return Map.of(
        "web",
        code(),
        "service",
        OAuth2Scheme.clientCredentials(server().endpoint("token_endpoint")).clientOfHost());
  }

  Map<String, ClientRegistration> clients() {
    return Map.of(
        "web", ClientRegistration.of("web", server().secret("web")),
        "service", ClientRegistration.of("service", server().secret("service")));
  }

  final OAuth2Scheme code() {
    return OAuth2Scheme.authorizationCode(
            server().endpoint("authorization_endpoint"), server().endpoint("token_endpoint"))
        .scopes(scopes().toArray(String[]::new));
  }

  final PendingConsent begin(String option) {
    return runtime.consents().begin(ADA, ConnectionSpec.of("tickets", option), CALLBACK, "session");
  }

  final Connection signIn(String option) {
    URI back = server().signIn(browser, begin(option).authorizationUrl(), CALLBACK, "ada");
    return runtime.consents().complete(ADA, back, "session").connection();
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
    CompletedConsent done = runtime.consents().complete(ADA, back, "session");

    assertThat(HttpUrl.get(pending.authorizationUrl()).queryParameter("code_challenge_method"))
        .isEqualTo("S256");
    assertThat(HttpUrl.get(back).queryParameter("iss")).isEqualTo(server().issuer());
    assertThat(done.connection().status().isConnected()).isTrue();
    assertThat(call().toString()).contains("ada");
  }

  @Test
  @DisplayName("A8: a user who says no leads to a typed refusal, and it is over")
  void aUserWhoSaysNoIsATypedRefusal() {
    URI back = server().refuse(browser, begin("web").authorizationUrl());

    for (ConsentException.Reason reason :
        List.of(ConsentException.Reason.ACCESS_DENIED, ConsentException.Reason.STATE_UNKNOWN)) {
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> runtime.consents().complete(ADA, back, "session"))
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
                CALLBACK,
                "session",
                ConsentOptions.standard().plusScopes("no.such.scope"));
    URI back = browser.open(pending.authorizationUrl(), CALLBACK);
    if (back.getQuery() != null && back.getQuery().contains("error=")) {
      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(() -> runtime.consents().complete(ADA, back, "session"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.INVALID_SCOPE));
    } else {
      URI after = server().signIn(browser, pending.authorizationUrl(), CALLBACK, "ada");
      assertThat(runtime.consents().complete(ADA, after, "session").missingScopes())
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
}

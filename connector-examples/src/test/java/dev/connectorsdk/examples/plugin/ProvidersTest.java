package dev.connectorsdk.examples.plugin;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@WireMockTest
class ProvidersTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "acme");
  private static final Action<Nothing, String> STATE =
      Action.builder("getState", Effect.READ, Nothing.class, String.class)
          .titled("Get the state")
          .described("Returns how the service is doing.")
          .run((nothing, call) -> call.http().get("/state").fetch(String.class));

  private static Connector acme(AuthOption... options) {
    var connector =
        Connector.builder("acme", "{site}/api")
            .titled("Acme")
            .described("A service with habits of its own.")
            .version("1.0")
            .parameter(ConnectionParameter.text("site").titled("Site").described("Its address."))
            .action(STATE)
            .test(call -> Account.of(call.http().get("/state").fetch(String.class)));
    Arrays.stream(options).forEach(connector::auth);
    return connector.build();
  }

  @Test
  void aProvidersHabitsAreSaidAsData(WireMockRuntimeInfo service) {
    String site = service.getHttpBaseUrl();
    stubFor(post("/token").willReturn(okJson("{\"data\": {\"token\": \"t-1\", \"ttl\": 60000}}")));
    stubFor(get("/api/state").willReturn(okJson("\"fine\"")));
    URI callback = URI.create("https://host.example/callback/acme");
    var client = ClientRegistration.of("app", Secret.of("s-1")).sentTo(site);
    try (var runtime =
        ConnectorRuntime.builder()
            .connector(acme(AuthOption.oauth2(Providers.DOCUMENTS)))
            .addressPolicy(AddressPolicy.allowAll())
            .client("acme", "oauth2", client)
            .build()) {
      var spec = ConnectionSpec.of("acme", "oauth2").with("site", site);
      URI link =
          runtime
              .consents()
              .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(callback))
              .authorizationUrl();
      assertThat(query(link)).contains("scope=read%2Cwrite", "access_type=offline");
      String answer = callback + "?code=c-1&state=" + value(link, "state");
      runtime.consents().complete(ADA.principal(), URI.create(answer), "session");

      assertThat(runtime.invoke(ADA, MINE, STATE, Nothing.NOTHING)).isEqualTo("fine");
    }
    verify(
        postRequestedFor(urlEqualTo("/token"))
            .withHeader("Api-Version", equalTo("2026-01"))
            .withRequestBody(
                equalToJson("{\"code\": \"c-1\", \"client_secret\": \"s-1\"}", true, true)));
    verify(getRequestedFor(urlEqualTo("/api/state")).withHeader("X-Api-Token", equalTo("t-1")));
  }

  @Test
  void aSignatureOfAServicesOwnMakingIsSaidAsTemplates(WireMockRuntimeInfo service) {
    stubFor(get("/api/state").willReturn(okJson("\"fine\"")));
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    var acme = acme(AuthOption.signature(Providers.SIGNED));
    var local = ConnectorRuntime.builder().addressPolicy(AddressPolicy.allowAll());
    try (var runtime = local.connector(acme).clock(clock).build()) {
      var spec = ConnectionSpec.of("acme", "signature").with("site", service.getHttpBaseUrl());
      runtime
          .connections()
          .create(ADA, spec.with("key_id", "k-1").secret("secret_key", Secret.of("s-1")));
      runtime.invoke(ADA, MINE, STATE, Nothing.NOTHING);
    }
    // printf '1700000000GET/api/state' | openssl dgst -sha256 -hmac s-1
    verify(
        getRequestedFor(urlEqualTo("/api/state"))
            .withHeader("X-Timestamp", equalTo("1700000000"))
            .withHeader(
                "Authorization",
                equalTo(
                    "Acme k-1:032dc5f5005f75adb382419c0d51fe63855758c3b2eeb05c6e00f63eb2f0aecb")));
  }

  @Test
  void certificatesComeAloneOrTogetherWithAKey() {
    var acme =
        acme(Providers.CERTIFICATE.named("alone"), Providers.CERTIFICATE_AND_KEY.named("both"));

    assertThat(ConnectorLint.check(acme)).isEmpty();
    assertThat(names(acme.authOption("alone").orElseThrow())).isEqualTo("pfx, pfx_password");
    assertThat(names(acme.authOption("both").orElseThrow()))
        .isEqualTo("certificate, private_key, api_key");
  }

  @Test
  void aKeyIsRefusedByTheAnswersOfItsService() {
    var acme = acme(Providers.KEY);

    assertThat(ConnectorLint.check(acme)).isEmpty();
    assertThat(acme.authOption("apiKey").orElseThrow().refusingAnswers())
        .extracting(AuthOption.RefusingAnswer::status)
        .containsExactly(419, 400, 200);
  }

  private static String names(AuthOption option) {
    return option.parameters().stream()
        .map(ConnectionParameter::name)
        .collect(Collectors.joining(", "));
  }

  private static String[] query(URI link) {
    return link.getRawQuery().split("&");
  }

  private static String value(URI link, String name) {
    return Arrays.stream(query(link))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}

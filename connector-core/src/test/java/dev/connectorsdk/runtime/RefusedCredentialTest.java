package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows when a service does not take a credential. */
@Tag("B17")
class RefusedCredentialTest extends HostTest {

  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  private static final Action<String, String> GET_UNWRAPPED =
      Action.builder("getUnwrapped", Effect.READ, String.class, String.class)
          .run(
              (path, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                String url = call.http().baseUrl() + path;
                try (Response answer =
                    client.newCall(new Request.Builder().url(url).build()).execute()) {
                  return answer.code() + " " + answer.body().string();
                }
              });

  @Override
  Connector connector() {
    return Connector.builder("tickets", url())
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .auth(AuthOption.apiKeyQuery("key").named("queryKey"))
        .auth(AuthOption.basic())
        .auth(AuthOption.bearer())
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(url() + "/token")))
        .action(GET)
        .action(GET_UNWRAPPED)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"apiKey, api_key", "queryKey, api_key", "bearer, token", "basic, password"})
  @DisplayName(
      "B17: a credential that nothing renews is refused once; without a test of the connector the"
          + " connection stays what it is, and the error says so")
  void aCredentialThatNothingRenews(String option, String secret) {
    service.stubFor(any(urlMatching("/.*")).willReturn(aResponse().withStatus(401)));
    Connection connection = connect(option, secret);

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/tickets"))
        .withMessage(
            "Connection '%s': the service did not accept its credential (status 401), and nothing"
                + " could be tested: its connector has no test",
            connection.id())
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED))
        .satisfies(e -> assertThat(e.userMustAct()).isTrue())
        .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"))
        .havingCause()
        .isInstanceOfSatisfying(
            ServiceException.class, answer -> assertThat(answer.status()).isEqualTo(401));

    assertThat(service.findAll(anyRequestedFor(urlMatching("/.*")))).hasSize(1);
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  @DisplayName("B17: a 403 says that the account may not do this, not that nobody knows it")
  void a403IsNoRefusalOfACredential() {
    service.stubFor(any(urlMatching("/.*")).willReturn(aResponse().withStatus(403)));
    Connection connection = connect("apiKey", "api_key");

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/tickets"))
        .satisfies(e -> assertThat(e.status()).isEqualTo(403));

    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  private Connection connect(String option, String secret) {
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", option).secret(secret, Secret.of("s3cret-of-ada"));
    return runtime
        .connections()
        .create(ADA, option.equals("basic") ? spec.with("username", "ada") : spec);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409})
  @DisplayName("B17: an answer that does not blame the token leads to no new one")
  void anotherRefusalRenewsNothing(int status) {
    tokens();
    service.stubFor(any(urlPathEqualTo("/tickets")).willReturn(aResponse().withStatus(status)));
    connectApp();

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/tickets"))
        .satisfies(e -> assertThat(e.status()).isEqualTo(status));

    assertThat(service.findAll(anyRequestedFor(urlPathEqualTo("/tickets")))).hasSize(1);
    assertThat(service.findAll(anyRequestedFor(urlPathEqualTo("/token")))).hasSize(1);
  }

  @Test
  @DisplayName("B17: an unwrapped client too renews a token that a 403 calls invalid, once")
  void anUnwrappedClientRenewsWhatIsCalledInvalid() throws IOException {
    tokens();
    service.stubFor(
        any(urlPathEqualTo("/tickets"))
            .inScenario("invalid")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("renewed")
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")));
    service.stubFor(
        any(urlPathEqualTo("/tickets"))
            .inScenario("invalid")
            .whenScenarioStateIs("renewed")
            .willReturn(aResponse().withBody("ok")));
    connectApp();

    assertThat(runtime.invoke(ADA, MINE, GET_UNWRAPPED, "/tickets")).isEqualTo("200 ok");

    assertThat(service.findAll(anyRequestedFor(urlPathEqualTo("/token")))).hasSize(2);
  }

  private static void tokens() {
    service.stubFor(
        any(urlPathEqualTo("/token"))
            .willReturn(okJson("{\"access_token\":\"t\",\"expires_in\":3600}")));
  }

  private void connectApp() {
    runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app")
                .secret("client_secret", Secret.of("s3cret")));
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A service sends its callers on to another origin, which the connector knows too. */
class RedirectTest extends HostTest {

  private static final String SECRET = "s3cret-of-ada";
  private static final String BODY = "a body of ada's";

  private static final Action<Nothing, Nothing> READ =
      Action.builder("read", Effect.READ, Nothing.class)
          .run((in, call) -> call.http().get("/old").header("X-Trace", "t").send());

  private static final Action<Nothing, Nothing> WRITE =
      Action.builder("write", Effect.WRITE, Nothing.class)
          .run((in, call) -> call.http().post("/old").text(BODY, "text/plain").send());

  private static final WireMockServer elsewhere =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  @BeforeAll
  static void startElsewhere() {
    elsewhere.start();
  }

  @AfterAll
  static void stopElsewhere() {
    elsewhere.stop();
  }

  @BeforeEach
  void stub() {
    elsewhere.resetAll();
    elsewhere.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    service.stubFor(post("/token").willReturn(okJson("{\"access_token\":\"" + SECRET + "\"}")));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .additionalOrigin("http://localhost:" + elsewhere.port())
        .auth(AuthOption.of("cookie", ApiKeyScheme.cookie("session")))
        .action(READ)
        .action(WRITE)
        .build();
  }

  private static ConnectionSpec spec(String option) {
    ConnectionSpec spec = ConnectionSpec.of("tickets", option);
    Secret secret = Secret.of(SECRET);
    return switch (option) {
      case "basic" -> spec.with("username", "ada").secret("password", secret);
      case "bearer" -> spec.secret("token", secret);
      case "oauth2" -> spec.with("client_id", "app").secret("client_secret", secret);
      default -> spec.secret("api_key", secret);
    };
  }

  static Stream<Arguments> redirects() {
    return Stream.of(301, 302, 303, 307, 308)
        .flatMap(
            status ->
                Stream.of("apiKey", "queryKey", "cookie", "basic", "bearer", "oauth2")
                    .flatMap(
                        option ->
                            Stream.of(
                                Arguments.of(status, READ, option),
                                Arguments.of(status, WRITE, option))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("redirects")
  @DisplayName("E4: where a redirect leads to another origin neither secret nor body follows")
  void neitherSecretNorBodyFollows(int status, Action<Nothing, Nothing> action, String option) {
    runtime.connections().create(ADA, spec(option));
    service.stubFor(
        any(urlMatching("/old.*"))
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("Location", "http://localhost:" + elsewhere.port() + "/new")));

    try {
      runtime.invoke(ADA, MINE, action, Nothing.NOTHING);
    } catch (ConnectorException refused) {
      assertThat(action).isEqualTo(WRITE);
    }

    List<LoggedRequest> followed = elsewhere.findAll(anyRequestedFor(anyUrl()));
    assertThat(followed).hasSize(action == READ ? 1 : 0);
    for (LoggedRequest request : followed) {
      assertThat(request.getUrl()).isEqualTo("/new");
      assertThat(request.getBodyAsString()).isEmpty();
      assertThat(request.getHeader("Authorization")).isNull();
      assertThat(request.getHeader("Cookie")).isNull();
      assertThat(request.getHeaders().toString()).doesNotContain(SECRET);
    }
  }
}

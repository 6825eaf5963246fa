package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
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
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static final Action<String, Nothing> SEND =
      Action.builder("send", Effect.WRITE, String.class)
          .run(
              (method, call) ->
                  call.http().callEncoded(method, "/old").text(BODY, "text/plain").send());

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
        .action(SEND)
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

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"307,POST", "308,POST", "307,PUT", "308,PATCH", "307,DELETE"})
  @DisplayName("E4: 307 and 308 on the same origin are followed with body and credential")
  void anyMethodIsFollowedOnTheSameOrigin(int status, String method) {
    runtime.connections().create(ADA, spec("apiKey"));
    service.stubFor(any(urlMatching("/old")).willReturn(redirect(status, "/middle/")));
    service.stubFor(any(urlMatching("/middle/")).willReturn(redirect(status, "../new/?page=1")));
    service.stubFor(any(urlMatching("/new/.*")).willReturn(okJson("{}")));

    runtime.invoke(ADA, MINE, SEND, method);

    List<LoggedRequest> sent = service.findAll(anyRequestedFor(anyUrl()));
    assertThat(sent)
        .extracting(LoggedRequest::getUrl)
        .containsExactlyInAnyOrder("/old", "/middle/", "/new/?page=1");
    assertThat(sent)
        .allSatisfy(
            request -> {
              assertThat(request.getMethod().getName()).isEqualTo(method);
              assertThat(request.getBodyAsString()).isEqualTo(BODY);
              assertThat(request.getHeader("X-Api-Key")).isEqualTo(SECRET);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  @DisplayName("E4: other redirects of a write are errors that say what is followed")
  void otherRedirectsOfAWriteAreErrors(int status) {
    runtime.connections().create(ADA, spec("apiKey"));
    service.stubFor(any(urlMatching("/old")).willReturn(redirect(status, "/new")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, WRITE, Nothing.NOTHING))
        .satisfies(e -> assertThat(e.status()).isEqualTo(status))
        .satisfies(e -> assertThat(e.remedy()).contains("307 or 308"));

    service.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("E4: a write that is sent round and round is sent six times")
  void aLoop() {
    runtime.connections().create(ADA, spec("apiKey"));
    service.stubFor(any(urlMatching("/old")).willReturn(redirect(307, "/old")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, WRITE, Nothing.NOTHING))
        .withMessageContaining("more than 5 times");

    service.verify(6, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName(
      "E4: no redirect from https to http is followed, though the author allows its origin")
  void neverFromHttpsToHttp() throws IOException {
    HeldCertificate own =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    HandshakeCertificates certificates =
        new HandshakeCertificates.Builder()
            .heldCertificate(own)
            .addTrustedCertificate(own.certificate())
            .build();
    String place = "http://localhost:" + elsewhere.port();
    try (MockWebServer secure = new MockWebServer()) {
      secure.useHttps(certificates.sslSocketFactory());
      secure.start();
      secure.enqueue(
          new MockResponse.Builder().code(302).addHeader("Location", place + "/new").build());
      Connector connector =
          Connector.builder("tickets", "https://localhost:" + secure.getPort())
              .auth(AuthOption.none())
              .additionalOrigin(place)
              .action(READ)
              .build();
      try (ConnectorRuntime strict =
          ConnectorRuntime.builder()
              .connector(connector)
              .httpClient(
                  new OkHttpClient.Builder()
                      .sslSocketFactory(
                          certificates.sslSocketFactory(), certificates.trustManager())
                      .build())
              .addressPolicy(AddressPolicy.allowAll())
              .build()) {
        strict.connections().create(ADA, ConnectionSpec.of("tickets", "none"));

        assertThatExceptionOfType(HostNotAllowedException.class)
            .isThrownBy(() -> strict.invoke(ADA, MINE, READ, Nothing.NOTHING))
            .withMessageContaining("an answer by https redirects there, by http");
      }
    }
    elsewhere.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("E4: an unwrapped client that follows redirects sends a body on, if it can")
  void anUnwrappedClient() throws IOException {
    runtime.connections().create(ADA, spec("apiKey"));
    service.stubFor(any(urlMatching("/old")).willReturn(redirect(307, "/new")));
    service.stubFor(any(urlMatching("/new")).willReturn(okJson("{}")));
    OkHttpClient client =
        runtime
            .references()
            .resolve(ADA, MINE)
            .unwrap(OkHttpClient.class, "tool", Effect.WRITE)
            .newBuilder()
            .followRedirects(true)
            .build();

    assertThat(status(client, RequestBody.create(BODY, null))).isEqualTo(200);
    assertThat(status(client, sentOnce())).isEqualTo(307);

    service.verify(1, postRequestedFor(urlEqualTo("/new")).withRequestBody(equalTo(BODY)));
  }

  private int status(OkHttpClient client, RequestBody body) throws IOException {
    Request request = new Request.Builder().url(url() + "/old").post(body).build();
    try (Response response = client.newCall(request).execute()) {
      return response.code();
    }
  }

  private static RequestBody sentOnce() {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return null;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.writeUtf8(BODY);
      }

      @Override
      public boolean isOneShot() {
        return true;
      }
    };
  }

  private static ResponseDefinitionBuilder redirect(int status, String location) {
    return aResponse().withStatus(status).withHeader("Location", location);
  }
}

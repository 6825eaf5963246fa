package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.event.ConnectorEvent.StatusChanged;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.invocation.CallOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a service refuses a credential, the connector's test decides about the connection. */
@Tag("B17")
class RejectionTest extends HostTest {

  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  private static final Action<String, String> WRITE =
      Action.builder("write", Effect.WRITE, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("POST", path).send().text());

  private static final Action<String, FileInfo> DOWNLOAD =
      Action.builder("download", Effect.READ, String.class, FileInfo.class)
          .run((path, call) -> call.http().callEncoded("GET", path).download(call.target()));

  private static final Action<String, String> BY_OKHTTP =
      Action.builder("byOkHttp", Effect.READ, String.class, String.class)
          .run(
              (path, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request = new Request.Builder().url(call.http().baseUrl() + path).build();
                try (Response response = client.newCall(request).execute()) {
                  return response.body().string();
                }
              });

  /** Fails when there is no time left. */
  private final Action<String, String> slowGet =
      Action.builder("slowGet", Effect.READ, String.class, String.class)
          .run(
              (path, call) -> {
                try {
                  return call.http().callEncoded("GET", path).send().text();
                } finally {
                  clock.advance(Duration.ofSeconds(5));
                }
              });

  @Override
  Connector connector() {
    return Connector.builder("tickets", url())
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .auth(
            AuthOption.apiKeyHeader("X-Api-Key")
                .named("odd")
                .refusedBy(419)
                .refusedBy(498)
                .refusedBy(400, "/error/code", "invalid_key", "17")
                .refusedBy(403, "header:X-Refused")
                .refusedBy(200, "/ok", "false"))
        .auth(AuthOption.basic())
        .auth(AuthOption.bearer())
        .auth(AuthOption.none())
        .auth(
            AuthOption.oauth2(OAuth2Scheme.clientCredentials(url() + "/token"))
                .refusedBy(200, "/error", "token_expired"))
        .test(call -> Account.of(call.http().get("/me").send().text()))
        .action(GET)
        .action(slowGet)
        .action(WRITE)
        .action(DOWNLOAD)
        .action(BY_OKHTTP)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"apiKey, api_key", "bearer, token", "basic, password", "oauth2, client_secret"})
  @DisplayName("B17: a credential that the test cannot use either makes the connection unusable")
  void aCredentialThatTheTestCannotUseEither(String option, String secret) {
    tokens();
    answers("/me", okJson("ada"));
    Connection connection = connect(option, secret);
    answers("/tickets", aResponse().withStatus(401));
    answers("/me", aResponse().withStatus(401));

    AuthenticationException failure = refused("/tickets");

    assertThat(failure.userMustAct()).isTrue();
    assertThat(failure.problem())
        .isEqualTo("the service did not accept its credential (status 401)");
    assertThat(failure).hasCauseInstanceOf(ServiceException.class);
    assertThat(status(connection).state()).isEqualTo(State.UNAUTHENTICATED);
    assertThat(status(connection).reason()).isEqualTo(ConnectionStatus.Reason.CREDENTIALS_REJECTED);
    assertThat(heard(StatusChanged.class))
        .last()
        .extracting(StatusChanged::to)
        .extracting(ConnectionStatus::state)
        .isEqualTo(State.UNAUTHENTICATED);
    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/tickets"));
  }

  @Test
  @DisplayName("B17: a credential that the test can use leaves the connection as it is")
  void aCredentialThatTheTestCanUse() {
    answers("/me", okJson("ada"));
    Connection connection = connect("apiKey", "api_key");
    answers("/tickets", aResponse().withStatus(401));

    refused("/tickets");

    assertThat(status(connection).isConnected()).isTrue();
  }

  @Test
  @DisplayName("B17: a service that cannot be asked for the test leaves the connection as it is")
  void aServiceThatCannotBeAsked() {
    answers("/me", okJson("ada"));
    Connection connection = connect("apiKey", "api_key");
    answers("/tickets", aResponse().withStatus(401));
    answers("/me", aResponse().withStatus(503));

    refused("/tickets");

    assertThat(status(connection).isConnected()).isTrue();
  }

  @Test
  @DisplayName(
      "B17: the test is run at most once a minute for a connection, however many calls fail")
  void theTestIsRunAtMostOnceAMinute() throws Exception {
    answers("/me", okJson("ada"));
    connect("apiKey", "api_key");
    answers("/tickets", aResponse().withStatus(401));
    service.resetRequests();
    ExecutorService threads = Executors.newFixedThreadPool(10);
    List<Callable<AuthenticationException>> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(() -> refused("/tickets"));
    }
    threads.invokeAll(calls);
    threads.shutdown();
    assertThat(tests()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(59));
    refused("/tickets");
    assertThat(tests()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    refused("/tickets");
    assertThat(tests()).isEqualTo(2);
  }

  @Test
  @DisplayName("B17: the test is part of the call's time; without any, the next call has it run")
  void theTestIsPartOfTheCallsTime() {
    answers("/me", okJson("ada"));
    connect("apiKey", "api_key");
    answers("/tickets", aResponse().withStatus(401));
    service.resetRequests();
    CallOptions within = CallOptions.standard().within(Duration.ofSeconds(5));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, slowGet, "/tickets", within));
    assertThat(tests()).isZero();

    refused("/tickets");
    assertThat(tests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B17: without a credential there is nothing that could be refused")
  void withoutACredentialNothingIsRefused() {
    answers("/tickets", aResponse().withStatus(401));
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none").untested());

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/tickets"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "419, no",
    "498, no",
    "400, '{\"error\":{\"code\":\"invalid_key\"}}'",
    "400, '{\"error\":{\"code\":17}}'",
    "200, '{\"ok\":false}'"
  })
  @DisplayName("B17: an author says by which answers a service refuses a credential")
  void anAuthorSaysByWhichAnswersAServiceRefuses(int status, String body) {
    answers("/me", okJson("{\"ok\":true}"));
    Connection connection = connect("odd", "api_key");
    answers("/tickets", aResponse().withStatus(status).withBody(body));
    answers("/me", aResponse().withStatus(status).withBody(body));

    AuthenticationException failure = refused("/tickets");

    assertThat(failure.problem())
        .isEqualTo("the service did not accept its credential (status " + status + ")");
    assertThat(status(connection).reason()).isEqualTo(ConnectionStatus.Reason.CREDENTIALS_REJECTED);
  }

  @Test
  @DisplayName("B17: an author names a header by which a service refuses a credential")
  void anAuthorNamesAHeader() {
    answers("/me", okJson("{\"ok\":true}"));
    connect("odd", "api_key");
    answers("/tickets", aResponse().withStatus(403).withHeader("X-Refused", "key"));

    refused("/tickets");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "400, '{\"error\":{\"code\":\"other\"}}'",
    "400, not JSON",
    "403, '{\"error\":{\"code\":\"invalid_key\"}}'",
    "404, no"
  })
  @DisplayName("B17: any other answer is the caller's")
  void anyOtherAnswerIsTheCallers(int status, String body) {
    answers("/me", okJson("{\"ok\":true}"));
    connect("odd", "api_key");
    answers("/tickets", aResponse().withStatus(status).withBody(body));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/tickets"))
        .satisfies(e -> assertThat(e.status()).isEqualTo(status));
  }

  private void aTokenThatAnAnswer200Refuses() {
    tokens();
    answers("/me", okJson("ada"));
    connect("oauth2", "client_secret");
    answers("/tickets", okJson("{\"error\":\"token_expired\"}"));
  }

  private void theNextTokenIsTaken() {
    service.stubFor(
        any(urlPathEqualTo("/token"))
            .willReturn(okJson("{\"access_token\":\"t2\",\"expires_in\":3600}")));
    service.stubFor(
        any(urlPathEqualTo("/tickets"))
            .withHeader("Authorization", equalTo("Bearer t2"))
            .willReturn(okJson("{\"done\":true}")));
  }

  private String download() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CallOptions saving = CallOptions.standard().saveTo(FileTarget.of(out));
    runtime.invoke(ADA, MINE, DOWNLOAD, "/tickets", saving);
    return out.toString(UTF_8);
  }

  @Test
  @DisplayName("B17: an answer 200 that refuses a token is not taken for a file")
  void anAnswer200ThatRefusesATokenIsNoFile() {
    aTokenThatAnAnswer200Refuses();

    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(this::download);

    theNextTokenIsTaken();
    assertThat(download()).isEqualTo("{\"done\":true}");
  }

  @Test
  @DisplayName("B17: an answer 200 that refuses a token has it renewed for an unwrapped client")
  void anAnswer200HasATokenRenewedForAnUnwrappedClient() {
    aTokenThatAnAnswer200Refuses();
    theNextTokenIsTaken();

    assertThat(runtime.invoke(ADA, MINE, BY_OKHTTP, "/tickets")).isEqualTo("{\"done\":true}");
  }

  private static final Action<String, String> FIRST_EVENT =
      Action.builder("firstEvent", Effect.READ, String.class, String.class)
          .run(
              (path, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request = new Request.Builder().url(call.http().baseUrl() + path).build();
                try (Response response = client.newCall(request).execute()) {
                  return response.body().source().readUtf8LineStrict();
                }
              });

  @Test
  @DisplayName("B17: a stream of events is read as it comes, whatever a refusal looks like")
  void aStreamOfEventsIsNotWaitedFor() throws IOException {
    CountDownLatch read = new CountDownLatch(1);
    try (LocalServer server =
        new LocalServer(
            client -> {
              LocalServer.head(client.getInputStream());
              String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
              client.getOutputStream().write((head + "data: 1\n").getBytes(UTF_8));
              client.getOutputStream().flush();
              read.await();
            })) {
      Connector connector =
          Connector.builder("tickets", "http://localhost:" + server.port())
              .auth(AuthOption.bearer().refusedBy(200, "/ok", "false"))
              .action(FIRST_EVENT)
              .build();
      try (ConnectorRuntime own = ConnectorRuntime.builder().connector(connector).build()) {
        own.connections()
            .create(ADA, ConnectionSpec.of("tickets", "bearer").secret("token", Secret.of("t")));

        assertThat(own.invoke(ADA, MINE, FIRST_EVENT, "/events")).isEqualTo("data: 1");
      }
      read.countDown();
    }
  }

  @Test
  @DisplayName("B17: an answer 200 that refuses a token has it renewed, once, for a write too")
  void anAnswer200ThatRefusesATokenHasItRenewed() {
    aTokenThatAnAnswer200Refuses();
    theNextTokenIsTaken();

    assertThat(runtime.invoke(ADA, MINE, WRITE, "/tickets")).isEqualTo("{\"done\":true}");

    assertThat(service.findAll(anyRequestedFor(urlPathEqualTo("/tickets")))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 200, 204, 600})
  @DisplayName("B17: no status that every answer may have refuses a credential by itself")
  void noStatusThatEveryAnswerMayHave(int status) {
    AuthOption option = AuthOption.bearer();

    assertThatIllegalArgumentException().isThrownBy(() -> option.refusedBy(status));
    assertThatIllegalArgumentException().isThrownBy(() -> option.refusedBy(400, "error"));
  }

  private AuthenticationException refused(String path) {
    AuthenticationException[] failure = new AuthenticationException[1];
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, path))
        .satisfies(e -> failure[0] = e)
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.REJECTED);
    return failure[0];
  }

  private ConnectionStatus status(Connection connection) {
    return runtime.connections().get(ADA, connection.id()).status();
  }

  private static int tests() {
    return service.findAll(anyRequestedFor(urlPathEqualTo("/me"))).size();
  }

  private static void answers(String path, ResponseDefinitionBuilder answer) {
    service.stubFor(any(urlPathEqualTo(path)).willReturn(answer));
  }

  private static void tokens() {
    answers("/token", okJson("{\"access_token\":\"t\",\"expires_in\":3600}"));
  }

  private Connection connect(String option, String secret) {
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", option).secret(secret, Secret.of("s3cret-of-ada"));
    return runtime
        .connections()
        .create(
            ADA,
            switch (option) {
              case "basic" -> spec.with("username", "ada");
              case "oauth2" -> spec.with("client_id", "app");
              default -> spec;
            });
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingDeviceConsent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program without a web server: the user signs in on another device, or in a browser here. */
class SignInElsewhereTest extends HostTest {

  private static final ConnectionSpec DEVICE = ConnectionSpec.of("tickets", "device");
  private static final ConnectionSpec HERE = ConnectionSpec.of("tickets", "signIn");
  private static final String PENDING = "{\"error\":\"authorization_pending\"}";
  private static final String TOKEN = "{\"access_token\":\"t\",\"refresh_token\":\"r\"}";

  private final OkHttpClient person = new OkHttpClient();

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .auth(
            AuthOption.oauth2(OAuth2Scheme.deviceCode(url() + "/device", url() + "/token"))
                .named("device"))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    ClientRegistration app = ClientRegistration.publicClient("app");
    return builder.client("tickets", "device", app).client("tickets", "signIn", app);
  }

  private PendingDeviceConsent beginDevice(String rest) {
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d-s3cret","user_code":"ABCD-EFGH",
                     "verification_uri":"https://id.test/device"%s}
                    """
                        .formatted(rest))));
    return runtime.consents().beginDevice(ADA, DEVICE);
  }

  private static void theTokenEndpointAnswers(ResponseDefinitionBuilder... answers) {
    String state = Scenario.STARTED;
    for (int i = 0; i < answers.length; i++) {
      service.stubFor(
          post("/token")
              .inScenario("poll")
              .whenScenarioStateIs(state)
              .willSetStateTo("after " + i)
              .willReturn(answers[i]));
      state = "after " + i;
    }
  }

  private static ResponseDefinitionBuilder error(String code) {
    return aResponse().withStatus(400).withBody("{\"error\":\"" + code + "\"}");
  }

  private List<Long> pauses() {
    return clock.pauses().stream().map(Duration::toSeconds).toList();
  }

  @Test
  @DisplayName("A12: pending, slow_down, pending, success are polled at 5, 10, 20 and 30 s")
  void theServiceIsPolledAsOftenAsItAllows() throws Exception {
    theTokenEndpointAnswers(
        error("authorization_pending"),
        error("slow_down"),
        error("authorization_pending"),
        okJson(TOKEN));

    PendingDeviceConsent pending = beginDevice(",\"interval\":5,\"expires_in\":600");
    Connection connection = pending.await().connection();

    assertThat(pauses()).containsExactly(5L, 5L, 10L, 10L);
    assertThat(connection.status().isConnected()).isTrue();
    assertThat(pending.userCode()).isEqualTo("ABCD-EFGH");
    assertThat(pending.verificationUri()).isEqualTo(URI.create("https://id.test/device"));
    assertThat(pending.toString()).doesNotContain("ABCD", "s3cret");
    service.verify(
        4,
        postRequestedFor(urlEqualTo("/token"))
            .withRequestBody(
                containing("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"))
            .withRequestBody(containing("device_code=d-s3cret")));
  }

  @Test
  @DisplayName("A12: what is said with another status, as Google does, counts the same")
  void anyStatusOfAClientsMistakeWillDo() throws Exception {
    theTokenEndpointAnswers(
        error("authorization_pending").withStatus(428),
        error("authorization_pending").withStatus(428),
        error("slow_down").withStatus(429),
        okJson(TOKEN));

    Connection connection = beginDevice(",\"interval\":5,\"expires_in\":600").await().connection();

    assertThat(pauses()).containsExactly(5L, 5L, 5L, 10L);
    assertThat(connection.status().isConnected()).isTrue();
  }

  @Test
  @DisplayName("A12: an endpoint that cannot be reached is asked less and less, once a minute")
  void anEndpointThatCannotBeReachedIsAskedLessAndLess() throws Exception {
    ResponseDefinitionBuilder broken = aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
    theTokenEndpointAnswers(broken, broken, broken, broken, broken, okJson(TOKEN));

    beginDevice(",\"interval\":5,\"expires_in\":600").await();

    assertThat(pauses()).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
  }

  @Test
  void theSecondOfTwoSignInsForTheSameNewConnectionBringsNothing() throws Exception {
    theTokenEndpointAnswers(okJson(TOKEN), okJson(TOKEN));
    PendingDeviceConsent first = beginDevice(",\"interval\":5,\"expires_in\":600");
    PendingDeviceConsent second =
        runtime.consents().beginDevice(ADA, first.connection(), ConsentOptions.standard());

    second.await();

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(first::await)
        .matches(e -> e.reason() == ConsentException.Reason.STATE_UNKNOWN)
        .withMessageContaining("completed before");
  }

  @Test
  @DisplayName("A12: after expires_in it is over")
  void afterItsTimeItIsOver() {
    service.stubFor(post("/token").willReturn(aResponse().withStatus(400).withBody(PENDING)));
    PendingDeviceConsent pending = beginDevice(",\"expires_in\":30");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(pending::await)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.NOT_IN_TIME));

    assertThat(pauses()).containsExactly(5L, 5L, 5L, 5L, 5L);
    assertThat(runtime.connections().get(ADA, pending.connection()).status().isConnected())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"access_denied, ACCESS_DENIED", "expired_token, NOT_IN_TIME"})
  @DisplayName("A12: a refusal ends it at once")
  void aRefusalEndsItAtOnce(String code, ConsentException.Reason reason) {
    theTokenEndpointAnswers(error(code));
    PendingDeviceConsent pending = beginDevice("");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(pending::await)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));

    service.verify(1, postRequestedFor(urlEqualTo("/token")));
  }

  @Test
  @DisplayName("A12: interrupting who waits ends it, without another poll")
  void interruptingWhoWaitsEndsIt() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    var builder =
        with(builder())
            .sleeper(
                pause -> {
                  waiting.countDown();
                  new CountDownLatch(1).await();
                });
    try (ConnectorRuntime patient = builder.build()) {
      beginDevice("");
      PendingDeviceConsent pending = patient.consents().beginDevice(ADA, DEVICE);
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  pending.await();
                } catch (Throwable e) {
                  ended.complete(e);
                }
              });
      thread.start();
      waiting.await();
      thread.interrupt();

      assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }
    service.verify(0, postRequestedFor(urlEqualTo("/token")));
  }

  @Test
  @DisplayName("A12: people are not sent to an address that is not https")
  void peopleAreNotSentToAnAddressThatIsNotHttps() {
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"u","verification_uri":"http://id.test/d"}
                    """)));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.consents().beginDevice(ADA, DEVICE));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void anOptionWithoutDevicesSaysSo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.consents().beginDevice(ADA, HERE));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  private record Answer(int status, String page) {}

  private Answer get(String url) {
    return send(new Request.Builder().url(url));
  }

  private Answer send(Request.Builder request) {
    try (Response response = person.newCall(request.build()).execute()) {
      return new Answer(response.code(), response.body().string());
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e.getMessage()));
    }
  }

  private CompletedConsent signInHere(java.util.function.Consumer<HttpUrl> browser)
      throws InterruptedException {
    return runtime
        .consents()
        .signInHere(
            ADA,
            HERE,
            ConsentOptions.standard(),
            Duration.ofMinutes(1),
            link -> new Thread(() -> browser.accept(HttpUrl.get(link))).start());
  }

  private static String back(HttpUrl link) {
    return link.queryParameter("redirect_uri") + "?state=" + link.queryParameter("state");
  }

  @Test
  @DisplayName(
      "A7: a browser on this machine comes back to 127.0.0.1, and is shown nothing it said")
  void aBrowserComesBackToThisMachine() throws Exception {
    service.stubFor(post("/token").willReturn(okJson(TOKEN)));
    List<Answer> answers = new ArrayList<>();
    CompletableFuture<Void> shown = new CompletableFuture<>();

    CompletedConsent done =
        signInHere(
            link -> {
              String redirectUri = String.valueOf(link.queryParameter("redirect_uri"));
              assertThat(redirectUri).matches("http://127\\.0\\.0\\.1:[0-9]+/callback/tickets");
              answers.add(get(HttpUrl.get(redirectUri).resolve("/favicon.ico").toString()));
              answers.add(get(redirectUri + "?state=forged&code=x"));
              answers.add(get(redirectUri + "?error_description=<script>"));
              answers.add(send(new Request.Builder().url(back(link)).post(RequestBody.EMPTY)));
              answers.add(
                  send(new Request.Builder().url(back(link) + "&code=x").header("Host", "e.test")));
              answers.add(get(back(link) + "&code=c-1&x=<script>"));
              shown.complete(null);
            });
    shown.get();

    assertThat(done.connection().status().isConnected()).isTrue();
    assertThat(answers).extracting(Answer::status).containsExactly(404, 400, 400, 405, 404, 200);
    assertThat(answers).extracting(Answer::page).noneMatch(page -> page.contains("script"));
    service.verify(1, postRequestedFor(urlEqualTo("/token")));
  }

  @Test
  @DisplayName("A8: a refusal reaches the program, and the browser a page")
  void aRefusalReachesTheProgram() throws Exception {
    CompletableFuture<Answer> shown = new CompletableFuture<>();

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () -> signInHere(link -> shown.complete(get(back(link) + "&error=access_denied"))))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.ACCESS_DENIED));

    assertThat(shown.get().status()).isEqualTo(400);
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void whoDoesNotComeBackInTimeLeavesNothingBehind() {
    List<URI> links = new ArrayList<>();

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .signInHere(
                        ADA, HERE, ConsentOptions.standard(), Duration.ofMillis(10), links::add))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.NOT_IN_TIME));

    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(get(back(HttpUrl.get(links.get(0)))).status()).isZero();
  }

  @Test
  void interruptingWhoWaitsForABrowserEndsItAtOnce() {
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .signInHere(
                        ADA,
                        HERE,
                        ConsentOptions.standard(),
                        Duration.ofMinutes(1),
                        link -> Thread.currentThread().interrupt()));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }
}

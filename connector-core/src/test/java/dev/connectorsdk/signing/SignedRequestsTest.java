package dev.connectorsdk.signing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives at a service that wants signed requests. */
class SignedRequestsTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "signed");
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  /** One that the server of these tests does not tidy up. */
  private static final MediaType TYPE = MediaType.get("text/x-test");

  record Call(String method, String target, String body) {}

  private static final Action<Call, String> CALL =
      Action.builder("call", Effect.IDEMPOTENT_WRITE, Call.class, String.class)
          .run(
              (in, call) -> {
                var request = call.http().callEncoded(in.method(), in.target());
                return (in.body().isEmpty() ? request : request.text(in.body(), TYPE.toString()))
                    .send()
                    .text();
              });

  private static final Action<Call, String> UNWRAPPED =
      Action.builder("unwrapped", Effect.IDEMPOTENT_WRITE, Call.class, String.class)
          .run(
              (in, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                boolean stream = in.body().startsWith("stream");
                RequestBody body =
                    stream
                        ? new Stream(in.body())
                        : RequestBody.create(in.body().getBytes(UTF_8), TYPE);
                Request request =
                    new Request.Builder()
                        .url(call.http().baseUrl() + in.target())
                        .method(in.method(), body)
                        .build();
                try (Response response = client.newCall(request).execute()) {
                  return response.body().string();
                }
              });

  private static final SignatureScheme HMAC =
      SignatureScheme.hmacSha256(
              "{method}\n{host}\n{path}\n{query}\n{timestamp}\n{nonce}\n{header:Content-Type}\n"
                  + "{header:Content-Length}\n{body|sha256|hex}")
          .header("X-Timestamp", "{timestamp}")
          .header("X-Nonce", "{nonce}")
          .query("keyed", "a+b/c=")
          .header("X-Signature", "{signature}");

  private final SettableClock clock = new SettableClock();
  private final WireMockServer service = server();
  private final WireMockServer other = server();
  private ConnectorRuntime runtime;

  private static WireMockServer server() {
    return new WireMockServer(WireMockConfiguration.options().dynamicPort());
  }

  @BeforeEach
  void start() {
    service.start();
    other.start();
    Connector connector =
        Connector.builder("signed", service.baseUrl() + "/base")
            .additionalOrigin(other.baseUrl())
            .auth(AuthOption.signature(HMAC))
            .auth(AuthOption.oauth1(OAuth1Scheme.hmacSha1()))
            .auth(AuthOption.aws(AwsSignatureScheme.s3().inRegion("eu-west-1")))
            .auth(
                AuthOption.aws(AwsSignatureScheme.s3().inRegion("eu-west-1").unsignedPayload())
                    .named("awsStreams"))
            .auth(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
            .action(CALL)
            .action(UNWRAPPED)
            .build();
    runtime = ConnectorRuntime.builder().connector(connector).clock(clock).sleeper(clock).build();
  }

  @AfterEach
  void stop() {
    runtime.close();
    service.stop();
    other.stop();
  }

  /** A body that can be read once, of unknown length. */
  private static final class Stream extends RequestBody {

    private final String text;

    Stream(String text) {
      this.text = text;
    }

    @Override
    public MediaType contentType() {
      return TYPE;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.writeUtf8(text);
    }
  }

  private void connect(String option) {
    connect(ADA, option);
  }

  private void connect(Caller caller, String option) {
    ConnectionSpec spec = ConnectionSpec.of("signed", option);
    runtime
        .connections()
        .create(
            caller,
            switch (option) {
              case "signature" -> spec.secret("secret_key", Secret.of("s3cret"));
              case "oauth1" ->
                  spec.with("consumer_key", "app")
                      .secret("consumer_secret", Secret.of("cs"))
                      .secret("token", Secret.of("tk"))
                      .secret("token_secret", Secret.of("ts"));
              case "sharedKey" ->
                  spec.with("account_name", "myaccount")
                      .secret("access_key", Secret.of(BASE64.encodeToString("k".getBytes(UTF_8))));
              default ->
                  spec.with("access_key_id", "AKIDEXAMPLE")
                      .secret("secret_access_key", Secret.of("wJalrXUtnFEMI"));
            });
  }

  private String call(String method, String target, String body) {
    return runtime.invoke(ADA, MINE, CALL, new Call(method, target, body));
  }

  private void answer(ResponseDefinitionBuilder... answers) {
    String state = Scenario.STARTED;
    for (int i = 0; i < answers.length; i++) {
      service.stubFor(
          any(anyUrl())
              .inScenario("in turn")
              .whenScenarioStateIs(state)
              .willReturn(answers[i])
              .willSetStateTo("after " + i));
      state = "after " + i;
    }
  }

  private List<LoggedRequest> seen() {
    return service.findAll(anyRequestedFor(anyUrl()));
  }

  /** Computes the signature from what arrived, as the service would. */
  private static void assertSigned(LoggedRequest request) throws Exception {
    String[] target = request.getUrl().split("\\?", 2);
    String length = request.getHeader("Content-Length");
    String type = request.getHeader("Content-Type");
    String text =
        String.join(
            "\n",
            request.getMethod().getName(),
            request.getHeader("Host"),
            target[0],
            target[1],
            request.getHeader("X-Timestamp"),
            request.getHeader("X-Nonce"),
            type == null ? "" : type,
            length == null ? "" : length,
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(request.getBody())));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cret".getBytes(UTF_8), "HmacSHA256"));
    assertThat(request.getHeader("X-Signature"))
        .isEqualTo(HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a?x=1",
        "/a%20b/%C3%BC;v=1?q=a%2Bb&q=c+d&empty=&flag",
        "/odd|{path}^`/[x]?odd={a}|b^`[c]'d"
      })
  void theSignatureIsOverWhatArrives(String target) throws Exception {
    connect("signature");
    answer(ok("1"), ok("2"), ok("3"));

    call("GET", target, "");
    call("POST", target, "Grüße");
    runtime.invoke(ADA, MINE, UNWRAPPED, new Call("PUT", target, "whole"));

    assertThat(seen()).hasSize(3);
    for (LoggedRequest request : seen()) {
      assertSigned(request);
    }
  }

  @Test
  void aRepeatedRequestIsSignedAnew() throws Exception {
    connect("signature");
    answer(aResponse().withStatus(503), ok("done"));

    assertThat(call("PUT", "/a", "x")).isEqualTo("done");

    assertThat(seen()).extracting(r -> r.getHeader("X-Nonce")).doesNotHaveDuplicates().hasSize(2);
    for (LoggedRequest request : seen()) {
      assertSigned(request);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oauth1", "aws", "sharedKey"})
  void noSchemeRepeatsASignature(String option) {
    connect(option);
    answer(aResponse().withStatus(503).withHeader("Retry-After", "7"), ok("done"));

    assertThat(call("PUT", "/a", "x")).isEqualTo("done");

    assertThat(seen())
        .extracting(r -> r.getHeader("Authorization"))
        .doesNotContainNull()
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void aRedirectOnTheSameHostIsSignedForItsNewPlace() throws Exception {
    connect("signature");
    service.stubFor(get("/base/old?keyed=a%2Bb%2Fc%3D").willReturn(temporaryRedirect("/new?x=1")));
    service.stubFor(get("/new?x=1&keyed=a%2Bb%2Fc%3D").willReturn(ok("moved")));

    assertThat(call("GET", "/old", "")).isEqualTo("moved");

    assertThat(seen()).hasSize(2);
    for (LoggedRequest request : seen()) {
      assertSigned(request);
    }
  }

  @ParameterizedTest
  @DisplayName("E1, E4: no signature and nothing that belongs to it follows to another host")
  @ValueSource(strings = {"signature", "oauth1", "aws", "sharedKey"})
  void aRedirectToAnotherHostIsNotSigned(String option) {
    connect(option);
    answer(temporaryRedirect(other.baseUrl() + "/there"));
    other.stubFor(get(anyUrl()).willReturn(ok("there")));

    assertThat(call("GET", "/a", "")).isEqualTo("there");

    assertThat(other.getAllServeEvents())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getRequest().getHeaders().keys())
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-"))
                    .doesNotContain("Authorization"));
  }

  @ParameterizedTest
  @DisplayName("E9: a redirect to a URL with a user name is refused with a typed error")
  @ValueSource(strings = {"signature", "oauth1", "aws", "sharedKey"})
  void aRedirectToAUrlWithAUserNameIsNotFollowed(String option) {
    connect(option);
    answer(temporaryRedirect(service.baseUrl().replace("://", "://eve@") + "/there"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> call("GET", "/a", ""))
        .withMessageContaining("(URL): has a user name");
    assertThat(seen()).hasSize(1);
  }

  @Test
  void s3GetsTheHashOfTheBody() throws Exception {
    connect("aws");
    answer(ok());

    call("PUT", "/key", "content");

    LoggedRequest request = seen().get(0);
    assertThat(request.getHeader("x-amz-content-sha256"))
        .isEqualTo(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(request.getBody())));
    assertThat(request.getHeader("x-amz-date")).isEqualTo("20260101T120000Z");
    assertThat(request.getHeader("Authorization"))
        .startsWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/s3/aws4_request,"
                + " SignedHeaders=accept;content-type;host;x-amz-content-sha256;x-amz-date,"
                + " Signature=");
  }

  @Test
  void aStreamThatCanBeReadOnceIsNotSentHalfSigned() {
    connect("aws");
    answer(ok());

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, UNWRAPPED, new Call("PUT", "/k", "stream")))
        .withMessageContaining("(body): is larger than 64 MiB or a stream");
    assertThat(seen()).isEmpty();
  }

  @Test
  void aStreamIsSentWhereTheBodyIsNotSigned() {
    connect("awsStreams");
    answer(ok("stored"));

    assertThat(runtime.invoke(ADA, MINE, UNWRAPPED, new Call("PUT", "/k", "stream")))
        .isEqualTo("stored");
    assertThat(seen().get(0).getBodyAsString()).isEqualTo("stream");
    assertThat(seen().get(0).getHeader("x-amz-content-sha256")).isEqualTo("UNSIGNED-PAYLOAD");
  }

  @Test
  void aRefusedSignatureIsAnAuthenticationFailureAndNotRepeated() {
    assertRejected("signature", aResponse().withStatus(401));
    assertRejected("oauth1", aResponse().withStatus(401));
    assertRejected(
        "aws",
        aResponse().withStatus(403).withBody("<Error><Code>SignatureDoesNotMatch</Code></Error>"));
    assertRejected(
        "sharedKey",
        aResponse().withStatus(403).withHeader("x-ms-error-code", "AuthenticationFailed"));
  }

  private void assertRejected(String option, ResponseDefinitionBuilder refusal) {
    Caller caller = Principal.user(option).in("dev");
    connect(caller, option);
    service.resetAll();
    service.stubFor(any(anyUrl()).willReturn(refusal));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(caller, MINE, CALL, new Call("PUT", "/a", "x")))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED))
        .withCauseInstanceOf(ServiceException.class);
    assertThat(seen()).hasSize(1);
  }

  @Test
  void aKeyThatCannotBeOneMakesNoConnection() {
    ConnectionSpec spec =
        ConnectionSpec.of("signed", "sharedKey")
            .with("account_name", "myaccount")
            .secret("access_key", Secret.of("not*base64"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec))
        .withMessageEndingWith("/access_key: is not Base64");
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void anotherRefusalStaysWhatItIs() {
    connect("sharedKey");
    answer(
        aResponse()
            .withStatus(403)
            .withHeader("x-ms-error-code", "AuthorizationPermissionMismatch"));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> call("PUT", "/a", "x"))
        .satisfies(e -> assertThat(e.status()).isEqualTo(403));
  }
}

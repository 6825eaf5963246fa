package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.connection.ConnectionSpec;
import java.io.IOException;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import okhttp3.Cache;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the requests of a connection may go, and what travels with them. */
class HostRulesTest extends HostTest {

  record Text(String value) {}

  private static final Action<Text, Text> GET_TARGET =
      Action.builder("getTarget", Effect.READ, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().callEncoded("GET", in.value()).send().text()));

  private static final Action<Text, Text> POST_TARGET =
      Action.builder("postTarget", Effect.IDEMPOTENT_WRITE, Text.class, Text.class)
          .run(
              (in, call) ->
                  new Text(
                      call.http()
                          .callEncoded("POST", in.value())
                          .text("a body", "text/plain")
                          .send()
                          .text()));

  private static final Action<Text, Text> CALL_BY_METHOD =
      Action.builder("callByMethod", Effect.WRITE, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().call(in.value(), "/x").send().text()));

  private static final Action<Text, Text> CALL_ENCODED_BY_METHOD =
      Action.builder("callEncodedByMethod", Effect.WRITE, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().callEncoded(in.value(), "/x").send().text()));

  private static final Action<Text, Text> GET_WITH_A_BODY =
      Action.builder("getWithABody", Effect.READ, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().get("/x").json(in).send().text()));

  private static final Action<Text, Text> GET_SEGMENT =
      Action.builder("getSegment", Effect.READ, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().get("/base/{id}/end", in.value()).send().text()));

  private static final Action<Text, Text> SET_HEADER =
      Action.builder("setHeader", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) -> {
                String[] header = in.value().split("=", 2);
                return new Text(call.http().get("/x").header(header[0], header[1]).send().text());
              });

  private static final Action<Text, Text> SET_QUERY =
      Action.builder("setQuery", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) ->
                  new Text(
                      call.http()
                          .get("/x")
                          .query("key", in.value())
                          .query("q", in.value())
                          .send()
                          .text()));

  private static final Action<Text, Text> PAGES =
      Action.builder("pages", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) ->
                  new Text(
                      call.http()
                          .get("/pages")
                          .pages(Paging.nextLink("/next"), "/items", String.class)
                          .toList()
                          .toString()));

  private static final Action<Text, Text> BY_OKHTTP =
      Action.builder("byOkHttp", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request = new Request.Builder().url(in.value()).build();
                try (Response response = client.newCall(request).execute()) {
                  return new Text(response.body().string());
                }
              });

  /** What the client's user makes of it. */
  private static Action<Text, Text> byChangedOkHttp(
      String id, BiFunction<OkHttpClient.Builder, String, OkHttpClient.Builder> change) {
    return Action.builder(id, Effect.READ, Text.class, Text.class)
        .run(
            (in, call) -> {
              OkHttpClient bound = call.http().unwrap(OkHttpClient.class);
              OkHttpClient client = change.apply(bound.newBuilder(), in.value()).build();
              Request request =
                  new Request.Builder()
                      .url(call.connection().parameters().get("self") + "/x")
                      .build();
              try (Response response = client.newCall(request).execute()) {
                return new Text(response.body().string());
              }
            });
  }

  private static final Action<Text, Text> BY_OKHTTP_ELSEWHERE =
      byChangedOkHttp(
          "byOkHttpElsewhere",
          (client, url) ->
              client.addInterceptor(
                  chain -> chain.proceed(chain.request().newBuilder().url(url).build())));

  private static final Action<Text, Text> BY_OKHTTP_REDIRECTED =
      byChangedOkHttp("byOkHttpRedirected", (client, url) -> client.followRedirects(true));

  private static final Action<Text, Text> WHAT_OKHTTP_SHOWS =
      Action.builder("whatOkHttpShows", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) -> {
                StringBuilder shown = new StringBuilder();
                OkHttpClient client =
                    call.http()
                        .unwrap(OkHttpClient.class)
                        .newBuilder()
                        .addInterceptor(
                            chain -> {
                              Response response = chain.proceed(chain.request());
                              show(shown, response);
                              return response;
                            })
                        .build();
                Request request = new Request.Builder().url(in.value()).build();
                try (Response response = client.newCall(request).execute()) {
                  show(shown, response);
                }
                return new Text(shown.toString());
              });

  private static void show(StringBuilder shown, Response response) {
    shown.append(response).append(response.request().url()).append(response.request().headers());
    Response network = response.networkResponse();
    if (network != null) {
      shown.append(network).append(network.request().url()).append(network.request().headers());
    }
  }

  private WireMockServer foreign;

  @BeforeEach
  void startForeign() {
    foreign = new WireMockServer(WireMockConfiguration.options().dynamicPort());
    foreign.start();
    foreign.stubFor(any(anyUrl()).willReturn(okJson("{}")));
  }

  @AfterEach
  void stopForeign() {
    foreign.stop();
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .action(GET_TARGET)
        .action(POST_TARGET)
        .action(CALL_BY_METHOD)
        .action(CALL_ENCODED_BY_METHOD)
        .action(GET_WITH_A_BODY)
        .action(GET_SEGMENT)
        .action(SET_HEADER)
        .action(SET_QUERY)
        .action(PAGES)
        .action(BY_OKHTTP)
        .action(BY_OKHTTP_ELSEWHERE)
        .action(BY_OKHTTP_REDIRECTED)
        .action(WHAT_OKHTTP_SHOWS)
        .parameter(ConnectionParameter.text("self").withDefault(url()))
        .build();
  }

  private String foreignUrl() {
    return "http://localhost:" + foreign.port();
  }

  private void nothingReachedTheForeignHost() {
    foreign.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"apiKey", "basic", "bearer", "queryKey", "oauth2"})
  @Tag("E1")
  void anAbsoluteUrlOnAnotherOriginIsRefused(String option) {
    connectWith(option);

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_TARGET, new Text(foreignUrl() + "/steal")))
        .satisfies(e -> assertThat(e.origin()).isEqualTo(foreignUrl()));
    nothingReachedTheForeignHost();
  }

  private void connectWith(String option) {
    ConnectionSpec spec = ConnectionSpec.of("tickets", option);
    Secret secret = Secret.of("s3cret");
    runtime
        .connections()
        .create(
            ADA,
            switch (option) {
              case "basic" -> spec.with("username", "ada").secret("password", secret);
              case "bearer" -> spec.secret("token", secret);
              case "oauth2" -> spec.with("client_id", "app").secret("client_secret", secret);
              default -> spec.secret("api_key", secret);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"apiKey", "basic", "bearer", "queryKey", "oauth2"})
  @Tag("E1")
  void anInterceptorAddedToAnUnwrappedClientCannotTakeTheCredentialElsewhere(String option) {
    connectWith(option);

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(
            () ->
                runtime.invoke(ADA, MINE, BY_OKHTTP_ELSEWHERE, new Text(foreignUrl() + "/steal")));
    nothingReachedTheForeignHost();
  }

  @Test
  @Tag("E4")
  void aRedirectThatAnUnwrappedClientFollowsStaysOnItsHosts() {
    connect(ADA, "s3cret");
    service.stubFor(
        any(anyUrl()).willReturn(aResponse().withStatus(302).withHeader("Location", foreignUrl())));

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, BY_OKHTTP_REDIRECTED, new Text("-")));
    nothingReachedTheForeignHost();
  }

  @ParameterizedTest
  @ValueSource(strings = {"apiKey", "bearer", "queryKey"})
  @Tag("D1")
  void anUnwrappedClientDoesNotShowTheCredentialThatItSent(String option) {
    connectWith(option);
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));

    String shown = runtime.invoke(ADA, MINE, WHAT_OKHTTP_SHOWS, new Text(url() + "/x")).value();

    assertThat(shown).contains("/x").doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Tag("E4")
  void aRedirectToAnotherOriginIsNotFollowed(int status) {
    connect(ADA, "s3cret");
    service.stubFor(
        any(anyUrl())
            .willReturn(aResponse().withStatus(status).withHeader("Location", foreignUrl())));

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_TARGET, new Text("/x")));
    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, POST_TARGET, new Text("/x")));
    nothingReachedTheForeignHost();
  }

  @Test
  @Tag("E4")
  void aRedirectOnTheSameOriginIsFollowedWithTheCredential() {
    connect(ADA, "s3cret");
    service.stubFor(
        get("/old").willReturn(aResponse().withStatus(302).withHeader("Location", "/new")));
    service.stubFor(get("/new").willReturn(okJson("\"here\"")));

    assertThat(runtime.invoke(ADA, MINE, GET_TARGET, new Text("/old")).value())
        .isEqualTo("\"here\"");
    service.verify(
        1, getRequestedFor(urlEqualTo("/new")).withHeader("X-Api-Key", equalTo("s3cret")));
  }

  @Test
  @Tag("E4")
  void aRedirectToAnAllowedOriginGoesWithoutTheCredential() {
    runtime.close();
    runtime =
        ConnectorRuntime.builder()
            .connector(
                Tickets.builder(url()).additionalOrigin(foreignUrl()).action(GET_TARGET).build())
            .build();
    for (String option : List.of("apiKey", "queryKey")) {
      Caller caller = Principal.user(option).in("dev");
      runtime
          .connections()
          .create(
              caller, ConnectionSpec.of("tickets", option).secret("api_key", Secret.of("s3cret")));
      service.stubFor(
          any(anyUrl())
              .willReturn(
                  aResponse().withStatus(307).withHeader("Location", foreignUrl() + "/file")));

      runtime.invoke(caller, MINE, GET_TARGET, new Text("/x"));
    }

    foreign.verify(2, getRequestedFor(urlEqualTo("/file")).withoutHeader("X-Api-Key"));
  }

  @Test
  @Tag("E4")
  void aChainOfRedirectsEnds() {
    connect(ADA, "s3cret");
    service.stubFor(
        any(anyUrl()).willReturn(aResponse().withStatus(302).withHeader("Location", "/again")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_TARGET, new Text("/x")))
        .withMessageMatching(
            "GET localhost:[0-9]+ on connection '.*' was redirected more than 5 times");
    service.verify(6, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.test/x",
        "/../admin",
        "/a/%2e%2e/b",
        "/a/.%2E/b",
        "/a\\b",
        "/a/.\t./b",
        "/a/\n../b",
        "/a/%2\re./b",
        "http://user:pw@localhost/x",
        "ftp://localhost/x",
        "@evil.test",
        "https:/x"
      })
  @Tag("E6")
  @Tag("E9")
  void anAmbiguousTargetIsRefusedOrStaysAtTheService(String target) {
    connect(ADA, "s3cret");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));

    try {
      runtime.invoke(ADA, MINE, GET_TARGET, new Text(target));
      assertThat(service.findAll(anyRequestedFor(anyUrl())).get(0).getUrl()).isEqualTo(target);
    } catch (InvalidInputException | HostNotAllowedException refused) {
      service.verify(0, anyRequestedFor(anyUrl()));
    }
    nothingReachedTheForeignHost();
  }

  /** URLs in which {@code OWN} is the service and {@code EVIL} is somebody else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://EVIL\\\\@OWN/x",
        "http://OWN\\\\@EVIL/x",
        "http://OWN@EVIL/x",
        "http://EVIL@OWN/x",
        "http://EVIL#@OWN/x",
        "http://OWN#@EVIL/x",
        "http://EVIL?@OWN/x",
        "http://OWN?@EVIL/x",
        "http:/EVIL/x",
        "http:EVIL/x",
        "http:OWN/x",
        "http:/OWN/x",
        "http:///OWN/x",
        "http:///EVIL/x",
        "http:\\\\\\\\EVIL/x",
        "//EVIL/x",
        "///EVIL/x",
        "\\\\\\\\EVIL/x",
        "/\\\\EVIL/x",
        " http://EVIL/x",
        "ht\ttp://EVIL/x",
        "http://EV\nIL/x",
        "http://%6cocalhost:PORT/x",
        "http://\uff4cocalhost:PORT/x",
        "http://LOCALHOST:PORT/x",
        "http://localhost.:PORT/x",
        "http://OWN/x\0@EVIL"
      })
  @DisplayName("E9: a URL that another reader would read otherwise goes nowhere")
  void aUrlIsReadInOneWay(String text) {
    connect(ADA, "s3cret");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    String url =
        text.replace("OWN", "localhost:PORT")
            .replace("EVIL", "localhost:" + foreign.port())
            .replace("PORT", "" + service.port());

    try {
      runtime.invoke(ADA, MINE, GET_TARGET, new Text(url));
      if (url.startsWith("http")) {
        assertThat(IDN.toASCII(URI.create(url).getRawAuthority()))
            .isEqualToIgnoringCase("localhost:" + service.port());
      }
    } catch (InvalidInputException | HostNotAllowedException refused) {
      service.verify(0, anyRequestedFor(anyUrl()));
    }
    nothingReachedTheForeignHost();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:localhost:PORT",
        "http:/localhost:PORT",
        "http:///localhost:PORT",
        "http://%6cocalhost:PORT",
        "http://localhost:PORT\\\\@x",
        " http://localhost:PORT",
        "http://local\thost:PORT"
      })
  @DisplayName("E9: an address that another reader would read otherwise makes no connection")
  void anAddressIsReadInOneWay(String text) {
    Connector connector =
        Connector.builder("instance", "{instance}")
            .parameter(ConnectionParameter.text("instance"))
            .build();
    String address = text.replace("PORT", "" + service.port());
    try (ConnectorRuntime own = ConnectorRuntime.builder().connector(connector).build()) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(
              () ->
                  own.connections()
                      .create(
                          ADA, ConnectionSpec.of("instance", "none").with("instance", address)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil", "a&key=evil", "a%26key%3Devil", "a+b", "ü", "#key=evil"})
  @DisplayName("E7: no input replaces the credential in a query, or adds a parameter")
  void noInputReplacesTheCredentialInAQuery(String value) {
    connectWith("queryKey");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));

    runtime.invoke(ADA, MINE, SET_QUERY, new Text(value));

    LoggedRequest request = service.findAll(anyRequestedFor(anyUrl())).get(0);
    assertThat(request.getQueryParams()).containsOnlyKeys("q", "key");
    assertThat(request.queryParameter("key").values()).containsExactly("s3cret");
    assertThat(request.queryParameter("q").values()).containsExactly(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/base/..#x", "/base/.\t./x", "/base/.\n./x", "/base/%2e%2e#", "/a\u0000"})
  @Tag("E6")
  void aTargetThatWouldBeReadAsAnotherPathIsRefused(String target) {
    connect(ADA, "s3cret");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_TARGET, new Text(target)));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/base", "/base/", "/base//x", "/base?q=1&r=2", "/base/?q=a/b"})
  @Tag("E9")
  void aTargetThatCanBeReadInOneWayIsSentAsItIs(String target) {
    connect(ADA, "s3cret");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));

    runtime.invoke(ADA, MINE, GET_TARGET, new Text(target));

    assertThat(service.findAll(anyRequestedFor(anyUrl())))
        .extracting(LoggedRequest::getUrl)
        .containsExactly(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "%2e", "%2e%2E", ".%2e"})
  @Tag("E6")
  void anArgumentThatWouldChangeThePathIsRefused(String value) {
    connect(ADA, "s3cret");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_SEGMENT, new Text(value)))
        .withMessage(
            "Invalid input for a path: /id: must not be empty, '.' or '..', since it stands in a"
                + " path");
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("E6")
  void anyOtherArgumentStaysOneSegmentAndComesBackUnchanged() throws IOException {
    List<String> paths = new CopyOnWriteArrayList<>();
    HttpServer raw = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    raw.createContext(
        "/",
        exchange -> {
          paths.add(exchange.getRequestURI().getRawPath());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    raw.start();
    Connector connector =
        Tickets.builder("http://localhost:" + raw.getAddress().getPort())
            .action(GET_SEGMENT)
            .build();
    Random random = new Random(42);
    String alphabet = "ab/\\?#%;:@&=+ .,\r\n\0äß漢<>\"'{}|^`[]~!$()*";
    try (ConnectorRuntime own = ConnectorRuntime.builder().connector(connector).build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      for (int i = 0; i < 1_000; i++) {
        StringBuilder value = new StringBuilder("x");
        for (int j = random.nextInt(12); j >= 0; j--) {
          value.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }

        own.invoke(ADA, MINE, GET_SEGMENT, new Text(value.toString()));

        String[] segments = paths.get(i).split("/", -1);
        assertThat(segments).hasSize(4);
        assertThat(URLDecoder.decode(segments[2].replace("+", "%2B"), StandardCharsets.UTF_8))
            .isEqualTo(value.toString());
      }
    } finally {
      raw.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization=Bearer x",
        "authorization=x",
        "Host=evil.test",
        "Content-Length=5",
        "Transfer-Encoding=chunked",
        "Connection=close",
        "Cookie=a=b",
        "Proxy-Authorization=x",
        "X-Forwarded-Host=evil.test",
        "X-HTTP-Method-Override=DELETE",
        "X-Method-Override=DELETE",
        "X-HTTP-Method=DELETE",
        "X-Original-URL=/admin",
        "X-Rewrite-URL=/admin",
        "X-Real-IP=127.0.0.1",
        "Forwarded=for=127.0.0.1",
        "X-A=line\r\nX-B: injected",
        "X-A=nul\0",
        "X A=x",
        "X-A\r\n=x",
        "=x"
      })
  @Tag("E8")
  void aHeaderThatIsNotTheConnectorsToSetIsRefused(String header) {
    connect(ADA, "s3cret");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SET_HEADER, new Text(header)))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("injected"));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @CsvSource({
    "'GE T', has a character at position 3 that is not allowed",
    "'GET ', has a character at position 4 that is not allowed",
    "'GET /other HTTP/1.1', has a character at position 4 that is not allowed",
    "'G\u00c9T', has a character at position 2 that is not allowed",
    "'GET\r\nX-B: injected', has a character at position 4 that is not allowed",
    "'', is empty",
    "TRACE, 'must not be TRACE, which has the service send credentials back'",
    "trace, 'must not be TRACE, which has the service send credentials back'",
    "CONNECT, 'must not be CONNECT, which opens a tunnel'"
  })
  @Tag("E8")
  void aMethodThatCannotBeSentIsRefused(String method, String problem) {
    connect(ADA, "s3cret");

    for (Action<Text, Text> action : List.of(CALL_BY_METHOD, CALL_ENCODED_BY_METHOD)) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, action, new Text(method)))
          .withMessage("Invalid input for a request: (method): " + problem);
    }
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"REPORT", "VERSION-CONTROL", "X.Y_Z"})
  void aMethodOfAServicesOwnIsSentAsItIs(String method) {
    connect(ADA, "s3cret");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));

    runtime.invoke(ADA, MINE, CALL_BY_METHOD, new Text(method));

    assertThat(service.getAllServeEvents())
        .singleElement()
        .extracting(event -> event.getRequest().getMethod().getName())
        .isEqualTo(method);
  }

  @Test
  void aBodyDoesNotGoWithAMethodThatHasNone() {
    connect(ADA, "s3cret");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_WITH_A_BODY, new Text("x")))
        .withMessage("Invalid input for a request: (body): cannot go with GET");
  }

  @Test
  @Tag("D3")
  void aCredentialWithALineBreakIsReportedByItsPositionOnly() {
    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> connect(ADA, "s3cret-with-line-break\n"))
        .satisfies(
            e -> {
              assertThat(e.getMessage()).contains("X-Api-Key").contains("position 23");
              assertThat(e.toString()).doesNotContain("s3cret");
            });
  }

  @Test
  @Tag("E5")
  void aNextLinkThatLeadsBackEndsWithAnError() {
    connect(ADA, "s3cret");
    service.stubFor(get("/pages").willReturn(okJson("{\"items\":[\"a\"],\"next\":\"/pages\"}")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, PAGES, new Text("")))
        .withMessage("Page 2 leads back to a page that was read already");
    service.verify(2, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("E5: a list that never ends is given up after 10,000 pages")
  void aListThatNeverEndsIsGivenUp() {
    AtomicInteger pages = new AtomicInteger();
    OkHttpClient endless =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    new Response.Builder()
                        .request(chain.request())
                        .protocol(Protocol.HTTP_1_1)
                        .code(200)
                        .message("OK")
                        .body(
                            ResponseBody.create(
                                "{\"items\":[],\"next\":\"/pages?n=%d\"}"
                                    .formatted(pages.incrementAndGet()),
                                MediaType.get("application/json")))
                        .build())
            .build();
    try (ConnectorRuntime own = with(builder()).httpClient(endless).build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));

      assertThatExceptionOfType(ResponseException.class)
          .isThrownBy(() -> own.invoke(ADA, MINE, PAGES, new Text("")))
          .withMessage("The list has more than 10000 pages");
    }
    assertThat(pages).hasValue(10_000);
  }

  @Test
  @DisplayName("E12: a host's client with a cookie jar and a cache lends neither")
  void aHostsCookiesAndCacheAreNotUsed(@TempDir Path folder) {
    service.stubFor(
        any(anyUrl())
            .willReturn(
                okJson("{}")
                    .withHeader("Set-Cookie", "sid=ada")
                    .withHeader("Cache-Control", "max-age=3600")));
    OkHttpClient client =
        new OkHttpClient.Builder()
            .cookieJar(new Jar())
            .cache(new Cache(folder.toFile(), 1_000_000))
            .build();
    try (ConnectorRuntime own = with(builder()).httpClient(client).build()) {
      for (Caller user : List.of(ADA, BOB)) {
        own.connections().create(user, ConnectionSpec.of("tickets", "none"));
        own.invoke(user, MINE, GET_TARGET, new Text("/x"));
        own.invoke(user, MINE, GET_TARGET, new Text("/x"));
      }
    }

    service.verify(4, getRequestedFor(urlPathEqualTo("/x")).withoutHeader("Cookie"));
  }

  /** Sends every cookie that it has ever got, wherever. */
  private static final class Jar implements CookieJar {

    private final List<Cookie> cookies = new CopyOnWriteArrayList<>();

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
      this.cookies.addAll(cookies);
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      return List.copyOf(cookies);
    }
  }

  @Test
  @DisplayName("E5: a next link counts from where the page came from in the end")
  void aNextLinkCountsFromWhereThePageCameFrom() {
    connectWith("queryKey");
    service.stubFor(
        get(urlPathEqualTo("/pages"))
            .willReturn(aResponse().withStatus(302).withHeader("Location", "/v2/list/all")));
    service.stubFor(
        get(urlPathEqualTo("/v2/list/all"))
            .willReturn(okJson("{\"items\":[\"a\"],\"next\":\"more\"}")));
    service.stubFor(get(urlPathEqualTo("/v2/list/more")).willReturn(okJson("{\"items\":[\"b\"]}")));

    assertThat(runtime.invoke(ADA, MINE, PAGES, new Text("")).value()).isEqualTo("[a, b]");
    service.verify(1, getRequestedFor(urlEqualTo("/v2/list/more?key=s3cret")));
  }

  @Test
  @Tag("E5")
  void aNextLinkToAnotherOriginIsRefused() {
    connect(ADA, "s3cret");
    service.stubFor(
        get("/pages")
            .willReturn(
                okJson("{\"items\":[\"a\"],\"next\":\"%s/pages\"}".formatted(foreignUrl()))));

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, PAGES, new Text("")));
    nothingReachedTheForeignHost();
  }

  @Test
  void anUnwrappedOkHttpClientIsBoundAllTheSame() {
    connect(ADA, "s3cret");
    service.stubFor(get("/x").willReturn(okJson("\"fine\"")));

    assertThat(runtime.invoke(ADA, MINE, BY_OKHTTP, new Text(url() + "/x")).value())
        .isEqualTo("\"fine\"");
    service.verify(1, getRequestedFor(urlEqualTo("/x")).withHeader("X-Api-Key", equalTo("s3cret")));
    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, BY_OKHTTP, new Text(foreignUrl() + "/x")));
    nothingReachedTheForeignHost();
  }

  @Test
  @Tag("E12")
  void aCookieOfOneUserIsNotSentForAnother() {
    connect(ADA, "ada-key");
    connect(BOB, "bob-key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}").withHeader("Set-Cookie", "sid=ada")));

    runtime.invoke(ADA, MINE, GET_TARGET, new Text("/x"));
    runtime.invoke(BOB, MINE, GET_TARGET, new Text("/x"));
    runtime.invoke(ADA, MINE, GET_TARGET, new Text("/x"));

    service.verify(3, getRequestedFor(urlPathEqualTo("/x")).withoutHeader("Cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b",
        "evil.test/",
        "evil.test#",
        "a@evil.test",
        "evil.test:443",
        "%2e",
        "",
        "-a",
        "a_b",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  @Tag("E10")
  void aValueInAHostNameIsOneLabel(String shop) {
    try (ConnectorRuntime shops = ConnectorRuntime.builder().connector(shop("{shop}")).build()) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> create(shops, shop))
          .withMessageContaining("/shop: ");
      assertThat(shops.connections().list(ADA)).isEmpty();
      assertThatCode(() -> create(shops, "a")).doesNotThrowAnyException();
    }
  }

  private static Connector shop(String label) {
    return Connector.builder("shop", "https://" + label + ".example.com")
        .parameter(ConnectionParameter.text("shop"))
        .build();
  }

  private static Connection create(ConnectorRuntime shops, String shop) {
    return shops.connections().create(ADA, ConnectionSpec.of("shop", "none").with("shop", shop));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1",
        "ftp://x.test",
        "https://u:p@x.test",
        "https://x.test?a=b",
        "https://x.test#f",
        "x.test",
        "https://evil.test\\@x.test"
      })
  @Tag("E9")
  void aWholeAddressIsAPlainHttpsUrl(String instance) {
    Connector connector =
        Connector.builder("instance", "{instance}/api")
            .parameter(ConnectionParameter.text("instance"))
            .build();
    try (ConnectorRuntime own = ConnectorRuntime.builder().connector(connector).build()) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(
              () ->
                  own.connections()
                      .create(
                          ADA, ConnectionSpec.of("instance", "none").with("instance", instance)))
          .withMessageContaining("/instance: must be a");
    }
  }

  @Test
  @Tag("E1")
  void aSecretIsNotTakenAlongToAnotherAddress() throws IOException {
    Connector connector =
        Connector.builder("instance", "{instance}")
            .parameter(ConnectionParameter.text("instance"))
            .auth(AuthOption.bearer())
            .action(GET_TARGET)
            .build();
    ConnectionSpec here =
        ConnectionSpec.of("instance", "bearer")
            .with("instance", "http://localhost:" + service.port());
    ConnectionSpec there = ConnectionSpec.of("instance", "bearer").with("instance", foreignUrl());
    try (ConnectorRuntime own = builder().connector(connector).build()) {
      Connection connection =
          own.connections().create(ADA, here.secret("token", Secret.of("s3cret")));

      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> own.connections().update(ADA, connection.id(), there))
          .withMessageContaining("/token: is required");
      assertThat(own.connections().update(ADA, connection.id(), here.named("same")).id())
          .isEqualTo(connection.id());
      own.connections().update(ADA, connection.id(), there.secret("token", Secret.of("other")));
      ConnectionReference reference = ConnectionReference.invoker("i", "instance");
      own.invoke(ADA, reference, GET_TARGET, new Text("/x"));
    }
    foreign.verify(
        1, getRequestedFor(urlEqualTo("/x")).withHeader("Authorization", equalTo("Bearer other")));
  }
}

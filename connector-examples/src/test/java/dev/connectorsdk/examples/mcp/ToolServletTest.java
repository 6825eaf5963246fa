package dev.connectorsdk.examples.mcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.runtime.ConnectorRuntime;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Who gets in over HTTP, and what is said to those who do not. */
@WireMockTest
class ToolServletTest {

  private static final String ISSUER = "https://id.example";
  private static final String HELLO =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";

  private static final String TALK =
      """
      {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"talk"}}""";

  private static ECKey key;

  private final HttpClient http = HttpClient.newHttpClient();
  private ConnectorRuntime runtime;
  private Tools tools;
  private ToolHost host;
  private URI address;

  @BeforeAll
  static void makeKey() throws JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("k-1").generate();
  }

  @BeforeEach
  void serve(WireMockRuntimeInfo service) throws IOException {
    stubFor(get("/keys").willReturn(okJson(new JWKSet(key.toPublicJWK()).toString())));
    runtime = ConnectorRuntime.builder().connector(Desk.at(service.getHttpBaseUrl())).build();
    tools = Tools.of(runtime, PROD, Desk.agent()).choosing(ActionFilter.all()).build();
    address = ToolHost.freeAddress();
    OAuthTokens tokens =
        OAuthTokens.of(address, ISSUER, URI.create(service.getHttpBaseUrl() + "/keys"))
            .requiring("tools");
    host = ToolHost.start(address, tools, tokens, "https://app.example");
  }

  @AfterEach
  void stop() {
    host.close();
    tools.close();
    runtime.close();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(address.toString())
        .subject("ada")
        .claim("scope", "openid tools")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private static String signed(JWTClaimsSet.Builder claims, ECKey by) throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(by.getKeyID())
            .build();
    SignedJWT token = new SignedJWT(header, claims.build());
    token.sign(new ECDSASigner(by));
    return token.serialize();
  }

  private String token() throws JOSEException {
    return signed(claims(), key);
  }

  private HttpResponse<String> post(
      String token, String message, UnaryOperator<HttpRequest.Builder> more)
      throws IOException, InterruptedException {
    return http.send(more.apply(request(token, message)).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String token, String message) {
    return HttpRequest.newBuilder(address)
        .header("Accept", "application/json, text/event-stream")
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + token)
        .POST(BodyPublishers.ofString(message));
  }

  private HttpResponse<String> post(String token, String message)
      throws IOException, InterruptedException {
    return post(token, message, request -> request);
  }

  private String session(String token) throws IOException, InterruptedException {
    return post(token, HELLO).headers().firstValue("mcp-session-id").orElseThrow();
  }

  private void assertRefused(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    JsonNode body = Desk.JSON.readTree(answer.body());
    assertThat(body.path("jsonrpc").asString()).isEqualTo("2.0");
    assertThat(body.at("/error/message").asString())
        .isNotEmpty()
        .doesNotContain("Exception", "io.modelcontextprotocol");
    assertThat(body.size()).isEqualTo(3);
  }

  @Test
  void saysWhereClientsGetTokens() throws Exception {
    URI metadata = address.resolve("/.well-known/oauth-protected-resource/mcp");
    var request = HttpRequest.newBuilder(metadata).build();

    assertThat(Desk.JSON.readTree(http.send(request, BodyHandlers.ofString()).body()))
        .isEqualTo(
            object(
                "{'resource':'"
                    + address
                    + "','authorization_servers':['https://id.example'],"
                    + "'bearer_methods_supported':['header'],'scopes_supported':['tools']}"));
    assertRefused(
        http.send(
            HttpRequest.newBuilder(metadata).POST(BodyPublishers.noBody()).build(),
            BodyHandlers.ofString()),
        405);
  }

  @Test
  void withoutATokenTheAnswerSaysWhereThatIs() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address).POST(BodyPublishers.ofString(HELLO)).build(),
            BodyHandlers.ofString());

    assertRefused(answer, 401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValue(
            "Bearer realm=\"tools\", resource_metadata=\""
                + address.resolve("/.well-known/oauth-protected-resource/mcp")
                + "\"");
  }

  @Test
  void aTokenOfTheIssuerForThisResourceGetsIn() throws Exception {
    assertThat(post(token(), HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void noOtherTokenGetsIn() throws Exception {
    ECKey foreign = new ECKeyGenerator(Curve.P_256).keyID("k-1").generate();
    SignedJWT symmetric =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k-1").build(), claims().build());
    symmetric.sign(new MACSigner(key.toPublicJWK().toJSONString()));

    for (String token :
        new String[] {
          "",
          "x",
          signed(claims().audience("https://other.example/mcp"), key),
          signed(claims().audience((String) null), key),
          signed(claims().issuer("https://evil.example"), key),
          signed(claims().expirationTime(Date.from(Instant.now().minusSeconds(120))), key),
          signed(claims().expirationTime(null), key),
          signed(claims().subject(null), key),
          signed(claims(), foreign),
          new PlainJWT(claims().build()).serialize(),
          symmetric.serialize()
        }) {
      HttpResponse<String> answer = post(token, HELLO);
      assertRefused(answer, 401);
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
          .contains("resource_metadata");
    }
  }

  @Test
  void aMissingScopeIsNamed() throws Exception {
    HttpResponse<String> answer = post(signed(claims().claim("scope", "openid"), key), HELLO);

    assertRefused(answer, 403);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_scope\", scope=\"tools\"");
  }

  @Test
  void aSessionIsOfWhoBeganIt() throws Exception {
    String adas = session(token());
    String bens = signed(claims().subject("ben"), key);

    assertThat(post(token(), LIST, request -> request.header("Mcp-Session-Id", adas)).statusCode())
        .isEqualTo(200);
    assertRefused(post(bens, LIST, request -> request.header("Mcp-Session-Id", adas)), 404);
    assertRefused(post(bens, LIST, request -> request.header("Mcp-Session-Id", "any")), 404);
  }

  @Test
  void aSessionEnds() throws Exception {
    String session = session(token());
    UnaryOperator<HttpRequest.Builder> withSession =
        request -> request.header("Mcp-Session-Id", session);

    assertThat(post(token(), "", request -> withSession.apply(request).DELETE()).statusCode())
        .isEqualTo(200);
    assertRefused(post(token(), LIST, withSession), 404);
  }

  /** Not only is it there no more for its user: what the protocol's SDK keeps of it is gone. */
  @Test
  void aSessionThatIsForgottenForAnotherIsEnded() throws Exception {
    CountDownLatch listening = new CountDownLatch(1);
    Filter noticing =
        (request, response, chain) -> {
          chain.doFilter(request, response);
          if (((HttpServletRequest) request).getMethod().equals("GET")) {
            listening.countDown();
          }
        };
    address = ToolHost.freeAddress();
    try (ToolHost open =
        ToolHost.start(
            address, List.of(ToolServlet.of(tools, address, new NamedTokens())), noticing)) {
      String first = session("ada");
      HttpRequest listen =
          HttpRequest.newBuilder(open.address())
              .header("Accept", "text/event-stream")
              .header("Authorization", "Bearer ada")
              .header("Mcp-Session-Id", first)
              .build();
      CompletableFuture<HttpResponse<String>> stream =
          http.sendAsync(listen, BodyHandlers.ofString());
      listening.await();
      session("ben");
      for (int i = 0; i < 99; i++) {
        session("ada");
      }
      assertThat(stream).isNotDone();
      session("ada");

      assertThat(stream.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertRefused(post("ada", LIST, request -> request.header("Mcp-Session-Id", first)), 404);
    }
  }

  @Test
  void aSessionIsForgottenAndEndedThoughTheAnswerOfTheOneInItsPlaceCannotBeSent() throws Exception {
    CountDownLatch listening = new CountDownLatch(1);
    Filter breaking =
        (request, response, chain) -> {
          boolean isBroken = ((HttpServletRequest) request).getHeader("Broken") != null;
          chain.doFilter(request, isBroken ? new Unsendable(response) : response);
          if (((HttpServletRequest) request).getMethod().equals("GET")) {
            listening.countDown();
          }
        };
    address = ToolHost.freeAddress();
    try (ToolHost open =
        ToolHost.start(
            address, List.of(ToolServlet.of(tools, address, new NamedTokens())), breaking)) {
      HttpRequest listen =
          HttpRequest.newBuilder(open.address())
              .header("Accept", "text/event-stream")
              .header("Authorization", "Bearer ada")
              .header("Mcp-Session-Id", session("ada"))
              .build();
      CompletableFuture<HttpResponse<String>> stream =
          http.sendAsync(listen, BodyHandlers.ofString());
      listening.await();
      for (int i = 0; i < 99; i++) {
        session("ada");
      }
      assertThat(stream).isNotDone();

      post("ada", HELLO, request -> request.header("Broken", "yes"));

      assertThat(stream.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  private static final class Unsendable extends HttpServletResponseWrapper {

    Unsendable(ServletResponse response) {
      super((HttpServletResponse) response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      throw new IOException("nobody is there");
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      throw new IOException("nobody is there");
    }
  }

  @Test
  void aSessionThatNobodyUsesForHalfAnHourIsEnded() throws Exception {
    SettableClock clock = new SettableClock();
    address = ToolHost.freeAddress();
    var servlet = ToolServlet.builder(tools, address, new NamedTokens()).clock(clock).build();
    try (ToolHost open =
        ToolHost.start(address, List.of(servlet), (q, a, chain) -> chain.doFilter(q, a))) {
      assertThat(open.address()).isEqualTo(address);
      String idle = session("ada");
      String used = session("ada");
      clock.advance(Duration.ofMinutes(29));
      assertThat(post("ada", LIST, request -> request.header("Mcp-Session-Id", used)).statusCode())
          .isEqualTo(200);
      clock.advance(Duration.ofMinutes(1));
      session("ben");

      assertRefused(post("ada", LIST, request -> request.header("Mcp-Session-Id", idle)), 404);
      assertThat(post("ada", LIST, request -> request.header("Mcp-Session-Id", used)).statusCode())
          .isEqualTo(200);
    }
  }

  /** Their answer is larger than what lies between two sockets. */
  @Test
  @Timeout(60)
  void whoDoesNotReadTakesOnlyOwnExchanges() throws Exception {
    CountDownLatch called = new CountDownLatch(2);
    CountDownLatch over = new CountDownLatch(2);
    Filter noticing =
        (request, response, chain) -> {
          try {
            chain.doFilter(request, response);
          } finally {
            if (((HttpServletRequest) request).getHeader("Deaf") != null) {
              over.countDown();
            }
          }
        };
    address = ToolHost.freeAddress();
    var servlet =
        ToolServlet.builder(wordy(called::countDown), address, new NamedTokens())
            .exchangesOfOneAtMost(2)
            .build();
    try (ToolHost open = ToolHost.start(address, List.of(servlet), noticing)) {
      assertThat(open.address()).isEqualTo(address);
      String session = session("ada");
      Socket first = deaf(session);
      Socket second = deaf(session);
      try (first;
          second) {
        called.await();

        HttpResponse<String> refused = post("ada", HELLO);
        assertRefused(refused, 429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(post("ben", HELLO).statusCode()).isEqualTo(200);
      }
      over.await();
      assertThat(post("ada", HELLO).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aCallHasTheThreadOfItsRequestAndNoOther() throws Exception {
    Set<Thread> requests = ConcurrentHashMap.newKeySet();
    Set<Thread> calls = ConcurrentHashMap.newKeySet();
    Filter noticing =
        (request, response, chain) -> {
          requests.add(Thread.currentThread());
          chain.doFilter(request, response);
        };
    address = ToolHost.freeAddress();
    ToolSet talking = wordy(() -> calls.add(Thread.currentThread()));
    try (ToolHost open =
        ToolHost.start(
            address, List.of(ToolServlet.of(talking, address, new NamedTokens())), noticing)) {
      assertThat(open.address()).isEqualTo(address);
      String session = session("ada");
      assertThat(post("ada", TALK, request -> request.header("Mcp-Session-Id", session)).body())
          .contains("xxx");
    }
    assertThat(calls).hasSize(1).isSubsetOf(requests);
  }

  @Test
  @Timeout(60)
  void callsThatAllWaitForRepliesKeepNoneOfThemOut() throws Exception {
    address = ToolHost.freeAddress();
    var servlet =
        ToolServlet.builder(asking(), address, new NamedTokens()).exchangesOfOneAtMost(2).build();
    try (ToolHost open =
        ToolHost.start(address, List.of(servlet), (q, a, chain) -> chain.doFilter(q, a))) {
      assertThat(open.address()).isEqualTo(address);
      String hello = HELLO.replace("\"capabilities\":{}", "\"capabilities\":{\"elicitation\":{}}");
      String session = post("ada", hello).headers().firstValue("mcp-session-id").orElseThrow();
      UnaryOperator<HttpRequest.Builder> withSession =
          request -> request.header("Mcp-Session-Id", session);
      post("ada", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", withSession);
      List<BufferedReader> calls = List.of(call(withSession), call(withSession));
      List<String> questions = List.of(question(calls.get(0)), question(calls.get(1)));

      assertRefused(post("ada", LIST, withSession), 429);
      assertRefused(post("ada", reply("\"x\""), request -> request), 429);
      assertRefused(post("ada", "{", withSession), 429);
      String large = reply(questions.get(0)) + " ".repeat(64 * 1024);
      assertRefused(post("ada", large, withSession), 429);
      assertThat(post("ada", reply(questions.get(0)), withSession).statusCode()).isEqualTo(202);
      assertThat(message(calls.get(0)).at("/result/content/0/text").asString()).isEqualTo("YES");
      assertThat(post("ada", reply(questions.get(1)), withSession).statusCode()).isEqualTo(202);
      assertThat(message(calls.get(1)).at("/result/content/0/text").asString()).isEqualTo("YES");
    }
  }

  /** Returns the answer to a call, as it comes. */
  private BufferedReader call(UnaryOperator<HttpRequest.Builder> withSession) throws Exception {
    return new BufferedReader(
        new InputStreamReader(
            http.send(withSession.apply(request("ada", TALK)).build(), BodyHandlers.ofInputStream())
                .body(),
            UTF_8));
  }

  private static String question(BufferedReader call) throws IOException {
    JsonNode asked = message(call);
    assertThat(asked.path("method").asString()).isEqualTo("elicitation/create");
    return asked.path("id").toString();
  }

  private static JsonNode message(BufferedReader call) throws IOException {
    String line = call.readLine();
    while (!line.startsWith("data:")) {
      line = call.readLine();
    }
    return Desk.JSON.readTree(line.substring("data:".length()));
  }

  private static String reply(String question) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + question
        + ",\"result\":{\"action\":\"accept\",\"content\":{}}}";
  }

  /** Returns a tool that asks a person. */
  private static ToolSet asking() {
    return talking(
        client -> ToolAnswer.error(client.ask("Go on?", Duration.ofSeconds(20)).toString()));
  }

  private static ToolSet wordy(Runnable called) {
    return talking(
        client -> {
          called.run();
          return ToolAnswer.error("x".repeat(16 * 1024 * 1024));
        });
  }

  private static ToolSet talking(Function<ToolClient, ToolAnswer> call) {
    Tool tool =
        new Tool(
            "talk",
            "Talk",
            "",
            object("{'type':'object'}"),
            object("{'type':'object'}"),
            Effect.READ,
            false);
    return new ToolSet() {
      @Override
      public List<Tool> all() {
        return List.of(tool);
      }

      @Override
      public boolean isPermitted(String tool) {
        return true;
      }

      @Override
      public ToolAnswer call(Principal caller, ToolClient client, ToolCall called) {
        return call.apply(client);
      }

      @Override
      public Optional<KeptAnswer> read(Principal caller, String uri) {
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  /** Returns a socket that has called a tool, and does not read. */
  private Socket deaf(String session) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(2048);
    socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
    String head =
        String.join(
            "\r\n",
            "POST " + address.getPath() + " HTTP/1.1",
            "Host: " + address.getAuthority(),
            "Accept: application/json, text/event-stream",
            "Content-Type: application/json",
            "Authorization: Bearer ada",
            "Mcp-Session-Id: " + session,
            "Deaf: yes",
            "Content-Length: " + TALK.length());
    socket.getOutputStream().write((head + "\r\n\r\n" + TALK).getBytes(US_ASCII));
    return socket;
  }

  @Test
  @Timeout(60)
  void aSessionListensOnOneStream() throws Exception {
    Semaphore served = new Semaphore(0);
    Filter noticing =
        (request, response, chain) -> {
          chain.doFilter(request, response);
          served.release();
        };
    address = ToolHost.freeAddress();
    try (ToolHost open =
        ToolHost.start(
            address, List.of(ToolServlet.of(tools, address, new NamedTokens())), noticing)) {
      HttpRequest listen =
          HttpRequest.newBuilder(open.address())
              .header("Accept", "text/event-stream")
              .header("Authorization", "Bearer ada")
              .header("Mcp-Session-Id", session("ada"))
              .build();
      served.acquire();
      var first = http.sendAsync(listen, BodyHandlers.ofString());
      served.acquire();
      var second = http.sendAsync(listen, BodyHandlers.ofString());

      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(second).isNotDone();
    }
  }

  @Test
  void aServletThatIsDestroyedLeavesNoThreadThatKeepsTheProcessRunning() {
    Set<Thread> before = keepingTheProcessRunning();

    ToolServlet.of(tools, address, new NamedTokens()).destroy();

    assertThat(keepingTheProcessRunning()).isSubsetOf(before);
  }

  private static Set<Thread> keepingTheProcessRunning() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon())
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsNoRequestIsRefusedInOurWords() throws Exception {
    assertRefused(post(token(), LIST), 400);
    assertRefused(post(token(), "{"), 400);
    assertRefused(post(token(), "[" + HELLO + "]"), 400);
    assertRefused(post(token(), HELLO, request -> request.setHeader("Accept", "*/*")), 400);
    assertRefused(
        post(token(), HELLO, request -> request.setHeader("Content-Type", "text/plain")), 415);
    assertRefused(post(token(), " ".repeat(8 * 1024 * 1024 + 1)), 413);
  }

  @Test
  void pagesOfOtherSitesAndOtherHostsAreRefused() throws Exception {
    UnaryOperator<HttpRequest.Builder> own =
        request -> request.header("Origin", "https://app.example");
    UnaryOperator<HttpRequest.Builder> foreign =
        request -> request.header("Origin", "https://evil.example");

    assertThat(post(token(), HELLO, own).statusCode()).isEqualTo(200);
    assertRefused(post(token(), HELLO, foreign), 403);
    URI byName = URI.create("http://localhost:" + address.getPort() + "/mcp");
    assertRefused(post(token(), HELLO, request -> request.uri(byName)), 421);
  }

  @Test
  void pagesOfNamedSitesMayAskBeforeTheyCall() throws Exception {
    HttpResponse<String> allowed = preflight("https://app.example");
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValue("https://app.example");
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("Authorization");

    HttpResponse<String> other = preflight("https://evil.example");
    assertThat(other.statusCode()).isEqualTo(401);
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();

    HttpResponse<String> answer =
        post(token(), HELLO, request -> request.header("Origin", "https://app.example"));
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isPresent();
    assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
        .contains("Mcp-Session-Id");
  }

  private HttpResponse<String> preflight(String origin) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .method("OPTIONS", BodyPublishers.noBody())
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  @Test
  void aTokenIsNotRefusedWhereTheIssuerCannotBeAsked() throws Exception {
    stubFor(get("/keys").willReturn(aResponse().withStatus(500)));

    assertRefused(post(token(), HELLO), 503);
  }

  @Test
  void aSecretOfOnePersonIsNoOtherText() throws Exception {
    OneSecret secret = OneSecret.of(Desk.ADA);

    assertThat(secret.check(secret.secret().reveal())).isEqualTo(Desk.ADA);
    assertThat(secret.secret().reveal()).hasSizeGreaterThan(40);
    org.assertj.core.api.Assertions.assertThatExceptionOfType(TokenRefusedException.class)
        .isThrownBy(() -> secret.check(""));
  }
}

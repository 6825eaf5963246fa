package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@WireMockTest
@Timeout(60)
class McpCommandTest {

  private static final String ROOMS = "src/main/resources/definitions/rooms";

  @TempDir private Path folder;

  /** A program that talks to the command over its streams. */
  private static final class Program implements AutoCloseable {

    private final PipedOutputStream in = new PipedOutputStream();
    private final BufferedReader out;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> code;
    private int requests;

    Program(String... arguments) throws IOException {
      PipedOutputStream written = new PipedOutputStream();
      out =
          new BufferedReader(new InputStreamReader(new PipedInputStream(written, 1 << 20), UTF_8));
      Terminal terminal =
          Terminal.piped(
              new PipedInputStream(in, 1 << 16),
              new PrintStream(written, true, UTF_8),
              new PrintStream(err, true, UTF_8),
              Map.of());
      code = CompletableFuture.supplyAsync(() -> Connectors.run(terminal, arguments));
      ask(
          "initialize",
          "{'protocolVersion':'2025-11-25','capabilities':{},"
              + "'clientInfo':{'name':'test','version':'1'}}");
      send("{'jsonrpc':'2.0','method':'notifications/initialized'}");
    }

    private void send(String message) throws IOException {
      in.write((message.replace('\'', '"') + "\n").getBytes(UTF_8));
      in.flush();
    }

    JsonNode ask(String method, String parameters) throws IOException {
      send(
          "{'jsonrpc':'2.0','id':"
              + ++requests
              + ",'method':'"
              + method
              + "','params':"
              + parameters
              + "}");
      String line = out.readLine();
      assertThat(line).as(err.toString(UTF_8)).isNotNull();
      return Json.MAPPER.readTree(line).path("result");
    }

    JsonNode call(String tool, String arguments) throws IOException {
      return ask("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    List<String> tools() throws IOException {
      return ask("tools/list", "{}")
          .path("tools")
          .valueStream()
          .map(tool -> tool.path("name").asString())
          .toList();
    }

    /** Ends the input, and returns the exit code that comes of it. */
    int end() throws IOException {
      in.close();
      return code.join();
    }

    @Override
    public void close() throws IOException {
      end();
    }
  }

  private String[] home(String... arguments) {
    return Stream.concat(
            Stream.of(arguments), Stream.of("--home", folder.resolve("home").toString()))
        .toArray(String[]::new);
  }

  @Test
  void servesTheActionsOfADefinitionWithAStoredConnection(WireMockRuntimeInfo service)
      throws IOException {
    stubFor(get(urlPathEqualTo("/rooms/free")).willReturn(okJson("[{\"name\":\"Ada L\"}]")));
    connect(ROOMS, "k-1", service.getHttpBaseUrl() + "/rooms");

    try (Program program = new Program(home("mcp", ROOMS))) {
      assertThat(program.tools()).contains("rooms__FindRooms", "rooms__BookRoom");
      JsonNode answer = program.call("rooms__FindRooms", "{'floor':2,'seats':2}");
      assertThat(answer.path("isError").asBoolean()).as(answer.toString()).isFalse();
      assertThat(program.end()).isZero();
    }
    verify(
        getRequestedFor(urlPathEqualTo("/rooms/free")).withHeader("X-Rooms-Key", equalTo("k-1")));
  }

  private void connect(String definition, String key, String baseUrl) {
    Shell.Run stored =
        new Shell()
            .with("KEY", key)
            .run(
                home(
                    "connect",
                    definition,
                    "--no-test",
                    "--connect",
                    "api_key=env:KEY",
                    "--base-url",
                    baseUrl));
    assertThat(stored.code()).as(stored.all()).isZero();
  }

  @Test
  void aConnectionIsChosenForOneStart(WireMockRuntimeInfo service) throws IOException {
    stubFor(get(urlPathEqualTo("/rooms/free")).willReturn(okJson("[]")));
    connect(ROOMS, "k-1", service.getHttpBaseUrl() + "/rooms");
    String first = new Shell().run(home("connections", "--json")).json().at("/0/id").asString();
    connect(ROOMS, "k-2", service.getHttpBaseUrl() + "/rooms");

    assertThat(findsRooms("--connection", first)).isTrue();
    assertThat(findsRooms()).isFalse(); // there are two

    assertThat(findsRooms("--connection", first)).isTrue();
    new Shell().run(home("connections", "delete", first));
    assertThat(findsRooms()).isTrue();
    verify(
        2,
        getRequestedFor(urlPathEqualTo("/rooms/free")).withHeader("X-Rooms-Key", equalTo("k-1")));
    verify(
        1,
        getRequestedFor(urlPathEqualTo("/rooms/free")).withHeader("X-Rooms-Key", equalTo("k-2")));
  }

  private boolean findsRooms(String... options) throws IOException {
    String[] all =
        Stream.concat(Stream.of("mcp", ROOMS), Stream.of(options)).toArray(String[]::new);
    try (Program program = new Program(home(all))) {
      JsonNode answer = program.call("rooms__FindRooms", "{'floor':2,'seats':2}");
      return !answer.path("isError").asBoolean();
    }
  }

  @Test
  void oneConnectionIsChosenOfAConnector() {
    connect(ROOMS, "k-1", "https://rooms.example.com");
    connect(ROOMS, "k-2", "https://rooms.example.com");
    List<String> ids =
        new Shell()
            .run(home("connections", "--json"))
            .json()
            .valueStream()
            .map(one -> one.path("id").asString())
            .toList();

    Shell.Run refused =
        new Shell().run(home("mcp", ROOMS, "--connection", ids.get(0), "--connection", ids.get(1)));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--connection", "two connections to 'rooms'");
  }

  @Test
  void aConnectionIsNotUsedAtTheServiceOfAnother(WireMockRuntimeInfo service) {
    connect(ROOMS, "production", "https://rooms.example.com");
    connect(ROOMS, "sandbox", service.getHttpBaseUrl() + "/rooms");

    Shell.Run refused = new Shell().run(home("mcp", ROOMS));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("connections to 'rooms'", "different", "base URLs", "--home");
  }

  @Test
  void aConnectionWhoseDefinitionIsGoneIsNotUsedWithAnother() throws IOException {
    Path moved = folder.resolve("rooms");
    copy(Path.of(ROOMS), moved);
    connect(moved.toString(), "k-1", "https://rooms.example.com");
    Files.delete(moved.resolve("apiDefinition.swagger.json"));

    Shell.Run refused = new Shell().run(home("mcp", ROOMS));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("cannot be loaded", moved.toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void saysHowToConnectWhereNothingIsStored() throws IOException {
    try (Program program = new Program(home("mcp", ROOMS, "--operation", "Find*"))) {
      assertThat(program.tools()).containsExactly("rooms__FindRooms");
      JsonNode answer = program.call("rooms__FindRooms", "{'floor':2,'seats':2}");
      assertThat(answer.path("isError").asBoolean()).isTrue();
      assertThat(answer.at("/content/0/text").asString()).contains("connectors connect");
    }
  }

  @Test
  void whatIsSearchedByTheNumberOfFoldersIsSearchedWithFewActionsToo() throws IOException {
    Path all = Files.createDirectory(folder.resolve("all"));
    for (int i = 0; i < 130; i++) {
      Files.createDirectory(all.resolve(".d" + i));
    }
    Path rooms = Files.createDirectory(all.resolve("rooms"));
    try (Stream<Path> files = Files.list(Path.of(ROOMS))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, rooms.resolve(file.getFileName()));
      }
    }

    try (Program program = new Program(home("mcp", all.toString()))) {
      assertThat(program.tools()).contains("search_actions");
      JsonNode found = program.call("search_actions", "{'query':'rooms'}");
      assertThat(found.toString()).contains("rooms__FindRooms");
    }
  }

  /** The command, as it serves over HTTP. */
  private static final class Served implements AutoCloseable {

    private final Thread command;
    private final BufferedReader out;

    Served(String... arguments) throws IOException {
      PipedOutputStream written = new PipedOutputStream();
      out =
          new BufferedReader(new InputStreamReader(new PipedInputStream(written, 1 << 16), UTF_8));
      PrintStream printed = new PrintStream(written, true, UTF_8);
      Terminal terminal =
          Terminal.piped(InputStream.nullInputStream(), printed, System.err, Map.of());
      command = new Thread(() -> Connectors.run(terminal, arguments));
      command.start();
    }

    String line(String name) throws IOException {
      String line = out.readLine();
      assertThat(line).startsWith(name);
      return line.substring(name.length()).trim();
    }

    @Override
    public void close() {
      command.interrupt();
      try {
        command.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void overHttpNobodyGetsInWithoutTheSecret() throws Exception {
    try (Served served = new Served(home("mcp", ROOMS, "--http", "0"))) {
      String address = served.line("Address:");
      String bearer = served.line("Authorization:");

      assertThat(status(address, "Bearer guessed")).isEqualTo(401);
      assertThat(status(address, bearer)).isEqualTo(200);
    }
  }

  @Test
  void overHttpTokensOfAnIssuerLetOneUserIn(WireMockRuntimeInfo service) throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k-1").generate();
    stubFor(get("/keys").willReturn(okJson(new JWKSet(key.toPublicJWK()).toString())));
    String address = "http://127.0.0.1:" + FreePort.onLoopback() + "/tools";
    String[] arguments =
        home(
            "mcp",
            ROOMS,
            "--http",
            String.valueOf(URI.create(address).getPort()),
            "--public-url",
            address,
            "--issuer",
            "https://id.example",
            "--keys",
            service.getHttpBaseUrl() + "/keys",
            "--subject",
            "u-7",
            "--scope",
            "tools");
    JWTClaimsSet mine =
        new JWTClaimsSet.Builder()
            .issuer("https://id.example")
            .audience(address)
            .subject("u-7")
            .claim("scope", "tools")
            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
            .build();

    try (Served served = new Served(arguments)) {
      assertThat(served.line("Address:")).isEqualTo(address);

      assertThat(status(address, token(key, mine))).isEqualTo(200);
      var others = new JWTClaimsSet.Builder(mine).subject("u-8").build();
      assertThat(status(address, token(key, others))).isEqualTo(401);
      var elsewhere = new JWTClaimsSet.Builder(mine).audience("https://other.example").build();
      assertThat(status(address, token(key, elsewhere))).isEqualTo(401);
      var lesser = new JWTClaimsSet.Builder(mine).claim("scope", "openid").build();
      assertThat(status(address, token(key, lesser))).isEqualTo(403);
      URI metadata = URI.create(address).resolve("/.well-known/oauth-protected-resource/tools");
      HttpRequest asking = HttpRequest.newBuilder(metadata).build();
      assertThat(HttpClient.newHttpClient().send(asking, BodyHandlers.ofString()).body())
          .contains("\"authorization_servers\":[\"https://id.example\"]");
    }
  }

  private static String token(ECKey key, JWTClaimsSet claims) throws JOSEException {
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(new ECDSASigner(key));
    return "Bearer " + token.serialize();
  }

  @Test
  void tokensAreTakenWithAllThatProvesWhoseTheyAre() {
    String[] issuer = {"--issuer", "https://id.example"};
    String[] keys = {"--keys", "https://id.example/keys"};
    String[] subject = {"--subject", "u-7"};
    String[] http = {"--http", "0"};

    assertThat(refused(http, issuer, keys)).contains("--issuer, --keys and --subject together");
    assertThat(refused(http, issuer, subject)).contains("together");
    assertThat(refused(http, keys, subject, new String[] {"--issuer", "http://id.example"}))
        .contains("--issuer must be an https URL");
    String[] noName = {"--scope", ""};
    assertThat(refused(http, issuer, keys, subject, noName)).contains("--scope names one scope");
    String[] secret = {"--public-url", "https://u:p4ss@tools.example/mcp"};
    assertThat(refused(http, issuer, keys, subject, secret))
        .contains("--public-url must be scheme, host and a path")
        .doesNotContain("p4ss");
    assertThat(refused(http, new String[] {"--public-url", "https://tools.example/mcp"}))
        .contains("together");
    assertThat(refused(issuer, keys, subject)).contains("--http");
    assertThat(refused(http, issuer, subject, new String[] {"--keys", "http://id.example/keys"}))
        .contains("--keys must be an https URL");
    for (String plain : List.of("http://tools.example/mcp", "http:/mcp", "ftp://127.0.0.1/mcp")) {
      assertThat(refused(http, issuer, keys, subject, new String[] {"--public-url", plain}))
          .contains("--public-url must be an https URL");
    }
    String noPath = "https://tools.example";
    assertThat(refused(http, issuer, keys, subject, new String[] {"--public-url", noPath}))
        .contains("--public-url must be scheme, host and a path");
  }

  private String refused(String[]... options) {
    String[] all =
        Stream.concat(Stream.of("mcp", ROOMS), Stream.of(options).flatMap(Stream::of))
            .toArray(String[]::new);
    Shell.Run run = new Shell().run(home(all));
    assertThat(run.code()).isEqualTo(2);
    return run.err();
  }

  @Test
  void aPortThatIsNoneIsSaidBeforeAnythingIsServed() {
    for (String none : List.of("70000", "-1")) {
      Shell.Run run = new Shell().run(home("mcp", ROOMS, "--http=" + none));

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--http must be 0 to 65535");
    }
  }

  private static int status(String address, String authorization) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .header("Authorization", authorization)
            .POST(
                BodyPublishers.ofString(
                    """
                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},\
                    "protocolVersion":"2025-11-25","clientInfo":{"name":"t","version":"1"}}}"""))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void whatDoesNotFitIsSaidBeforeAnythingIsServed() {
    Shell.Run none = new Shell().run(home("mcp", ROOMS, "--connector", "mail"));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("No action is served");

    Shell.Run invalid = new Shell().run(home("mcp", ROOMS, "--connector", " "));
    assertThat(invalid.code()).isEqualTo(2);
    Shell.Run twice = new Shell().run(home("mcp", ROOMS, "--tag", "a", "--tag", "a"));
    assertThat(twice.err()).contains("No action is served");

    Shell.Run unknown = new Shell().run(home("mcp", ROOMS, "--allow", "rooms__Burn"));
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("rooms__Burn");
  }
}

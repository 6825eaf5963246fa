package dev.connectorsdk.examples.host;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.AttachedFile;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class HostProgramsTest {

  private static final Principal ADA = Principal.user("ada");
  private static final String TICKET =
      "{\"id\": \"7\", \"title\": \"The printer is on fire\", \"status\": \"open\"}";

  private String site;

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    site = service.getHttpBaseUrl();
    stubFor(get("/api/me").willReturn(okJson("{\"login\": \"ada\", \"name\": \"Ada\"}")));
    stubFor(post("/api/tickets").willReturn(okJson(TICKET)));
    stubFor(
        get(urlPathEqualTo("/api/tickets"))
            .willReturn(okJson("{\"tickets\": [" + TICKET + "], \"next\": \"\"}")));
  }

  private static ConnectorRuntime runtime() {
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll())
        .build();
  }

  private Connection connect(ConnectorRuntime runtime, Caller caller, String key) {
    var spec = ConnectionSpec.of("helpdesk", "apiKey").with("site", site);
    return runtime.connections().create(caller, spec.secret("api_key", Secret.of(key)));
  }

  @Test
  void theFirstActionOfAHost() {
    assertThat(FirstAction.openTicket(site, "k-1"))
        .isEqualTo(new Ticket("7", "The printer is on fire", "open"));
    verify(postRequestedFor(urlEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo("k-1")));
  }

  @Test
  void anOperationOfADefinition(@TempDir Path folder) throws Exception {
    stubFor(get(urlPathEqualTo("/rooms/free")).willReturn(okJson("[{\"name\": \"Lovelace\"}]")));
    Path rooms = Files.createDirectory(folder.resolve("rooms"));
    for (String name : List.of("apiDefinition.swagger.json", "apiProperties.json")) {
      String text = Files.readString(Path.of("src/main/resources/definitions/rooms", name));
      Files.writeString(
          rooms.resolve(name), text.replace("localhost:8080", URI.create(site).getAuthority()));
    }
    var spec = ConnectionSpec.of("rooms", "apiKey").secret("api_key", Secret.of("k-2"));

    assertThat(CallDefinition.freeRooms(rooms, ADA.in("dev"), spec).at("/body/0/name").asString())
        .isEqualTo("Lovelace");
    verify(
        getRequestedFor(urlEqualTo("/rooms/free?floor=2&seats=2"))
            .withHeader("X-Rooms-Key", equalTo("k-2")));
  }

  @Test
  void aSignIn() {
    stubFor(
        post("/oauth/token")
            .withRequestBody(containing("code=c-1"))
            .withRequestBody(containing("code_verifier="))
            .willReturn(okJson("{\"access_token\": \"t-1\", \"token_type\": \"Bearer\"}")));
    try (ConnectorRuntime runtime = SignIn.runtime("app", Secret.of("s3cret"), site)) {
      SignIn signIn = new SignIn(runtime);

      URI link = signIn.connect(ADA.in("dev"), "session-1", site);
      Matcher state = Pattern.compile("[?&]state=([^&]*)").matcher(link.toString());
      assertThat(state.find()).isTrue();
      URI requested =
          URI.create("https://app.example/callback/helpdesk?code=c-1&state=" + state.group(1));

      assertThat(signIn.callback(ADA, "session-1", requested).status().isConnected()).isTrue();
    }
    verify(getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer t-1")));
  }

  @Test
  void theSameFlowInAnotherEnvironment(@TempDir Path folder) throws Exception {
    Principal ben = Principal.user("ben");
    Flow flow = Deployment.triage(ADA, ben);
    Path file = folder.resolve("settings.json");
    try (ConnectorRuntime runtime = runtime()) {
      Caller dev = ADA.in("dev").running(flow);
      Connection inDev = connect(runtime, dev, "dev-key");
      Connection inProd = connect(runtime, ADA.in("prod"), "prod-key");
      runtime.references().bind(dev, Deployment.TEAM, inDev.id());
      Deployment.openTickets(runtime, ben.in("dev").running(flow));

      Deployment.export(runtime, ADA, flow, Environment.of("dev"), file);
      String text = Files.readString(file);
      Files.writeString(file, text.replace(inDev.id().value(), inProd.id().value()));
      assertThat(Deployment.deploy(runtime, ADA, flow, Environment.of("prod"), file))
          .isNotEmpty()
          .allMatch(ReferenceReadiness::isReady);
      Deployment.openTickets(runtime, ben.in("prod").running(flow));
    }
    for (String key : List.of("dev-key", "prod-key")) {
      verify(
          1, getRequestedFor(urlPathEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo(key)));
    }
  }

  @Test
  void anAdministratorDeploysForTheOwner(@TempDir Path folder) throws Exception {
    Flow flow = Deployment.triage(ADA);
    Path file = folder.resolve("settings.json");
    try (ConnectorRuntime runtime = runtime()) {
      Caller ada = ADA.in("prod").running(flow);
      String id = connect(runtime, ada, "prod-key").id().value();
      new DeploymentSettings(List.of(new DeploymentSettings.Binding("team-desk", id, "helpdesk")))
          .save(file);

      Deployment.deployAsAdministrator(runtime, Principal.user("root"), flow, file);

      assertThat(Deployment.openTickets(runtime, ada)).hasSize(1);
    }
    verify(getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("prod-key")));
  }

  @Test
  void anAdministratorDisablesAllThatSomebodyOwns() {
    try (ConnectorRuntime runtime = runtime()) {
      Connection first = connect(runtime, ADA.in("dev"), "k1");
      Connection second = connect(runtime, ADA.in("prod"), "k2");
      connect(runtime, Principal.user("ben").in("dev"), "k3");
      var root = Administrator.ofRuntime(Principal.user("root"));

      assertThat(Administration.disableAll(runtime, root, ADA, "Ada has left"))
          .extracting(Connection::id)
          .containsExactlyInAnyOrder(first.id(), second.id());
    }
  }

  @Test
  void aConnectionTakesThePlaceOfAnotherOrIsGranted() {
    Principal ben = Principal.user("ben");
    Flow adas = Deployment.triage(ADA);
    try (ConnectorRuntime runtime = runtime()) {
      Caller ada = ADA.in("dev").running(adas);
      runtime.references().bind(ada, Deployment.TEAM, connect(runtime, ada, "adas").id());
      Deployment.replace(runtime, ben, adas, connect(runtime, ben.in("dev"), "bens").id());
      Flow bens = Deployment.useAdas(runtime, ADA, ben);

      Deployment.openTickets(runtime, ADA.in("dev").running(adas.coOwnedBy(ben)));
      runtime.invoke(
          ben.in("dev").running(bens),
          Deployment.TEAM.ownedBy(ADA),
          Helpdesk.LIST_TICKETS,
          new TicketQuery("open", 20));
    }
    for (String key : List.of("bens", "adas")) {
      verify(
          1, getRequestedFor(urlPathEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo(key)));
    }
  }

  @Test
  void aRequestThatTheConnectorHasNoActionFor() throws Exception {
    stubFor(get("/api/report").willReturn(okJson("{\"open\": 3}")));
    Flow flow = Deployment.triage(ADA);
    Caller ada = ADA.in("dev").running(flow);
    try (ConnectorRuntime runtime = runtime()) {
      runtime.references().bind(ada, Deployment.TEAM, connect(runtime, ada, "k-5").id());

      assertThat(OtherMeans.report(runtime, ada)).isEqualTo("{\"open\": 3}");
    }
    verify(getRequestedFor(urlEqualTo("/api/report")).withHeader("X-Api-Key", equalTo("k-5")));
  }

  @Test
  void connectionsSurviveARestartAndAChangeOfKeys(@TempDir Path folder) {
    Path keyFile = folder.resolve("keys");
    JdbcConnectionPool database =
        JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("db"), "sa", "");
    try {
      try (ConnectorRuntime runtime = Storage.open(database, keyFile)) {
        connect(runtime, ADA.in("dev"), "k-3");
      }
      assertThat(Storage.rotate(JdbcStore.builder(database).build(), keyFile)).isTrue();
      try (ConnectorRuntime runtime = Storage.open(database, keyFile)) {
        var mine = ConnectionReference.invoker("mine", "helpdesk");
        Calling.openOnce(runtime, ADA.in("dev"), mine, "step-1");
      }
    } finally {
      database.dispose();
    }
    verify(
        postRequestedFor(urlEqualTo("/api/tickets"))
            .withHeader("X-Api-Key", equalTo("k-3"))
            .withHeader("Idempotency-Key", equalTo("step-1")));
  }

  @Test
  void filesAreSavedSentAndCopied(@TempDir Path folder) {
    stubFor(post(urlPathMatching("/api/tickets/./files")).willReturn(status(201)));
    stubFor(get("/api/tickets/7/files/log.txt").willReturn(ok("it broke")));
    Path log = folder.resolve("log.txt");
    try (ConnectorRuntime runtime = Calling.runtime(event -> {})) {
      connect(runtime, ADA.in("dev"), "k-5");
      var mine = ConnectionReference.invoker("mine", "helpdesk");

      var file = new AttachedFile("7", "log.txt");
      assertThat(Calling.save(runtime, ADA.in("dev"), mine, file, log).size()).isEqualTo(8);
      Calling.attach(runtime, ADA.in("dev"), mine, log);
      Calling.copy(runtime, ADA.in("dev"), mine, file);
    }
    assertThat(log).hasContent("it broke");
    for (String ticket : List.of("7", "8")) {
      verify(
          postRequestedFor(urlEqualTo("/api/tickets/" + ticket + "/files"))
              .withRequestBodyPart(
                  aMultipart("file")
                      .withHeader("Content-Disposition", containing("filename=\"log.txt\""))
                      .withBody(equalTo("it broke"))
                      .build()));
    }
  }

  @Test
  void whatWentWrongSaysWhoActs() {
    List<String> heard = new ArrayList<>();
    try (ConnectorRuntime runtime = Calling.runtime(Calling.metrics(heard::add))) {
      var mine = ConnectionReference.invoker("mine", "helpdesk");
      Runnable step = () -> Calling.openOnce(runtime, ADA.in("dev"), mine, "step-1");

      assertThat(Calling.run(step)).startsWith("ask for a connection: Make your own");
      connect(runtime, ADA.in("dev"), "k-4");
      assertThat(Calling.run(step)).isEqualTo("done");
      stubFor(post("/api/tickets").willReturn(status(503).withHeader("Retry-After", "120")));
      assertThat(Calling.run(step)).isEqualTo("again in 120 s");
      stubFor(post("/api/tickets").willReturn(status(422)));
      assertThat(Calling.run(step)).startsWith("report: POST ").endsWith("with status 422");
    }
    assertThat(heard)
        .containsExactly(
            "openTicket ConnectionRequired",
            "openTicket ok",
            "openTicket ServiceException",
            "openTicket ServiceException");
  }
}

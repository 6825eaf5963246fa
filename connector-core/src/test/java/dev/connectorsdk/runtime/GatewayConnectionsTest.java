package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.GatewayAgent.State;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through a gateway: made by whoever may, with secrets that the host cannot read. */
@WireMockTest
@Timeout(60)
class GatewayConnectionsTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Caller BOB = Principal.user("bob").in("prod");
  private static final Administrator ADMINISTRATOR =
      Administrator.of(Principal.user("ada"), "prod");
  private static final ConnectionReference MINE = ConnectionReference.invoker("erp", "erp");

  record Text(String value) {}

  private static final Action<Text, Text> SHOW =
      Action.builder("show", Effect.READ, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().callEncoded("GET", in.value()).send().text()));
  private static final Action<Text, Text> HAND =
      Action.builder("hand", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) -> {
                URI url = call.http().baseUrl().resolve(in.value());
                OkHttpClient client =
                    call.http()
                        .unwrap(OkHttpClient.class)
                        .newBuilder()
                        .followRedirects(true)
                        .build();
                Request request = new Request.Builder().url(url.toString()).build();
                try (Response response = client.newCall(request).execute()) {
                  return new Text(response.body().string());
                }
              });
  private static final Action<Text, Text> STORE =
      Action.builder("store", Effect.WRITE, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().post("/orders").json(in).send().text()));

  @TempDir Path temp;
  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing ring = KeyRing.random();
  private ConnectorRuntime runtime;
  private InsideNetwork inside;
  private String origin;
  private String archive;
  private Gateway gateway;

  @BeforeEach
  void open(WireMockRuntimeInfo server) throws Exception {
    stubFor(any(anyUrl()).willReturn(okJson("{}")));
    origin = "http://erp.inside.test:" + server.getHttpPort();
    archive = "http://archive.inside.test:" + server.getHttpPort();
    runtime = runtime();
    inside = new InsideNetwork(runtime, temp);
    gateway = runtime.gateways().create(ADMINISTRATOR, "Plant 3");
  }

  private ConnectorRuntime runtime() {
    Connector untestable =
        Connector.builder("untestable", origin).auth(AuthOption.none()).action(SHOW).build();
    Connector erp =
        Connector.builder("erp", origin)
            .additionalOrigin(archive)
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .auth(AuthOption.basic())
            .auth(AuthOption.none())
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(
                        "https://login.test/authorize", "https://login.test/token")))
            .parameter(ConnectionParameter.text("plant").optional())
            .action(SHOW)
            .action(HAND)
            .action(STORE)
            .test(
                context -> {
                  context.http().get("/me").send();
                  return Account.of("erp-account");
                })
            .build();
    return ConnectorRuntime.builder()
        .connector(erp)
        .connector(untestable)
        .store(store, ring)
        .audit(AuditSettings.inStore())
        .build();
  }

  @AfterEach
  void close() throws Exception {
    inside.close();
    runtime.close();
  }

  /** Registers the first member, and has it carry requests. */
  private GatewayAgent member() {
    return started(inside.agent("first", origin, archive));
  }

  private GatewayAgent started(GatewayAgent member) {
    inside.register(member, ADA, gateway.id(), null);
    assertThat(inside.refresh(member)).isEqualTo(State.READY);
    inside.start(member);
    until(() -> member.connected() > 0);
    return member;
  }

  private static void until(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private boolean isShown() {
    try {
      runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));
      return true;
    } catch (TransportException e) {
      return false;
    }
  }

  private ConnectionSpec spec(String option) {
    return ConnectionSpec.of("erp", option).through(gateway.id());
  }

  private ConnectionSpec sealed(ConnectionSpec spec, String parameter, String secret) {
    SealRequest request = runtime.connections().sealRequest(ADA, spec);
    return spec.sealed(request, Map.of(parameter, request.seal(parameter, Secret.of(secret))));
  }

  private Connection create(String secret) {
    return runtime.connections().create(ADA, sealed(spec("apiKey"), "api_key", secret));
  }

  // Calls

  @Test
  void aCallGoesThroughTheGatewayAndIsAuthenticatedThere() {
    member();
    Connection connection = create("s3cret-key");

    assertThat(connection.status().isConnected()).isTrue();
    assertThat(connection.gateway()).isEqualTo(gateway.id());
    assertThat(connection.account()).isEqualTo(Account.of("erp-account"));
    runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));
    runtime.invoke(ADA, MINE, STORE, new Text("an order"));

    verify(
        1, getRequestedFor(urlEqualTo("/orders")).withHeader("X-Api-Key", equalTo("s3cret-key")));
    verify(
        1, postRequestedFor(urlEqualTo("/orders")).withHeader("X-Api-Key", equalTo("s3cret-key")));
  }

  @Test
  @Tag("I3")
  void recordsSayThroughWhichGatewayACallWent() {
    member();
    Connection connection = create("s3cret-key");
    runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));
    runtime.connections().delete(ADA, connection.id());
    runtime.close();

    assertThat(store.audit().list(Filter.ALL.through(gateway.id()), null, 100))
        .filteredOn(record -> connection.id().equals(record.subject().connection()))
        .extracting(record -> record.subject().operation())
        .containsExactlyInAnyOrder("connection created", "show", "connection deleted");
    assertThat(store.audit().list(Filter.ALL.through("other"), null, 100)).isEmpty();
  }

  @Test
  void aNameThatIsNotSecretIsPartOfWhatIsSealed() {
    member();
    ConnectionSpec spec = spec("basic").with("username", "ada");
    runtime.connections().create(ADA, sealed(spec, "password", "s3cret"));

    runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));

    String basic =
        Base64.getEncoder().encodeToString("ada:s3cret".getBytes(StandardCharsets.UTF_8));
    verify(
        1,
        getRequestedFor(urlEqualTo("/orders"))
            .withHeader("Authorization", equalTo("Basic " + basic)));
  }

  @Test
  void withoutCredentialsNothingIsSealed() {
    member();

    assertThat(runtime.connections().create(ADA, spec("none")).status().isConnected()).isTrue();
  }

  @Test
  @Tag("C6")
  void theHostCannotReadWhatItStores() {
    member();
    Connection connection = create("s3cret-key");

    for (StoredCredential stored : store.listCredentials(connection.id())) {
      assertThat(stored.decrypt(ring).reveal()).doesNotContain("s3cret-key");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("E4")
  void aCredentialDoesNotGoToWhereAnAnswerPoints(boolean byHandedClient) {
    member();
    create("s3cret-key");
    stubFor(get("/orders").willReturn(temporaryRedirect(archive + "/old")));

    runtime.invoke(ADA, MINE, byHandedClient ? HAND : SHOW, new Text("/orders"));

    verify(
        1, getRequestedFor(urlEqualTo("/orders")).withHeader("X-Api-Key", equalTo("s3cret-key")));
    verify(1, getRequestedFor(urlEqualTo("/old")).withoutHeader("X-Api-Key"));
  }

  @Test
  void aMemberWhoseNewsIsNotTakenGoesOnAndRefusesAsBefore() {
    List<String> told = new CopyOnWriteArrayList<>();
    Consumer<String> people =
        news -> {
          told.add(news);
          throw new IllegalStateException("the console is gone");
        };
    started(inside.agent("first", people, origin));
    create("s3cret-key");

    runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));
    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SHOW, new Text(archive + "/old")));

    assertThat(told).contains("The host asks for " + archive + ", which this member was not given");
  }

  // What is refused when a connection is made

  private void refused(ConnectionSpec spec, String problem) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec))
        .withMessageContaining(problem)
        .withMessageNotContaining("s3cret");
    assertThat(runtime.connections().list(ADA)).isEmpty();
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aSecretThatTheHostCouldReadIsNotTaken() {
    member();

    refused(spec("apiKey").secret("api_key", Secret.of("s3cret")), "has to be sealed");
  }

  @Test
  void whatIsNotSealedIsNotTaken() {
    member();
    SealRequest request = runtime.connections().sealRequest(ADA, spec("apiKey"));

    refused(
        spec("apiKey").sealed(request, Map.of("api_key", "s3cret")), "is not sealed in the form");
  }

  @Test
  @Tag("C2")
  void whatWasSealedForAnotherUseIsNotTaken() {
    member();
    ConnectionSpec ada = spec("basic").with("username", "ada");
    SealRequest forAda = runtime.connections().sealRequest(ADA, ada);
    Map<String, String> sealed = Map.of("password", forAda.seal("password", Secret.of("s3cret")));

    refused(spec("basic").with("username", "eve").sealed(forAda, sealed), "sealed for another use");
  }

  @Test
  void aGrantOfAPersonIsRefusedByName() {
    member();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().sealRequest(ADA, spec("oauth2")))
        .withMessageContaining("the grant of a person who signs in stays with the host");
  }

  @Test
  void anIdThatWasReservedForSomebodyElseIsNotTaken() {
    member();
    runtime.gateways().share(ADA, gateway.id(), BOB.principal(), Role.USER);
    SealRequest request = runtime.connections().sealRequest(ADA, spec("apiKey"));
    ConnectionSpec spec =
        spec("apiKey")
            .sealed(request, Map.of("api_key", request.seal("api_key", Secret.of("s3cret"))));

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.connections().create(BOB, spec));
  }

  @Test
  void whoeverMakesAConnectionNeedsARightToUseTheGateway() {
    member();

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().sealRequest(BOB, spec("apiKey")))
        .withMessageContaining("No gateway");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().create(BOB, spec("none")));

    runtime.gateways().share(ADA, gateway.id(), BOB.principal(), Role.USER);
    assertThat(runtime.connections().create(BOB, spec("none")).gateway()).isEqualTo(gateway.id());
  }

  @Test
  void withoutAMemberNothingCanBeSealed() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().sealRequest(ADA, spec("apiKey")))
        .withMessageContaining("No key of gateway");
  }

  // Changes

  @Test
  void aSecretStaysWhereItIsUsedAsBefore() {
    member();
    Connection connection = create("s3cret-key");

    runtime.connections().update(ADA, connection.id(), spec("apiKey").with("plant", "3"));
    runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));

    verify(
        1, getRequestedFor(urlEqualTo("/orders")).withHeader("X-Api-Key", equalTo("s3cret-key")));
  }

  @Test
  @Tag("C2")
  void aSecretIsEnteredAgainWhereItWouldBeUsedOtherwise() {
    member();
    ConnectionSpec spec = spec("basic").with("username", "ada");
    Connection connection = runtime.connections().create(ADA, sealed(spec, "password", "s3cret"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .update(ADA, connection.id(), spec("basic").with("username", "eve")))
        .withMessageContaining("has to be sealed again");
  }

  @Test
  void anotherGatewayMeansEnteringTheSecretsAgain() {
    member();
    Connection connection = create("s3cret-key");
    Gateway other = runtime.gateways().create(ADMINISTRATOR, "Plant 4");
    GatewayAgent member = inside.agent("other");
    inside.register(member, ADA, other.id(), null);
    inside.refresh(member);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .update(
                        ADA,
                        connection.id(),
                        ConnectionSpec.of("erp", "apiKey").through(other.id())))
        .withMessageContaining("api_key: is required");
  }

  @Test
  void whatWasSealedForTheFormerGatewayIsNotTakenForAnother() {
    member();
    SealRequest former = runtime.connections().sealRequest(ADA, spec("apiKey"));
    Map<String, String> sealed = Map.of("api_key", former.seal("api_key", Secret.of("s3cret")));
    Connection connection =
        runtime.connections().create(ADA, spec("apiKey").sealed(former, sealed));
    Gateway other = runtime.gateways().create(ADMINISTRATOR, "Plant 4");
    GatewayAgent member = inside.agent("other");
    inside.register(member, ADA, other.id(), null);
    inside.refresh(member);
    ConnectionSpec spec = ConnectionSpec.of("erp", "apiKey").through(other.id());
    SealRequest request = runtime.connections().sealRequest(ADA, connection.id(), spec);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> runtime.connections().update(ADA, connection.id(), spec.sealed(request, sealed)))
        .withMessageContaining("sealed with another key");
  }

  @Test
  void aNewSecretTakesThePlaceOfTheOldOne() {
    member();
    Connection connection = create("s3cret-1");
    SealRequest request = runtime.connections().sealRequest(ADA, connection.id(), spec("apiKey"));
    Map<String, String> values = new HashMap<>();
    values.put("api_key", request.seal("api_key", Secret.of("s3cret-2")));

    runtime.connections().update(ADA, connection.id(), spec("apiKey").sealed(request, values));
    runtime.invoke(ADA, MINE, SHOW, new Text("/orders"));

    verify(1, getRequestedFor(urlEqualTo("/orders")).withHeader("X-Api-Key", equalTo("s3cret-2")));
  }

  // Members that come and go

  @Test
  void aFurtherMemberCarriesRequestsWhenItWasLetIn() {
    GatewayAgent first = member();
    create("s3cret-key");
    GatewayAgent second = inside.agent("second", origin);
    inside.register(second, ADA, gateway.id(), first.sealingKey().orElseThrow());
    assertThat(inside.refresh(second)).isEqualTo(State.PENDING);
    first.letIn(second.fingerprint());
    assertThat(inside.refresh(second)).isEqualTo(State.READY);
    inside.start(second);
    until(() -> second.connected() > 0);

    first.close();

    until(this::isShown);
    verify(getRequestedFor(urlEqualTo("/orders")).withHeader("X-Api-Key", equalTo("s3cret-key")));
  }

  @Test
  void aConnectionThatCannotBeTestedYetIsNotBroken() {
    GatewayAgent member = inside.agent("first", origin);
    inside.register(member, ADA, gateway.id(), null);
    inside.refresh(member);

    Connection connection = create("s3cret-key");

    assertThat(connection.status().reason()).isEqualTo(ConnectionStatus.Reason.NOT_TESTED);
    assertThat(runtime.references().readiness(ADA, List.of(MINE)))
        .extracting(one -> one.remedy())
        .containsExactly(
            "Have a member of the connection's gateway run: the connection is tested when one"
                + " comes.");
    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SHOW, new Text("/orders")))
        .withMessageContaining(
            "(NOT_TESTED), since no member of its gateway was there; it is tested when one comes");
    verify(0, anyRequestedFor(anyUrl()));
  }

  private boolean isConnected(Caller owner, Connection connection) {
    return runtime.connections().get(owner, connection.id()).status().isConnected();
  }

  private GatewayAgent registered() {
    GatewayAgent member = inside.agent("first", origin);
    inside.register(member, ADA, gateway.id(), null);
    inside.refresh(member);
    return member;
  }

  @Test
  void aConnectionThatCouldNotBeTestedIsTestedWhenAMemberComes() {
    GatewayAgent member = registered();
    Connection connection = create("s3cret-key");

    inside.start(member);
    until(() -> isConnected(ADA, connection));

    assertThat(runtime.connections().get(ADA, connection.id()).account())
        .isEqualTo(Account.of("erp-account"));
    verify(1, getRequestedFor(urlEqualTo("/me")).withHeader("X-Api-Key", equalTo("s3cret-key")));
    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void aTestThatFailsWhenAMemberComesSaysSo() {
    GatewayAgent member = registered();
    stubFor(get(urlEqualTo("/me")).willReturn(unauthorized()));
    Connection connection = create("wr0ng-key");

    inside.start(member);
    until(
        () ->
            runtime.connections().get(ADA, connection.id()).status().reason()
                == ConnectionStatus.Reason.CREDENTIALS_REJECTED);
  }

  @Test
  void nothingIsTestedForWhomeverTheGatewayIsNotSharedWithAnyMore() {
    GatewayAgent member = registered();
    runtime.gateways().share(ADMINISTRATOR, gateway.id(), BOB.principal(), Role.USER);
    Connection bobs = runtime.connections().create(BOB, spec("none"));
    runtime.gateways().unshare(ADA, gateway.id(), BOB.principal());
    Connection adas = runtime.connections().create(ADA, spec("none"));

    inside.start(member);
    until(() -> isConnected(ADA, adas));

    runtime.close(); // What waits for the member is done by then.
    verify(1, getRequestedFor(urlEqualTo("/me")));
    assertThat(store.findConnection(bobs.id()).orElseThrow().status().reason())
        .isEqualTo(ConnectionStatus.Reason.NOT_TESTED);
  }

  @Test
  @Tag("I4")
  void whatAnotherProcessTestsIsNotTestedHere() {
    GatewayAgent member = registered();
    Connection elsewhere = runtime.connections().create(ADA, spec("none"));
    Connection here = runtime.connections().create(ADA, spec("none"));
    assertThat(
            store.acquireLease(
                elsewhere.id(), "first test", 0, "another process", Duration.ofMinutes(1)))
        .isEqualTo(LeaseAttempt.ACQUIRED);

    inside.start(member);
    until(() -> isConnected(ADA, here));

    runtime.close();
    verify(1, getRequestedFor(urlEqualTo("/me")));
  }

  /** Stores a connection that comes before those that others make, and was not tested yet. */
  private void untested(String id, String connector) {
    StoredConnection like =
        store.findConnection(runtime.connections().create(ADA, spec("none")).id()).orElseThrow();
    var identity =
        new StoredConnection.Identity(
            ConnectionId.of(id), ConnectorId.of(connector), like.environment(), like.owner());
    store.insertConnection(
        new StoredConnection(identity, like.settings(), like.access(), like.revision()), List.of());
  }

  @Test
  void aConnectionWhoseConnectorHasNoTestAnyMoreKeepsNoOtherFromBeingTested() {
    GatewayAgent member = registered();
    untested("0", "untestable");
    Connection next = runtime.connections().create(ADA, spec("none"));

    inside.start(member);

    until(() -> isConnected(ADA, next));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsUnderWayEndsWhenAnotherProcessRemovesTheGatewayOrItsMember(boolean wholeGateway)
      throws Exception {
    member();
    create("s3cret-key");
    stubFor(get(urlEqualTo("/slow")).willReturn(okJson("{}").withFixedDelay(45_000)));
    CompletableFuture<Text> call =
        CompletableFuture.supplyAsync(
            () -> runtime.invoke(ADA, MINE, SHOW, new Text("/slow")),
            task -> new Thread(task).start());
    until(() -> !findAll(getRequestedFor(urlEqualTo("/slow"))).isEmpty());

    try (ConnectorRuntime other = runtime()) {
      if (wholeGateway) {
        other.gateways().delete(ADMINISTRATOR, gateway.id());
      } else {
        String id = other.gateways().list(ADA).get(0).members().get(0).id();
        other.gateways().removeMember(ADA, gateway.id(), id);
      }
      assertThat(call)
          .failsWithin(Duration.ofSeconds(10)) // Promised are 5; a busy machine gets more.
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(TransportException.class);
    }
  }
}

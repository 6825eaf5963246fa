package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.nimbusds.jose.JWEObject;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.GatewayAgent.State;
import dev.connectorsdk.internal.gateway.agent.ControlLine;
import dev.connectorsdk.internal.gateway.seal.SealedUse;
import dev.connectorsdk.internal.gateway.seal.SealedValue;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Another key for a gateway, after a member was removed: what was sealed before goes on. */
@WireMockTest
@Timeout(60)
@Tag("C2")
class GatewayRekeyTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Administrator ADMINISTRATOR = Administrator.of(ADA.principal(), "prod");
  private static final ConnectionReference MINE = ConnectionReference.invoker("erp", "erp");

  private static final Action<String, Integer> SHOW =
      Action.builder("show", Effect.READ, String.class, Integer.class)
          .run((path, call) -> call.http().get(path).send().status());

  @TempDir Path temp;
  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing ring = KeyRing.random();
  private final List<Connection> connections = new ArrayList<>();
  private ConnectorRuntime runtime;
  private InsideNetwork inside;
  private String origin;
  private String gateway;
  private GatewayAgent first;
  private GatewayAgent second;

  @BeforeEach
  void open(WireMockRuntimeInfo server) throws Exception {
    origin = "http://erp.inside.test:" + server.getHttpPort();
    stubFor(any(anyUrl()).willReturn(ok()));
    Connector erp =
        Connector.builder("erp", origin)
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .auth(AuthOption.basic())
            .auth(AuthOption.none())
            .action(SHOW)
            .build();
    runtime = ConnectorRuntime.builder().connector(erp).store(store, ring).build();
    inside = new InsideNetwork(runtime, temp);
    gateway = runtime.gateways().create(ADMINISTRATOR, "Plant 3").id();
    first = inside.agent("first", origin);
    inside.register(first, ADA, gateway, null);
    inside.refresh(first);
    second = inside.agent("second", origin);
    inside.register(second, ADA, gateway, first.sealingKey().orElseThrow());
    first.letIn(second.fingerprint());
    assertThat(inside.refresh(second)).isEqualTo(State.READY);
  }

  @AfterEach
  void close() {
    inside.close();
    runtime.close();
  }

  private ConnectionSpec spec(String option) {
    return ConnectionSpec.of("erp", option).through(gateway);
  }

  private Connection connect(String secret) {
    SealRequest request = runtime.connections().sealRequest(ADA, spec("apiKey"));
    Map<String, String> sealed = Map.of("api_key", request.seal("api_key", Secret.of(secret)));
    Connection made = runtime.connections().create(ADA, spec("apiKey").sealed(request, sealed));
    connections.add(made);
    return made;
  }

  /** Returns what the host stores of a connection's secret, without opening it. */
  private String stored(Connection connection) {
    ConnectorStore.StoredCredential row =
        store.findCredential(connection.id(), "entered").orElseThrow();
    JsonNode values = JsonMapper.shared().readTree(row.decrypt(ring).reveal());
    return values.path("api_key").asString();
  }

  private String keyOf(Connection connection) throws ParseException {
    return JWEObject.parse(stored(connection)).getHeader().getKeyID();
  }

  private void show(Connection connection) {
    runtime.references().bind(ADA, MINE, connection.id());
    assertThat(runtime.invoke(ADA, MINE, SHOW, "/" + connection.id())).isEqualTo(200);
  }

  private void start(GatewayAgent member) {
    inside.start(member);
    while (member.connected() == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private void removeFirst() {
    String id = runtime.gateways().list(ADA).get(0).members().get(0).id();
    runtime.gateways().removeMember(ADA, gateway, id);
  }

  private String rekey() {
    return second.renewSealingKey(Set.of(), inside.recoveryKeys::add);
  }

  @Test
  void whatWasSealedBeforeIsSealedWithTheNewKeyAndWorksOn() throws Exception {
    for (int i = 0; i < 3; i++) {
      connect("s3cret-" + i);
    }
    runtime.connections().create(ADA, spec("none"));
    start(second);
    show(connections.get(0));
    removeFirst();

    String next = rekey();
    GatewayAgent.Resealed resealed = second.resealSecrets();

    assertThat(resealed).isEqualTo(new GatewayAgent.Resealed(3, Set.of()));
    for (int i = 0; i < 3; i++) {
      Connection connection = connections.get(i);
      assertThat(keyOf(connection)).isEqualTo(next);
      assertThat(stored(connection)).doesNotContain("s3cret");
      show(connection);
      verify(
          getRequestedFor(urlEqualTo("/" + connection.id()))
              .withHeader("X-Api-Key", equalTo("s3cret-" + i)));
    }
  }

  @Test
  void theFormerKeyIsForgottenAndItsSecretsOpenNoMore() throws Exception {
    Connection connection = connect("s3cret");
    String former = first.sealingKey().orElseThrow();
    start(second);
    show(connection);
    rekey();
    assertThat(second.resealSecrets().connections()).isEqualTo(1);

    assertThat(second.resealSecrets().connections()).isZero();
    assertThat(second.resealSecrets().connections()).isZero();
    assertThat(runtime.invoke(ADA, MINE, SHOW, "/again")).isEqualTo(200);

    assertThat(temp.resolve("second").resolve("member.json"))
        .content()
        .contains(former) // as one that is not taken again
        .doesNotContain("\"kid\\\":\\\"" + former);
    second.close();
    first.close();
    start(inside.agent("second", origin)); // Which has opened nothing yet.
    show(connection);
  }

  @Test
  void anOwnerWhoEntersAnotherSecretMeanwhileIsNotOverruled() throws Exception {
    Connection connection = connect("s3cret-1");
    String next = rekey();
    SealRequest request = runtime.connections().sealRequest(ADA, connection.id(), spec("apiKey"));
    Map<String, String> sealed = Map.of("api_key", request.seal("api_key", Secret.of("s3cret-2")));
    runtime.connections().update(ADA, connection.id(), spec("apiKey").sealed(request, sealed));

    assertThat(second.resealSecrets().connections()).isZero();

    assertThat(keyOf(connection)).isEqualTo(next);
    assertThat(stored(connection)).isEqualTo(sealed.get("api_key"));
  }

  @Test
  void theOwnerGoesOnAfterwards() {
    Connection connection = connect("s3cret-1");
    rekey();
    SealRequest before = runtime.connections().sealRequest(ADA, connection.id(), spec("apiKey"));
    second.resealSecrets();

    Map<String, String> sealed = Map.of("api_key", before.seal("api_key", Secret.of("s3cret-2")));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .update(ADA, connection.id(), spec("apiKey").sealed(before, sealed)))
        .withMessageContaining("ask for Connections.sealRequest again");

    SealRequest again = runtime.connections().sealRequest(ADA, connection.id(), spec("apiKey"));
    runtime
        .connections()
        .update(
            ADA,
            connection.id(),
            spec("apiKey")
                .sealed(again, Map.of("api_key", again.seal("api_key", Secret.of("s3cret-3")))));
    start(second);
    show(connection);
    verify(
        getRequestedFor(urlEqualTo("/" + connection.id()))
            .withHeader("X-Api-Key", equalTo("s3cret-3")));
  }

  @Test
  @Tag("C2")
  @DisplayName("C2: a member puts nothing in the place of secrets that is for another use or key")
  void aMemberPutsNothingElseInTheirPlace() throws Exception {
    Connection connection = connect("s3cret");
    Connection other = connect("s3cret-of-another");
    String before = stored(connection);
    rekey();
    SealingKey present = SealingKey.parse(Secret.of(sealRequest(connection).publicKey()));
    SealedUse use = SealedValue.parse(before).purpose();
    SealedUse ofOther = SealedValue.parse(stored(other)).purpose();
    Map<String, List<String>> wrong =
        Map.of(
            "none at all", List.of(),
            "under the former key", List.of(before),
            "under a key of its own", List.of(seal(SealingKey.random(), use)),
            "another version", List.of(seal(present, use.withVersion(use.version() + 1))),
            "another slot",
                List.of(
                    seal(
                        present,
                        new SealedUse(
                            use.of(), "token", use.version(), use.origins(), use.application()))),
            "another place",
                List.of(
                    seal(
                        present,
                        new SealedUse(
                            use.of(),
                            use.slot(),
                            use.version(),
                            new TreeSet<>(Set.of("https://evil.test")),
                            use.application()))),
            "another connection", List.of(seal(present, ofOther)));
    String member = runtime.gateways().list(ADA).get(0).members().get(1).id();

    try (ControlLine line = inside.control("second", gateway, member)) {
      for (Map.Entry<String, List<String>> one : wrong.entrySet()) {
        assertThat(line.ask("resealed", resealed(present, connection, one.getValue())))
            .as(one.getKey())
            .hasToString("{\"replaced\":false}");
      }
      assertThatExceptionOfType(ControlLine.Refused.class)
          .isThrownBy(() -> line.ask("resealed", resealed(present, connection, List.of("s3cret"))));
      assertThat(stored(connection)).isEqualTo(before);

      line.ask("resealed", resealed(present, connection, List.of(seal(present, use))));
      assertThat(stored(connection)).isNotEqualTo(before); // All the rest of it was right.
    }
  }

  private SealRequest sealRequest(Connection connection) {
    return runtime.connections().sealRequest(ADA, connection.id(), spec("apiKey"));
  }

  private static String seal(SealingKey key, SealedUse use) {
    return SealedValue.seal(Secret.of("r0gue"), key, use).toString();
  }

  private static JsonNode resealed(SealingKey key, Connection connection, List<String> sealed) {
    ObjectNode arguments =
        JsonMapper.shared()
            .createObjectNode()
            .put("fingerprint", key.fingerprint())
            .put("connection", connection.id().value());
    ArrayNode values = arguments.putArray("sealed");
    sealed.forEach(values::add);
    return arguments;
  }

  @Test
  void aMemberThatRunsSealsByItself() throws Exception {
    Connection connection = connect("s3cret");
    String next = rekey();

    start(second);
    while (!keyOf(connection).equals(next)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    show(connection);
  }

  @Test
  void whoeverIsClosedBeforeItRunsDoesNotRun() throws Exception {
    second.close();

    second.run();

    assertThat(second.connected()).isZero();
  }
}

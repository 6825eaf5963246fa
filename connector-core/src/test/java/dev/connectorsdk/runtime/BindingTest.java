package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.DeploymentSettings.Binding;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reference leads to is changed for all calls from then on, by whoever may change it. */
class BindingTest extends HostTest {

  private static final ConnectionReference SECOND =
      ConnectionReference.embedded("second-tickets", "tickets");
  private static final Flow FLOW = Flow.of("triage", ADA.principal()).using(SHARED, SECOND, MINE);

  private final InMemoryStore store = new InMemoryStore();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    Connector crm =
        Connector.builder("crm", url()).auth(Tickets.at(url()).authOptions().get(0)).build();
    return builder.store(store, KeyRing.random()).connector(crm);
  }

  @BeforeEach
  void theServiceAnswers() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  private void call(ConnectionReference reference) {
    runtime.invoke(ADA.running(FLOW), reference, Tickets.GET, new TicketId("1"));
  }

  private static void wasCalledWith(int times, String key) {
    service.verify(times, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo(key)));
  }

  private void apply(ConnectionReference reference, Connection connection) {
    runtime.references().apply(ADA.running(FLOW), settings(reference, connection));
  }

  private static DeploymentSettings settings(ConnectionReference reference, Connection connection) {
    return new DeploymentSettings(List.of(binding(reference.logicalName(), connection)));
  }

  private static Binding binding(String name, Connection connection) {
    return new Binding(name, connection.id().value(), "tickets");
  }

  @Test
  @DisplayName("5.3: a reference leads to one connection or to none")
  void aReferenceThatIsUnboundLeadsNowhereAtOnce() {
    Connection connection = connect(ADA, "key");
    runtime.references().bind(ADA.running(FLOW), SHARED, connection.id());
    call(SHARED);

    assertThat(runtime.references().unbind(ADA.running(FLOW), SHARED)).isTrue();

    assertThatExceptionOfType(ResolutionException.Unbound.class).isThrownBy(() -> call(SHARED));
    assertThat(runtime.references().unbind(ADA.running(FLOW), SHARED)).isFalse();
  }

  @Test
  void settingsOfAFlowHoldForItsReferencesAtOnce() {
    Connection first = connect(ADA, "first-key");
    Connection second = connect(ADA, "second-key");
    apply(SHARED, first);
    call(SHARED);

    apply(SHARED, second);
    call(SHARED);

    wasCalledWith(1, "first-key");
    wasCalledWith(1, "second-key");
  }

  @Test
  @DisplayName("5.4: settings are matched by logical name")
  void settingsGoByTheNameOfAReference() {
    Connection first = connect(ADA, "first-key");
    Connection second = connect(ADA, "second-key");

    runtime
        .references()
        .apply(
            ADA,
            new DeploymentSettings(
                List.of(binding("second-tickets", second), binding("team-tickets", first))),
            List.of(MINE, SHARED, SECOND));

    assertThat(runtime.references().binding(ADA, SHARED)).contains(first.id());
    assertThat(runtime.references().binding(ADA, SECOND)).contains(second.id());
  }

  @Test
  @DisplayName("5.3: what a reference is bound to anew holds in every flow that uses it")
  void whatIsBoundAnewHoldsInEveryFlow() {
    Flow other = Flow.of("report", ADA.principal()).using(SHARED);
    Connection second = connect(ADA, "second-key");
    apply(SHARED, connect(ADA, "first-key"));
    call(SHARED);

    apply(SHARED, second);

    assertThat(runtime.references().resolve(ADA.running(other), SHARED).connection().id())
        .isEqualTo(second.id());
  }

  @Test
  @DisplayName("5.4: an entry without a connection leaves its reference as it is")
  void anEntryWithoutAConnectionChangesNothing() {
    Connection connection = connect(ADA, "key");
    apply(SHARED, connection);

    runtime
        .references()
        .apply(
            ADA.running(FLOW),
            new DeploymentSettings(
                List.of(
                    new Binding("team-tickets", "", "tickets"),
                    new Binding("second-tickets", "", "tickets"))));

    assertThat(runtime.references().binding(ADA, SHARED)).contains(connection.id());
    assertThat(runtime.references().binding(ADA, SECOND)).isEmpty();
  }

  @Test
  @DisplayName("5.4: an entry may name a connection that may be used because it was granted")
  void anEntryMayNameAGrantedConnection() {
    Connection bobs = connect(BOB, "bobs");
    assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> apply(SHARED, bobs));

    runtime.connections().grant(BOB, bobs.id(), ADA.principal(), Right.USE);
    apply(SHARED, bobs);
    call(SHARED);

    wasCalledWith(1, "bobs");
  }

  @Test
  @DisplayName("5.4, 5.7: a file carries no secrets, and its variables change nothing")
  void aFileCarriesNoSecretsAndItsVariablesChangeNothing() {
    Connection connection = connect(ADA, "key");
    apply(SHARED, connection);
    DeploymentSettings exported = runtime.references().export(ADA.running(FLOW));

    String json =
        exported
            .toJson()
            .replace("[ ]", "[ { \"SchemaName\": \"base\", \"Value\": \"https://x.test\" } ]");

    assertThat(json).contains("SchemaName").doesNotContain("\"key\"");
    assertThat(DeploymentSettings.parse("settings.json", json)).isEqualTo(exported);
  }

  @Test
  void settingsBindEmbeddedReferencesOfTheirConnectorAlone() {
    Connection connection = connect(ADA, "key");
    DeploymentSettings settings =
        new DeploymentSettings(
            List.of(
                binding("my-tickets", connection),
                new Binding("team-tickets", connection.id().value(), "/apis/shared_crm"),
                new Binding("second-tickets", "no id", "tickets")));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(ADA.running(FLOW), settings))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .containsExactly(
                        new Fault(
                            "/ConnectionReferences/my-tickets",
                            "no embedded reference of this name is declared"),
                        new Fault(
                            "/ConnectionReferences/team-tickets",
                            "the reference is for connector 'tickets'"),
                        new Fault(
                            "/ConnectionReferences/second-tickets",
                            "ConnectionId is not a connection id")));
  }

  @Test
  void withoutAFlowACallerMayChangeWhatIsBoundToAnOwnConnection() {
    Connection first = connect(ADA, "first-key");
    Connection second = connect(ADA, "second-key");
    runtime.references().bind(ADA, SHARED, first.id());

    runtime.references().bind(ADA, SHARED, second.id());

    assertThat(runtime.references().binding(ADA, SHARED)).contains(second.id());
  }

  @Test
  @DisplayName("5.3, 6.5: a reference is of one connector")
  void aConnectionOfAnotherConnectorIsNotBound() {
    Connection crm =
        runtime
            .connections()
            .create(ADA, ConnectionSpec.of("crm", "apiKey").secret("api_key", Secret.of("k")));

    refuses(ADA, crm, "is of connector 'crm', not 'tickets'");
  }

  @Test
  void aConnectionOfAnotherEnvironmentIsNotBound() {
    Connection inTest = connect(ADA.principal().in("test"), "key");

    refuses(ADA, inTest, "belongs to another environment");
  }

  @Test
  void aConnectionThatAnotherProcessHasDeletedIsNotBound() {
    Connection connection = connect(ADA, "key");
    call(MINE);
    store.deleteConnection(connection.id());

    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.references().bind(ADA, SHARED, connection.id()))
        .satisfies(e -> assertThat(e.trail()).isEmpty());
    assertThat(runtime.references().binding(ADA, SHARED)).isEmpty();
  }

  private void refuses(Caller caller, Connection connection, String verdict) {
    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.references().bind(caller, SHARED, connection.id()))
        .satisfies(
            e ->
                assertThat(e.trail())
                    .singleElement()
                    .hasToString(connection.id() + ": " + verdict));
    assertThat(runtime.references().binding(caller, SHARED)).isEmpty();
  }

  @Test
  void aReferenceIsReadyOnlyIfACallWouldFindItsConnection() {
    assertThat(runtime.references().readiness(ADA, List.of(SHARED, MINE)))
        .extracting(ReferenceReadiness::isReady)
        .containsExactly(false, false);

    connect(ADA, "key");

    assertThat(runtime.references().readiness(ADA, List.of(SHARED, MINE)))
        .extracting(ReferenceReadiness::isReady)
        .containsExactly(false, true);
  }

  @Test
  void aSettingsFileNamesAReferenceOnce() {
    String entry = "{\"LogicalName\":\"a\",\"ConnectorId\":\"tickets\"}";

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                DeploymentSettings.parse(
                    "dev.json", "{\"ConnectionReferences\":[" + entry + "," + entry + "]}"))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .containsExactly(
                        new Fault("/ConnectionReferences/1/LogicalName", "occurs twice")));
  }

  @Test
  @Tag("H2")
  void theReferencesOfASettingsFileAreAnArray() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> DeploymentSettings.parse("dev.json", "{\"ConnectionReferences\":{\"a\":1}}"))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .containsExactly(new Fault("/ConnectionReferences", "must be an array")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void aSettingsFileMayBeginWithAByteOrderMark(String charset, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("dev.json");
    Files.writeString(file, "\uFEFF{\"ConnectionReferences\":[]}", Charset.forName(charset));

    assertThat(DeploymentSettings.load(file))
        .isEqualTo(DeploymentSettings.parse("dev.json", "{\"ConnectionReferences\":[]}"));
  }

  @Test
  void aSettingsFileIsText(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("dev.json"), new byte[] {'{', (byte) 0xFC, '}'});

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> DeploymentSettings.load(file))
        .withMessageContaining("dev.json: (input): is not text in UTF-8");
  }

  @Test
  void aSettingsFileHasAtMost5MiB(@TempDir Path folder) throws Exception {
    String text = "{\"ConnectionReferences\":[]}";
    Path file = folder.resolve("dev.json");
    Files.writeString(file, text + " ".repeat(5 * 1024 * 1024 - text.length()));
    assertThat(DeploymentSettings.load(file).connectionReferences()).isEmpty();

    Files.writeString(file, text + " ".repeat(5 * 1024 * 1024 - text.length() + 1));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> DeploymentSettings.load(file))
        .withMessageContaining("is larger than 5 MiB");
  }
}

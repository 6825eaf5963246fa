package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.reference.Resolution;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolutionTest extends HostTest {

  private static final Flow SYNC =
      Flow.of("nightly-sync", ADA.principal()).runnableBy(BOB.principal()).using(SHARED, MINE);

  private void call(Caller caller, ConnectionReference reference) {
    runtime.invoke(caller, reference, Tickets.GET, new TicketId("1"));
  }

  private void theServiceAnswers() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  private void nothingWasSent() {
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("6.5, 10: an embedded reference leads to the owner's connection, in this flow")
  void anEmbeddedReferenceLeadsEveryRunnerOfTheFlowToTheOwnersConnection() {
    theServiceAnswers();
    Connection connection = connect(ADA, "ada-key");
    runtime.references().bind(ADA.running(SYNC), SHARED, connection.id());

    call(BOB.running(SYNC), SHARED);

    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("ada-key")));
  }

  @Test
  @DisplayName("5.6, 6.5: an unbound reference fails before any request")
  void anUnboundReferenceSaysSo() {
    connect(ADA, "ada-key");

    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> call(ADA.running(SYNC), SHARED))
        .withMessage(
            "Reference 'team-tickets' for user:ada in dev running nightly-sync: no connection is"
                + " bound in this environment.");
    nothingWasSent();
  }

  @Test
  void aHostResolvesAReferenceWithoutARequest() {
    Connection bound = connect(ADA, "ada-key");
    runtime.references().bind(ADA.running(SYNC), SHARED, bound.id());

    Resolution resolved = runtime.references().resolve(BOB.running(SYNC), SHARED);

    assertThat(resolved.connection().id()).isEqualTo(bound.id());
    assertThat(resolved.trail()).as("what Bob, who may only run the flow, is told").isEmpty();
    assertThat(runtime.references().resolve(ADA.running(SYNC), SHARED).trail())
        .containsExactly(new Candidate(bound.id(), "is bound to the reference"));
    assertThat(resolved.baseUrl()).hasToString(url());
    nothingWasSent();
  }

  @Test
  void aResolvedReferenceSaysWhyTheCallersOtherConnectionsWereNotChosen() {
    Connection ready = connect(ADA, "ada-key");
    Connection waiting =
        runtime
            .connections()
            .create(ADA, ConnectionSpec.of("tickets", "signIn").named("by sign-in"));

    Resolution resolved = runtime.references().resolve(ADA, MINE);

    assertThat(resolved.connection().id()).isEqualTo(ready.id());
    assertThat(resolved.trail())
        .containsExactlyInAnyOrder(
            new Candidate(ready.id(), "'Tickets' is the only one that is ready"),
            new Candidate(waiting.id(), "'by sign-in' is UNAUTHENTICATED (CONSENT_PENDING)"));
  }

  @Test
  void aReferenceThatACallCannotUseIsResolvedForNobody() {
    connect(ADA, "ada-key");
    ConnectionReference unknown = ConnectionReference.invoker("x", "no-such-connector");

    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> runtime.references().resolve(BOB, MINE));
    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> runtime.references().resolve(ADA.running(SYNC), SHARED));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.references().resolve(ADA, unknown));
    nothingWasSent();
  }

  @Test
  @DisplayName("5.1: a connection is in one environment and never leaves it")
  void aBindingHoldsInItsEnvironmentOnly() {
    Connection connection = connect(ADA, "ada-key");
    runtime.references().bind(ADA.running(SYNC), SHARED, connection.id());

    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> call(ADA.principal().in("test").running(SYNC), SHARED));
    nothingWasSent();
  }

  @Test
  @DisplayName("6.5: a caller without an own connection is asked for one")
  void aCallerWithoutAnOwnConnectionIsAskedForOne() {
    connect(ADA, "ada-key");

    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> call(BOB, MINE))
        .satisfies(e -> assertThat(e.userMustAct()).isTrue())
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ada"));
    nothingWasSent();
  }

  @Test
  void severalOwnConnectionsAreNeverGuessedAmong() {
    theServiceAnswers();
    Connection first = connect(ADA, "first-key");
    Connection second = connect(ADA, "second-key");

    assertThatExceptionOfType(ResolutionException.Ambiguous.class)
        .isThrownBy(() -> call(ADA, MINE))
        .satisfies(
            e ->
                assertThat(e.trail())
                    .extracting(c -> c.connection())
                    .containsExactlyInAnyOrder(first.id(), second.id()));
    nothingWasSent();

    runtime.references().bind(ADA, MINE, second.id());
    call(ADA, MINE);
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("second-key")));
  }

  @Test
  void aConnectionThatIsNotReadyDoesNotCompeteWithOneThatIs() {
    theServiceAnswers();
    Connection good = connect(ADA, "good-key");
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "signIn").named("begun"));

    call(ADA, MINE);

    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("good-key")));
    runtime.connections().delete(ADA, good.id());
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "signIn").named("begun too"));
    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> call(ADA, MINE))
        .withMessageContaining("'begun' is UNAUTHENTICATED (CONSENT_PENDING)")
        .withMessageContaining("'begun too' is UNAUTHENTICATED (CONSENT_PENDING)");
  }

  @Test
  @DisplayName("5.6: a bound connection that was deleted is shown as such")
  void aDeletedConnectionIsNamedToWhomItBelonged() {
    Connection connection = connect(ADA, "ada-key");
    runtime.references().bind(ADA.running(SYNC), SHARED, connection.id());
    runtime.connections().delete(ADA, connection.id());

    assertThatExceptionOfType(ResolutionException.Deleted.class)
        .isThrownBy(() -> call(ADA.running(SYNC), SHARED))
        .withMessageEndingWith("Considered: [" + connection.id() + ": was deleted]");
    assertThatExceptionOfType(ResolutionException.Deleted.class)
        .isThrownBy(() -> call(BOB.running(SYNC), SHARED))
        .withMessageEndingWith("running nightly-sync: the bound connection no longer exists.");
    nothingWasSent();
  }

  @Test
  @DisplayName("5.6, 6.5: one that is unauthenticated has to be fixed")
  void aBrokenConnectionSaysWhatIsWrongWithIt() {
    Connection connection =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "apiKey")
                    .secret("api_key", Secret.of("k"))
                    .expiringAt(clock.instant().plus(Duration.ofDays(1))));
    clock.advance(Duration.ofDays(1));

    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> call(ADA, MINE))
        .withMessageContaining(
            connection.id() + ": has a credential that expired at 2026-01-02T12:00:00Z");
    nothingWasSent();
  }

  @Test
  @DisplayName("5.2: a connection with a sign-in is stored as unauthenticated")
  void aConnectionThatAwaitsItsSignInIsBroken() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "signIn"));

    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> call(ADA, MINE))
        .withMessageContaining("is UNAUTHENTICATED (CONSENT_PENDING)");
  }

  @Test
  @DisplayName("10: who may only read a flow cannot run it")
  void whoMayNotRunTheFlowIsDenied() {
    Caller eve = Principal.user("eve").in("dev").running(SYNC);

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> call(eve, SHARED))
        .withMessageContaining("neither owner nor run-only user");
  }

  @Test
  void aReferenceThatTheFlowDoesNotDeclareIsDenied() {
    ConnectionReference other = ConnectionReference.invoker("other", "tickets");

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> call(ADA.running(SYNC), other))
        .withMessageContaining("does not declare this reference");
  }

  @Test
  @DisplayName("10: a reference is embedded by its owner alone")
  void onlyAnOwnerOfTheFlowBindsItsEmbeddedReferences() {
    Connection bobs = connect(BOB, "bob-key");

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().bind(BOB.running(SYNC), SHARED, bobs.id()));
  }

  @Test
  @DisplayName("5.5: whoever enables a flow reads what is missing")
  void readinessTellsBeforeARunWhatIsMissingForWhom() {
    Connection adas = connect(ADA, "ada-key");
    assertThat(runtime.references().readiness(ADA.running(SYNC)))
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.UNBOUND, State.READY);

    runtime.references().bind(ADA.running(SYNC), SHARED, adas.id());
    assertThat(runtime.references().readiness(BOB.running(SYNC)))
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.READY, State.CONNECTION_REQUIRED);

    runtime.connections().delete(ADA, adas.id());
    assertThat(runtime.references().readiness(BOB.running(SYNC)))
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.BROKEN, State.CONNECTION_REQUIRED);
    Caller eve = Principal.user("eve").in("dev").running(SYNC);
    assertThat(runtime.references().readiness(eve))
        .extracting(ReferenceReadiness::state)
        .containsOnly(State.DENIED);
    nothingWasSent();
  }

  @Test
  @DisplayName("10: whether there is a connector is for those alone who have a part in the flow")
  void aStrangerIsDeniedEvenWhatHasNoConnectorHere() {
    ConnectionReference gone = ConnectionReference.invoker("pay", "payroll");
    Flow flow = Flow.of("payroll", ADA.principal()).runnableBy(BOB.principal()).using(gone);
    Caller eve = Principal.user("eve").in("dev").running(flow);

    ReferenceReadiness told = runtime.references().readiness(eve).get(0);

    assertThat(told.state()).isEqualTo(State.DENIED);
    assertThat(told.explanation()).contains("neither owner nor run-only user");
    assertThat(runtime.references().readiness(BOB.running(flow)).get(0).state())
        .isEqualTo(State.BROKEN);
  }

  @Test
  void theSameFlowMovesToAnotherEnvironmentByOneFile(@TempDir Path folder) throws Exception {
    theServiceAnswers();
    Caller test = ADA.principal().in("test").running(SYNC);
    Connection inDev = connect(ADA, "dev-key");
    Connection inTest = connect(ADA.principal().in("test"), "test-key");
    runtime.references().bind(ADA.running(SYNC), SHARED, inDev.id());
    Path file = folder.resolve("dev.settings.json");
    runtime.references().export(ADA.running(SYNC)).save(file);
    String text = Files.readString(file);
    assertThat(text).contains(inDev.id().value()).doesNotContain("key");

    Path edited = folder.resolve("test.settings.json");
    Files.writeString(edited, text.replace(inDev.id().value(), inTest.id().value()));
    runtime.references().apply(test, DeploymentSettings.load(edited), SYNC.references());
    call(test, SHARED);

    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("test-key")));
  }

  @Test
  @DisplayName("5.4: an unknown logical name is an error")
  void aSettingsFileWithAnyFaultBindsNothing() {
    Connection inDev = connect(ADA, "dev-key");
    DeploymentSettings settings =
        new DeploymentSettings(
            List.of(
                new DeploymentSettings.Binding("team-tickets", inDev.id().value(), "tickets"),
                new DeploymentSettings.Binding("unknown", "x", "tickets"),
                new DeploymentSettings.Binding("second", "x", "crm")));
    ConnectionReference second = ConnectionReference.embedded("second", "tickets");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(ADA, settings, List.of(SHARED, second)))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::path)
                    .containsExactly(
                        "/ConnectionReferences/unknown", "/ConnectionReferences/second"));
    assertThat(runtime.references().binding(ADA, SHARED)).isEmpty();
  }

  @Test
  void aSettingsFileThatIsNoneSaysWhere() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> DeploymentSettings.parse("dev.json", "{\n  \"a\": }"))
        .withMessage(
            "Invalid input for the settings file dev.json: (input): is not JSON at line 2, column"
                + " 8");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                DeploymentSettings.parse(
                    "dev.json", "{\"ConnectionReferences\":[{\"LogicalName\":\"a\"}]}"))
        .withMessageContaining("/ConnectionReferences/0/ConnectorId: must be a text");
  }

  @ParameterizedTest
  @CsvSource({"[, 100000", "1, 2000"})
  void aSettingsFileOfExtremesIsRefused(String part, int times) {
    String json = "{\"EnvironmentVariables\": " + part.repeat(times) + "}";

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> DeploymentSettings.parse("dev.json", json))
        .withMessage(
            "Invalid input for the settings file dev.json: (input): is nested too deeply, or has"
                + " too long a number, name or text");
  }

  @Test
  @DisplayName("5.4: connectors are compared by what they are, not by how they are written")
  void theLongFormOfAConnectorIdMeansTheSameConnector() {
    Connection inDev = connect(ADA, "dev-key");
    String longForm = "/providers/Microsoft.PowerApps/apis/shared_tickets";

    runtime
        .references()
        .apply(
            ADA,
            new DeploymentSettings(
                List.of(
                    new DeploymentSettings.Binding("team-tickets", inDev.id().value(), longForm))),
            List.of(SHARED));

    assertThat(runtime.references().binding(ADA, SHARED)).contains(inDev.id());
  }

  @Test
  @DisplayName("5.3: what changes of a reference reaches the flows later")
  void aChangeByAnotherProcessIsSeenAfterTheFreshness() {
    theServiceAnswers();
    Connection connection = connect(ADA, "ada-key");
    call(ADA, MINE);
    ConnectionId id = connection.id();
    store.deleteConnection(id);

    call(ADA, MINE);
    clock.advance(Duration.ofSeconds(5));

    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> call(ADA, MINE));
  }

  private final dev.connectorsdk.store.InMemoryStore store =
      new dev.connectorsdk.store.InMemoryStore();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, dev.connectorsdk.secret.KeyRing.random());
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).build();
  }
}

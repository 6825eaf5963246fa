package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the caller is told to do when a reference leads to no connection that can be used. */
class RepairAdviceTest extends HostTest {

  private static final Principal CAROL = Principal.user("carol");
  private static final Flow SYNC =
      Flow.of("sync", ADA.principal())
          .coOwnedBy(CAROL)
          .runnableBy(BOB.principal())
          .using(SHARED, MINE);

  private final InMemoryStore store = new InMemoryStore();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, KeyRing.random());
  }

  private String advice(Caller caller, ConnectionReference reference) {
    return catchThrowableOfType(
            ResolutionException.class, () -> runtime.references().resolve(caller, reference))
        .remedy();
  }

  private void breaks(ConnectionId id, Reason reason) {
    StoredConnection row = store.findConnection(id).orElseThrow();
    var broken =
        ConnectionStatus.notConnected(State.ERROR, reason, "It is broken", clock.instant());
    store.updateConnection(
        row.next(clock.instant()).with(row.access().withStatus(broken)), row.version(), List.of());
    clock.advance(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CONSENT_PENDING        | Sign in for your connection 'Tickets'.",
        "NOT_TESTED             | Test your connection 'Tickets'.",
        "CREDENTIALS_REJECTED   | Sign in again for your connection 'Tickets', or enter its"
            + " credentials again.",
        "CREDENTIALS_UNREADABLE | Sign in again for your connection 'Tickets', or enter its"
            + " credentials again.",
        "TEST_FAILED            | Test your connection 'Tickets' again, and correct it if the"
            + " service can be reached and that fails.",
        "CONFIGURATION          | Correct the parameters of your connection 'Tickets', or have"
            + " whoever registered its client check it.",
        "ADMINISTRATOR          | Have an administrator enable the connection.",
      })
  void theOwnerOfAConnectionIsToldWhatRepairsIt(Reason reason, String advice) {
    Connection own = connect(ADA, "ada-key");
    breaks(own.id(), reason);

    assertThat(advice(ADA, MINE)).isEqualTo(advice);
    assertThat(runtime.references().readiness(ADA.running(SYNC)))
        .filteredOn(one -> one.reference().equals(MINE))
        .singleElement()
        .satisfies(one -> assertThat(one.remedy()).isEqualTo(advice));
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"ADMINISTRATOR", "DELETED"},
      mode = EnumSource.Mode.EXCLUDE)
  void anAdministratorIsToldToAskTheOwner(Reason reason) {
    breaks(connect(ADA, "ada-key").id(), reason);

    assertThat(
            runtime
                .references()
                .readiness(
                    Administrator.ofRuntime(BOB.principal()).in(ADA.environment()),
                    SYNC,
                    ADA.principal()))
        .filteredOn(one -> one.reference().equals(MINE))
        .extracting(ReferenceReadiness::remedy)
        .containsExactly("Ask the owner of the connection to repair it; its id stays the same.");
  }

  @Test
  void anAdministratorIsToldWhoBringsWhatIsNotThere() {
    assertThat(
            runtime
                .references()
                .readiness(
                    Administrator.ofRuntime(BOB.principal()).in(ADA.environment()),
                    SYNC,
                    ADA.principal()))
        .filteredOn(one -> one.reference().equals(MINE))
        .extracting(ReferenceReadiness::remedy)
        .containsExactly("user:ada: Make your own connection to 'tickets' first.");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonHasAnAdvice(Reason reason) {
    breaks(connect(ADA, "ada-key").id(), reason);

    assertThat(advice(ADA, MINE)).matches("[A-Z][^\n]+[.]").doesNotContain("owner");
  }

  @Test
  void aCredentialThatHasExpiredIsToBeEnteredAgain() {
    var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("ada-key"));
    runtime.connections().create(ADA, spec.expiringAt(clock.instant().plusSeconds(60)));
    clock.advance(Duration.ofSeconds(61));

    assertThat(advice(ADA, MINE))
        .isEqualTo("Sign in again for your connection 'Tickets', or enter its credentials again.");
  }

  @Test
  void whoHasSeveralThatAreBrokenIsToRepairOne() {
    breaks(connect(ADA, "one").id(), Reason.TEST_FAILED);
    breaks(connect(ADA, "another").id(), Reason.TEST_FAILED);

    assertThat(advice(ADA, MINE))
        .isEqualTo("Repair one of your connections to 'tickets', or make another.");
  }

  @Test
  void whoHasNoneIsToMakeOneAndWhoHasSeveralToChoose() {
    assertThat(advice(ADA, MINE)).isEqualTo("Make your own connection to 'tickets' first.");

    connect(ADA, "one");
    connect(ADA, "another");

    assertThat(advice(ADA, MINE))
        .isEqualTo(
            "Choose which of your connections to 'tickets' is to be used, and have it bound to the"
                + " reference.");
  }

  @Test
  @Tag("I1")
  void othersAreToldWhomToAskAndNotWhatIsWrong() {
    Connection adas = connect(ADA, "ada-key");
    runtime.references().bind(ADA.running(SYNC), SHARED, adas.id());
    breaks(adas.id(), Reason.CREDENTIALS_REJECTED);

    assertThat(advice(CAROL.in("dev").running(SYNC), SHARED))
        .isEqualTo("Ask the owner of the connection to repair it; its id stays the same.");
    assertThat(advice(BOB.running(SYNC), SHARED))
        .isEqualTo("Ask the owner of the flow to have its connection repaired.");
  }

  @ParameterizedTest
  @EnumSource(Source.class)
  @Tag("I1")
  void whoHasChosenItForAFlowOfAnotherIsToldWhatIsWrongAndWhomToAsk(Source source) {
    ConnectionId adas = connect(ADA, "ada-key").id();
    runtime.connections().grant(ADA, adas, BOB.principal(), Right.USE);
    Flow report = Flow.of("report", CAROL).runnableBy(BOB.principal()).using(SHARED, MINE);
    runtime.references().letRunOnlyUsersBringOwn(CAROL.in("dev").running(report), SHARED);
    ConnectionReference reference = source == Source.INVOKER ? MINE : SHARED;
    Caller running = BOB.running(report);
    runtime.references().bind(running, reference, adas);
    breaks(adas, Reason.CREDENTIALS_REJECTED);

    assertThat(advice(running, reference))
        .isEqualTo("Ask the owner of the connection to repair it; its id stays the same.");
    assertThat(runtime.references().readiness(running, List.of(reference)))
        .singleElement()
        .satisfies(one -> assertThat(one.remedy()).isEqualTo(advice(running, reference)))
        .satisfies(one -> assertThat(one.connection().names()).isEqualTo("'Tickets'"))
        .satisfies(
            one ->
                assertThat(one.explanation())
                    .contains("'Tickets' is ERROR")
                    .doesNotContain(adas.value()))
        .satisfies(
            one -> assertThat(one.trail()).extracting(Candidate::connection).containsOnlyNulls());
  }

  @Test
  void onlyWhoMayBindAReferenceIsToldToBindIt() {
    assertThat(advice(ADA, SHARED))
        .isEqualTo("Bind the reference to a connection in this environment.");
    assertThat(advice(BOB.running(SYNC), SHARED))
        .isEqualTo(
            "Have the owner or a co-owner of the flow bind the reference to a connection in this"
                + " environment.");
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.audit.Audit.Gap;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who did what, and who was refused. */
class AuditTest extends HostTest {

  private static final Administrator ALL = Administrator.ofRuntime(ADA.principal());
  private static final TicketId ONE = new TicketId("1");

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private final SwitchedAudit audit = new SwitchedAudit(store.audit());

  @TempDir Path folder;

  @BeforeEach
  void theServiceHasATicket() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  private ConnectorRuntime audited(AuditSettings settings) {
    return builder().store(store, keys).audit(settings).build();
  }

  private static Connection connect(ConnectorRuntime runtime, Caller caller, String key) {
    return runtime
        .connections()
        .create(caller, ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(key)));
  }

  private List<AuditRecord> calls() {
    return store.audit().list(Filter.ALL, null, 100_000).stream()
        .filter(record -> record.kind() == Kind.CALL)
        .toList();
  }

  @Test
  void namesWhoUsedWhichConnectionForWhat() {
    ConnectionId id;
    try (var runtime = audited(AuditSettings.inStore())) {
      id = connect(runtime, ADA, "ada-key").id();
      runtime.references().bind(ADA, SHARED, id);
      Flow flow = Flow.of("report", ADA.principal()).coOwnedBy(BOB.principal());

      runtime.invoke(ADA, MINE, Tickets.GET, ONE);
      clock.advance(Duration.ofSeconds(1));
      runtime.invoke(BOB.running(flow), SHARED, Tickets.GET, ONE);
    }

    assertThat(calls())
        .extracting(AuditRecord::actor)
        .containsExactly(
            new Actor(BOB.principal(), ADA.principal(), BOB.environment(), "report"),
            new Actor(ADA.principal(), null, ADA.environment(), null));
    assertThat(calls())
        .extracting(AuditRecord::subject)
        .containsOnly(new Subject(MINE.connector(), "getTicket", Effect.READ, id, null, null));
    assertThat(calls()).extracting(AuditRecord::verdict).containsOnly(Verdict.DONE);
  }

  @Test
  void saysWhatCameOfACallThatFailed() {
    service.stubFor(get("/tickets/1").willReturn(aResponse().withStatus(404)));
    try (var runtime = audited(AuditSettings.inStore())) {
      connect(runtime, ADA, "ada-key");
      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE));
    }

    assertThat(calls())
        .extracting(AuditRecord::verdict)
        .containsExactly(Verdict.failed("ServiceException"));
  }

  @Test
  void aRefusalIsStoredBeforeItIsAnswered() {
    try (var runtime = audited(AuditSettings.inStore())) {
      Flow adas = Flow.of("report", ADA.principal());

      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.invoke(BOB.running(adas), SHARED, Tickets.GET, ONE));

      assertThat(calls())
          .singleElement()
          .satisfies(
              record -> {
                assertThat(record.verdict()).isEqualTo(Verdict.refused("", "Denied"));
                assertThat(record.actor().who()).isEqualTo(BOB.principal());
              });
    }
  }

  private List<String> changes() {
    return store.audit().list(Filter.ALL, null, 100_000).stream()
        .filter(record -> record.kind() == Kind.CHANGE)
        .map(record -> record.actor().who() + ": " + record.subject().operation())
        .toList();
  }

  @Test
  void aChangeIsStoredBeforeItIsAnswered() {
    try (var runtime = audited(AuditSettings.inStore())) {
      ConnectionId id = connect(runtime, ADA, "ada-key").id();
      assertThat(changes()).containsExactly("user:ada: connection created");

      clock.advance(Duration.ofSeconds(1));
      runtime.references().bind(ADA, SHARED, id);
      assertThat(changes()).startsWith("user:ada: reference team-tickets bound");

      clock.advance(Duration.ofSeconds(1));
      runtime.references().grant(ADA, SHARED, BOB.principal());
      assertThat(changes()).startsWith("user:ada: reference team-tickets granted USE for user:bob");

      clock.advance(Duration.ofSeconds(1));
      runtime.policies().save(ALL, DataPolicy.named("no-chat").blocked("chat").build(), 0);
      assertThat(changes()).startsWith("user:ada: policy no-chat version 1");

      clock.advance(Duration.ofSeconds(1));
      runtime.connections().delete(ADA, id);
      assertThat(changes()).startsWith("user:ada: connection deleted");
    }
  }

  @Test
  void aRefusalByAPolicyNamesItsRule() {
    try (var runtime = audited(AuditSettings.inStore())) {
      connect(runtime, ADA, "ada-key");
      runtime.policies().save(ALL, DataPolicy.named("no-tickets").blocked("tickets").build(), 0);

      assertThatExceptionOfType(PolicyException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE));

      assertThat(calls())
          .extracting(AuditRecord::verdict)
          .containsExactly(
              Verdict.refused(
                  "data policy no-tickets version 1, connectorGroups/Blocked", "PolicyException"));
    }
  }

  @Test
  void aChangeIsMadeAlsoWhenNothingCanBeRecorded() {
    audit.isAway = true;
    try (var runtime = audited(AuditSettings.in(audit))) {
      ConnectionId id = connect(runtime, ADA, "ada-key").id();

      assertThat(runtime.connections().get(ADA, id)).isNotNull();
      audit.isAway = false;
    }
    assertThat(changes()).containsExactly("user:ada: connection created");
  }

  @Test
  void closingLosesNothing() {
    int calls = 300;
    try (var runtime = audited(AuditSettings.inStore())) {
      connect(runtime, ADA, "ada-key");
      for (int i = 0; i < calls; i++) {
        runtime.invoke(ADA, MINE, Tickets.GET, ONE);
      }
    }

    assertThat(calls()).hasSize(calls);
    List<AuditRecord> all = store.audit().list(Filter.ALL, null, 100_000);
    assertThat(all.get(0).kind()).isEqualTo(Kind.ENDED);
    assertThat(all)
        .extracting(record -> record.position().number())
        .as("numbers without a gap")
        .doesNotHaveDuplicates()
        .contains((long) all.size() - 1);
  }

  @Test
  void tellsTheLogAndListeners() {
    Queue<AuditRecord> told = new ConcurrentLinkedQueue<>();
    AuditSettings settings =
        AuditSettings.inStore()
            .toldTo(
                record -> {
                  throw new IllegalStateException("a listener that fails");
                })
            .toldTo(
                record -> {
                  throw new NoClassDefFoundError("of a listener");
                })
            .toldTo(told::add);

    try (var runtime = audited(settings)) {
      connect(runtime, ADA, "ada-key");
      runtime.invoke(ADA, MINE, Tickets.GET, ONE);
    }

    assertThat(calls()).hasSize(1);
    assertThat(told).containsAll(calls());
  }

  @Test
  void whatAStoreCannotTakeWaitsInTheFileAndComesLater() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    AuditSettings settings = AuditSettings.in(audit).overflowingTo(file, 1024 * 1024);
    audit.isAway = true;
    try (var runtime = audited(settings)) {
      connect(runtime, ADA, "ada-key");
      runtime.invoke(ADA, MINE, Tickets.GET, ONE);
      assertThatExceptionOfType(ResolutionException.class)
          .isThrownBy(
              () ->
                  runtime.invoke(
                      BOB.running(Flow.of("report", ADA.principal())), SHARED, Tickets.GET, ONE));
      assertThat(Files.readString(file))
          .as("a refusal is in the file before it is answered")
          .contains("\"Denied\"");
    }
    assertThat(calls()).isEmpty();
    assertThat(Files.readString(file)).contains("getTicket").doesNotContain("ada-key");

    audit.isAway = false;
    audited(settings).close();

    assertThat(calls()).hasSize(2);
    assertThat(Files.size(file)).isZero();
  }

  @Test
  void aLineThatWasCutOffSpoilsNoOther() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    AuditSettings settings = AuditSettings.in(audit).overflowingTo(file, 1024 * 1024);
    audit.isAway = true;
    try (var runtime = audited(settings)) {
      connect(runtime, ADA, "ada-key");
      runtime.invoke(ADA, MINE, Tickets.GET, ONE);
    }
    String lines = Files.readString(file);
    Files.writeString(file, lines + lines.substring(0, 40));
    try (var runtime = audited(settings)) {
      runtime.invoke(ADA, MINE, Tickets.GET, ONE);
    }

    audit.isAway = false;
    audited(settings).close();

    assertThat(calls()).hasSize(2);
  }

  @Test
  void twoRuntimesDoNotShareAFile() {
    AuditSettings settings =
        AuditSettings.inStore().overflowingTo(folder.resolve("audit.jsonl"), 1024 * 1024);
    try (var runtime = audited(settings)) {
      assertThat(runtime.connectors(ADA)).isNotEmpty();
      assertThatIllegalStateException()
          .isThrownBy(() -> audited(settings))
          .withMessageContaining("audit.jsonl: name another");
    }
    audited(settings).close();
  }

  @Test
  void withoutRoomForItsRecordACallIsRefusedAndNothingIsSent() {
    try (var runtime = audited(AuditSettings.in(audit))) {
      connect(runtime, ADA, "ada-key");
      audit.isAway = true;
      useUpAllRoom(runtime);
      service.resetRequests();

      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE))
          .withMessageContaining("no room for further audit records")
          .matches(StoreException::isRetryable);

      service.verify(0, anyRequestedFor(anyUrl()));
      audit.isAway = false;
    }
  }

  @Test
  void aHostMayChooseToLeaveRecordsOutWhichAreCounted() {
    try (var runtime = audited(AuditSettings.in(audit).leavingOut())) {
      connect(runtime, ADA, "ada-key");
      audit.isAway = true;
      useUpAllRoom(runtime);
      for (int i = 0; i < 7; i++) {
        runtime.invoke(ADA, MINE, Tickets.GET, ONE);
      }
      audit.isAway = false;
    }

    assertThat(store.audit().list(Filter.ALL, null, 100_000))
        .filteredOn(record -> record.kind() == Kind.LEFT_OUT)
        .extracting(record -> Integer.parseInt(record.verdict().result()))
        .satisfies(counts -> assertThat(counts.stream().mapToInt(n -> n).sum()).isEqualTo(7));
  }

  @Test
  void aHostThatLeavesRecordsOutHasChangesGoOnWithoutRoom() {
    try (var runtime = audited(AuditSettings.in(audit).leavingOut())) {
      audit.isAway = true;
      useUpAllRoom(runtime);

      ConnectionId id = connect(runtime, ADA, "ada-key").id();

      assertThat(runtime.connections().get(ADA, id)).isNotNull();
      audit.isAway = false;
    }
    assertThat(changes()).isEmpty();
    assertThat(store.audit().list(Filter.ALL, null, 100_000))
        .filteredOn(record -> record.kind() == Kind.LEFT_OUT)
        .extracting(record -> record.verdict().result())
        .containsExactly("1");
  }

  /** Calls that fail before they send anything. */
  private static void useUpAllRoom(ConnectorRuntime runtime) {
    for (int i = 0; i < 10_000; i++) {
      assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
          .isThrownBy(() -> runtime.invoke(BOB, MINE, Tickets.GET, ONE));
    }
  }

  @Test
  void aRunThatWasNotClosedShows() {
    store.audit().append(List.of(started("killed", clock.instant())));
    clock.advance(Duration.ofMinutes(2));
    try (var runtime = audited(AuditSettings.inStore())) {
      assertThat(runtime.audit().gaps(ALL))
          .containsExactly(new Gap("killed", clock.instant().minus(Duration.ofMinutes(2))));
      assertThatExceptionOfType(PermissionDeniedException.class)
          .isThrownBy(() -> runtime.audit().gaps(ALL.in(ADA.environment())))
          .returns(Optional.empty(), PermissionDeniedException::environment);
    }
  }

  @Test
  void whatIsOldIsForgottenIfTheHostSaysSo() {
    int many = 2_500;
    Instant old = clock.instant().minus(Duration.ofDays(31));
    for (int i = 0; i < many; i++) {
      store.audit().append(List.of(started("old-" + i, old)));
    }
    store.audit().append(List.of(started("new", clock.instant().minus(Duration.ofDays(29)))));

    try (var runtime = audited(AuditSettings.inStore().keptFor(Duration.ofDays(30)))) {
      for (int i = 0; i < 4; i++) {
        connect(runtime, ADA, "ada-key"); // Each change comes with a turn of the audit's thread.
      }

      assertThat(store.audit().list(Filter.ALL, null, 100_000))
          .extracting(record -> record.position().run())
          .contains("new")
          .doesNotContain("old-1", "old-" + (many - 1));
      assertThat(runtime.audit().gaps(ALL)).extracting(Gap::run).containsExactly("new");
    }
  }

  @Test
  void whatCannotBeForgottenKeepsNothingElseFromBeingStored() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    audit.keepsAll = true;
    AuditSettings settings =
        AuditSettings.in(audit).overflowingTo(file, 1024 * 1024).keptFor(Duration.ofDays(30));

    try (var runtime = audited(settings)) {
      connect(runtime, ADA, "ada-key");

      assertThat(Files.size(file)).isZero();
      assertThat(store.audit().list(Filter.ALL, null, 10))
          .extracting(record -> record.kind())
          .contains(Kind.CHANGE);
    }
  }

  @Test
  void nothingIsForgottenOtherwise() {
    store.audit().append(List.of(started("old", Instant.EPOCH)));

    audited(AuditSettings.inStore()).close();

    assertThat(store.audit().list(Filter.ALL, null, 100))
        .extracting(record -> record.position().run())
        .contains("old");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuditSettings.inStore().keptFor(Duration.ofHours(23)));
  }

  private static AuditRecord started(String run, Instant at) {
    return new AuditRecord(
        new Position(at, run, 0),
        Kind.STARTED,
        Actor.RUNTIME,
        Subject.NONE,
        Verdict.DONE,
        Duration.ZERO);
  }

  @Test
  void anAdministratorOfOneEnvironmentSeesThatAlone() {
    try (var runtime = audited(AuditSettings.inStore())) {
      connect(runtime, ADA, "ada-key");
      runtime.invoke(ADA, MINE, Tickets.GET, ONE);
    }
    var here = Administrator.of(BOB.principal(), ADA.environment());
    var elsewhere = Administrator.of(BOB.principal(), "elsewhere");
    try (var runtime = audited(AuditSettings.inStore())) {
      assertThat(runtime.audit().list(here, Filter.ALL, null, 100))
          .filteredOn(record -> record.kind() == Kind.CALL)
          .isEqualTo(calls());
      assertThat(runtime.audit().list(elsewhere, Filter.ALL, null, 100)).isEmpty();
      assertThatExceptionOfType(PermissionDeniedException.class)
          .isThrownBy(
              () ->
                  runtime
                      .audit()
                      .list(
                          elsewhere,
                          new Filter(ADA.environment(), null, null, null, null, false, null),
                          null,
                          100));
    }
  }
}

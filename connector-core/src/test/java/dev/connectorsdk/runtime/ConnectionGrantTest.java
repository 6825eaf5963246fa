package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SharedConnection;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.UsedConnection;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ada's connection, on which she grants rights to others. */
@Tag("I1")
class ConnectionGrantTest extends HostTest {

  private static final Caller CYD = Principal.user("cyd").in("dev");
  private static final Principal STAFF = Principal.group("staff");
  private static final Flow BOBS = Flow.of("digest", BOB.principal()).using(SHARED, MINE);

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private final Set<Principal> staff = new HashSet<>();
  private ConnectionId adas;
  private int asked;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .memberships(
            (group, member) -> {
              asked++;
              if (group.id().equals("lost")) {
                throw new IllegalStateException("The directory does not answer");
              }
              return group.equals(STAFF) && staff.contains(member);
            });
  }

  @BeforeEach
  void adaHasAConnection() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    adas = connect(ADA, "adas").id();
  }

  private void grant(Caller caller, Principal to, Right right) {
    runtime.connections().grant(caller, adas, to, right);
  }

  private void bind(Caller caller) {
    runtime.references().bind(caller, SHARED, adas);
  }

  private void uses(Caller caller) {
    service.resetRequests();
    runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("adas")));
  }

  private void isRefused(ConnectorRuntime runtime, Caller caller) {
    service.resetRequests();
    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1")))
        .withMessageEndingWith("the connection may not be used for this work.")
        .satisfies(e -> assertThat(e.trail()).isEmpty());
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  private void cannotBind(Caller caller) {
    assertThatExceptionOfType(ResolutionException.Foreign.class).isThrownBy(() -> bind(caller));
  }

  @Test
  @DisplayName("5.5, 6.3: who was given Can use binds the connection")
  void whoeverHoldsUseBindsItToOwnReferencesAndFlows() {
    cannotBind(BOB);
    grant(ADA, BOB.principal(), Right.USE);

    bind(BOB.running(BOBS));

    uses(BOB.running(BOBS));
    uses(BOB);
    uses(BOBS.in(BOB.environment()));
    runtime.references().bind(BOB, MINE, adas);
    assertThat(runtime.references().resolve(BOB, MINE).connection().id()).isEqualTo(adas);
  }

  @Test
  void itIsChosenForNobodyWhoHasNotBoundIt() {
    grant(ADA, BOB.principal(), Right.OWN);

    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> runtime.references().resolve(BOB, MINE));
    assertThat(runtime.connections().list(BOB)).isEmpty();
  }

  @Test
  void intoAFlowOfSomebodyElseOnlyItsOwnerBringsIt() {
    grant(ADA, BOB.principal(), Right.OWN);
    Flow cyds = Flow.of("report", CYD.principal()).coOwnedBy(BOB.principal()).using(SHARED);

    cannotBind(BOB.running(cyds));
  }

  @Test
  void inAnotherEnvironmentItIsNotThere() {
    grant(ADA, BOB.principal(), Right.OWN);
    Caller inTest = BOB.principal().in("test");

    cannotBind(inTest);
    assertThat(runtime.connections().mayGrant(ADA.principal().in("test"), adas)).isFalse();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().get(inTest, adas));
  }

  @ParameterizedTest(name = "6.3: {0} reads {1}, tests {2}, updates {3}, grants {4}, deletes {5}")
  @CsvSource({
    "NONE,   false, false, false, false, false",
    "USE,    false, false, false, false, false",
    "MANAGE, true,  true,  true,  false, false",
    "OWN,    true,  true,  true,  true,  true"
  })
  void eachRightHoldsTheOnesBefore(
      Right right, boolean reads, boolean tests, boolean updates, boolean grants, boolean deletes) {
    grant(ADA, BOB.principal(), right);
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("other"));

    assertThat(isAllowed(() -> runtime.connections().get(BOB, adas))).isEqualTo(reads);
    assertThat(isAllowed(() -> runtime.connections().test(BOB, adas))).isEqualTo(tests);
    assertThat(isAllowed(() -> runtime.connections().update(BOB, adas, spec))).isEqualTo(updates);
    assertThat(runtime.connections().mayGrant(BOB, adas)).isEqualTo(grants);
    assertThat(isAllowed(() -> runtime.connections().grants(BOB, adas))).isEqualTo(grants);
    assertThat(isAllowed(() -> runtime.connections().revoke(BOB, adas, CYD.principal())))
        .isEqualTo(grants);
    assertThat(isAllowed(() -> grant(BOB, CYD.principal(), Right.USE))).isEqualTo(grants);
    assertThat(runtime.connections().delete(BOB, adas)).isEqualTo(deletes);
  }

  private static boolean isAllowed(Runnable act) {
    try {
      act.run();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  @Test
  void whatIsTakenBackEndsAtOnceAndInOtherProcessesWithinFiveSeconds() {
    grant(ADA, BOB.principal(), Right.USE);
    bind(BOB);
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(BOB, SHARED, Tickets.GET, new TicketId("1"));
      uses(BOB);

      assertThat(runtime.connections().revoke(ADA, adas, BOB.principal())).isTrue();

      isRefused(runtime, BOB);
      cannotBind(BOB);
      clock.advance(Duration.ofSeconds(5));
      isRefused(other, BOB);
    }
    assertThat(runtime.connections().revoke(ADA, adas, BOB.principal())).isFalse();
  }

  @Test
  void aGrantEndsByItselfWhenItsTimeHasCome() {
    Instant until = clock.instant().plusSeconds(60);
    runtime.connections().grant(ADA, adas, BOB.principal(), Right.USE, until);
    bind(BOB);
    clock.advance(Duration.ofMillis(59_999));
    uses(BOB);
    assertThat(runtime.connections().grants(ADA, adas))
        .containsExactly(new Grant(BOB.principal(), Right.USE, ADA.principal(), until));

    clock.advance(Duration.ofMillis(1));

    isRefused(runtime, BOB);
    assertThat(runtime.connections().grants(ADA, adas)).isEmpty();
  }

  @Test
  void aGrantOfAReferenceEndsByItselfToo() {
    var adasReference = SHARED.ownedBy(ADA.principal());
    Flow bobs = Flow.of("digest", BOB.principal()).using(adasReference);
    bind(ADA);
    Instant until = clock.instant().plusSeconds(60);
    runtime.references().grant(ADA, SHARED, BOB.principal(), until);
    runtime.invoke(BOB.running(bobs), adasReference, Tickets.GET, new TicketId("1"));

    clock.advance(Duration.ofSeconds(60));

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(
            () -> runtime.invoke(BOB.running(bobs), adasReference, Tickets.GET, new TicketId("1")));
  }

  @Test
  void aGrantNamesItsGrantorAndFallsWithHisRightForGood() {
    grant(ADA, BOB.principal(), Right.OWN);
    grant(BOB, CYD.principal(), Right.USE);
    bind(CYD);
    uses(CYD);
    assertThat(runtime.connections().grants(ADA, adas))
        .contains(new Grant(CYD.principal(), Right.USE, BOB.principal(), null));

    grant(ADA, BOB.principal(), Right.MANAGE);
    isRefused(runtime, CYD);

    grant(ADA, BOB.principal(), Right.OWN);
    isRefused(runtime, CYD);
    assertThat(runtime.connections().grants(ADA, adas))
        .extracting(Grant::grantee)
        .containsExactly(BOB.principal());
  }

  @Test
  void aGrantFallsWhenTheGrantorsRightRunsOutForGood() {
    runtime
        .connections()
        .grant(ADA, adas, BOB.principal(), Right.OWN, clock.instant().plusSeconds(60));
    grant(BOB, CYD.principal(), Right.USE);
    bind(CYD);
    clock.advance(Duration.ofSeconds(60));
    isRefused(runtime, CYD);

    grant(ADA, BOB.principal(), Right.OWN);

    isRefused(runtime, CYD);
  }

  @Test
  void whoGrantsBesideTheOwnerChangesNothingThatAnotherGranted() {
    grant(ADA, BOB.principal(), Right.OWN);
    grant(ADA, CYD.principal(), Right.OWN);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> grant(BOB, CYD.principal(), Right.NONE));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().revoke(BOB, adas, CYD.principal()));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> grant(BOB, BOB.principal(), Right.OWN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grant(BOB, ADA.principal(), Right.NONE))
        .withMessage("Nothing can be granted to user:ada, whose it is");
  }

  @Test
  void whatIsGrantedByNameCountsBeforeWhatIsGrantedToAGroup() {
    staff.add(BOB.principal());
    staff.add(CYD.principal());
    grant(ADA, STAFF, Right.USE);
    grant(ADA, CYD.principal(), Right.NONE);

    bind(BOB);
    uses(BOB);
    cannotBind(CYD);

    grant(ADA, STAFF, Right.NONE);
    grant(ADA, CYD.principal(), Right.USE);
    isRefused(runtime, BOB);
    bind(CYD);
    uses(CYD);
  }

  @Test
  void whatIsDeniedStaysSoAfterWhoeverDeniedIt() {
    staff.add(CYD.principal());
    grant(ADA, STAFF, Right.USE);
    grant(ADA, BOB.principal(), Right.OWN);
    grant(BOB, CYD.principal(), Right.NONE);
    runtime.connections().revoke(ADA, adas, BOB.principal());

    cannotBind(CYD);
    assertThat(runtime.connections().revoke(ADA, adas, CYD.principal())).isTrue();
    bind(CYD);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .grant(ADA, adas, CYD.principal(), Right.NONE, clock.instant()))
        .withMessage("What is denied stays so until that is taken back");
  }

  @Test
  void aMemberOfAnOwningGroupGrantsNothing() {
    staff.add(BOB.principal());
    grant(ADA, STAFF, Right.OWN);

    assertThat(runtime.connections().get(BOB, adas).id()).isEqualTo(adas);
    assertThat(runtime.connections().mayGrant(BOB, adas)).isFalse();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> grant(BOB, CYD.principal(), Right.USE));
  }

  @Test
  void whatIsSharedWithSomebodyIsListedWithTheMostThatTheyMayDo() {
    ConnectionId second = connect(ADA, "second").id();
    connect(BOB, "bobs");
    assertThat(runtime.connections().shared(BOB, 10).connections()).isEmpty();

    staff.add(BOB.principal());
    grant(ADA, STAFF, Right.MANAGE);
    runtime.connections().grant(ADA, adas, CYD.principal(), Right.USE);
    runtime.connections().grant(ADA, second, BOB.principal(), Right.USE);
    runtime.connections().grant(ADA, second, STAFF, Right.OWN);

    assertThat(runtime.connections().shared(BOB, 10).connections())
        .containsExactly(shared(second, Right.USE), shared(adas, Right.MANAGE));
    assertThat(runtime.connections().shared(BOB, 1).connections())
        .containsExactly(shared(second, Right.USE));
    assertThat(runtime.connections().shared(CYD, 10).connections())
        .containsExactly(shared(adas, Right.USE));
    assertThat(runtime.connections().shared(ADA, 10).connections()).isEmpty();
    assertThat(runtime.connections().shared(BOB.principal().in("test"), 10).connections())
        .isEmpty();

    runtime.connections().grant(ADA, adas, BOB.principal(), Right.NONE);
    runtime.connections().revoke(ADA, second, BOB.principal());
    assertThat(runtime.connections().shared(BOB, 10).connections())
        .containsExactly(shared(second, Right.OWN));
  }

  @Test
  void nobodyIsAskedAboutGroupsOnceEnoughWasGrantedByName() {
    grant(ADA, BOB.principal(), Right.USE);
    grantToGroups(3);

    assertThat(runtime.connections().shared(BOB, 1).isWhole()).isTrue();
    assertThat(runtime.references().choices(BOB, SHARED, 1)).hasSize(1);
    assertThat(asked).isZero();
  }

  @Test
  void noMoreThanAHundredGroupsAreAskedAboutHoweverManyWereGrantedSomething() {
    grant(ADA, BOB.principal(), Right.USE);
    grantToGroups(130);

    SharedConnection.Page page = runtime.connections().shared(BOB, 10);

    assertThat(page.connections()).containsExactly(shared(adas, Right.USE));
    assertThat(page.isWhole()).isFalse();
    assertThat(asked).isEqualTo(100);
  }

  @Test
  void aGroupThatCannotBeToldHidesNothingThatIsKnown() {
    ConnectionId second = connect(ADA, "second").id();
    ConnectionId third = connect(ADA, "third").id();
    staff.add(BOB.principal());
    grant(ADA, BOB.principal(), Right.USE);
    grant(ADA, Principal.group("lost"), Right.OWN);
    runtime.connections().grant(ADA, second, STAFF, Right.MANAGE);
    runtime.connections().grant(ADA, third, Principal.group("lost"), Right.USE);

    SharedConnection.Page page = runtime.connections().shared(BOB, 10);

    assertThat(page.connections())
        .containsExactly(shared(adas, Right.USE), shared(second, Right.MANAGE));
    assertThat(page.isWhole()).isFalse();
  }

  private void grantToGroups(int many) {
    ConnectionId other = connect(CYD, "cyds").id();
    for (int i = 0; i < many; i++) {
      runtime.connections().grant(CYD, other, Principal.group("junk-%03d".formatted(i)), Right.USE);
    }
    asked = 0;
  }

  private SharedConnection shared(ConnectionId id, Right right) {
    Connection connection = runtime.connections().get(ADA, id);
    return new SharedConnection(
        id,
        connection.connector(),
        connection.displayName(),
        connection.account(),
        ADA.principal(),
        State.CONNECTED,
        right);
  }

  @Test
  void whoLeftTheGroupIsRefused() {
    staff.add(BOB.principal());
    grant(ADA, STAFF, Right.USE);
    bind(BOB);
    uses(BOB);
    staff.clear();
    clock.advance(Duration.ofSeconds(5));

    isRefused(runtime, BOB);
  }

  @Test
  void whoUsesItReadsItsNamesAndNoMore() {
    grant(ADA, BOB.principal(), Right.USE);
    bind(BOB);
    service.resetAll();
    clock.advance(Duration.ofSeconds(1));

    assertThat(runtime.references().readiness(BOB.running(BOBS)).get(0).connection().displayName())
        .isEqualTo("Tickets");
    assertThat(runtime.references().binding(BOB, SHARED)).isEmpty();
    assertThat(runtime.references().export(BOB.running(BOBS)).toJson())
        .doesNotContain(adas.value());
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().get(BOB, adas));
  }

  @ParameterizedTest
  @EnumSource(Source.class)
  void whoBringsItIntoAFlowOfAnotherReadsItsNamesThereToo(Source source) {
    grant(ADA, BOB.principal(), Right.USE);
    ConnectionReference reference = source == Source.INVOKER ? MINE : SHARED;
    Flow cyds = Flow.of("report", CYD.principal()).runnableBy(BOB.principal()).using(reference);
    if (source == Source.EMBEDDED) {
      runtime.references().letRunOnlyUsersBringOwn(CYD.running(cyds), SHARED);
    }
    Caller running = BOB.running(cyds);
    assertThat(runtime.references().previewBind(running, reference, adas).references())
        .singleElement()
        .satisfies(item -> assertNamed(item.connection()))
        .satisfies(item -> assertThat(item.treatment()).isEqualTo(Treatment.BRING_OWN))
        .satisfies(item -> assertThat(item.why()).startsWith("It is bound for the caller alone."));

    runtime.references().bind(running, reference, adas);

    assertThat(runtime.references().readiness(running))
        .singleElement()
        .satisfies(one -> assertNamed(one.connection()))
        .satisfies(
            one ->
                assertThat(one.trail())
                    .containsExactly(new Candidate(null, "'Tickets' is bound to the reference")));
    runtime.connections().revoke(ADA, adas, BOB.principal());
    assertThat(runtime.references().readiness(running))
        .singleElement()
        .satisfies(one -> assertThat(one.connection()).isNull())
        .satisfies(one -> assertThat(one.trail()).isEmpty());
  }

  private static void assertNamed(@Nullable UsedConnection used) {
    assertThat(used).isEqualTo(new UsedConnection(null, SHARED.connector(), "Tickets", null));
  }

  @Test
  void whoCannotBringItForWhatItDoesNotFitReadsItsNamesToo() {
    grant(ADA, BOB.principal(), Right.USE);
    var other = ConnectionReference.invoker("my-weather", "weather");
    Flow cyds = Flow.of("report", CYD.principal()).runnableBy(BOB.principal()).using(other);

    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.references().bind(BOB.running(cyds), other, adas))
        .satisfies(
            e ->
                assertThat(e.trail())
                    .containsExactly(
                        new Candidate(null, "'Tickets' is of connector 'tickets', not 'weather'")));
  }

  @Test
  void whatMayBeBoundIsListedWithWhatIsInTheWay() {
    Connection bobs = connect(BOB, "bobs");
    Caller inCyds =
        BOB.running(Flow.of("report", CYD.principal()).coOwnedBy(BOB.principal()).using(SHARED));
    assertThat(runtime.references().choices(BOB, SHARED))
        .containsExactly(new Candidate(bobs.id(), "'Tickets' may be bound"));

    grant(ADA, STAFF, Right.USE);
    staff.add(BOB.principal());
    clock.advance(Duration.ofSeconds(5));

    assertThat(runtime.references().choices(BOB, SHARED))
        .containsExactly(
            new Candidate(bobs.id(), "'Tickets' may be bound"),
            new Candidate(adas, "'Tickets' may be bound"));
    assertThat(runtime.references().choices(inCyds, SHARED))
        .contains(
            new Candidate(
                adas,
                "'Tickets' is somebody else's, as the reference is: only its owner brings it"
                    + " there"));
    assertThat(runtime.references().choices(CYD, SHARED)).isEmpty();
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(
            () ->
                runtime
                    .references()
                    .choices(CYD.running(BOBS.runnableBy(CYD.principal())), SHARED));
  }

  @Test
  void deletingItEndsAllGrants() {
    grant(ADA, BOB.principal(), Right.OWN);
    runtime.connections().delete(ADA, adas);

    assertThat(store.grants().listGrants(ADA.environment())).isEmpty();
  }

  @Test
  void eachActThatChangesRightsIsOneEvent() {
    events.clear();
    grant(ADA, BOB.principal(), Right.USE);
    bind(BOB);
    runtime.references().grant(BOB, SHARED, CYD.principal());
    runtime.references().revoke(BOB, SHARED, CYD.principal());
    runtime.references().unbind(BOB, SHARED);
    runtime.connections().revoke(ADA, adas, BOB.principal());
    runtime.connections().revoke(ADA, adas, BOB.principal());

    Grant toBob = new Grant(BOB.principal(), Right.USE, ADA.principal(), null);
    Grant toCyd = new Grant(CYD.principal(), Right.USE, BOB.principal(), null);
    String name = SHARED.logicalName();
    Instant now = clock.instant();
    assertThat(heard(RightsChanged.class))
        .containsExactly(
            new RightsChanged(now, ADA, Act.GRANTED, SHARED.connector(), null, adas, toBob),
            new RightsChanged(now, BOB, Act.BOUND, SHARED.connector(), name, adas, null),
            new RightsChanged(now, BOB, Act.GRANTED, SHARED.connector(), name, null, toCyd),
            new RightsChanged(now, BOB, Act.REVOKED, SHARED.connector(), name, null, toCyd),
            new RightsChanged(now, BOB, Act.UNBOUND, SHARED.connector(), name, null, null),
            new RightsChanged(now, ADA, Act.REVOKED, SHARED.connector(), null, adas, toBob));
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ada's flow, which the staff co-owns and which the editors of a list may run. */
@Tag("I1")
class GroupRolesTest extends HostTest {

  private static final Caller CYD = Principal.user("cyd").in("dev");
  private static final Principal STAFF = Principal.group("staff");
  private static final Principal EDITORS = Principal.editorsOf("list-7");
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal()).coOwnedBy(STAFF).runnableBy(EDITORS).using(SHARED);

  /** What the host knows, and how often it was asked. */
  private final Set<String> members = new HashSet<>();

  private final List<String> asked = new ArrayList<>();
  private Runnable whileAsking = () -> {};

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.memberships(this::contains);
  }

  private boolean contains(Principal group, Principal member) {
    String pair = member + " in " + group;
    asked.add(pair);
    boolean answer = members.contains(pair);
    whileAsking.run();
    return answer;
  }

  @BeforeEach
  void adaHasBoundTheReference() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    runtime.references().bind(ADA.running(FLOW), SHARED, connect(ADA, "adas").id());
  }

  private void uses(Caller caller, String key) {
    service.resetRequests();
    runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo(key)));
  }

  private void isRefused(Caller caller, String reason) {
    service.resetRequests();
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1")))
        .withMessageEndingWith(reason);
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("6.4: a co-owner may be a group")
  void aMemberOfACoOwningGroupRunsAndChangesTheFlow() {
    members.add("user:bob in group:staff");
    Caller bob = BOB.running(FLOW);

    uses(bob, "adas");
    runtime.references().bind(bob, SHARED, connect(BOB, "bobs").id());
    uses(ADA.running(FLOW), "bobs");
    assertThat(runtime.references().readiness(bob)).allMatch(one -> one.connection() != null);
  }

  @Test
  void whoMayEditTheThingRunsTheFlowAndChangesNothing() {
    members.add("user:cyd in editors:list-7");
    Caller cyd = CYD.running(FLOW);

    uses(cyd, "adas");
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().bind(cyd, SHARED, connect(CYD, "cyds").id()))
        .withMessageEndingWith("only an owner of the flow may bind its embedded references.");
    assertThat(runtime.references().readiness(cyd)).allMatch(one -> one.connection() == null);
  }

  @Test
  void whoBelongsToNoGroupIsRefused() {
    isRefused(BOB.running(FLOW), "the caller is neither owner nor run-only user of the flow.");
  }

  @Test
  void aMemberWhoWasRemovedIsRefusedFiveSecondsLaterAndStaysSo() {
    members.add("user:bob in group:staff");
    uses(BOB.running(FLOW), "adas");
    members.clear();
    clock.advance(Duration.ofMillis(4_999));
    uses(BOB.running(FLOW), "adas");

    for (int seconds = 0; seconds < 20; seconds++) {
      clock.advance(Duration.ofMillis(seconds == 0 ? 1 : 1_000));
      isRefused(BOB.running(FLOW), "the caller is neither owner nor run-only user of the flow.");
    }
  }

  @Test
  void fiveSecondsHoldEvenWhereOtherThingsAreKeptForLonger() {
    try (ConnectorRuntime slow = with(builder()).freshness(Duration.ofHours(1)).build()) {
      runtime.close();
      runtime = slow;
      adaHasBoundTheReference();
      members.add("user:bob in group:staff");
      uses(BOB.running(FLOW), "adas");
      members.clear();
      clock.advance(Duration.ofSeconds(5));

      isRefused(BOB.running(FLOW), "the caller is neither owner nor run-only user of the flow.");
    }
  }

  @Test
  void theConnectionOfAFormerMemberIsRefused() {
    members.add("user:bob in group:staff");
    runtime.references().bind(BOB.running(FLOW), SHARED, connect(BOB, "bobs").id());
    uses(ADA.running(FLOW), "bobs");
    members.clear();
    clock.advance(Duration.ofSeconds(5));

    assertThatExceptionOfType(ResolutionException.Withdrawn.class)
        .isThrownBy(() -> uses(ADA.running(FLOW), "any"));
    assertThatExceptionOfType(ResolutionException.Withdrawn.class)
        .isThrownBy(() -> uses(FLOW.in(ADA.environment()), "any"));
  }

  @Test
  void anAnswerIsKeptSoThatCallsDoNotWait() {
    members.add("user:bob in group:staff");
    for (int i = 0; i < 10; i++) {
      uses(BOB.running(FLOW), "adas");
    }

    assertThat(asked).containsExactly("user:bob in group:staff");
  }

  @Test
  @DisplayName("An answer counts for five seconds, however long the rest of a repeated call holds")
  void anAnswerEndsBeforeWhatWasReadLater() {
    Administrator root = Administrator.ofRuntime(Principal.user("root"));
    ConnectionReference unbound = ConnectionReference.embedded("unbound", "tickets");
    members.add("user:bob in group:staff");
    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(
            () ->
                runtime.invoke(
                    BOB.running(FLOW.using(unbound)), unbound, Tickets.GET, new TicketId("1")));
    clock.advance(Duration.ofSeconds(4));
    runtime.policies().save(root, DataPolicy.named("p").build(), 0);
    runtime.policies().delete(root, "p", 1);
    runtime.references().bind(ADA.running(FLOW), SHARED, connect(ADA, "new").id());
    Caller bob = BOB.running(FLOW);
    for (int i = 0; i < 3; i++) {
      uses(bob, "new");
    }
    members.clear();

    clock.advance(Duration.ofSeconds(1));

    isRefused(bob, "the caller is neither owner nor run-only user of the flow.");
  }

  @Test
  void whoIsNamedIsNotAskedFor() {
    uses(ADA.running(FLOW), "adas");
    uses(BOB.running(FLOW.coOwnedBy(BOB.principal())), "adas");
    uses(BOB.running(FLOW.runnableBy(BOB.principal())), "adas");
    uses(FLOW.in(ADA.environment()), "adas");

    assertThat(asked).isEmpty();
  }

  @Test
  void anErrorRefusesAndNoEarlierAnswerTakesItsPlace() {
    members.add("user:bob in group:staff");
    uses(BOB.running(FLOW), "adas");
    clock.advance(Duration.ofSeconds(5));
    whileAsking =
        () -> {
          throw new IllegalStateException("ldap://admin:canary@directory");
        };
    service.resetRequests();

    assertThatExceptionOfType(MembershipException.class)
        .isThrownBy(() -> uses(BOB.running(FLOW), "any"))
        .withMessage("Whether user:bob belongs to editors:list-7 cannot be told now.")
        .withNoCause();
    service.verify(0, anyRequestedFor(anyUrl()));
    uses(ADA.running(FLOW), "adas");

    whileAsking = () -> {};
    uses(BOB.running(FLOW), "adas");
  }

  @Test
  void readinessShowsWhatCannotBeToldAndAllElse() {
    whileAsking =
        () -> {
          throw new IllegalStateException("away");
        };
    var mine = FLOW.using(MINE);

    assertThat(runtime.references().readiness(BOB.running(mine)))
        .extracting(ReferenceReadiness::state)
        .containsExactly(ReferenceReadiness.State.DENIED, ReferenceReadiness.State.DENIED);
    assertThat(runtime.references().readiness(BOB.running(mine)))
        .allMatch(one -> one.explanation().endsWith("cannot be told now."));
    assertThat(runtime.references().readiness(ADA.running(mine)).get(0).state())
        .isEqualTo(ReferenceReadiness.State.READY);
  }

  @Test
  void anAnswerThatTookLongerThanItCountsIsNone() {
    members.add("user:bob in group:staff");
    whileAsking = () -> clock.advance(Duration.ofSeconds(5));

    assertThatExceptionOfType(MembershipException.class)
        .isThrownBy(() -> uses(BOB.running(FLOW), "any"));
  }

  @Test
  void oneGroupThatCannotBeToldDoesNotUndoAnother() {
    members.add("user:bob in group:staff");
    whileAsking =
        () -> {
          if (asked.get(asked.size() - 1).endsWith("list-7")) {
            throw new IllegalStateException("partial");
          }
        };

    Flow other = Flow.of("triage", ADA.principal()).using(SHARED);
    uses(BOB.running(other.coOwnedBy(EDITORS, STAFF)), "adas");
    uses(BOB.running(other.coOwnedBy(EDITORS).runnableBy(STAFF)), "adas");
    uses(BOB.running(other.coOwnedBy(STAFF).runnableBy(EDITORS)), "adas");
    assertThatExceptionOfType(MembershipException.class)
        .isThrownBy(() -> uses(CYD.running(FLOW), "any"));
  }

  @Test
  void whoIsLetInByAnOlderAnswerIsNotLetInAfterTheRefusal() {
    members.add("user:bob in group:staff");
    whileAsking =
        () -> {
          whileAsking = () -> {};
          members.clear();
          isRefused(
              BOB.running(FLOW), "the caller is neither owner nor run-only user of the flow.");
        };

    isRefused(BOB.running(FLOW), "the caller is neither owner nor run-only user of the flow.");
    isRefused(BOB.running(FLOW), "the caller is neither owner nor run-only user of the flow.");
  }

  @Test
  void withoutMembershipsAGroupIsAnErrorAndNotSilent() {
    try (ConnectorRuntime knowsNone = builder().build()) {
      assertThatExceptionOfType(MembershipException.class)
          .isThrownBy(() -> knowsNone.references().resolve(BOB.running(FLOW), SHARED))
          .withMessageEndingWith("the runtime was given no memberships.");
    }
  }

  @Test
  void aReferenceIsGrantedToAGroupWhoseMembersFlowsUseIt() {
    var adas = SHARED.ownedBy(ADA.principal());
    Flow bobs = Flow.of("digest", BOB.principal()).using(adas);
    runtime.references().grant(ADA, SHARED, STAFF);

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().resolve(BOB.running(bobs), adas));
    members.add("user:bob in group:staff");
    clock.advance(Duration.ofSeconds(5));

    assertThat(runtime.references().resolve(BOB.running(bobs), adas).trail()).hasSize(1);
  }

  @Test
  @Tag("I2")
  @DisplayName("I2: what is unbound while a group is asked for is gone when the call goes on")
  void whatIsUnboundWhileAGroupIsAskedForIsGone() {
    var store = new InMemoryStore();
    KeyRing keys = KeyRing.random();
    var adas = SHARED.ownedBy(ADA.principal());
    Caller bob = BOB.running(Flow.of("digest", BOB.principal()).using(adas));
    members.add("user:bob in group:staff");
    runtime.close();
    runtime = with(builder()).store(store, keys).freshness(Duration.ofSeconds(9)).build();
    adaHasBoundTheReference();
    runtime.references().grant(ADA, SHARED, STAFF);
    assertThat(runtime.references().resolve(bob, adas).trail()).hasSize(1);
    try (ConnectorRuntime there = with(builder()).store(store, keys).build()) {
      clock.advance(Duration.ofSeconds(5));
      whileAsking =
          () -> {
            there.references().unbind(ADA, SHARED);
            clock.advance(Duration.ofSeconds(4));
          };

      assertThatExceptionOfType(ResolutionException.Unbound.class)
          .isThrownBy(() -> runtime.references().resolve(bob, adas));
    }
  }

  @Test
  @Tag("I2")
  @DisplayName("I2: so it is if the group that was waited for cannot be told, and another lets in")
  void whatIsUnboundWhileNobodyAnswersIsGone() {
    var store = new InMemoryStore();
    KeyRing keys = KeyRing.random();
    Principal away = Principal.group("away");
    Caller bob =
        BOB.running(
            Flow.of("triage", ADA.principal()).coOwnedBy(away).runnableBy(STAFF).using(SHARED));
    members.add("user:bob in group:staff");
    runtime.close();
    runtime = with(builder()).store(store, keys).freshness(Duration.ofSeconds(9)).build();
    adaHasBoundTheReference();
    assertThat(runtime.references().resolve(ADA.running(FLOW), SHARED).trail()).hasSize(1);
    clock.advance(Duration.ofSeconds(6));
    uses(BOB.running(Flow.of("triage", ADA.principal()).coOwnedBy(STAFF).using(SHARED)), "adas");
    try (ConnectorRuntime there = with(builder()).store(store, keys).build()) {
      whileAsking =
          () -> {
            there.references().unbind(ADA, SHARED);
            clock.advance(Duration.ofSeconds(4));
            throw new IllegalStateException("away");
          };

      assertThatExceptionOfType(ResolutionException.Unbound.class)
          .isThrownBy(() -> runtime.references().resolve(bob, SHARED));
    }
  }

  @Test
  void runOnlyUsersOfWhatOnlyTriggersStartAreRefusedAndOwnersAreNot() {
    members.add("user:cyd in editors:list-7");
    members.add("user:bob in group:staff");
    Flow nightly = FLOW.startedOnlyBy(Flow.Start.TRIGGERS);

    isRefused(CYD.running(nightly), "only triggers start the flow, so it has no run-only users.");
    uses(BOB.running(nightly), "adas");
    uses(ADA.running(nightly), "adas");
    uses(nightly.in(ADA.environment()), "adas");
  }

  @Test
  void whatOnlyPeopleStartDoesNotRunByItself() {
    Flow byHand = FLOW.startedOnlyBy(Flow.Start.PERSON);

    isRefused(byHand.in(ADA.environment()), "only people start the flow, and nobody has.");
    uses(ADA.running(byHand), "adas");
  }
}

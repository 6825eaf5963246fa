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
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** References belong to one principal each, who may let the flows of others use one. */
@Tag("I1")
class GrantedReferenceTest extends HostTest {

  private static final ConnectionReference ADAS = SHARED.ownedBy(ADA.principal());
  private static final Flow BOBS = Flow.of("digest", BOB.principal()).using(ADAS);
  private static final Flow OWN = Flow.of("report", ADA.principal()).using(SHARED);

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, keys);
  }

  @BeforeEach
  void adaHasBoundAReference() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    runtime.references().bind(ADA, SHARED, connect(ADA, "adas").id());
  }

  private void uses(Caller caller, ConnectionReference reference, String key) {
    service.resetRequests();
    runtime.invoke(caller, reference, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo(key)));
  }

  private void isRefused(ConnectorRuntime runtime, Caller caller) {
    service.resetRequests();
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.invoke(caller, ADAS, Tickets.GET, new TicketId("1")));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("5.3: a name is unique where its owner is")
  void twoPeopleUseTheSameNameForReferencesOfTheirOwn() {
    Flow bobs = Flow.of("digest", BOB.principal()).using(SHARED);
    runtime.references().bind(BOB.running(bobs), SHARED, connect(BOB, "bobs").id());

    uses(ADA.running(OWN), SHARED, "adas");
    uses(BOB.running(bobs), SHARED, "bobs");
    assertThat(runtime.references().unbind(BOB.running(bobs), SHARED)).isTrue();
    uses(ADA.running(OWN), SHARED, "adas");
  }

  @Test
  @DisplayName("5.3: many flows share a reference")
  void allFlowsOfOneOwnerShareAReference() {
    uses(ADA.running(OWN), SHARED, "adas");
    uses(ADA.running(Flow.of("other", ADA.principal())), SHARED, "adas");
    uses(ADA.running(Flow.of("named", ADA.principal()).using(ADAS)), ADAS, "adas");
  }

  @Test
  void aFlowOfSomebodyElseUsesItByItsOwnersGrantAlone() {
    isRefused(runtime, BOB.running(BOBS));

    runtime.references().grant(ADA, SHARED, BOB.principal());

    uses(BOB.running(BOBS), ADAS, "adas");
    assertThat(runtime.references().grants(ADA.running(OWN), SHARED))
        .containsExactly(new Grant(BOB.principal(), Right.USE, ADA.principal(), null));
  }

  @Test
  void aGrantIsForTheFlowsOfOnePrincipalInOneEnvironment() {
    runtime.references().grant(ADA, SHARED, BOB.principal());
    Caller cyd = Principal.user("cyd").in("dev");

    uses(cyd.running(BOBS.runnableBy(cyd.principal())), ADAS, "adas");
    isRefused(runtime, cyd.running(Flow.of("digest", cyd.principal())));
    isRefused(runtime, BOB.running(Flow.of("digest", cyd.principal()).coOwnedBy(BOB.principal())));
    isRefused(runtime, BOB.principal().in("test").running(BOBS));
    isRefused(runtime, BOB);
  }

  @Test
  void aGrantThatIsTakenBackEndsAtOnceAndInOtherProcessesWithinFiveSeconds() {
    runtime.references().grant(ADA, SHARED, BOB.principal());
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(BOB.running(BOBS), ADAS, Tickets.GET, new TicketId("1"));
      uses(BOB.running(BOBS), ADAS, "adas");

      assertThat(runtime.references().revoke(ADA, SHARED, BOB.principal())).isTrue();

      isRefused(runtime, BOB.running(BOBS));
      clock.advance(Duration.ofSeconds(5));
      isRefused(other, BOB.running(BOBS));
    }
    assertThat(runtime.references().revoke(ADA, SHARED, BOB.principal())).isFalse();
    assertThat(runtime.references().grants(ADA, SHARED)).isEmpty();
  }

  @Test
  void onlyTheOwnerOfAReferenceGrantsIt() {
    for (Caller caller : List.of(BOB, BOB.running(BOBS))) {
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.references().grant(caller, ADAS, BOB.principal()))
          .withMessageEndingWith("only the owner of a reference grants it.");
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.references().revoke(caller, ADAS, BOB.principal()));
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.references().grants(caller, ADAS));
    }
    Caller coOwner = BOB.running(OWN.coOwnedBy(BOB.principal()));
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().grant(coOwner, SHARED, BOB.principal()));
    isRefused(runtime, BOB.running(BOBS));
  }

  @Test
  void neitherAnInvokerReferenceIsGrantedNorAnyToAGroupThatNobodyKnows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().grant(ADA, MINE, BOB.principal()))
        .withMessage("Reference 'my-tickets' has nothing to grant: callers bring theirs");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().grant(ADA, SHARED, Principal.group("staff")))
        .withMessage("Nothing can be granted to group:staff: name its members");
  }

  @Test
  @DisplayName("10: the references of others cannot be managed")
  void whoUsesAGrantedReferenceDoesNotRebindIt() {
    runtime.references().grant(ADA, SHARED, BOB.principal());
    Connection bobs = connect(BOB, "bobs");

    runtime.references().bind(BOB.running(BOBS), ADAS, bobs.id());

    uses(BOB.running(BOBS), ADAS, "bobs");
    uses(BOB.running(Flow.of("second", BOB.principal())), ADAS, "adas");
    uses(ADA.running(OWN), SHARED, "adas");
    assertThat(runtime.references().unbind(BOB.running(BOBS), ADAS)).isTrue();
    uses(BOB.running(BOBS), ADAS, "adas");
  }

  @Test
  void whatTookThePlaceInAFlowDoesSoInNoFlowOfTheSameIdOfAnotherOwner() {
    Caller cyd = Principal.user("cyd").in("dev");
    Flow cyds = Flow.of("digest", cyd.principal()).coOwnedBy(BOB.principal()).using(ADAS);
    runtime.references().grant(ADA, SHARED, BOB.principal());
    runtime.references().grant(ADA, SHARED, cyd.principal());
    runtime.references().bind(BOB.running(BOBS), ADAS, connect(BOB, "bobs").id());

    uses(BOB.running(BOBS), ADAS, "bobs");
    uses(cyd.running(cyds), ADAS, "adas");
  }

  @Test
  void whoLostTheGrantChangesNothingAnyMore() {
    Connection bobs = connect(BOB, "bobs");
    runtime.references().grant(ADA, SHARED, BOB.principal());
    runtime.references().bind(BOB.running(BOBS), ADAS, bobs.id());
    runtime.references().revoke(ADA, SHARED, BOB.principal());

    isRefused(runtime, BOB.running(BOBS));
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().bind(BOB.running(BOBS), ADAS, bobs.id()));
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().unbind(BOB.running(BOBS), ADAS));
  }

  @Test
  void aBindingThatWasWrittenPastTheRuntimeLeadsToNobodyElsesConnection() {
    Flow bobs = Flow.of("digest", BOB.principal()).using(SHARED, MINE);
    ConnectionId adas = runtime.connections().list(ADA).get(0).id();
    for (ConnectionReference reference : bobs.references()) {
      ReferenceKey key =
          new ReferenceKey(
              BOB.environment(), BOB.principal(), reference.logicalName(), reference.source());
      store
          .bindings()
          .writeBinding(new StoredBinding(BindingKey.everywhere(key), reference.connector(), adas));

      assertThatExceptionOfType(ResolutionException.Foreign.class)
          .isThrownBy(() -> uses(BOB.running(bobs), reference, "any"))
          .satisfies(e -> assertThat(e.trail()).isEmpty())
          .withMessageNotContaining(adas.value());
    }
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aChoiceForAnInvokerReferenceHoldsInTheFlowsOfOneOwner() {
    Flow adas = Flow.of("report", ADA.principal()).runnableBy(BOB.principal()).using(MINE);
    Flow adasOther = Flow.of("other", ADA.principal()).runnableBy(BOB.principal()).using(MINE);
    Caller cyd = Principal.user("cyd").in("dev");
    Flow cyds = Flow.of("report", cyd.principal()).runnableBy(BOB.principal()).using(MINE);
    Connection general = connect(BOB, "general");
    Connection forAda = connect(BOB, "for-ada");
    Connection forCyd = connect(BOB, "for-cyd");
    runtime.references().bind(BOB, MINE, general.id());
    runtime.references().bind(BOB.running(adas), MINE, forAda.id());

    uses(BOB.running(adas), MINE, "for-ada");
    uses(BOB.running(adasOther), MINE, "for-ada");
    uses(BOB.running(cyds), MINE, "general");
    uses(BOB, MINE, "general");

    runtime.references().bind(BOB.running(cyds), MINE, forCyd.id());
    uses(BOB.running(cyds), MINE, "for-cyd");
    uses(BOB.running(adas), MINE, "for-ada");
    assertThat(runtime.references().unbind(BOB.running(adas), MINE)).isTrue();
    uses(BOB.running(adas), MINE, "general");
  }
}

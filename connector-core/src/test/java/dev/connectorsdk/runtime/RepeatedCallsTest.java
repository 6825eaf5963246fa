package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A call that went well a moment ago and comes again: whatever has changed since counts, although
 * most of it is not looked up anew.
 */
@Tag("I1")
@DisplayName("A call that went well before")
class RepeatedCallsTest {

  private static final Duration FRESHNESS = Duration.ofSeconds(5);

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Caller BOB = Principal.user("bob").in("dev");
  private static final Caller CYD = Principal.user("cyd").in("dev");
  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  private static final ConnectionReference SHARED =
      ConnectionReference.embedded("team-tickets", "tickets");
  private static final ConnectionReference ANY = ConnectionReference.invoker("any", "tickets");
  private static final TicketId INPUT = new TicketId("1");

  /** Sends nothing. */
  private static final Action<TicketId, String> USED =
      Action.builder("used", Effect.READ, TicketId.class, String.class)
          .run((in, call) -> call.connection().displayName());

  /** What the last call of this was given. */
  private static volatile WeakReference<Connection> given = new WeakReference<>(null);

  private static final Action<TicketId, String> GIVEN =
      Action.builder("given", Effect.READ, TicketId.class, String.class)
          .run(
              (in, call) -> {
                given = new WeakReference<>(call.connection());
                return "done";
              });

  private static final int MOST_COLLECTIONS = 50;

  private static final Connector CONNECTOR =
      Tickets.builder("https://tickets.example").action(USED).action(GIVEN).build();
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal()).runnableBy(CYD.principal()).calling(SHARED, USED.id());

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private final ConnectorRuntime here = node().build();
  private final ConnectorRuntime there = node().build();

  private RuntimeBuilder node() {
    return ConnectorRuntime.builder()
        .connector(CONNECTOR)
        .store(store, keys)
        .clock(clock)
        .sleeper(clock)
        .freshness(FRESHNESS);
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  private Connection connect(Caller caller, String name) {
    return here.connections().create(caller, ConnectionSpec.of("tickets", "none").named(name));
  }

  private String used(Caller caller, ConnectionReference reference) {
    return used(here, caller, reference);
  }

  private static String used(
      ConnectorRuntime runtime, Caller caller, ConnectionReference reference) {
    return runtime.invoke(caller, reference, USED, INPUT);
  }

  private void uses(String name, Caller caller, ConnectionReference reference) {
    for (int i = 0; i < 3; i++) {
      assertThat(used(caller, reference)).isEqualTo(name);
      assertThat(here.invoke(caller, reference, USED.id(), INPUT).stringValue()).isEqualTo(name);
    }
  }

  private void isRefused(
      Class<? extends ResolutionException> type, Caller caller, ConnectionReference reference) {
    assertThatExceptionOfType(type).isThrownBy(() -> used(caller, reference));
    assertThatExceptionOfType(type)
        .isThrownBy(() -> here.invoke(caller, reference, USED.id(), INPUT));
  }

  /** In the flow of Ada, who has bound a connection of hers. */
  @Nested
  class OnABoundConnection {

    private final Caller cyd = CYD.running(FLOW);
    private Connection adas;

    @BeforeEach
    void aCallWentWell() {
      adas = connect(ADA, "adas");
      here.references().bind(ADA, SHARED, adas.id());
      uses("adas", cyd, SHARED);
    }

    @Test
    void usesAnotherConnectionOnceThatIsBound() {
      here.references().bind(ADA, SHARED, connect(ADA, "others").id());

      uses("others", cyd, SHARED);
    }

    @Test
    void isRefusedOnceNothingIsBound() {
      here.references().unbind(ADA, SHARED);

      isRefused(ResolutionException.Unbound.class, cyd, SHARED);
    }

    @Test
    void isRefusedOnceTheConnectionIsDeleted() {
      here.connections().delete(ADA, adas.id());

      isRefused(ResolutionException.class, cyd, SHARED);
    }

    @Test
    void isRefusedWhileTheConnectionIsDisabled() {
      here.connections().disable(ROOT, adas.id(), "lost laptop");
      isRefused(ResolutionException.Broken.class, cyd, SHARED);

      here.connections().enable(ROOT, adas.id());
      uses("adas", cyd, SHARED);
    }

    @Test
    void isRefusedOnceTheConnectionIsSomebodyElses() {
      here.connections().handOver(ROOT, adas.id(), BOB.principal());

      isRefused(ResolutionException.class, cyd, SHARED);
    }

    @Test
    void seesWhatIsNewOfTheConnection() {
      here.connections()
          .update(ADA, adas.id(), ConnectionSpec.of("tickets", "none").named("renamed"));

      uses("renamed", cyd, SHARED);
    }

    @Test
    void isRefusedWhileADataPolicyForbidsIt() {
      here.policies().save(ROOT, DataPolicy.named("p").blocked("tickets").build(), 0);
      assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> used(cyd, SHARED));

      here.policies().save(ROOT, DataPolicy.named("p").business("tickets").build(), 1);
      uses("adas", cyd, SHARED);

      here.policies().save(ROOT, DataPolicy.named("p").blocked("tickets").build(), 2);
      assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> used(cyd, SHARED));
    }

    @Test
    void isAnotherCallInAnotherFlow() {
      Flow unshared = Flow.of("triage", ADA.principal()).calling(SHARED, USED.id());
      Flow undeclaring = FLOW.using(ANY);

      isRefused(ResolutionException.Denied.class, CYD.running(unshared), SHARED);
      uses("adas", CYD.running(undeclaring), SHARED);
      isRefused(ResolutionException.Denied.class, BOB.running(FLOW), SHARED);
    }

    @Test
    @DisplayName("is refused within the freshness once another process has disabled its connection")
    void isRefusedWithinTheFreshnessOfAChangeElsewhere() {
      there.connections().disable(ROOT, adas.id(), "lost laptop");
      clock.advance(FRESHNESS);

      isRefused(ResolutionException.Broken.class, cyd, SHARED);
    }

    @Test
    void isRefusedWithinTheFreshnessOfAPolicyElsewhere() {
      there.policies().save(ROOT, DataPolicy.named("p").blocked("tickets").build(), 0);
      clock.advance(FRESHNESS);

      assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> used(cyd, SHARED));
    }

    @Test
    void looksAgainAfterTheClockWasSetBack() {
      clock.advance(Duration.ofHours(-1));
      there
          .connections()
          .update(ADA, adas.id(), ConnectionSpec.of("tickets", "none").named("others"));

      uses("others", cyd, SHARED);
    }

    @Test
    @DisplayName("makes no objects but the one that its code gets")
    void makesNoObjectsButOne() {
      assertThat(bytesOfACall(here, cyd)).isLessThan(100);
    }
  }

  private static long bytesOfACall(ConnectorRuntime runtime, Caller caller) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int calls = 50_000;
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < calls; i++) {
      used(runtime, caller, SHARED);
    }
    return (threads.getThreadAllocatedBytes(thread) - before) / calls;
  }

  /** In a host that knows groups. */
  @Nested
  class WithGroups {

    private final Principal staff = Principal.group("staff");
    private final Flow oneOfTheirs = FLOW.coOwnedBy(staff);
    private final Set<Principal> members = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private final ConnectorRuntime grouped =
        node()
            .freshness(Duration.ofHours(1))
            .memberships(
                (group, member) -> {
                  asked.incrementAndGet();
                  return members.contains(member);
                })
            .build();

    @BeforeEach
    void aConnectionIsBound() {
      here.references().bind(ADA, SHARED, connect(ADA, "adas").id());
    }

    @AfterEach
    void stopIt() {
      grouped.close();
    }

    @Test
    @DisplayName("makes no objects but one, and asks nobody, where no group says who may")
    void isKnownWhereNoGroupMatters() {
      assertThat(bytesOfACall(grouped, CYD.running(FLOW))).isLessThan(100);
      assertThat(asked).hasValue(0);
    }

    @Test
    @DisplayName("makes no objects but one while the answer about a group counts")
    void isKnownWhileTheAnswerCounts() {
      members.add(BOB.principal());

      assertThat(bytesOfACall(grouped, BOB.running(oneOfTheirs))).isLessThan(100);
      assertThat(asked).hasValue(1);
    }

    @Test
    void isRefusedFromTheMillisecondOnInWhichTheAnswerEnds() {
      Caller bob = BOB.running(oneOfTheirs);
      members.add(BOB.principal());
      for (int i = 0; i < 3; i++) {
        assertThat(used(grouped, bob, SHARED)).isEqualTo("adas");
      }
      members.clear();

      clock.advance(Duration.ofMillis(4_999));
      assertThat(used(grouped, bob, SHARED)).isEqualTo("adas");
      clock.advance(Duration.ofMillis(1));
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> used(grouped, bob, SHARED));
    }

    @Test
    void isRefusedOnceTheAnswerEndsByWhichAGrantIsTheirs() {
      Connection bobs = connect(BOB, "bobs");
      grouped.connections().grant(BOB, bobs.id(), staff, Right.USE);
      members.add(ADA.principal());
      grouped.references().bind(ADA, SHARED, bobs.id());
      for (int i = 0; i < 3; i++) {
        assertThat(used(grouped, CYD.running(FLOW), SHARED)).isEqualTo("bobs");
      }
      members.clear();

      clock.advance(Duration.ofSeconds(5));

      assertThatExceptionOfType(ResolutionException.Foreign.class)
          .isThrownBy(() -> used(grouped, CYD.running(FLOW), SHARED));
    }
  }

  /** A connection has secrets. */
  @Test
  @Tag("B11")
  @DisplayName("B11: nothing is kept of a connection that is deleted, for no call either")
  void nothingIsKeptOfADeletedConnection() {
    Connection bobs = connect(BOB, "bobs");
    for (int i = 0; i < 3; i++) {
      here.invoke(BOB, ANY, GIVEN, INPUT);
    }

    here.connections().delete(BOB, bobs.id());

    for (int i = 0; i < MOST_COLLECTIONS && given.get() != null; i++) {
      System.gc();
    }
    assertThat(given.get()).isNull();
  }

  /** By a right that ends, or is taken back. */
  @Nested
  class ByARight {

    private final Instant end = clock.instant().plusSeconds(2);

    @Test
    void isRefusedFromTheMillisecondOnInWhichAGrantEnds() {
      Connection bobs = connect(BOB, "bobs");
      here.connections().grant(BOB, bobs.id(), ADA.principal(), Right.USE, end);
      here.references().bind(ADA, SHARED, bobs.id());
      uses("bobs", CYD.running(FLOW), SHARED);

      clock.advance(Duration.ofMillis(1_999));
      uses("bobs", CYD.running(FLOW), SHARED);
      clock.advance(Duration.ofMillis(1));
      isRefused(ResolutionException.Foreign.class, CYD.running(FLOW), SHARED);
    }

    @Test
    void isRefusedOnceAGrantOnTheConnectionIsTakenBack() {
      Connection bobs = connect(BOB, "bobs");
      here.connections().grant(BOB, bobs.id(), ADA.principal(), Right.USE);
      here.references().bind(ADA, SHARED, bobs.id());
      uses("bobs", CYD.running(FLOW), SHARED);

      here.connections().revoke(BOB, bobs.id(), ADA.principal());

      isRefused(ResolutionException.Foreign.class, CYD.running(FLOW), SHARED);
    }

    @Test
    void isRefusedOnceAGrantOnTheReferenceIsTakenBack() {
      ConnectionReference adas = SHARED.ownedBy(ADA.principal());
      Caller bob = BOB.running(Flow.of("digest", BOB.principal()).calling(adas, USED.id()));
      here.references().bind(ADA, SHARED, connect(ADA, "adas").id());
      here.references().grant(ADA, SHARED, BOB.principal());
      uses("adas", bob, adas);

      here.references().revoke(ADA, SHARED, BOB.principal());

      isRefused(ResolutionException.Denied.class, bob, adas);
    }

    @Test
    void usesAnOwnConnectionFromTheMillisecondOnInWhichAShareEnds() {
      connect(CYD, "cyds");
      here.references().bind(ADA, SHARED, connect(ADA, "adas").id());
      here.references().letRunOnlyUsersUse(ADA.running(FLOW), SHARED, end);
      uses("adas", CYD.running(FLOW), SHARED);

      clock.advance(Duration.ofMillis(1_999));
      uses("adas", CYD.running(FLOW), SHARED);
      clock.advance(Duration.ofMillis(1));
      uses("cyds", CYD.running(FLOW), SHARED);
    }

    @Test
    void usesAnOwnConnectionOnceTheOwnerWantsThat() {
      connect(CYD, "cyds");
      here.references().bind(ADA, SHARED, connect(ADA, "adas").id());
      uses("adas", CYD.running(FLOW), SHARED);

      here.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);

      uses("cyds", CYD.running(FLOW), SHARED);
    }
  }

  /** On the only connection that the caller has. */
  @Nested
  class OnTheOnlyConnection {

    @Test
    void isRefusedOnceThereAreTwo() {
      connect(BOB, "first");
      uses("first", BOB, ANY);

      connect(BOB, "second");

      isRefused(ResolutionException.Ambiguous.class, BOB, ANY);
    }

    @Test
    void usesTheOneThatIsChosen() {
      connect(BOB, "first");
      uses("first", BOB, ANY);
      Connection second = connect(BOB, "second");

      here.references().bind(BOB, ANY, second.id());

      uses("second", BOB, ANY);
    }

    @Test
    void isRefusedFromTheMillisecondOnInWhichItsCredentialEnds() {
      Instant end = clock.instant().plusSeconds(2);
      here.connections()
          .create(BOB, ConnectionSpec.of("tickets", "none").named("short").expiringAt(end));
      uses("short", BOB, ANY);

      clock.advance(Duration.ofMillis(1_999));
      uses("short", BOB, ANY);
      clock.advance(Duration.ofMillis(1));
      isRefused(ResolutionException.Broken.class, BOB, ANY);

      clock.advance(Duration.ofMillis(-1));
      uses("short", BOB, ANY);
    }
  }
}

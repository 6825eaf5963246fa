package dev.connectorsdk.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.GatewayMemberLost;
import dev.connectorsdk.api.event.ConnectorEvent.GatewayMemberReturned;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.gateway.GatewayStatus;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.gateway.GatewayMemberRecord.PublicKeys;
import dev.connectorsdk.internal.gateway.relay.LineDirectory.Standing;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import dev.connectorsdk.internal.gateway.seal.MemberFolder;
import dev.connectorsdk.internal.gateway.seal.MemberKeys;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes of the host that share a store know of the members of gateways. */
class HostLinesTest {

  private static final Duration LATELY = Duration.ofSeconds(15);
  private static final String OLD = "the process that was there first";
  private static final String NEW = "another process";
  private static final String THIRD = "a third process";
  private static final Presences.Of MEMBER = new Presences.Of("g1", "m1");

  @TempDir Path temp;
  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore(clock);
  private final List<ConnectorEvent> told = new ArrayList<>();
  private final EventHub events = new EventHub(Auditor.none(clock), List.of(told::add));
  private Sleeper sleeper = clock::advance;
  private final Host one = new Host("one");
  private final Host other = new Host("other");
  private GatewayRecord gateway;
  private LineMember member;

  /** A process of the host. */
  private final class Host {

    final StoredGateways gateways = new StoredGateways(store.gateways(), clock);
    final Presences presences = new Presences(store.gateways(), clock);
    final Nodes nodes;
    final PresentGateways present;
    final List<String> done = new ArrayList<>();
    final Statuses statuses;
    final HostLines lines;

    Host(String id) {
      nodes = new Nodes(store.gateways(), clock, id);
      present = new PresentGateways(nodes, Runnable::run, clock);
      present.whilePresent(done::add);
      statuses = new Statuses(nodes, presences, clock);
      lines =
          new HostLines(
              gateways,
              new Enrolment(gateways, statuses, Auditor.none(clock), clock, new Random(2)),
              nodes,
              new KeyUse(presences, nodes, clock, pause -> sleeper.sleep(pause)),
              new Attendance(gateways, presences, nodes, events, clock),
              present,
              new Passages((owner, gateway) -> false, Runnable::run));
    }

    /** What a relay does every few seconds. */
    void watch() {
      nodes.all();
      lines.look();
    }

    GatewayStatus.Member status() {
      return statuses.of(gateway).members().get(0);
    }
  }

  @BeforeEach
  void makeGateway() {
    MemberKeys keys = MemberKeys.loadOrCreate(new MemberFolder(temp));
    var about =
        new GatewayRecord.About(
            "Plant 3", Environment.of("prod"), Principal.user("ada"), clock.instant(), false);
    var record =
        new GatewayMemberRecord(
            "m1",
            "basement",
            new PublicKeys(keys.identity().toPublicJWK(), keys.handOver().publicHalf()),
            clock.instant(),
            true,
            null);
    gateway = new GatewayRecord("g1", about, null, List.of(record), List.of(), List.of());
    one.gateways.add(gateway);
    member = one.lines.member("g1", "m1").orElseThrow();
  }

  private LineFacts line(String id, String instance) {
    return new LineFacts(
        id,
        "address of " + instance,
        "1.2",
        instance,
        clock.instant(),
        clock.instant(),
        Duration.ofMinutes(-10),
        2,
        3);
  }

  private LineFacts open(Host host, String id, String instance) {
    LineFacts line = line(id, instance);
    assertThat(host.lines.holder(member, line)).isEmpty();
    host.lines.opened(member, line);
    return line;
  }

  private void close(Host host, LineFacts line) {
    host.lines.closed(member, line, "cut");
  }

  /** Time goes by, and both processes look around. */
  private void pass(Duration time) {
    for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
      clock.advance(Duration.ofSeconds(2));
      one.watch();
      other.watch();
    }
  }

  // Processes

  @Test
  void aProcessThatHasLeftIsThereNoMore() {
    one.lines.nodes();
    assertThat(store.gateways().listNodes(LATELY)).hasSize(1);

    one.lines.leave();
    clock.advance(Duration.ofMinutes(1));
    one.lines.nodes();
    one.lines.opened(member, line("l1", OLD));

    assertThat(store.gateways().listNodes(LATELY)).isEmpty();
  }

  @Test
  void aProcessThatSaysNothingIsThereForAQuarterOfAMinute() {
    one.lines.nodes();
    assertThat(other.lines.nodes()).containsExactly("one", "other");

    clock.advance(LATELY.plusSeconds(1));

    assertThat(other.lines.nodes()).containsExactly("other");
  }

  // Status

  @Test
  void theLinesToAllProcessesAreShownByEach() {
    Instant opened = clock.instant();
    open(one, "l1", OLD);
    open(other, "l2", OLD);
    pass(Duration.ofSeconds(6));
    one.lines.seen(member, line("l1", OLD));

    GatewayStatus.Member status = other.status();
    assertThat(status.isConnected()).isTrue();
    assertThat(status.lastSeen()).isEqualTo(opened);
    assertThat(one.status().lastSeen()).isEqualTo(clock.instant());
    assertThat(status.lines()).extracting(GatewayStatus.Line::host).containsExactly("one", "other");
    assertThat(status.lines().get(0))
        .isEqualTo(
            new GatewayStatus.Line(
                "one", "address of " + OLD, "1.2", opened, opened, Duration.ofMinutes(-10), 2, 3));
  }

  @Test
  void whoIsNotThereWasSeenWhenItsLineEnded() {
    LineFacts line = open(one, "l1", OLD);
    pass(Duration.ofMinutes(3));
    close(one, line);
    Instant ended = clock.instant();
    pass(Duration.ofMinutes(3));

    assertThat(other.status().isConnected()).isFalse();
    assertThat(other.status().lastSeen()).isEqualTo(ended);
  }

  @Test
  void whenAMemberWasThereIsKnownToAMinuteAfterASuddenEnd() {
    open(one, "l1", OLD);
    for (int i = 0; i < 60; i++) {
      clock.advance(Duration.ofSeconds(2));
      one.watch();
    }
    Instant ended = clock.instant();
    clock.advance(Duration.ofHours(2));

    assertThat(other.status().lastSeen()).isBetween(ended.minusSeconds(60), ended);
  }

  @Test
  void whoeverWasNeverThereIsShownAsThat() {
    assertThat(one.status().isConnected()).isFalse();
    assertThat(one.status().lastSeen()).isNull();
  }

  // Lost and returned

  @Test
  void aMemberThatComesForTheFirstTimeIsToldOfOnce() {
    Instant now = clock.instant();
    open(one, "l1", OLD);
    open(other, "l2", OLD);
    pass(Duration.ofMinutes(1));

    assertThat(told)
        .containsExactly(
            new GatewayMemberReturned(
                now, Environment.of("prod"), "g1", "m1", "basement", "address of " + OLD, null));
  }

  @Test
  void aMemberIsLostOnceForAllProcessesAndReturnsOnce() {
    LineFacts first = open(one, "l1", OLD);
    LineFacts second = open(other, "l2", OLD);
    pass(Duration.ofMinutes(1));
    close(one, first);
    close(other, second);
    Instant ended = clock.instant();
    told.clear();

    pass(Duration.ofMinutes(1));
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            GatewayMemberLost.class,
            lost -> {
              assertThat(lost.lastSeen()).isEqualTo(ended);
              assertThat(lost.at()).isBetween(ended.plusSeconds(15), ended.plusSeconds(20));
            });
    Instant lost = told.get(0).at();

    open(one, "l3", OLD);
    open(other, "l4", OLD);
    pass(Duration.ofMinutes(1));
    assertThat(told.subList(1, told.size()))
        .singleElement()
        .isInstanceOfSatisfying(
            GatewayMemberReturned.class, returned -> assertThat(returned.lostAt()).isEqualTo(lost));
  }

  @Test
  void linesThatFlapAreNoLoss() {
    LineFacts line = open(one, "l0", OLD);
    pass(Duration.ofMinutes(1));
    told.clear();

    for (int i = 1; i <= 5; i++) {
      close(one, line);
      pass(Duration.ofSeconds(10));
      line = open(one, "l" + i, OLD);
      pass(Duration.ofSeconds(10));
    }

    assertThat(told).isEmpty();
  }

  @Test
  void aMemberIsLostWhereTheProcessThatHeldItsLineHasEndedSuddenly() {
    open(one, "l1", OLD);
    other.watch();
    told.clear();

    for (int i = 0; i < 60; i++) {
      clock.advance(Duration.ofSeconds(2));
      other.watch();
    }

    assertThat(told).singleElement().isInstanceOf(GatewayMemberLost.class);
  }

  @Test
  void whoHasJustBegunTellsOfNoLossBeforeItsMembersCouldDial() {
    open(one, "l1", OLD);
    clock.advance(Duration.ofHours(1));
    told.clear();
    Host next = new Host("next");

    next.watch();
    clock.advance(Duration.ofSeconds(10));
    next.watch();
    open(next, "l2", OLD);
    clock.advance(Duration.ofSeconds(10));
    next.watch();

    assertThat(told).isEmpty();
  }

  @Test
  void nothingIsKnownAnyMoreOfAMemberThatWasRemoved() {
    LineFacts line = open(one, "l1", OLD);
    one.gateways.change("g1", record -> record.withMembers(List.of()));
    close(one, line);
    told.clear();

    pass(Duration.ofMinutes(1));

    assertThat(store.gateways().listPresences()).isEmpty();
    assertThat(told).isEmpty();
  }

  // What waits for a member

  @Test
  void whatWaitsForAMemberIsDoneWhenItComesAndEachHalfMinuteWhileItIsThere() {
    one.watch();
    assertThat(one.done).isEmpty();
    LineFacts line = open(one, "l1", OLD);
    assertThat(one.done).containsExactly("g1");

    pass(Duration.ofSeconds(28));
    assertThat(one.done).hasSize(1);
    pass(Duration.ofSeconds(2));
    assertThat(one.done).hasSize(2);
    close(one, line);
    pass(Duration.ofMinutes(2));

    assertThat(one.done).hasSize(2);
    assertThat(other.done).isEmpty();
  }

  // A key that is used twice

  @Test
  void aMembersLinesToSeveralProcessesOfTheHostAreOneUseOfItsKey() {
    LineFacts first = open(one, "l1", OLD);
    LineFacts second = open(other, "l2", OLD);
    clock.advance(Duration.ofSeconds(10));

    assertThat(one.lines.seen(member, first)).isEqualTo(Standing.GOES_ON);
    assertThat(other.lines.seen(member, second)).isEqualTo(Standing.GOES_ON);
  }

  /** Has a process look after its line whenever the other one waits. */
  private void whileWaiting(Runnable then) {
    sleeper =
        pause -> {
          clock.advance(pause);
          then.run();
        };
  }

  @Test
  void aKeyThatLivesAtAnotherProcessOfTheHostIsRefusedHere() {
    LineFacts old = open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    one.watch();
    whileWaiting(
        () -> {
          if (one.lines.seen(member, old) == Standing.CLAIMED) {
            one.lines.alive(member, old);
          }
        });

    assertThat(other.lines.holder(member, line("l2", NEW))).contains("address of " + OLD);

    clock.advance(Duration.ofSeconds(2));
    assertThat(one.lines.seen(member, old)).isEqualTo(Standing.GOES_ON);
    assertThat(one.status().copy().address()).isEqualTo("address of " + NEW);
    assertThat(other.status().lines())
        .extracting(GatewayStatus.Line::address)
        .containsExactly("address of " + OLD);
  }

  @Test
  void aKeyGoesToANewProcessWhereTheOldOneGivesNoSignOfLife() {
    LineFacts old = open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    one.watch();
    whileWaiting(
        () -> {
          if (one.lines.seen(member, old) == Standing.CLAIMED) {
            close(one, old);
          }
        });

    open(other, "l2", NEW);

    assertThat(other.status().copy()).isNull();
    assertThat(one.presences.now(MEMBER).isHeldBy(NEW)).isTrue();
  }

  @Test
  void aKeyGoesToANewProcessWhereNobodyAnswersForTheOldOneWhoseLineThenEnds() {
    LineFacts old = open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    one.watch();
    Instant asked = clock.instant();

    open(other, "l2", NEW);

    assertThat(Duration.between(asked, clock.instant())).isEqualTo(Duration.ofSeconds(8));
    clock.advance(Duration.ofSeconds(2));
    assertThat(one.lines.seen(member, old)).isEqualTo(Standing.REPLACED);
  }

  @Test
  void aProcessThatStartsAgainGetsItsKeyAtOnceWhereItsLineHasEnded() {
    LineFacts old = open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    close(one, old);
    Instant back = clock.instant();

    open(other, "l2", NEW);

    assertThat(clock.instant()).isEqualTo(back);
  }

  @Test
  void anEndThatIsToldOfTwiceIsAsIfToldOfOnce() {
    LineFacts line = open(one, "l1", OLD);
    close(one, line);
    Instant ended = clock.instant();
    clock.advance(Duration.ofSeconds(5));

    close(one, line);

    assertThat(one.status().lastSeen()).isEqualTo(ended);
  }

  /** A copy claims the key, whatever was claimed before. */
  private void claim(String instance, boolean refused) {
    var claim = new Presence.Claim(instance, "address of " + instance, clock.instant(), refused);
    one.presences.change(MEMBER, before -> before.claimed(claim));
  }

  @Test
  void whoeverHasOnlyWaitedBehindOthersDoesNotGetTheKeyAndIsNotRefused() {
    LineFacts old = open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    one.watch();
    claim(THIRD, false);
    Instant asked = clock.instant();
    whileWaiting(
        () -> {
          if (clock.instant().equals(asked.plusSeconds(4))) {
            claim("a fourth process", false);
          }
        });

    assertThatThrownBy(() -> other.lines.holder(member, line("l2", NEW)))
        .isInstanceOf(ConflictException.class);

    assertThat(Duration.between(asked, clock.instant())).isEqualTo(Duration.ofSeconds(8));
    assertThat(one.presences.now(MEMBER).isHeldBy(OLD)).isTrue();
    one.lines.alive(member, old);
    clock.advance(Duration.ofSeconds(2));
    assertThat(one.lines.seen(member, old)).isEqualTo(Standing.GOES_ON);
  }

  @Test
  void aClaimThatIsStillYoungGoesOnWhenItsProcessDialsAgain() {
    open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    one.watch();
    claim(THIRD, false);
    clock.advance(Duration.ofSeconds(5));
    one.watch();
    Instant asked = clock.instant();

    assertThatThrownBy(() -> other.lines.holder(member, line("l2", NEW)))
        .isInstanceOf(ConflictException.class);
    assertThat(one.presences.now(MEMBER).isHeldBy(OLD)).isTrue();
    open(other, "l3", NEW);

    assertThat(Duration.between(asked, clock.instant())).isEqualTo(Duration.ofSeconds(3 + 8));
  }

  @Test
  void aClaimThatNobodyWaitedForGivesNoKey() {
    LineFacts old = open(one, "l1", OLD);
    claim(NEW, false);
    clock.advance(Duration.ofSeconds(10));
    one.watch();
    whileWaiting(() -> one.lines.alive(member, old));

    assertThat(other.lines.holder(member, line("l2", NEW))).contains("address of " + OLD);
  }

  @Test
  void aClaimThatWasRefusedKeepsOthersWaitingOnlyUntilItsProcessHasReadIt() {
    LineFacts old = open(one, "l1", OLD);
    claim(THIRD, false);
    clock.advance(Duration.ofSeconds(4));
    one.watch();
    one.lines.alive(member, old);
    Instant asked = clock.instant();
    whileWaiting(
        () -> {
          if (one.presences.now(MEMBER).isClaimedBy(NEW)) {
            one.lines.alive(member, old);
          }
        });

    assertThat(other.lines.holder(member, line("l2", NEW))).contains("address of " + OLD);

    assertThat(Duration.between(asked, clock.instant())).isEqualTo(Duration.ofMillis(1_250));
  }

  @Test
  void aClaimByAClockThatIsFarAheadKeepsNobodyWaiting() {
    open(one, "l1", OLD);
    clock.advance(Duration.ofHours(1));
    claim(THIRD, false);
    clock.advance(Duration.ofHours(-1).plusSeconds(10));
    one.watch();

    open(other, "l2", NEW);

    assertThat(one.presences.now(MEMBER).isHeldBy(NEW)).isTrue();
  }

  @Test
  void aKeyThatLivesAtTheSameProcessOfTheHostIsRefused() {
    LineFacts old = open(one, "l1", OLD);
    clock.advance(Duration.ofSeconds(10));
    whileWaiting(
        () -> {
          if (one.lines.seen(member, old) == Standing.CLAIMED) {
            one.lines.alive(member, old);
          }
        });

    assertThat(one.lines.holder(member, line("l2", NEW))).contains("address of " + OLD);
    assertThat(one.lines.seen(member, old)).isEqualTo(Standing.GOES_ON);
  }
}

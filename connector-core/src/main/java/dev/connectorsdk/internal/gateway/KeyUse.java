package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.internal.gateway.NodeJson.Line;
import dev.connectorsdk.internal.gateway.Presence.Claim;
import dev.connectorsdk.internal.gateway.Presence.Copy;
import dev.connectorsdk.internal.gateway.Presence.Holder;
import dev.connectorsdk.internal.gateway.Presences.Of;
import dev.connectorsdk.internal.gateway.relay.LineDirectory.Standing;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sees to it that one process uses a member's key at a time, whichever processes of the host it has
 * lines to. Safe for several threads.
 *
 * <p>A process that shows a key which another one has claims it in the store, and waits. The
 * process of the host that holds a line of the other one asks that for a sign of life: if it gives
 * one, the claim is refused, else its line ends and the claim holds. Where nobody answers for it in
 * time, the claim holds as well, and a line that turns up later ends.
 *
 * <p>There is one claim at a time. Whoever finds another one's waits until that is over, and gets
 * the key by a claim of its own alone.
 */
final class KeyUse {

  /** Longer than it takes to see a claim, to wait for a sign of life, and to say so. */
  private static final Duration ANSWERED = Duration.ofSeconds(8);

  private static final Duration LOOK = Duration.ofMillis(250);

  /** Within this time whoever was refused, and still waits, has read it. */
  private static final Duration READ = Duration.ofSeconds(1);

  /** Within this time the line of whoever holds a key is told of. */
  private static final Duration TOLD = Duration.ofSeconds(3);

  private final Presences presences;
  private final Nodes nodes;
  private final Clock clock;
  private final Sleeper sleeper;

  KeyUse(Presences presences, Nodes nodes, Clock clock, Sleeper sleeper) {
    this.presences = presences;
    this.nodes = nodes;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Lets a process of a member use its key, or says who does; it may take 8 s.
   *
   * @return where the process is that goes on in its place
   * @throws ConflictException if that is not known by then, for others show the key as well
   */
  Optional<String> holder(Of member, LineFacts facts) {
    long looks = ANSWERED.dividedBy(LOOK);
    for (long look = 0; look <= looks; look++) {
      if (look > 0) {
        pause();
      }
      boolean isFirst = look == 0;
      List<Line> lines =
          Stream.concat(nodes.elsewhereNow().stream(), nodes.ownLines().stream()).toList();
      Presence now =
          presences.change(member, before -> asked(before, member, facts, lines, isFirst)).after();
      if (now.isHeldBy(facts.instance())) {
        return Optional.empty();
      }
      Holder holder = now.holder();
      if (holder != null && isRefused(now, facts)) {
        copied(member, facts.address());
        return Optional.of(holder.address());
      }
    }
    throw new ConflictException("Who uses a member's key");
  }

  private static boolean isRefused(Presence presence, LineFacts facts) {
    Claim claim = presence.claim();
    return claim != null && claim.refused() && presence.isClaimedBy(facts.instance());
  }

  private Holder holder(LineFacts facts) {
    return new Holder(facts.instance(), facts.address(), clock.instant());
  }

  private Presence asked(
      Presence before, Of member, LineFacts facts, List<Line> lines, boolean isFirst) {
    Holder holder = before.holder();
    if (before.isHeldBy(facts.instance())) {
      return before;
    }
    if (holder == null || !isInUse(holder, member, lines)) {
      return before.heldBy(holder(facts));
    }
    Claim claim = before.claim();
    boolean isOwn = before.isClaimedBy(facts.instance());
    if (claim != null && isWaiting(claim, isOwn)) {
      return before;
    }
    boolean isUnanswered = claim != null && isOwn && !claim.refused() && !isFirst;
    return isUnanswered
        ? before.heldBy(holder(facts))
        : before.claimed(new Claim(facts.instance(), facts.address(), clock.instant(), false));
  }

  /** The clock of whoever has written the claim may be another one, and far ahead. */
  private boolean isWaiting(Claim claim, boolean isOwn) {
    Duration time = claim.refused() && !isOwn ? READ : ANSWERED;
    return Duration.between(claim.at(), clock.instant()).abs().compareTo(time) < 0;
  }

  private boolean isInUse(Holder holder, Of member, List<Line> lines) {
    Instant now = clock.instant();
    boolean isNew = now.isBefore(holder.at().plus(TOLD)) && !now.isBefore(holder.at());
    return isNew
        || lines.stream()
            .anyMatch(
                line ->
                    line.member().equals(member)
                        && line.facts().instance().equals(holder.instance()));
  }

  private void pause() {
    try {
      sleeper.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallCancelledException("Looking after a line of a gateway");
    }
  }

  /** Returns what becomes of a line that is alive. */
  Standing standing(Of member, LineFacts facts) {
    String instance = facts.instance();
    if (standing(presences.lately(member), instance) == Standing.GOES_ON) {
      return Standing.GOES_ON;
    }
    return standing(presences.now(member), instance);
  }

  private static Standing standing(Presence presence, String instance) {
    if (presence.holder() != null && !presence.isHeldBy(instance)) {
      return Standing.REPLACED;
    }
    Claim claim = presence.claim();
    return claim == null || claim.refused() || presence.isClaimedBy(instance)
        ? Standing.GOES_ON
        : Standing.CLAIMED;
  }

  /** A process that has a key has given a sign of life while another one claims it. */
  void alive(Of member, LineFacts facts) {
    presences.change(member, before -> refused(before, facts));
  }

  private Presence refused(Presence before, LineFacts facts) {
    Claim claim = before.claim();
    return claim == null || claim.refused() || !before.isHeldBy(facts.instance())
        ? before
        : before.claimed(new Claim(claim.instance(), claim.address(), clock.instant(), true));
  }

  /** A process was refused, for another one uses the same key. */
  void copied(Of member, String address) {
    presences.change(member, before -> before.copied(new Copy(address, clock.instant())));
  }
}

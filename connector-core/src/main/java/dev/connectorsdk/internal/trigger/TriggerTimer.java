package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.internal.connection.Deletions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has turns taken and events handed over when they are due: one thread that looks, and others, as
 * many as there is work, that do it. {@code this} guards start and end.
 */
final class TriggerTimer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TriggerTimer.class);

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration TIDY = Duration.ofMinutes(1);
  private static final int TIDY_ROWS = 1_000;

  /** Handlers of one subscription that all hang leave the rest to those of others. */
  private static final int PARTS = 4;

  /** How many polls wait for one of the threads, so that none of these has to wait for a poll. */
  private static final int POLLS_AHEAD = 64;

  private static final long LONGEST_GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(10);

  /** In place of the handler of a subscription that whoever looks may end. No handler's name. */
  static final String ANYBODY = "-";

  private final TriggerStore store;
  private final Turns turns;
  private final HandOver handOver;
  private final Turns.Pace pace;
  private final Clock clock;
  private final ExecutorService workers = TriggerThreads.start();
  private final Lane polls = new Lane(workers, POLLS_AHEAD, this::wakeForEvents);
  private final Rooms<String> shares = new Rooms<>(TriggerThreads.room() / PARTS);
  private final OwnSchedule<Claim> ownTurns;
  private final Schedule scheduledTurns;
  private final OwnSchedule<EventClaim> events;
  private final OwnSchedule<Deletions.Claim> deletions;
  private long tickedMillis; // of the thread that looks
  private long tidiedMillis; // of the thread that looks
  private volatile boolean closed;
  private @Nullable Thread thread; // guarded by this

  TriggerTimer(Turns turns, HandOver handOver, DeletedConnections deleted, Turns.Parts parts) {
    this.store = parts.store();
    this.turns = turns;
    this.handOver = handOver;
    this.pace = parts.pace();
    this.clock = parts.pace().clock();
    this.ownTurns = new OwnSchedule<>(turns(), polls);
    this.scheduledTurns = scheduledTurns();
    this.events = new OwnSchedule<>(events(), new Lane(workers, 0, this::wakeForEvents));
    this.deletions =
        new OwnSchedule<>(deletions(deleted), new Lane(workers, 0, this::wakeForEvents));
  }

  private OwnSchedule.Due<Claim> turns() {
    Set<String> takers = takers();
    return new OwnSchedule.Due<>(
        limit -> store.claimDue(takers, Watch.LEASE, limit),
        () -> store.untilNextDue(takers),
        this::take,
        claim -> {},
        this::giveBack);
  }

  private OwnSchedule.Due<EventClaim> events() {
    Set<String> handlers = handOver.handlers();
    return new OwnSchedule.Due<>(
        limit -> claimEvents(handlers, limit),
        () -> store.untilNextEvent(handlers, shares.full()),
        this::handOver,
        this::leave,
        store::release);
  }

  private static OwnSchedule.Due<Deletions.Claim> deletions(DeletedConnections deleted) {
    return new OwnSchedule.Due<>(
        deleted::claim, Optional::empty, deleted::goOn, claim -> {}, deleted::giveBack);
  }

  /** Claims no more of any subscription than it may have handled. */
  private List<EventClaim> claimEvents(Set<String> handlers, int limit) {
    Set<String> full = shares.full();
    int most = Math.min(limit, shares.least());
    List<EventClaim> claims = store.claimEvents(handlers, full, Watch.LEASE, most);
    claims.forEach(claim -> shares.enter(claim.event().subscription()));
    return claims;
  }

  private void leave(EventClaim claim) {
    if (shares.leave(claim.event().subscription())) {
      wakeForEvents();
    }
  }

  /** The only way to a schedule that is not the runtime's own. */
  private Schedule scheduledTurns() {
    return store instanceof ScheduledStore scheduled
        ? scheduled.schedule(takers(), Watch.LEASE, this::take).orElse(ownTurns)
        : ownTurns;
  }

  /** Returns whose turns are taken here. */
  private Set<String> takers() {
    Set<String> takers = new HashSet<>(handOver.handlers());
    takers.add(ANYBODY);
    return takers;
  }

  private CompletableFuture<Optional<Duration>> take(Claim claim) {
    var next = new CompletableFuture<Optional<Duration>>();
    polls.begin(
        leave -> {
          Runnable givenUp =
              () -> {
                leave.run();
                next.complete(Optional.empty());
              };
          try {
            next.complete(Optional.ofNullable(take(claim, givenUp).next()));
          } finally {
            next.complete(Optional.empty());
          }
        },
        () -> {},
        () -> {
          try {
            giveBack(claim);
          } finally {
            next.complete(Optional.empty());
          }
        });
    return next;
  }

  /** Takes a turn, and looks again unless that was a poll that has found nothing. */
  private Turn take(Claim claim, Runnable givenUp) {
    Turn turn = turns.take(claim, givenUp);
    boolean isIdlePoll =
        claim.subscription().registration().isEmpty()
            && turn instanceof Turn.Stored stored
            && stored.events() == 0
            && stored.next().compareTo(OwnSchedule.LONGEST_NAP) >= 0;
    if (!isIdlePoll) {
      wakeForEvents();
    }
    return turn;
  }

  private void handOver(EventClaim claim, Runnable givenUp) {
    handOver.deliver(claim, givenUp);
    if (!claim.event().event().isAlone()) {
      wakeForEvents(); // It was the next one's turn in its line.
    }
  }

  private void giveBack(Claim claim) {
    store.release(claim, claim.subscription().outcome(), Duration.ZERO);
  }

  /** Begins to look, if there is a handler. */
  synchronized void start() {
    if (handOver.handlers().isEmpty() || closed) {
      return;
    }
    Thread looking = new Thread(this::run, "connector-triggers");
    looking.setDaemon(true);
    thread = looking;
    looking.start();
  }

  /** Has it looked soon, because something may be due. */
  void wake() {
    scheduledTurns.stir();
    wakeForEvents();
  }

  /** Has it looked soon, because an event may be ready. */
  void wakeForEvents() {
    Thread looking;
    synchronized (this) {
      looking = thread;
    }
    if (looking != null) {
      LockSupport.unpark(looking);
    }
  }

  private void run() {
    while (!closed) {
      try {
        tick();
        look();
      } catch (RuntimeException | Error e) { // A lack of memory must not end all triggers.
        log.warn("Looking for triggers that are due failed: {}", e.getClass().getName());
        log.debug("It failed", e);
        LockSupport.parkNanos(this, TICK.toNanos());
      }
    }
  }

  /** Events are handed over even if turns cannot be taken. */
  private void look() {
    int found = 0;
    try {
      found = scheduledTurns.look();
    } finally {
      found += events.look() + deletions.look();
    }
    if (found == 0) {
      Duration turn = scheduledTurns.nap();
      Duration event = events.nap();
      LockSupport.parkNanos(this, (turn.compareTo(event) < 0 ? turn : event).toNanos());
    }
  }

  /** Looks after what runs and what is kept; does little unless some time has passed. */
  void tick() {
    long now = clock.millis();
    if (now - tickedMillis >= TICK.toMillis() || now < tickedMillis) {
      tickedMillis = now;
      pace.watch().tick();
      pace.guard().forgetPast();
      polls.tick();
    }
    if (now - tidiedMillis >= TIDY.toMillis() || now < tidiedMillis) {
      tidiedMillis = now;
      if (store.forget(TIDY_ROWS) >= TIDY_ROWS) {
        tidiedMillis = now - TIDY.toMillis(); // There may be more: the next tick goes on.
      }
    }
  }

  /**
   * Does all that is due, and all that becomes due by it, on this thread. For tests, in place of
   * {@link #start}.
   *
   * @return how many turns were taken and events handed over
   */
  int runDue() {
    int done = 0;
    int before;
    do {
      before = done;
      tick();
      done += ownTurns.run() + events.run() + deletions.run();
    } while (done > before);
    return done;
  }

  /**
   * Claims nothing more, lets what runs come to its end for up to 10 s, has the rest given back,
   * and ends all threads. A second close does nothing.
   */
  @Override
  public void close() {
    Thread looking;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      looking = thread;
    }
    scheduledTurns.pause();
    wakeForEvents();
    workers.shutdown();
    polls.close();
    try {
      letWorkEnd();
      if (looking != null) {
        looking.join(LONGEST_GOODBYE_MILLIS);
      }
    } catch (InterruptedException e) {
      pace.watch().end();
      Thread.currentThread().interrupt();
    } finally {
      scheduledTurns.close();
    }
  }

  private void letWorkEnd() throws InterruptedException {
    // What runs keeps its claims as long as it is waited for.
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_GOODBYE_MILLIS);
    while (!workers.awaitTermination(1, TimeUnit.SECONDS)) {
      pace.watch().tick();
      if (System.nanoTime() - end >= 0) {
        pace.watch().end();
        workers.awaitTermination(1, TimeUnit.SECONDS);
        return;
      }
    }
  }
}

package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has turns taken and events handed over when they are due: one thread that looks, and others, as
 * many as there is work, that do it. {@code this} guards start and end.
 */
final class TriggerTimer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TriggerTimer.class);

  /** How late it is noticed at worst what another process has stored. */
  private static final Duration LONGEST_NAP = Duration.ofSeconds(1);

  private static final Duration SHORTEST_NAP = Duration.ofMillis(1);
  private static final Duration TIDY = Duration.ofMinutes(1);
  private static final int TIDY_ROWS = 1_000;
  private static final int MOST_AT_ONCE = 100;
  private static final long LONGEST_GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(10);

  /** In place of the handler of a subscription that whoever looks may end. No handler's name. */
  static final String ANYBODY = "-";

  private final TriggerStore store;
  private final Turns turns;
  private final HandOver handOver;
  private final Turns.Pace pace;
  private final Clock clock;
  private final Semaphore polls = new Semaphore(TriggerThreads.room());
  private final Semaphore handlings = new Semaphore(TriggerThreads.room());
  private long tickedMillis; // of the thread that looks
  private long tidiedMillis; // of the thread that looks
  private volatile boolean closed;
  private @Nullable Thread thread; // guarded by this
  private @Nullable ExecutorService workers; // guarded by this

  TriggerTimer(Turns turns, HandOver handOver, Turns.Parts parts) {
    this.store = parts.store();
    this.turns = turns;
    this.handOver = handOver;
    this.pace = parts.pace();
    this.clock = parts.pace().clock();
  }

  /** Begins to look, if there is a handler. */
  synchronized void start() {
    if (handlers().isEmpty() || closed) {
      return;
    }
    ExecutorService started = TriggerThreads.start();
    Thread looking = new Thread(() -> run(started), "connector-triggers");
    looking.setDaemon(true);
    workers = started;
    thread = looking;
    looking.start();
  }

  private Set<String> handlers() {
    return handOver.handlers();
  }

  /** Returns whose turns are taken here. */
  private Set<String> takers() {
    Set<String> takers = new HashSet<>(handlers());
    takers.add(ANYBODY);
    return takers;
  }

  /** Has it looked soon, because something may be due. */
  void wake() {
    Thread looking;
    synchronized (this) {
      looking = thread;
    }
    if (looking != null) {
      LockSupport.unpark(looking);
    }
  }

  private void run(ExecutorService started) {
    while (!closed) {
      try {
        tick();
        look(started);
      } catch (RuntimeException | Error e) { // A lack of memory must not end all triggers.
        log.warn("Looking for triggers that are due failed: {}", e.getClass().getName());
        log.debug("It failed", e);
        LockSupport.parkNanos(this, LONGEST_NAP.toNanos());
      }
    }
  }

  private void look(ExecutorService started) {
    int found = beginPolls(started) + beginHandling(started);
    if (found == 0) {
      LockSupport.parkNanos(this, nap().toNanos());
    }
  }

  private int beginPolls(ExecutorService started) {
    int room = Math.min(MOST_AT_ONCE, polls.availablePermits());
    if (room == 0) {
      return 0;
    }
    List<Claim> claims = store.claimDue(takers(), Watch.LEASE, room);
    claims.forEach(
        claim ->
            begin(
                started,
                polls,
                givenUp -> turns.take(claim, givenUp),
                () -> store.release(claim, claim.subscription().outcome(), Duration.ZERO)));
    return claims.size();
  }

  private int beginHandling(ExecutorService started) {
    int room = Math.min(MOST_AT_ONCE, handlings.availablePermits());
    if (room == 0) {
      return 0;
    }
    List<EventClaim> claims = store.claimEvents(handlers(), Watch.LEASE, room);
    claims.forEach(
        claim ->
            begin(
                started,
                handlings,
                givenUp -> handOver.deliver(claim, givenUp),
                () -> store.release(claim)));
    return claims.size();
  }

  /**
   * @param giveBack is run if no work can be begun any more
   */
  private void begin(
      ExecutorService started, Semaphore room, Consumer<Runnable> work, Runnable giveBack) {
    room.acquireUninterruptibly();
    var inside = new AtomicBoolean(true);
    Runnable leave =
        () -> {
          if (inside.getAndSet(false)) {
            room.release();
          }
        };
    try {
      started.execute(
          () -> {
            try {
              work.accept(leave);
            } catch (RuntimeException | Error e) {
              // The claim runs out by itself.
              log.warn("A trigger's work failed: {}", e.getClass().getName());
              log.debug("It failed", e);
            } finally {
              leave.run();
              wake();
            }
          });
    } catch (RejectedExecutionException e) {
      leave.run();
      giveBack.run(); // Closing: somebody else may do it.
    } catch (Throwable e) { // Such as that there is no memory for a thread.
      leave.run();
      throw e;
    }
  }

  private Duration nap() {
    Duration poll = nap(polls, store.untilNextDue(takers()));
    Duration handling = nap(handlings, store.untilNextEvent(handlers()));
    return poll.compareTo(handling) < 0 ? poll : handling;
  }

  /** Where there is no room, whoever leaves wakes this thread. */
  private static Duration nap(Semaphore room, Optional<Duration> next) {
    if (next.isEmpty() || room.availablePermits() == 0 || next.get().compareTo(LONGEST_NAP) > 0) {
      return LONGEST_NAP;
    }
    return next.get().compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : next.get();
  }

  /** Looks after what runs and what is kept; does little unless some time has passed. */
  void tick() {
    long now = clock.millis();
    if (now - tickedMillis >= LONGEST_NAP.toMillis() || now < tickedMillis) {
      tickedMillis = now;
      pace.watch().tick();
      pace.guard().forgetPast();
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
      for (Claim claim : store.claimDue(takers(), Watch.LEASE, MOST_AT_ONCE)) {
        turns.take(claim, () -> {});
        done++;
      }
      for (EventClaim claim : store.claimEvents(handlers(), Watch.LEASE, MOST_AT_ONCE)) {
        handOver.deliver(claim, () -> {});
        done++;
      }
    } while (done > before);
    return done;
  }

  /**
   * Claims nothing more, lets what runs come to its end for up to 10 s, has the rest given back,
   * and ends all threads.
   */
  @Override
  public void close() {
    ExecutorService started;
    Thread looking;
    synchronized (this) {
      closed = true;
      started = workers;
      looking = thread;
    }
    if (started == null || looking == null) {
      return;
    }
    wake();
    started.shutdown();
    try {
      letWorkEnd(started);
      looking.join(LONGEST_GOODBYE_MILLIS);
    } catch (InterruptedException e) {
      pace.watch().end();
      Thread.currentThread().interrupt();
    }
  }

  private void letWorkEnd(ExecutorService started) throws InterruptedException {
    // What runs keeps its claims as long as it is waited for.
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_GOODBYE_MILLIS);
    while (!started.awaitTermination(1, TimeUnit.SECONDS)) {
      pace.watch().tick();
      if (System.nanoTime() - end >= 0) {
        pace.watch().end();
        started.awaitTermination(1, TimeUnit.SECONDS);
        return;
      }
    }
  }
}

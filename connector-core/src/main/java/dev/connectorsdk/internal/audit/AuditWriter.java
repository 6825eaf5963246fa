package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores records on a thread of its own, many at a time. Each has a place in memory until it is
 * stored or in the file; who has none does not begin. Safe for several threads.
 */
final class AuditWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AuditWriter.class);
  private static final Logger records = LoggerFactory.getLogger("dev.connectorsdk.audit");

  private static final int PLACES = 10_000;
  private static final int BATCH = 1_000;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long SHORT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int SWEPT = 1_000;
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(10);

  /**
   * A record that waits.
   *
   * @param hasPlace whether it has taken a place, which becomes free when it is stored
   * @param kept who waits for it, or {@code null} for nobody
   */
  private record Entry(Draft draft, boolean hasPlace, @Nullable CountDownLatch kept) {}

  private final Semaphore places = new Semaphore(PLACES);
  private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AuditStore store;
  private final AuditSettings settings;
  private final JsonMapper mapper;
  private final Clock clock;
  private final String run;
  private final long pauseNanos;
  private final Thread thread;
  private volatile boolean closing;

  // Of the thread alone, once it has started.
  private @Nullable OverflowFile file;
  private long number;
  private long storeIsAwayUntil = System.nanoTime();
  private long seen = System.nanoTime() - SIGN_OF_LIFE_NANOS;
  private long swept = System.nanoTime() - SWEEP_NANOS;
  private boolean wasAway;
  private long tidiesFrom = System.nanoTime();
  private boolean isUntidy;
  private Instant takenUpTo;

  /**
   * @param store where records go
   * @param run the id of this run of the runtime
   */
  AuditWriter(
      AuditStore store, AuditSettings settings, JsonMapper mapper, Clock clock, String run) {
    this(store, settings, mapper, clock, run, PAUSE);
  }

  /**
   * @param pause how long records may wait, so that many are stored at once
   */
  AuditWriter(
      AuditStore store,
      AuditSettings settings,
      JsonMapper mapper,
      Clock clock,
      String run,
      Duration pause) {
    this.store = store;
    this.settings = settings;
    this.mapper = mapper;
    this.takenUpTo = clock.instant();
    this.clock = clock;
    this.run = run;
    this.pauseNanos = pause.toNanos();
    this.thread = new Thread(this::write, "connector-runtime-audit");
    thread.setDaemon(true);
    enqueue(ofRuntime(clock.instant(), Kind.STARTED, ""));
  }

  /** The runtime's own records come when there may be no place. */
  private static Entry ofRuntime(Instant at, Kind kind, String result) {
    return new Entry(Draft.ofRuntime(at, kind, result), false, null);
  }

  /**
   * Starts the thread.
   *
   * @throws IllegalStateException if another runtime uses the file
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  void start() {
    file = settings.overflow().map(where -> OverflowFile.open(where, mapper)).orElse(null);
    thread.start();
  }

  /**
   * Takes a place for one record.
   *
   * @return {@code false} if the record is left out
   * @throws StoreException if there is no room, and calls are to be refused then
   */
  boolean takePlace() {
    if (settings.isLeavingOut()) {
      return hasPlace();
    }
    if (!places.tryAcquire()) {
      throw noRoom();
    }
    return true;
  }

  private static StoreException noRoom() {
    return new StoreException("There is no room for further audit records", true, null);
  }

  /**
   * Checks that there is room for the record of a change that is to be made.
   *
   * @throws StoreException if there is none, and changes are to be refused then
   */
  void requireRoom() {
    if (!settings.isLeavingOut() && places.availablePermits() == 0) {
      throw noRoom();
    }
  }

  /** Takes a place for a record that is left out if there is none. */
  boolean hasPlace() {
    boolean taken = places.tryAcquire();
    if (!taken) {
      leftOut.incrementAndGet();
    }
    return taken;
  }

  /**
   * Waits for a place for what is answered already.
   *
   * @return {@code false} if there is none for 5 s, and the record is left out
   */
  boolean waitForPlace() {
    boolean taken = isPlaceTaken();
    if (!taken) {
      leftOut.incrementAndGet();
    }
    return taken;
  }

  private boolean isPlaceTaken() {
    boolean interrupted = Thread.interrupted();
    try {
      if (places.tryAcquire(LONGEST_WAIT_NANOS, TimeUnit.NANOSECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return false;
  }

  /** Hands over a record that has a place. */
  void add(Draft draft) {
    enqueue(new Entry(draft, true, null));
  }

  /** Wakes the thread once half of what there is room for waits: the rest is for what comes yet. */
  private void enqueue(Entry entry) {
    queue.add(entry);
    if (queued.incrementAndGet() == PLACES / 2) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Hands over the record of a change that was made, and waits as {@link #keep(Draft)} does. What
   * {@link #requireRoom} has let go on is recorded, though others may have taken the last place.
   */
  void keepChange(Draft draft) {
    boolean hasPlace = settings.isLeavingOut() ? isPlaceTaken() : places.tryAcquire();
    if (hasPlace || !settings.isLeavingOut()) {
      keep(draft, hasPlace);
    } else {
      leftOut.incrementAndGet();
    }
  }

  /**
   * Hands over a record that has a place, and waits until it is on a disk, even if the thread is
   * interrupted; it may be later if that takes more than 5 s.
   */
  void keep(Draft draft) {
    keep(draft, true);
  }

  private boolean keep(Draft draft, boolean hasPlace) {
    var kept = new CountDownLatch(1);
    waiting.incrementAndGet();
    enqueue(new Entry(draft, hasPlace, kept));
    LockSupport.unpark(thread);
    long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return kept.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void write() {
    boolean isMore = false;
    while (true) {
      boolean last = closing;
      if (!last && !isMore && !isBusy()) {
        LockSupport.parkNanos(pause());
      }
      List<Entry> some = take();
      isMore = some.size() >= BATCH;
      if (!some.isEmpty()) {
        keep(some);
      } else if (last) {
        return;
      } else if (isCareDue()) {
        isStored(List.of());
      }
    }
  }

  /** Returns whether there is something to do though no record waits. */
  private boolean isCareDue() {
    return isSignOfLifeDue() || (isTidyingDue() && (isSweepDue() || hasFiled()));
  }

  /** Returns whether somebody waits, or the file can be emptied. */
  private boolean isBusy() {
    return waiting.get() > 0
        || (hasFiled() && isTidyingDue() && System.nanoTime() - storeIsAwayUntil >= 0);
  }

  /** Calls that are under way have places, too, and may keep them for long. */
  private long pause() {
    return places.availablePermits() < PLACES / 2 ? SHORT_PAUSE_NANOS : pauseNanos;
  }

  private boolean hasFiled() {
    return file != null && !file.isEmpty();
  }

  private List<Entry> take() {
    List<Entry> some = new ArrayList<>();
    Instant now = clock.instant();
    long missing = leftOut.getAndSet(0);
    if (missing > 0) {
      some.add(ofRuntime(now, Kind.LEFT_OUT, missing + ""));
    }
    while (some.size() < BATCH) {
      Entry next = queue.poll();
      if (next == null) {
        takenUpTo = now;
        break;
      }
      some.add(next);
      queued.decrementAndGet();
    }
    return some;
  }

  private void keep(List<Entry> some) {
    List<AuditRecord> numbered = new ArrayList<>(some.size());
    for (Entry entry : some) {
      numbered.add(entry.draft().numbered(run, number));
      number++;
    }
    numbered.forEach(this::tell);
    while (!isKept(numbered)) {
      if (closing) {
        log.error(
            "{} audit records are lost: the store is away, and there is no file", some.size());
        break;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
    some.forEach(this::release);
  }

  private void release(Entry entry) {
    if (entry.hasPlace()) {
      places.release();
    }
    if (entry.kept() != null) {
      waiting.decrementAndGet();
      entry.kept().countDown();
    }
  }

  private void tell(AuditRecord record) {
    if (settings.isLogged()) {
      records.info("{}", record);
    }
    for (Consumer<AuditRecord> listener : settings.listeners()) {
      try {
        listener.accept(record);
      } catch (Exception | LinkageError | StackOverflowError e) { // Records go on all the same.
        log.warn(
            "Listener {} failed on an audit record: {}",
            listener.getClass().getName(),
            e.getClass().getName());
      }
    }
  }

  private boolean isKept(List<AuditRecord> numbered) {
    return isStored(numbered) || (file != null && file.append(numbered, closing));
  }

  private boolean isStored(List<AuditRecord> numbered) {
    if (!closing && System.nanoTime() - storeIsAwayUntil < 0) {
      return false;
    }
    try {
      store.append(numbered);
      if (isSignOfLifeDue()) {
        store.seen(run, takenUpTo);
        seen = System.nanoTime();
      }
      if (wasAway) {
        log.info("Audit records are stored again");
        wasAway = false;
      }
    } catch (RuntimeException e) {
      storeIsAwayUntil = System.nanoTime() + RETRY_NANOS;
      if (!wasAway) {
        log.warn("Audit records cannot be stored: {}", e.getMessage());
        wasAway = true;
      }
      return false;
    }
    if (isTidyingDue()) {
      tidy();
    }
    return true;
  }

  private boolean isTidyingDue() {
    return System.nanoTime() - tidiesFrom >= 0;
  }

  /** Stores some of what waits in the file, and forgets what is old. Nothing new waits for that. */
  private void tidy() {
    try {
      if (file != null && hasFiled()) {
        file.drain(store::append);
      }
      sweep();
      isUntidy = false;
    } catch (RuntimeException e) {
      tidiesFrom = System.nanoTime() + RETRY_NANOS;
      if (!isUntidy) {
        log.warn(
            "Audit records from the file cannot be stored, or old ones not be deleted: {}",
            e.getMessage());
        isUntidy = true;
      }
    }
  }

  /** Forgets some of what is old; where there is more, again with the next turn. */
  private void sweep() {
    if (isSweepDue()) {
      int forgotten = store.forget(clock.instant().minus(settings.kept().orElseThrow()), SWEPT);
      swept = System.nanoTime() - (forgotten < SWEPT ? 0 : SWEEP_NANOS);
    }
  }

  private boolean isSweepDue() {
    return settings.kept().isPresent() && System.nanoTime() - swept >= SWEEP_NANOS;
  }

  private boolean isSignOfLifeDue() {
    return System.nanoTime() - seen > SIGN_OF_LIFE_NANOS;
  }

  /** Stores what waits, or writes it to the file, for up to 10 s. */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    enqueue(ofRuntime(clock.instant(), Kind.ENDED, ""));
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LONGEST_GOODBYE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (file != null) {
      file.close();
    }
  }
}

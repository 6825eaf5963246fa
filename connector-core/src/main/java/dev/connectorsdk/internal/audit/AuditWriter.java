package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.internal.audit.AuditBuffer.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores what waits in a buffer, on a thread of its own, many at a time. Each record has its place
 * there until it is stored or in the file. Safe for several threads.
 */
final class AuditWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AuditWriter.class);
  private static final Logger records = LoggerFactory.getLogger("dev.connectorsdk.audit");

  private static final int BATCH = 1_000;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long SHORT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int SWEPT = 1_000;
  private static final long LONGEST_GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(10);

  private final AuditBuffer buffer;
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
    this.buffer = new AuditBuffer(settings.isLeavingOut(), this::wake);
    buffer.addOfRuntime(Draft.ofRuntime(clock.instant(), Kind.STARTED, ""));
  }

  private void wake() {
    LockSupport.unpark(thread);
  }

  /** Returns where records are handed over. */
  AuditBuffer buffer() {
    return buffer;
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
    return buffer.isAwaited()
        || (hasFiled() && isTidyingDue() && System.nanoTime() - storeIsAwayUntil >= 0);
  }

  /** Calls that are under way have places, too, and may keep them for long. */
  private long pause() {
    return buffer.isHalfTaken() ? SHORT_PAUSE_NANOS : pauseNanos;
  }

  private boolean hasFiled() {
    return file != null && !file.isEmpty();
  }

  private List<Entry> take() {
    Instant now = clock.instant();
    List<Entry> some = buffer.take(now, BATCH);
    if (some.size() < BATCH) {
      takenUpTo = now;
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
    some.forEach(buffer::release);
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
    buffer.addOfRuntime(Draft.ofRuntime(clock.instant(), Kind.ENDED, ""));
    closing = true;
    wake();
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

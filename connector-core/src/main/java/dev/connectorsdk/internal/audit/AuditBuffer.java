package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
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
import org.jspecify.annotations.Nullable;

/**
 * Records in memory on their way to the store. Each has a place until it is stored; who has none
 * does not begin. Safe for several threads.
 */
final class AuditBuffer {

  private static final int PLACES = 10_000;
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A record that waits.
   *
   * @param hasPlace whether it has taken a place, which becomes free when it is stored
   * @param kept who waits for it, or {@code null} for nobody
   */
  record Entry(Draft draft, boolean hasPlace, @Nullable CountDownLatch kept) {}

  private final Semaphore places = new Semaphore(PLACES);
  private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final boolean isLeavingOut;
  private final Runnable wake;

  /**
   * @param isLeavingOut whether records are left out for which there is no place
   * @param wake has records taken soon
   */
  AuditBuffer(boolean isLeavingOut, Runnable wake) {
    this.isLeavingOut = isLeavingOut;
    this.wake = wake;
  }

  /**
   * Takes a place for one record.
   *
   * @return {@code false} if the record is left out
   * @throws StoreException if there is no room, and calls are to be refused then
   */
  boolean takePlace() {
    if (isLeavingOut) {
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
    if (!isLeavingOut && places.availablePermits() == 0) {
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

  /** Hands over a record of the runtime's own, which come when there may be no place. */
  void addOfRuntime(Draft draft) {
    enqueue(new Entry(draft, false, null));
  }

  /** Wakes once half of what there is room for waits: the rest is for what comes yet. */
  private void enqueue(Entry entry) {
    queue.add(entry);
    if (queued.incrementAndGet() == PLACES / 2) {
      wake.run();
    }
  }

  /**
   * Hands over the record of a change that was made, and waits as {@link #keep(Draft)} does. What
   * {@link #requireRoom} has let go on is recorded, though others may have taken the last place.
   */
  void keepChange(Draft draft) {
    boolean hasPlace = isLeavingOut ? isPlaceTaken() : places.tryAcquire();
    if (hasPlace || !isLeavingOut) {
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
    wake.run();
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

  /** Returns whether somebody waits until a record is stored. */
  boolean isAwaited() {
    return waiting.get() > 0;
  }

  /** Returns whether more than half of the places are taken. */
  boolean isHalfTaken() {
    return places.availablePermits() < PLACES / 2;
  }

  /**
   * Takes what is to be stored next, and first how many records were left out.
   *
   * @return fewer than {@code most} if nothing is left that was handed over before {@code now}
   */
  List<Entry> take(Instant now, int most) {
    List<Entry> some = new ArrayList<>();
    long missing = leftOut.getAndSet(0);
    if (missing > 0) {
      some.add(new Entry(Draft.ofRuntime(now, Kind.LEFT_OUT, missing + ""), false, null));
    }
    while (some.size() < most) {
      Entry next = queue.poll();
      if (next == null) {
        break;
      }
      some.add(next);
      queued.decrementAndGet();
    }
    return some;
  }

  /** Gives back the place of a record that is stored, and lets go on who waits for that. */
  void release(Entry entry) {
    if (entry.hasPlace()) {
      places.release();
    }
    if (entry.kept() != null) {
      waiting.decrementAndGet();
      entry.kept().countDown();
    }
  }
}

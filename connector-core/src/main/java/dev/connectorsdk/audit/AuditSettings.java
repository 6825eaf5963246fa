package dev.connectorsdk.audit;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.AuditStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a runtime keeps records of what is done with it.
 *
 * <p>Records wait in memory, at most 10,000, and are stored many at a time by a thread of their
 * own, so that calls do not wait for it: {@code kill -9} loses at most the last second. A call that
 * was refused, and each change of connections, rights and policies, is stored before it is
 * answered. While the store is away records go to a file, if there is {@linkplain #overflowingTo
 * one}, and are stored later. When that is full too, calls and changes are refused with a {@link
 * dev.connectorsdk.api.error.StoreException} until there is room again, unless the host has chosen
 * to {@linkplain #leavingOut leave records out}.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class AuditSettings {

  private final @Nullable AuditStore store;
  private final boolean logged;
  private final List<Consumer<AuditRecord>> listeners;
  private final @Nullable Overflow overflow;
  private final boolean leavesOut;
  private final @Nullable Duration kept;

  /**
   * Where records go while the store is away.
   *
   * @param file only this runtime uses it
   * @param mostBytes how large it may get
   */
  public record Overflow(Path file, long mostBytes) {

    public Overflow {
      Objects.requireNonNull(file, "file");
      if (mostBytes < 1024 * 1024) {
        throw new IllegalArgumentException("At least 1 MiB, not " + mostBytes + " bytes");
      }
    }
  }

  private AuditSettings(
      @Nullable AuditStore store,
      boolean logged,
      List<Consumer<AuditRecord>> listeners,
      @Nullable Overflow overflow,
      boolean leavesOut,
      @Nullable Duration kept) {
    this.store = store;
    this.logged = logged;
    this.listeners = List.copyOf(listeners);
    this.overflow = overflow;
    this.leavesOut = leavesOut;
    this.kept = kept;
  }

  /** Has records kept in the store of the runtime. */
  public static AuditSettings inStore() {
    return new AuditSettings(null, false, List.of(), null, false, null);
  }

  /** Has records kept in a store of their own, which the runtime does not close. */
  public static AuditSettings in(AuditStore store) {
    return new AuditSettings(
        Objects.requireNonNull(store, "store"), false, List.of(), null, false, null);
  }

  /**
   * Has each record written to the log, too: the logger {@code dev.connectorsdk.audit}, at INFO.
   */
  public AuditSettings logged() {
    return new AuditSettings(store, true, listeners, overflow, leavesOut, kept);
  }

  /**
   * Has each record told to {@code listener}, too, in order, by one thread. What it throws is
   * logged. Records wait while it runs.
   */
  public AuditSettings toldTo(Consumer<AuditRecord> listener) {
    List<Consumer<AuditRecord>> all = new ArrayList<>(listeners);
    all.add(Objects.requireNonNull(listener, "listener"));
    return new AuditSettings(store, logged, all, overflow, leavesOut, kept);
  }

  /**
   * Has records written to {@code file} while the store is away. It is made if there is none, and
   * for its owner's eyes where the file system knows owners. One that an earlier process has left
   * is stored first.
   *
   * @param file only one runtime at a time may use it, which is checked
   * @param mostBytes how large it may get, at least 1 MiB; what waits in memory when the runtime is
   *     closed is added all the same
   * @throws IllegalArgumentException if {@code mostBytes} is less
   */
  public AuditSettings overflowingTo(Path file, long mostBytes) {
    return new AuditSettings(
        store, logged, listeners, new Overflow(file, mostBytes), leavesOut, kept);
  }

  /**
   * Has calls go on when there is no room for their records, and changes after they have waited for
   * 5 s. How many were left out is recorded as soon as there is room.
   */
  public AuditSettings leavingOut() {
    return new AuditSettings(store, logged, listeners, overflow, true, kept);
  }

  /**
   * Has records forgotten when they are older than this. Without it they are kept for ever. They
   * are deleted some at a time, by the thread that stores them, within minutes after that; one
   * process is enough to do so for all that share a store.
   *
   * @throws IllegalArgumentException if it is less than a day
   */
  public AuditSettings keptFor(Duration age) {
    if (age.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException("Records are kept for a day at least, not " + age);
    }
    return new AuditSettings(store, logged, listeners, overflow, leavesOut, age);
  }

  /** Returns the store; empty for that of the runtime. */
  public Optional<AuditStore> store() {
    return Optional.ofNullable(store);
  }

  /** Returns whether records are written to the log, too. */
  public boolean isLogged() {
    return logged;
  }

  /** Returns who is told of each record. */
  public List<Consumer<AuditRecord>> listeners() {
    return listeners;
  }

  /** Returns where records go while the store is away. */
  public Optional<Overflow> overflow() {
    return Optional.ofNullable(overflow);
  }

  /** Returns whether records are left out, rather than calls refused, when there is no room. */
  public boolean isLeavingOut() {
    return leavesOut;
  }

  /** Returns how long records are kept; empty for ever. */
  public Optional<Duration> kept() {
    return Optional.ofNullable(kept);
  }
}

package dev.connectorsdk.internal.cache;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One value that was read from the store at most the freshness ago. Whoever asks for it while
 * somebody reads it waits for that reading, so that the store is asked once. What cannot be read is
 * not known: nothing older is used in its place. Safe for several threads; no lock is held while
 * the store is read.
 *
 * @param <T> what is read
 */
public final class FreshValue<T> {

  private static final long EXPIRED = Long.MIN_VALUE / 2;

  private final Freshness freshness;
  private final Function<@Nullable T, T> read;
  private final BiConsumer<@Nullable T, T> replaced;
  private final ChangeCount count;
  private volatile @Nullable Snapshot<T> snapshot; // written under this
  private @Nullable Reading<T> reading; // guarded by this

  private record Snapshot<T>(T value, long readAt) {}

  /** A reading that is under way. */
  private static final class Reading<T> {

    private final CompletableFuture<Snapshot<T>> value = new CompletableFuture<>();
    private final @Nullable Snapshot<T> before;
    private final long began; // in milliseconds

    Reading(@Nullable Snapshot<T> before, long began) {
      this.before = before;
      this.began = began;
    }
  }

  /**
   * @param read reads from the store; is given the value before, {@code null} at first, which it
   *     may return if nothing has changed
   * @param replaced is told of the value before, {@code null} at first, and of the present one,
   *     once everybody gets that
   */
  public FreshValue(
      Clock clock,
      Duration freshness,
      Function<@Nullable T, T> read,
      BiConsumer<@Nullable T, T> replaced) {
    this(new Freshness(clock, freshness), new ChangeCount(), read, replaced);
  }

  /** Returns a value whose changes count among others, and that is as fresh as those. */
  public FreshValue(
      StoreChanges among, Function<@Nullable T, T> read, BiConsumer<@Nullable T, T> replaced) {
    this(among.freshness(), among.count(), read, replaced);
  }

  private FreshValue(
      Freshness freshness,
      ChangeCount count,
      Function<@Nullable T, T> read,
      BiConsumer<@Nullable T, T> replaced) {
    this.freshness = freshness;
    this.count = count;
    this.read = read;
    this.replaced = replaced;
  }

  /**
   * Returns the value, read from the store if that was not done lately.
   *
   * @throws dev.connectorsdk.api.error.StoreException if reading it takes longer than the freshness
   */
  public T get() {
    Snapshot<T> known = snapshot;
    return known != null && freshness.isFresh(known.readAt()) ? known.value() : readInTime();
  }

  /**
   * Returns what {@link #get()} does, and renews the moment if that was not in memory.
   *
   * @throws dev.connectorsdk.api.error.StoreException as there
   */
  public T get(Moment at) {
    Snapshot<T> known = snapshot;
    if (known != null && freshness.holds(known.readAt(), at)) {
      return known.value();
    }
    T value = get();
    at.renew();
    at.holdsNoLonger();
    return value;
  }

  /** Returns the value as it is stored now. */
  public T reread() {
    expire();
    return readInTime();
  }

  private T readInTime() {
    return freshness.read(this::read, Snapshot::readAt).value();
  }

  /** Has the value read again before anybody asks for it, because it was changed. */
  public synchronized void expire() {
    Snapshot<T> known = snapshot;
    snapshot = known == null ? null : new Snapshot<>(known.value(), EXPIRED);
    reading = null; // It may have begun before the change.
    count.changed();
  }

  /** Replaces what is made of the stored value, because something else has changed. */
  public synchronized void remake(UnaryOperator<T> again) {
    Snapshot<T> known = snapshot;
    if (known != null) {
      snapshot = new Snapshot<>(again.apply(known.value()), known.readAt());
    }
    reading = null; // It may go by what was made before the change.
    count.changed();
  }

  private Snapshot<T> read() {
    Reading<T> mine = new Reading<>(snapshot, freshness.now());
    Reading<T> first;
    synchronized (this) {
      Snapshot<T> known = snapshot;
      if (known != null && freshness.isFresh(known.readAt())) {
        return known;
      }
      first = reading == null ? mine : reading;
      reading = first;
    }
    return first == mine ? read(mine) : joined(first);
  }

  private Snapshot<T> read(Reading<T> mine) {
    try {
      Snapshot<T> before = mine.before;
      T value = read.apply(before == null ? null : before.value());
      var present = new Snapshot<>(value, mine.began);
      ended(mine, present);
      mine.value.complete(present);
      return present;
    } catch (RuntimeException | Error e) {
      ended(mine, null);
      mine.value.completeExceptionally(e);
      throw e;
    }
  }

  private void ended(Reading<T> mine, @Nullable Snapshot<T> present) {
    Snapshot<T> before;
    synchronized (this) {
      if (reading != mine) {
        return;
      }
      reading = null;
      before = snapshot;
      snapshot = present == null ? before : present;
    }
    if (present != null) {
      replaced.accept(before == null ? null : before.value(), present.value());
    }
  }

  private static <T> Snapshot<T> joined(Reading<T> first) {
    try {
      return first.value.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}

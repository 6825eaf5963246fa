package dev.connectorsdk.internal.cache;

import dev.connectorsdk.api.spi.ChangeFeed;
import dev.connectorsdk.api.spi.ChangeFeed.Change;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says whether what was read from the store still holds, because the store says what was changed
 * since: it is {@linkplain #read asked} once for all that is kept. Where it was not asked within
 * the freshness, or has no such feed, this says of nothing that it holds. Safe for several threads.
 */
public final class StoreChanges {

  /** In which nothing is known. */
  static final int NO_ERA = 0;

  private final @Nullable ChangeFeed feed;
  private final Clock clock;
  private final Freshness freshness;
  private final ChangeCount count = new ChangeCount();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private volatile Runnable used = () -> {};
  private volatile Known known = new Known(NO_ERA, 0); // written under this

  /**
   * @param era a time from which on all changes are known
   * @param until those are known that were made before then, in milliseconds
   */
  private record Known(int era, long until) {

    boolean includes(int other) {
      return other != NO_ERA && other == era;
    }
  }

  /**
   * @param feed what the store says, or nothing
   */
  public StoreChanges(Optional<ChangeFeed> feed, Clock clock, Duration freshness) {
    this.feed = freshness.isZero() ? null : feed.orElse(null);
    this.clock = clock;
    this.freshness = new Freshness(clock, freshness);
  }

  /** Returns changes of which nobody says anything. */
  public static StoreChanges none(Clock clock, Duration freshness) {
    return new StoreChanges(Optional.empty(), clock, freshness);
  }

  Freshness freshness() {
    return freshness;
  }

  /** Returns the count of what is changed, by this process or others. */
  public ChangeCount count() {
    return count;
  }

  /** Adds who has what was changed read again. */
  public void onChange(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /** Sets what is told whenever it would help to {@link #read} soon. */
  void onUse(Runnable listener) {
    used = listener;
  }

  boolean hasFeed() {
    return feed != null;
  }

  /** Returns the present era; whatever is read after this belongs to it. */
  int era() {
    if (feed != null) {
      used.run();
    }
    return known.era();
  }

  /** Returns whether what was read in an era, and was not named as changed since, still holds. */
  boolean isUnchangedSince(int era) {
    Known now = used();
    return now != null && now.includes(era) && freshness.isFresh(now.until());
  }

  /** Returns the same at a moment. */
  boolean isUnchangedSince(int era, Moment at) {
    Known now = used();
    return now != null && now.includes(era) && freshness.holds(now.until(), at);
  }

  private @Nullable Known used() {
    if (feed == null) {
      return null;
    }
    used.run();
    return known;
  }

  /**
   * Asks the store, and has what was changed read again.
   *
   * @throws dev.connectorsdk.api.error.StoreException if it cannot be asked; what it has said holds
   *     until the freshness ends
   */
  synchronized void read() {
    if (feed == null) {
      return;
    }
    long now = clock.millis();
    List<Change> changes = feed.next().orElse(null);
    if (changes == null) {
      // What was read before may be outdated: it holds no longer than without a feed.
      beginEra(now);
    } else {
      tell(changes);
      known = new Known(known.era(), now);
    }
  }

  private void tell(List<Change> changes) {
    boolean done = false;
    try {
      changes.forEach(change -> listeners.forEach(listener -> listener.accept(change)));
      done = true;
    } finally {
      if (!done) { // They are not told again.
        beginEra(known.until());
      }
    }
  }

  private void beginEra(long until) {
    known = new Known(known.era() + 1, until);
    count.changed();
  }
}

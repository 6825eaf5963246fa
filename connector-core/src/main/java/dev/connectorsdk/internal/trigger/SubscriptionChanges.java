package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.event.ConnectorEvent.SubscriptionChanged;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves subscriptions from phase to phase. Each move raises the version, so that whatever has begun
 * before stores nothing. Safe for several threads.
 */
final class SubscriptionChanges {

  /** How often it is looked whether what broke works again. */
  static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  /** How often a change is tried that others come before. */
  private static final int MOST_TRIES = 10;

  private final TriggerStore store;
  private final EventHub events;
  private final Clock clock;
  private final Runnable wake;
  private final Runnable wakeForEvents;

  /**
   * @param wake is run when a subscription may be due
   * @param wakeForEvents is run when an event may be, and no subscription is
   */
  SubscriptionChanges(
      TriggerStore store, EventHub events, Clock clock, Runnable wake, Runnable wakeForEvents) {
    this.store = store;
    this.events = events;
    this.clock = clock;
    this.wake = wake;
    this.wakeForEvents = wakeForEvents;
  }

  /**
   * Returns a subscription as it is after a signal, to be stored.
   *
   * @throws IllegalStateException if the signal is not allowed in its phase
   */
  static StoredSubscription after(StoredSubscription row, Signal signal, String reason) {
    Phase from = Subscriptions.phase(row);
    Phase to =
        SubscriptionLife.TABLE
            .next(from, signal)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Subscription '" + row.id() + "' is " + from + ": no " + signal));
    return with(row, new Life(to.name(), reason, delivers(to)));
  }

  private static boolean delivers(Phase phase) {
    return switch (phase) {
      case SUBSCRIBING, ACTIVE, WAITING, CURSOR_LOST -> true;
      case PAUSED, GUARDED, ENDING, ENDED -> false;
    };
  }

  static StoredSubscription with(StoredSubscription row, Life life) {
    return with(row, row.subject(), row.settings(), life);
  }

  /** Returns the next version of a subscription, whose progress and registration stay. */
  static StoredSubscription with(
      StoredSubscription row, Subject subject, String settings, Life life) {
    return new StoredSubscription(
        row.id(),
        row.version() + 1,
        subject,
        settings,
        life,
        row.registration(),
        row.progress(),
        Outcome.NONE);
  }

  /** Returns when a subscription is to be looked at in its phase; {@code null} for never. */
  static @Nullable Duration dueIn(StoredSubscription row) {
    return switch (Subscriptions.phase(row)) {
      case SUBSCRIBING, ACTIVE, ENDING -> Duration.ZERO;
      case WAITING -> LOOK_AGAIN;
      // What is registered at a service is kept there.
      case PAUSED, CURSOR_LOST, GUARDED -> row.registration().isEmpty() ? null : LOOK_AGAIN;
      case ENDED -> null;
    };
  }

  /**
   * Moves a subscription.
   *
   * @return what is stored then; empty if somebody else has changed it meanwhile
   */
  Optional<StoredSubscription> move(StoredSubscription row, Signal signal, String reason) {
    return write(row, after(row, signal, reason));
  }

  /**
   * Has a subscription wait until its connection or flow can be used again. One that waits for
   * something else stays as it is.
   *
   * @param delivers whether what is stored is handed over meanwhile
   */
  Optional<StoredSubscription> suspend(StoredSubscription row, String reason, boolean delivers) {
    return write(row, with(row, suspended(row, reason, delivers)));
  }

  /** Returns the state of a subscription that {@link #suspend} brings about. */
  static Life suspended(StoredSubscription row, String reason, boolean delivers) {
    return SubscriptionLife.TABLE
        .next(Subscriptions.phase(row), Signal.BROKE)
        .map(to -> new Life(to.name(), reason, delivers && delivers(to)))
        .orElse(row.life());
  }

  /** Stores the next state of a subscription, whose progress stays. */
  Optional<StoredSubscription> write(StoredSubscription row, StoredSubscription next) {
    return written(row, next, store.updateSubscription(next, row.version(), dueIn(next)));
  }

  /**
   * Stores the next state of a subscription for whoever works at it.
   *
   * @param dueIn when somebody else may go on with it
   */
  Optional<StoredSubscription> write(
      StoredSubscription row, StoredSubscription next, Duration dueIn) {
    if (!store.updateSubscription(next, row.version(), dueIn)) {
      return Optional.empty();
    }
    tell(row, next);
    return Optional.of(next);
  }

  /** Stores the next state of a subscription that goes on from somewhere else. */
  Optional<StoredSubscription> rewind(
      StoredSubscription row, StoredSubscription next, Progress progress) {
    StoredSubscription rewound = next.with(progress);
    return written(row, rewound, store.rewindSubscription(rewound, row.version(), dueIn(next)));
  }

  private Optional<StoredSubscription> written(
      StoredSubscription row, StoredSubscription next, boolean done) {
    if (!done) {
      return Optional.empty();
    }
    tell(row, next);
    wake.run();
    return Optional.of(next);
  }

  /**
   * What is done about a subscription as it is stored now.
   *
   * @param <T> what comes of it
   * @param <X> why it may not be possible
   */
  interface Attempt<T, X extends Exception> {

    /**
     * Tries it.
     *
     * @param row empty if it is not stored any more
     * @return empty if somebody else has changed the subscription meanwhile
     */
    Optional<T> with(Optional<StoredSubscription> row) throws X;
  }

  /**
   * Does something about a subscription, and does it again as long as others change it meanwhile.
   *
   * @param read as it was read before; it is read again when that is outdated
   * @return empty if it was changed each time
   */
  <T, X extends Exception> Optional<T> persist(StoredSubscription read, Attempt<T, X> attempt)
      throws X {
    Optional<StoredSubscription> row = Optional.of(read);
    for (int i = 1; i < MOST_TRIES; i++) {
      Optional<T> done = attempt.with(row);
      if (done.isPresent()) {
        return done;
      }
      row = store.findSubscription(read.id());
    }
    return attempt.with(row);
  }

  /** Says that something may be due. */
  void wake() {
    wake.run();
  }

  /** Says that an event may be ready, and no more than that. */
  void wakeForEvents() {
    wakeForEvents.run();
  }

  /** Says that a subscription is over, which is not stored any more. */
  void tellEnded(StoredSubscription row) {
    tell(row, with(row, new Life(Phase.ENDED.name(), "", false)));
  }

  private void tell(StoredSubscription row, StoredSubscription next) {
    Life from = row.life();
    Life to = next.life();
    boolean changed = !from.phase().equals(to.phase()) || !from.reason().equals(to.reason());
    if (changed && !events.isQuiet()) {
      events.publish(
          new SubscriptionChanged(
              clock.instant(),
              row.id(),
              row.subject().flow(),
              row.subject().connector(),
              from.phase(),
              to.phase(),
              to.reason()));
    }
  }
}

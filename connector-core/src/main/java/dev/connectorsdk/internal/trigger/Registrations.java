package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.trigger.HeldLeases.Hold;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Takes the turns of subscriptions that services call back: their registrations are made, renewed,
 * checked and removed. Safe for several threads.
 */
final class Registrations {

  /** How long nothing is done after what has not gone as usual. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final Turns.Parts parts;
  private final RegistrationTurn.With with;
  private final Clock clock;

  Registrations(
      Turns.Parts parts, RegistrationCalls calls, Callbacks callbacks, Removals removals) {
    this.parts = parts;
    this.clock = parts.pace().clock();
    var gaps = new Gaps(parts);
    this.with =
        new RegistrationTurn.With(
            calls,
            callbacks,
            new LateRegistrations(parts),
            removals,
            gaps,
            new Senders(parts, gaps),
            clock);
  }

  /** Returns the phase of a subscription once the service has registered it. */
  static Life registered(StoredSubscription row) {
    return Subscriptions.phase(row) == Phase.SUBSCRIBING
        ? SubscriptionChanges.after(row, Signal.REGISTERED, "").life()
        : row.life();
  }

  /**
   * Does what is due about the registrations of a subscription.
   *
   * @return how the turn ended; the claim is given back
   */
  Turn turn(Hold hold, Source source) throws Exception {
    return work(new HeldLeases(parts, hold), source, (WebhookTrigger<?, ?>) source.trigger());
  }

  private <C> Turn work(HeldLeases held, Source source, WebhookTrigger<C, ?> trigger)
      throws Exception {
    var turn = new RegistrationTurn<>(with, held, source, trigger);
    Duration next = turn.run();
    Instant ended = turn.endedAt();
    if (ended != null) {
      return failed(
          held, "Trigger '" + trigger.id() + "' registered what has ended already, at " + ended);
    }
    Duration every = source.settings().every();
    return held.release(next.compareTo(every) < 0 ? next : every);
  }

  private Turn failed(HeldLeases held, String problem) {
    int failures = held.row().outcome().failures() + 1;
    Duration next = parts.pace().backoff().afterFailure(failures, SubscriptionChanges.LOOK_AGAIN);
    return held.release(new Outcome(failures, 0, problem), next)
        ? new Turn.Failed(new ActionFailedException(problem), next)
        : Turn.FENCED;
  }

  /** Tries to remove what others have replaced, with the connections that have made it. */
  void leave(Hold hold) throws Exception {
    HeldLeases held = new HeldLeases(parts, hold);
    with.removals().leave(held, held.leases());
  }

  /** Removes what is left of a subscription that has ended, then the subscription. */
  Turn end(Hold hold) throws Exception {
    HeldLeases held;
    try {
      held = new HeldLeases(parts, hold);
    } catch (SecretUnreadableException e) {
      return with.removals().end(hold.claim().subscription(), e);
    }
    return with.removals().end(held);
  }

  /** Returns a pause that does not go on beyond when the live registration is to be renewed. */
  Duration untilRenewal(StoredSubscription row, Duration pause) {
    Lease live = row.registration().isEmpty() ? null : parts.subscriptions().leases(row).live();
    if (live == null) {
      return pause;
    }
    Duration left = Duration.between(clock.instant(), live.nextAt());
    return left.compareTo(PAUSE) > 0 && left.compareTo(pause) < 0 ? left : pause;
  }
}

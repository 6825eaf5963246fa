package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.internal.trigger.Poller.Polled;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks for what services have not delivered. Safe for several threads. */
final class Gaps {

  /** How many polls may follow one another to fill a gap. */
  private static final int MOST_POLLS = 100;

  /** There is nothing to do. */
  static final Duration LATER = Duration.ofDays(1);

  private final Turns.Parts parts;

  Gaps(Turns.Parts parts) {
    this.parts = parts;
  }

  /**
   * Looks for what deliveries have missed, or says that they may be missing. What is not finished
   * stays to be done. The first poll notes from where on later ones would find it.
   *
   * @return how long it is until this goes on
   */
  <C> Duration fill(HeldLeases held, Source source, WebhookTrigger<C, ?> trigger) throws Exception {
    Optional<? extends PollingTrigger<C, ?, ?>> poll = trigger.gapPoll();
    boolean isGap = held.needs(Need.GAP);
    boolean isUnknown = held.row().progress().cursor().isEmpty();
    if (isGap && (poll.isEmpty() || (isUnknown && beginsNow(source)))) {
      state(held);
      held.write(held.leases().without(Need.GAP));
      isGap = false;
    }
    // Somebody has to say first where a lost cursor goes on.
    boolean isStopped = Subscriptions.phase(held.row()) == Phase.CURSOR_LOST;
    return poll.isPresent() && (isGap || isUnknown) && !isStopped
        ? read(held, source.of(poll.get()), proof(trigger), polled -> store(held, polled))
        : LATER;
  }

  static Proof proof(WebhookTrigger<?, ?> trigger) {
    return trigger.readsDeliveryLog() ? Proof.DELIVERY_LOG : Proof.GAP_POLL;
  }

  private static boolean beginsNow(Source source) {
    return source.settings().start() instanceof PollingTrigger.Start.Now;
  }

  private void state(HeldLeases held) throws Fenced {
    StoredSubscription row = held.row();
    Progress before = row.progress();
    Instant since = before.completeUpTo();
    String proof = Proof.withGap(before.proof(), since, held.claimedAt());
    held.commit(new Progress(before.cursor(), since, proof), List.of());
    parts
        .events()
        .publish(
            new EventsMissing(
                parts.pace().clock().instant(),
                row.id(),
                row.subject().flow(),
                since,
                "Deliveries may have been missed, and nothing fills the gap"));
  }

  private void store(HeldLeases held, Polled polled) throws Fenced {
    if (polled.more() && !held.needs(Need.GAP)) {
      held.write(held.leases().with(Need.GAP));
    }
    held.commit(polled.progress(), polled.events());
    if (!polled.more() && held.needs(Need.GAP)) {
      Observed looked = held.leases().observed().looked(parts.pace().clock().instant());
      held.write(held.leases().without(Need.GAP).with(looked));
    }
  }

  /** What is done with what a poll has found. */
  interface Storing {
    void store(Polled polled) throws Fenced;
  }

  /**
   * Polls until there is no more.
   *
   * @return how long it is until this goes on; {@link #LATER} if it has come to its end
   */
  Duration read(HeldLeases held, Source asked, Proof proof, Storing storing) throws Exception {
    StoredSubscription row = held.row();
    for (int i = 0; i < MOST_POLLS; i++) {
      if (Turns.isFull(parts.store().load(row.id()))) {
        return Turns.FULL_PAUSE;
      }
      Polled polled =
          parts.poller().poll(row, held.claimedAt(), asked, proof, parts.poller().budget(asked));
      storing.store(polled);
      if (!polled.more() || !polled.moved()) {
        return LATER;
      }
      row = row.with(polled.progress());
    }
    return Duration.ZERO;
  }
}

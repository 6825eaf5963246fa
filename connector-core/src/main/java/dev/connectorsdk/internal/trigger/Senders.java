package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.EventsUnsent;
import dev.connectorsdk.api.event.ConnectorEvent.SenderSilent;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Standing;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.internal.trigger.Poller.Polled;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks now and then at how services deliver: compares what they have sent with what polls find,
 * and notices silence. Safe for several threads.
 */
final class Senders {

  private final Turns.Parts parts;
  private final Gaps gaps;

  Senders(Turns.Parts parts, Gaps gaps) {
    this.parts = parts;
    this.gaps = gaps;
  }

  /**
   * Looks, if it is time.
   *
   * @return how long it is until the next time
   */
  <C> Duration look(HeldLeases held, Source source, WebhookTrigger<C, ?> trigger) throws Exception {
    Instant now = parts.pace().clock().instant();
    Observed before = held.leases().observed();
    if (!before.isDue(now)) {
      return Duration.between(now, before.nextAt());
    }
    Observed judged = before.judged().with(rhythm(held.row(), before.rhythm())).looked(now);
    boolean isSilent = judged.rhythm().isBroken(now);
    boolean isNew = isSilent && !judged.rhythm().told();
    held.write(held.leases().with(isNew ? judged.with(judged.rhythm().toldOf()) : judged));
    if (isNew) {
      tell(silent(held.row(), judged.rhythm(), now));
    }
    if (before.overdue() > 0) {
      tell(unsent(held.row(), judged, before.overdue(), now));
    }
    compare(held, source, trigger);
    return Duration.between(now, held.leases().observed().nextAt());
  }

  private Rhythm rhythm(StoredSubscription row, Rhythm before) {
    return before.with(
        parts.store().inspect(row.id()).map(Standing::lastEventAt).orElse(before.last()));
  }

  private void tell(ConnectorEvent event) {
    parts.events().publish(event);
  }

  private static ConnectorEvent silent(StoredSubscription row, Rhythm rhythm, Instant now) {
    Instant last = rhythm.last();
    return new SenderSilent(
        now, row.id(), row.subject().flow(), last == null ? now : last, rhythm.longest());
  }

  private static ConnectorEvent unsent(
      StoredSubscription row, Observed observed, int events, Instant now) {
    return new EventsUnsent(
        now, row.id(), row.subject().flow(), events, observed.lossRate().orElse(0));
  }

  /** A batch has no id that a delivery could have, too. */
  private <C> void compare(HeldLeases held, Source source, WebhookTrigger<C, ?> trigger)
      throws Exception {
    Optional<? extends PollingTrigger<C, ?, ?>> poll = trigger.gapPoll();
    StoredSubscription row = held.row();
    if (poll.isEmpty()
        || source.settings().handling().batches()
        || row.progress().cursor().isEmpty()
        || Subscriptions.phase(row) != Phase.ACTIVE) {
      return;
    }
    var found = new Found(held);
    Duration more = gaps.read(held, source.of(poll.get()), Gaps.proof(trigger), found::store);
    if (!more.equals(Gaps.LATER)) {
      held.write(held.leases().with(Need.GAP));
    }
  }

  /** Stores what polls find, and notes what of it was not there. */
  private static final class Found {

    private final HeldLeases held;
    private Progress progress;

    Found(HeldLeases held) {
      this.held = held;
      this.progress = held.row().progress();
    }

    /**
     * Stores each event by itself, to know which of them are new, and the cursor after them. One
     * that the service sends before that is noted counts as not sent.
     */
    void store(Polled polled) throws Fenced {
      List<String> first = new ArrayList<>();
      for (NewEvent event : polled.events()) {
        if (held.commit(progress, List.of(event)) > 0) {
          first.add(event.id());
        }
      }
      progress = polled.progress();
      held.commit(progress, List.of());
      int found = polled.events().size();
      if (found > 0) {
        held.write(held.leases().with(held.leases().observed().found(found, first)));
      }
    }
  }
}

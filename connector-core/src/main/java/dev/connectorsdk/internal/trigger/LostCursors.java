package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does what a trigger declares for the case that its cursor is lost, and says that events may be
 * missing. Safe for several threads.
 */
final class LostCursors {

  private final Sources sources;
  private final Subscriptions subscriptions;
  private final SubscriptionChanges changes;
  private final EventHub events;
  private final Clock clock;

  LostCursors(
      Sources sources,
      Subscriptions subscriptions,
      SubscriptionChanges changes,
      EventHub events,
      Clock clock) {
    this.sources = sources;
    this.subscriptions = subscriptions;
    this.changes = changes;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Goes on with a subscription whose cursor is lost, or stops it.
   *
   * @param reason what happened, without a full stop
   * @return {@code false} if somebody else has changed it meanwhile
   */
  boolean lose(StoredSubscription row, String reason) {
    return lose(row, row, reason).isPresent();
  }

  /**
   * Goes on with a subscription that was changed so that its cursor is lost.
   *
   * @param changed what is to be stored, apart from phase and progress
   * @return what is stored then; empty if somebody else has changed it meanwhile
   */
  Optional<StoredSubscription> lose(
      StoredSubscription row, StoredSubscription changed, String reason) {
    Start start = start(row);
    Instant now = clock.instant();
    Instant since = row.progress().completeUpTo();
    String proof = Proof.withGap(row.progress().proof(), since, now);
    Optional<StoredSubscription> next =
        start == null ? stop(row, changed, reason, proof) : goOn(row, changed, start, proof);
    if (next.isPresent()) {
      events.publish(new EventsMissing(now, row.id(), row.subject().flow(), since, reason));
    }
    return next;
  }

  private Optional<StoredSubscription> stop(
      StoredSubscription row, StoredSubscription changed, String reason, String proof) {
    Progress before = row.progress();
    Instant since = before.completeUpTo();
    String told = since == null ? "" : " since " + since;
    StoredSubscription next =
        SubscriptionChanges.after(
            row, Signal.FORGOTTEN, reason + ". Events" + told + " may be missing");
    return changes.rewind(
        row,
        SubscriptionChanges.with(row, changed.subject(), changed.settings(), next.life()),
        new Progress(before.cursor(), since, proof));
  }

  private Optional<StoredSubscription> goOn(
      StoredSubscription row, StoredSubscription changed, Start start, String proof) {
    String settings = subscriptions.text(subscriptions.settings(changed).startingAgain(start));
    return changes.rewind(
        row,
        SubscriptionChanges.with(row, changed.subject(), settings, row.life()),
        new Progress(Sealed.NONE, row.progress().completeUpTo(), proof));
  }

  /** Returns where to go on, or {@code null} if somebody has to say. */
  private @Nullable Start start(StoredSubscription row) {
    LostCursor declared =
        sources
            .asking(row)
            .<LostCursor>map(PollingTrigger::lostCursor)
            .orElseGet(LostCursor.Stop::new);
    if (declared instanceof LostCursor.Resync) {
      return new Start.All();
    }
    Instant complete = row.progress().completeUpTo();
    return declared instanceof LostCursor.ResyncSince since && complete != null
        ? new Start.Since(complete.minus(since.margin()))
        : null;
  }
}

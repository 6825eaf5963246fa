package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.EventParked;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.internal.trigger.SubscriptionSettings.Handling;
import dev.connectorsdk.trigger.HandledEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands stored events to handlers. Safe for several threads. */
final class HandOver {

  private static final Logger log = LoggerFactory.getLogger(HandOver.class);

  /** How long the id of an accepted event is known. */
  private static final Duration IDS_KNOWN = Duration.ofDays(7);

  private static final Duration PARKED_KEPT = Duration.ofDays(30);

  /** How the errors of events begin that never came to a handler. */
  private static final String NOT_HANDED_OVER = "It was not handed over: ";

  private static final String TOO_LARGE =
      "It has more than 700,000 bytes as JSON: its payload was not kept";

  private final Turns.Parts parts;
  private final Map<String, RegisteredHandler<?>> handlers;
  private final Observations observations;

  HandOver(
      Turns.Parts parts, Map<String, RegisteredHandler<?>> handlers, Observations observations) {
    this.parts = parts;
    this.handlers = Map.copyOf(handlers);
    this.observations = observations;
  }

  /** Returns whose events can be handled here. */
  Set<String> handlers() {
    return handlers.keySet();
  }

  /**
   * Has a claimed event handled, and notes what came of it.
   *
   * @param givenUp is run if the handler does not end in time
   */
  void deliver(EventClaim claim, Runnable givenUp) {
    parts
        .store()
        .findSubscription(claim.event().subscription())
        .ifPresent(row -> deliver(claim, row, givenUp));
  }

  private void deliver(EventClaim claim, StoredSubscription row, Runnable givenUp) {
    if (claim.event().event().payload().isEmpty()) {
      park(claim, row, claim.event().attempts() - 1, TOO_LARGE);
      return;
    }
    Handling handling = parts.subscriptions().settings(row).handling();
    var held = new HeldEvent(claim, row, handling.attempts(), givenUp);
    try (Watch.Task task = parts.pace().watch().begin(held)) {
      Caller caller = permitted(held, task);
      if (caller == null) {
        return;
      }
      int attempts = claim.event().attempts();
      if (attempts > handling.attempts()) {
        park(claim, row, attempts - 1, "Its last attempt did not come to an end");
        return;
      }
      hand(held, caller, retention(handling), task);
    }
  }

  /** Returns who gets an event; {@code null} if nobody may have it now, or the time is over. */
  private @Nullable Caller permitted(HeldEvent held, Watch.Task task) {
    try {
      Caller caller = parts.sources().requirePermitted(held.row);
      if (isOver(held, task)) {
        return null;
      }
      held.begun = true;
      return caller;
    } catch (PolicyException | ResolutionException e) {
      parts.sources().refused(held.row, e, false);
      ended(held, task, e);
      return null;
    } catch (RuntimeException e) {
      log.debug("An event of {} was not handed over", held.row.id(), e);
      ended(held, task, Failures.from(e, "The directory of flows"));
      return null;
    }
  }

  private void hand(HeldEvent held, Caller caller, Retention retention, Watch.Task task) {
    StoredSubscription row = held.row;
    boolean isAccepted;
    Observations.Running observed = observed(row, caller);
    try {
      isAccepted = handle(held.claim, row, caller, retention);
      observed.end(null);
    } catch (Throwable e) { // What is not counted would be repeated for ever.
      log.debug("Handler '{}' failed", row.subject().handler(), e);
      ConnectorException failure = Failures.from(e, "Handler '" + row.subject().handler() + "'");
      observed.end(failure);
      ended(held, task, failure);
      Problems.passOn(e);
      return;
    }
    if (!isAccepted) {
      parts.store().accept(held.claim, retention);
    }
  }

  private Observations.Running observed(StoredSubscription row, Caller caller) {
    return observations.begin(
        Observations.What.HANDLING, caller, row.subject().connector(), row.subject().handler());
  }

  /** Has an event wait until its flow may have it. No attempt counts. */
  private void postpone(EventClaim claim, StoredSubscription row, String reason) {
    if (SubscriptionLife.TABLE.next(Subscriptions.phase(row), Signal.BROKE).isPresent()) {
      parts.changes().suspend(row, reason, false);
      parts.store().release(claim);
    } else {
      parts.store().postpone(claim, SubscriptionChanges.LOOK_AGAIN, NOT_HANDED_OVER + reason);
    }
  }

  private boolean handle(
      EventClaim claim, StoredSubscription row, Caller caller, Retention retention)
      throws Exception {
    StoredEvent event = claim.event();
    RegisteredHandler<?> handler = handlers.get(row.subject().handler());
    if (handler == null) {
      throw new ActionFailedException(
          "No handler '" + row.subject().handler() + "' is registered here");
    }
    return handler.handle(
        parts.subscriptions().payload(event),
        new HandledEvent(event.event().id(), event.attempts(), row.id(), caller, event.storedAt()),
        parts.subscriptions().mapper(),
        claim,
        retention);
  }

  private static Retention retention(Handling handling) {
    Duration payload = Duration.ofMillis(handling.retentionMillis());
    return new Retention(payload, payload.compareTo(IDS_KNOWN) > 0 ? payload : IDS_KNOWN);
  }

  private void ended(HeldEvent held, Watch.Task task, ConnectorException e) {
    if (!isOver(held, task)) {
      held.failed(e);
    }
  }

  /** Returns whether nothing more may come of an event here; then its claim is given back. */
  private boolean isOver(HeldEvent held, Watch.Task task) {
    Watch.End end = task.end();
    if (end == Watch.End.CLOSED) {
      parts.store().release(held.claim);
    }
    return end != null;
  }

  private void park(EventClaim claim, StoredSubscription row, int attempts, String problem) {
    if (parts.store().park(claim, problem, PARKED_KEPT)) {
      log.warn(
          "Event {} of subscription {} was given up: {}",
          claim.event().number(),
          row.id(),
          problem);
      parts
          .events()
          .publish(
              new EventParked(
                  parts.pace().clock().instant(),
                  row.id(),
                  row.subject().flow(),
                  claim.event().number(),
                  attempts,
                  problem));
    }
  }

  /** The claim of an event that is being handled. */
  private final class HeldEvent implements Watch.Held {

    private final EventClaim claim;
    private final StoredSubscription row;
    private final int mostAttempts;
    private final Runnable givenUp;

    /** Whether it has come to the handler. */
    private volatile boolean begun;

    HeldEvent(EventClaim claim, StoredSubscription row, int mostAttempts, Runnable givenUp) {
      this.claim = claim;
      this.row = row;
      this.mostAttempts = mostAttempts;
      this.givenUp = givenUp;
    }

    void failed(ConnectorException e) {
      String problem = Problems.of(e);
      int attempts = claim.event().attempts();
      if (!begun) {
        postpone(claim, row, problem);
      } else if (attempts < mostAttempts) {
        parts.store().retry(claim, parts.pace().backoff().afterAttempt(attempts), problem);
      } else {
        park(claim, row, attempts, problem);
      }
    }

    @Override
    public boolean renew() {
      return parts.store().renewClaim(claim, Watch.LEASE);
    }

    @Override
    public void abandon() {
      try {
        String what = begun ? "The handler" : "The directory of flows";
        failed(new ActionFailedException(what + " took longer than 5 min"));
      } finally {
        givenUp.run();
      }
    }
  }
}

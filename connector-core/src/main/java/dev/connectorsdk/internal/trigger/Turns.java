package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.event.ConnectorEvent.CallEnded;
import dev.connectorsdk.api.event.ConnectorEvent.PollFailed;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.reference.ForeignFailures;
import dev.connectorsdk.internal.reference.Resolver;
import dev.connectorsdk.internal.trigger.Poller.Polled;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the turns of subscriptions. Safe for several threads. */
final class Turns {

  /** What may wait in the inbox of a subscription; beyond that nothing is polled. */
  static final Load MOST_WAITING = new Load(10_000, 64L * 1024 * 1024);

  /** How many polls use one connection at once; the rest of what it may send is for calls. */
  private static final int MOST_PER_CONNECTION = 8;

  /** How often a trigger may ask to be polled again at once and find nothing. */
  private static final int MOST_EMPTY_PAGES = 100;

  /** What may come back, although nothing of the connection has changed. */
  private static final Set<String> WAITED_FOR =
      Set.of(Flows.KIND, Registry.CONNECTOR, Sources.TRIGGER);

  private static final Duration NO_ROOM_PAUSE = Duration.ofSeconds(2);
  static final Duration FULL_PAUSE = Duration.ofSeconds(15);

  private final Parts parts;
  private final Registrations registrations;
  private final Rooms<ConnectionId> rooms = new Rooms<>(MOST_PER_CONNECTION);
  private final Catchup catchup;

  /** What turns are taken with. */
  record Parts(
      TriggerStore store,
      Sources sources,
      Subscriptions subscriptions,
      Poller poller,
      SubscriptionChanges changes,
      LostCursors lost,
      Pace pace,
      EventHub events) {}

  /** What says when, and what is too much. */
  record Pace(Clock clock, Backoff backoff, Guard guard, Watch watch) {}

  Turns(Parts parts, Registrations registrations) {
    this.parts = parts;
    this.registrations = registrations;
    this.catchup = new Catchup(parts.pace().clock());
  }

  /**
   * Polls, stores, gives the claim back. Whatever fails, the cursor stays where it was.
   *
   * @param givenUp is run if the turn does not end in time
   */
  Turn take(Claim claim, Runnable givenUp) {
    StoredSubscription row = claim.subscription();
    HeldPoll held = new HeldPoll(claim, givenUp);
    try (Watch.Task task = parts.pace().watch().begin(held)) {
      try {
        return take(held, task);
      } catch (CursorLostException e) {
        return lost(held, task, e);
      } catch (Fenced e) {
        return Turn.FENCED;
      } catch (Throwable e) { // What is not counted would be repeated for ever.
        Turn turn = failed(held, task, Failures.from(e, what(row)));
        Problems.passOn(e);
        return turn;
      }
    }
  }

  private Turn take(HeldPoll held, Watch.Task task) throws Exception {
    Claim claim = held.claim();
    StoredSubscription row = claim.subscription();
    if (Subscriptions.phase(row) == Phase.ENDING) {
      return registrations.end(held);
    }
    if (SubscriptionChanges.dueIn(row) == null) {
      // Claimed by somebody who came between: nobody polls it before it is changed.
      return parts.store().release(claim, row.outcome(), null) ? Turn.MOVED : Turn.FENCED;
    }
    if (row.registration().isEmpty() && isFull(row)) {
      return leave(claim, "The inbox is full: handlers are slower than events", FULL_PAUSE);
    }
    if (!row.registration().isEmpty()) {
      registrations.leave(held); // Needs nothing of what the subscription is bound to now.
    }
    Source source = source(held.claim().subscription());
    if (task.end() != null) { // The host's directory of flows took all the time.
      throw new CallCancelledException(what(row));
    }
    if (Subscriptions.phase(row) == Phase.WAITING) {
      return moved(held, task, Signal.MENDED, "");
    }
    return take(held, source, task);
  }

  /** What is refused again and again is recorded when that begins. */
  private Source source(StoredSubscription row) {
    try {
      Source source = parts.sources().of(row);
      requireGateway(source);
      return source;
    } catch (PolicyException | ResolutionException | AuthenticationException e) {
      parts.sources().refused(row, e, mayDeliver(e));
      throw e;
    }
  }

  private static void requireGateway(Source source) {
    try {
      source.connection().requireGateway();
    } catch (ConnectorException e) {
      throw ForeignFailures.told(e, source.caller(), source.reference(), source.connection());
    }
  }

  /** Returns whether a subscription waits already because of such a failure, or could not do so. */
  private static boolean isKnown(StoredSubscription row, ConnectorException e) {
    return SubscriptionChanges.suspended(row, Problems.of(e), mayDeliver(e)).equals(row.life());
  }

  private Turn take(HeldPoll held, Source source, Watch.Task task) throws Exception {
    Claim claim = held.claim();
    StoredSubscription row = claim.subscription();
    Duration pause = catchup.pause(row, source.settings().every());
    if (row.registration().isEmpty() && !pause.isZero()) {
      return parts.store().release(claim, row.outcome(), pause) ? Turn.NO_ROOM : Turn.FENCED;
    }
    if (!rooms.enter(source.connection().id())) {
      return leave(claim, row.outcome().error(), NO_ROOM_PAUSE);
    }
    try {
      source.connection().requireOwn(source.trigger());
      return row.registration().isEmpty()
          ? store(held, poll(claim, source, task), source.settings(), task)
          : registrations.turn(held, source);
    } catch (CursorLostException e) {
      throw e;
    } catch (Throwable e) {
      ConnectorException failure = Failures.from(e, what(row));
      Problems.passOn(e);
      throw ForeignFailures.told(failure, source.caller(), source.reference(), source.connection());
    } finally {
      rooms.leave(source.connection().id());
    }
  }

  private Turn lost(HeldPoll held, Watch.Task task, CursorLostException e) {
    if (task.end() != null) {
      return failed(held, task, e);
    }
    StoredSubscription now = held.claim().subscription();
    return held.isHeldBy(task) && parts.lost().lose(now, Problems.of(e)) ? Turn.MOVED : Turn.FENCED;
  }

  /** Only what found something can have filled it. */
  private boolean isFull(StoredSubscription row) {
    if (row.outcome().idle() > 0) {
      return false;
    }
    return isFull(parts.store().load(row.id()));
  }

  static boolean isFull(Load load) {
    return load.events() >= MOST_WAITING.events() || load.characters() >= MOST_WAITING.characters();
  }

  private Turn leave(Claim claim, String error, Duration next) {
    Outcome before = claim.subscription().outcome();
    Outcome outcome = new Outcome(before.failures(), before.idle(), error);
    Duration due = parts.pace().backoff().spread(next);
    return parts.store().release(claim, outcome, due) ? Turn.NO_ROOM : Turn.FENCED;
  }

  private Polled poll(Claim claim, Source source, Watch.Task task) throws Exception {
    StoredSubscription row = claim.subscription();
    CallBudget budget = parts.poller().budget(source);
    try {
      Polled polled = parts.poller().poll(row, claim.at(), source, Proof.POLL, budget);
      tell(row, source, budget, task, null);
      return polled;
    } catch (Throwable e) {
      String failure = Failures.from(e, what(row)).getClass().getSimpleName();
      tell(row, source, budget, task, failure);
      throw e;
    }
  }

  private static String what(StoredSubscription row) {
    return "Trigger '" + row.subject().trigger() + "'";
  }

  private Turn store(HeldPoll held, Polled polled, SubscriptionSettings settings, Watch.Task task) {
    Claim claim = held.claim();
    StoredSubscription row = claim.subscription();
    // The first cursor may say "from now on": forgotten, it would leave out what comes until then.
    if (polled.events().isEmpty() && !row.progress().cursor().isEmpty()) {
      return finish(claim, polled, settings, task);
    }
    int stored = parts.store().commit(claim, polled.progress(), polled.events());
    if (stored < 0) {
      return Turn.FENCED;
    }
    Optional<String> flood =
        parts.pace().guard().flood(row.id(), stored, settings.watching().mostPerMinute());
    if (flood.isPresent()) {
      return moved(held, task, Signal.FLOODED, flood.get());
    }
    Outcome outcome = new Outcome(0, stored > 0 ? 0 : row.outcome().idle() + 1, "");
    Duration next = next(settings.every(), polled, outcome, task.age());
    boolean released = parts.store().release(claim, outcome, next);
    return released ? new Turn.Stored(stored, next) : Turn.FENCED;
  }

  private Turn finish(Claim claim, Polled polled, SubscriptionSettings settings, Watch.Task task) {
    Outcome outcome = new Outcome(0, claim.subscription().outcome().idle() + 1, "");
    Duration next = next(settings.every(), polled, outcome, task.age());
    boolean finished = parts.store().finish(claim, polled.progress(), outcome, next);
    return finished ? new Turn.Stored(0, next) : Turn.FENCED;
  }

  private Duration next(Duration every, Polled polled, Outcome outcome, Duration took) {
    boolean again = polled.more() && polled.moved() && outcome.idle() < MOST_EMPTY_PAGES;
    Backoff backoff = parts.pace().backoff();
    return again
        ? backoff.afterPoll(Duration.ZERO, Duration.ZERO, 0, polled.pause(), took)
        : backoff.afterPoll(every, polled.least(), outcome.idle(), polled.pause(), took);
  }

  private Turn moved(HeldPoll held, Watch.Task task, Signal signal, String reason) {
    StoredSubscription row = held.claim().subscription();
    return held.isHeldBy(task) && parts.changes().move(row, signal, reason).isPresent()
        ? Turn.MOVED
        : Turn.FENCED;
  }

  private Turn failed(HeldPoll held, Watch.Task task, ConnectorException e) {
    Claim claim = held.claim();
    Watch.End end = task.end();
    if (end == Watch.End.CLOSED) {
      parts.store().release(claim, claim.subscription().outcome(), Duration.ZERO);
      return Turn.CLOSED;
    }
    if (end != null) {
      return Turn.FENCED;
    }
    StoredSubscription row = claim.subscription();
    // One that ends needs nobody to mend anything: it is tried again until it is given up.
    if (Subscriptions.phase(row) == Phase.ENDING || !isBroken(e)) {
      return failed(claim, e);
    }
    if (isKnown(row, e)) {
      parts.store().release(claim, row.outcome(), SubscriptionChanges.LOOK_AGAIN);
      return Turn.MOVED;
    }
    return held.isHeldBy(task)
            && parts.changes().suspend(row, Problems.of(e), mayDeliver(e)).isPresent()
        ? Turn.MOVED
        : Turn.FENCED;
  }

  /** Returns whether a flow still gets the events that were found for it before. */
  private static boolean mayDeliver(ConnectorException e) {
    return !(e instanceof NotFoundException
        || e instanceof PolicyException
        || Resolver.isRefusal(e));
  }

  /** Whether somebody has to do something about the connection, the connector or the flow. */
  private static boolean isBroken(ConnectorException e) {
    return e instanceof ResolutionException
        || e instanceof InvalidInputException // The configuration was for another trigger.
        || e instanceof PolicyException
        || (e instanceof NotFoundException missing && WAITED_FOR.contains(missing.kind()))
        || (e instanceof AuthenticationException refused
            && refused.userMustAct()
            // Whether the connection still works is for its test to say.
            && refused.reason() != AuthenticationException.Reason.REJECTED);
  }

  private Turn failed(Claim claim, ConnectorException e) {
    StoredSubscription row = claim.subscription();
    int failures = row.outcome().failures() + 1;
    Duration pause = parts.pace().backoff().afterFailure(failures, e.retryAfter().orElse(null));
    Duration next =
        e instanceof SecretUnreadableException ? pause : registrations.untilRenewal(row, pause);
    String problem = Problems.of(e);
    if (!parts.store().release(claim, new Outcome(failures, 0, problem), next)) {
      return Turn.FENCED;
    }
    tell(row, problem, failures, next);
    return new Turn.Failed(e, next);
  }

  private void tell(StoredSubscription row, String problem, int failures, Duration next) {
    if (!parts.events().isQuiet()) {
      parts
          .events()
          .publish(
              new PollFailed(
                  parts.pace().clock().instant(),
                  row.id(),
                  row.subject().flow(),
                  row.subject().connector(),
                  problem,
                  failures,
                  next));
    }
  }

  private void tell(
      StoredSubscription row,
      Source source,
      CallBudget budget,
      Watch.Task task,
      @Nullable String error) {
    if (!parts.events().isQuiet()) {
      parts
          .events()
          .publish(
              new CallEnded(
                  parts.pace().clock().instant(),
                  source.caller(),
                  source.reference(),
                  source.connection().id(),
                  row.subject().trigger(),
                  budget.exchanges(),
                  task.age(),
                  error));
    }
  }

  /** The claim of a poll that goes on. */
  private final class HeldPoll implements Watch.Held, HeldLeases.Hold {

    private volatile Claim claim;
    private final Runnable givenUp;

    HeldPoll(Claim claim, Runnable givenUp) {
      this.claim = claim;
      this.givenUp = givenUp;
    }

    @Override
    public Claim claim() {
      return claim;
    }

    /**
     * Returns whether a change that only the version fences may be made: nobody else can get the
     * claim for {@link Watch#LEASE} from now.
     */
    boolean isHeldBy(Watch.Task task) {
      return task.end() == null && parts.store().renewClaim(claim, Watch.LEASE);
    }

    @Override
    public void replace(Claim next) {
      claim = next;
    }

    @Override
    public boolean renew() {
      Claim asked = claim;
      return parts.store().renewClaim(asked, Watch.LEASE) || !claim.equals(asked);
    }

    @Override
    public void abandon() {
      try {
        failed(claim, new ActionFailedException("The poll took longer than 5 min"));
      } finally {
        givenUp.run();
      }
    }
  }
}

package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.FindHandler;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.connection.CallContext;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.Leases.Todo;
import dev.connectorsdk.internal.trigger.Poller.Polled;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, renews, checks and removes the registrations of webhooks. What is about to be done at a
 * service is stored before, and what came of it after. Safe for several threads.
 */
final class Registrations {

  private static final Logger log = LoggerFactory.getLogger(Registrations.class);

  /** How many polls may follow one another to fill a gap. */
  private static final int MOST_GAP_POLLS = 100;

  /** How long nothing is done after what has not gone as usual. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final int MOST_TRIES = 10;
  private static final int GONE = 410;
  private static final int NOT_FOUND = 404;

  private final Turns.Parts parts;
  private final Callbacks callbacks;
  private final Schemas schemas;
  private final OpenConnections connections;
  private final RuntimeServices services;

  Registrations(
      Turns.Parts parts,
      Callbacks callbacks,
      Schemas schemas,
      OpenConnections connections,
      RuntimeServices services) {
    this.parts = parts;
    this.callbacks = callbacks;
    this.schemas = schemas;
    this.connections = connections;
    this.services = services;
  }

  /** The claim of a turn, which is a new one after each write. */
  interface Hold {

    Claim claim();

    void replace(Claim claim);
  }

  /** Somebody else has the subscription now. */
  private static final class Fenced extends Exception {

    private static final long serialVersionUID = 1L;

    Fenced() {
      super("fenced", null, false, false);
    }
  }

  /** What one turn works with. */
  private final class Work<C> {

    private final Hold hold;
    private final Source source;
    private final WebhookTrigger<C, ?> trigger;
    private Leases leases;

    Work(Hold hold, Source source, WebhookTrigger<C, ?> trigger) {
      this.hold = hold;
      this.source = source;
      this.trigger = trigger;
      this.leases = parts.subscriptions().leases(row());
    }

    private StoredSubscription row() {
      return hold.claim().subscription();
    }

    /** Returns how long it is until there is something to do. */
    Duration run() throws Exception {
      Instant now = services.clock().instant();
      for (Lease lease : leases.in(State.INTENDED)) {
        if (!lease.isDue(now)) {
          // Somebody is at work at it, and notes the result yet.
          return Duration.between(now, lease.nextAt());
        }
        clear(lease);
      }
      Lease live = leases.live();
      if (live == null) {
        make(!row().progress().equals(Progress.NONE));
      } else if (live.isOf(source.connection())) {
        keep(live);
      } else {
        make(leases.asks(Todo.RECREATE) || live.isOver(now));
      }
      leases = leave(hold, leases);
      Duration more = fill();
      Duration next = longer(Duration.between(services.clock().instant(), leases.nextAt()), PAUSE);
      return more.compareTo(next) < 0 ? more : next;
    }

    /** Returns since when the registration is over that was just looked after. */
    @Nullable Instant endedAt() {
      Lease live = leases.live();
      return live != null && live.isOver(services.clock().instant()) ? live.remote().until() : null;
    }

    /** An attempt whose outcome nobody has noted: what it has made is looked for, or given up. */
    private void clear(Lease lease) throws Exception {
      Optional<FindHandler<C>> finder = trigger.finder();
      if (finder.isEmpty()) {
        write(leases.with(lease.orphaned()), row().life());
        return;
      }
      Optional<OpenConnection> connection = connections.find(ConnectionId.of(lease.connection()));
      if (connection.isPresent()) {
        ActionContext context = context(connection.get(), Effect.READ);
        Optional<Registration> found =
            finder.get().find(configuration(), callback(leases, lease), context);
        if (found.isPresent()) {
          trigger.unsubscribe(found.get(), context(connection.get(), Effect.IDEMPOTENT_WRITE));
        }
      }
      write(leases.without(lease), row().life());
    }

    /**
     * Registers anew, then has whatever else is live removed.
     *
     * @param gap whether deliveries may have been missed until then
     */
    private void make(boolean gap) throws Exception {
      Lease intent =
          Lease.intended(
              callbacks, trigger.signature(), source.connection(), services.clock().instant());
      write(leases.with(intent), row().life());
      StoredSubscription asked = row();
      Registration made = made(intent);
      Instant now = services.clock().instant();
      try {
        write(leases.remade(intent.live(made, now), gap, now), registered(row()));
      } catch (Fenced e) {
        record(asked, intent, made, gap);
        throw e;
      }
    }

    private Registration made(Lease intent) throws Exception {
      try {
        Registration made =
            trigger.subscribe(
                configuration(),
                callback(leases, intent),
                context(source.connection(), Effect.WRITE));
        if (made == null) {
          throw new ActionFailedException("Trigger '" + trigger.id() + "' returned null");
        }
        return made;
      } catch (InterruptedException | CallCancelledException e) {
        throw e;
      } catch (Exception e) {
        Leases next =
            hasMadeNothing(e)
                ? leases.without(intent)
                : leases.with(intent.uncertain(services.clock().instant()));
        write(next, row().life());
        throw e;
      }
    }

    /** Renews or checks, or registers anew. */
    private void keep(Lease live) throws Exception {
      Instant now = services.clock().instant();
      if (leases.asks(Todo.RECREATE) || live.isOver(now)) {
        make(true);
      } else if (leases.asks(Todo.REPLACE)) {
        make(false);
      } else if (leases.asks(Todo.RENEW) || live.isDue(now)) {
        prolong(live, now);
      }
    }

    private void prolong(Lease live, Instant now) throws Exception {
      boolean isThere;
      try {
        isThere = prolonged(live, now);
      } catch (Fenced | InterruptedException | CallCancelledException e) {
        throw e;
      } catch (Exception e) {
        Lease late = live.late(now);
        log.debug("A registration of {} could not be kept", row().id(), e);
        write(leases.with(late), row().life());
        if (late.wasGivenUp()) {
          make(false);
        }
        return;
      }
      if (!isThere) {
        write(leases.with(Todo.RECREATE), row().life());
        make(true);
      }
    }

    /** Returns whether the service has it still. */
    private boolean prolonged(Lease live, Instant now) throws Exception {
      if (live.remote().until() != null && trigger.renewer().isEmpty()) {
        make(false);
        return true;
      }
      Lease kept = kept(live, now);
      if (kept == null) {
        return false;
      }
      write(leases.with(kept).without(Todo.RENEW), row().life());
      return true;
    }

    /** Returns the registration as it goes on; {@code null} if the service does not have it. */
    private @Nullable Lease kept(Lease live, Instant now) throws Exception {
      Registration known = live.remote().registration();
      try {
        if (known.expiresAt() == null) {
          Optional<FindHandler<C>> finder = trigger.finder();
          boolean isThere =
              finder.isEmpty()
                  || finder
                      .get()
                      .find(
                          configuration(),
                          callback(leases, live),
                          context(source.connection(), Effect.READ))
                      .isPresent();
          return isThere ? live.checked(now) : null;
        }
        Registration renewed =
            trigger
                .renewer()
                .orElseThrow()
                .renew(known, context(source.connection(), Effect.IDEMPOTENT_WRITE));
        return live.live(renewed, now);
      } catch (ServiceException e) {
        if (e.status() == NOT_FOUND || e.status() == GONE) {
          return null;
        }
        throw e;
      }
    }

    /**
     * Looks for what deliveries have missed, or says that they may be missing. What is not finished
     * stays to be done. The first poll notes from where on later ones would find it.
     *
     * @return how long it is until this goes on
     */
    private Duration fill() throws Exception {
      Optional<? extends PollingTrigger<C, ?, ?>> poll = trigger.gapPoll();
      boolean isGap = leases.asks(Todo.GAP);
      boolean isUnknown = row().progress().cursor().isEmpty();
      if (isGap && (poll.isEmpty() || (isUnknown && beginsNow()))) {
        state();
        write(leases.without(Todo.GAP), row().life());
        isGap = false;
      }
      // Somebody has to say first where a lost cursor goes on.
      boolean isStopped = Subscriptions.phase(row()) == Phase.CURSOR_LOST;
      return poll.isPresent() && (isGap || isUnknown) && !isStopped
          ? poll(poll.get())
          : Duration.ofDays(1);
    }

    private boolean beginsNow() {
      return parts.subscriptions().settings(row()).start() instanceof PollingTrigger.Start.Now;
    }

    private void state() throws Fenced {
      Progress before = row().progress();
      Instant now = services.clock().instant();
      Instant since = before.completeUpTo();
      var progress =
          new Progress(before.cursor(), since, Proof.withGap(before.proof(), since, now));
      if (parts.store().commit(hold.claim(), progress, List.of()) < 0) {
        throw new Fenced();
      }
      parts
          .events()
          .publish(
              new EventsMissing(
                  now,
                  row().id(),
                  row().subject().flow(),
                  since,
                  "The registration at the service had ended, and nothing fills the gap"));
    }

    private Duration poll(PollingTrigger<C, ?, ?> gaps) throws Exception {
      var asked = new Source(gaps, source.caller(), source.reference(), source.connection());
      StoredSubscription row = row();
      for (int i = 0; i < MOST_GAP_POLLS; i++) {
        if (Turns.isFull(parts.store().load(row.id()))) {
          return Turns.FULL_PAUSE;
        }
        Polled polled = parts.poller().poll(row, asked, parts.poller().budget());
        if (polled.more() && !leases.asks(Todo.GAP)) {
          write(leases.with(Todo.GAP), row().life());
        }
        if (parts.store().commit(hold.claim(), polled.progress(), polled.events()) < 0) {
          throw new Fenced();
        }
        if (!polled.more()) {
          if (leases.asks(Todo.GAP)) {
            write(leases.without(Todo.GAP), row().life());
          }
          return Duration.ofDays(1);
        }
        if (!polled.moved()) {
          return Duration.ofDays(1);
        }
        row = row.with(polled.progress());
      }
      return Duration.ZERO;
    }

    private void write(Leases next, Life life) throws Fenced {
      Registrations.this.write(hold, next, life);
      leases = next;
    }

    private C configuration() {
      return schemas
          .validatorFor(trigger.configuration())
          .read(
              "trigger '" + trigger.id() + "'",
              parts.subscriptions().settings(row()).configuration());
    }
  }

  /** What was not sent or was refused, was not done; of other failures nobody knows. */
  private static boolean hasMadeNothing(Exception e) {
    if (e instanceof ServiceException answer) {
      return answer.status() >= 400 && answer.status() < 500 && answer.status() != 408;
    }
    return (e instanceof TransportException broken && wasNotSent(broken.kind()))
        || e instanceof AuthenticationException
        || e instanceof InvalidInputException
        || e instanceof HostNotAllowedException;
  }

  private static boolean wasNotSent(TransportException.Kind kind) {
    return switch (kind) {
      case CONNECT, TLS, BUSY, PAUSED -> true;
      case TIMEOUT, BROKEN_OFF -> false;
    };
  }

  private static Life registered(StoredSubscription row) {
    return Subscriptions.phase(row) == Phase.SUBSCRIBING
        ? SubscriptionChanges.after(row, Signal.REGISTERED, "").life()
        : row.life();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private WebhookTrigger.Callback callback(Leases leases, Lease lease) {
    return new WebhookTrigger.Callback(
        callbacks.url(leases.address(), lease.key()), Secret.of(lease.secret()));
  }

  private ActionContext context(OpenConnection connection, Effect effect) {
    var budget =
        new CallBudget(
            services.clock(), services.transport().limits().callTimeout(), effect, null, null);
    return new CallContext(connection, services.transport(), budget);
  }

  /**
   * Does what is due about the registrations of a subscription.
   *
   * @return how the turn ended; the claim is given back
   */
  Turn turn(Hold hold, Source source) throws Exception {
    try {
      return work(hold, source, (WebhookTrigger<?, ?>) source.trigger());
    } catch (Fenced e) {
      return Turn.FENCED;
    }
  }

  private <C> Turn work(Hold hold, Source source, WebhookTrigger<C, ?> trigger) throws Exception {
    var work = new Work<>(hold, source, trigger);
    Duration next = work.run();
    Instant ended = work.endedAt();
    if (ended != null) {
      return failed(
          hold, "Trigger '" + trigger.id() + "' registered what has ended already, at " + ended);
    }
    Duration every = parts.subscriptions().settings(hold.claim().subscription()).every();
    return release(hold, next.compareTo(every) < 0 ? next : every);
  }

  /** Returns a pause that does not go on beyond when the live registration is to be renewed. */
  Duration untilRenewal(StoredSubscription row, Duration pause) {
    Lease live = row.registration().isEmpty() ? null : parts.subscriptions().leases(row).live();
    if (live == null) {
      return pause;
    }
    Duration left = Duration.between(services.clock().instant(), live.nextAt());
    return left.compareTo(PAUSE) > 0 && left.compareTo(pause) < 0 ? left : pause;
  }

  private Turn failed(Hold hold, String problem) {
    int failures = hold.claim().subscription().outcome().failures() + 1;
    Duration next = parts.pace().backoff().afterFailure(failures, SubscriptionChanges.LOOK_AGAIN);
    return parts.store().release(hold.claim(), new Outcome(failures, 0, problem), next)
        ? new Turn.Failed(new ActionFailedException(problem), next)
        : Turn.FENCED;
  }

  private Turn release(Hold hold, Duration next) {
    boolean released = parts.store().release(hold.claim(), Outcome.NONE, next);
    return released ? new Turn.Stored(0, next) : Turn.FENCED;
  }

  /** Removes what is left of a subscription that has ended, then the subscription. */
  Turn end(Hold hold) throws Exception {
    try {
      Leases left = leave(hold, ending(hold.claim().subscription()));
      if (left.in(State.LEAVING).isEmpty() && left.in(State.INTENDED).isEmpty()) {
        return ended(hold.claim().subscription(), left);
      }
      Duration next = Duration.between(services.clock().instant(), left.nextAt());
      return release(
          hold, next.isNegative() || next.isZero() ? SubscriptionChanges.LOOK_AGAIN : next);
    } catch (Fenced e) {
      return Turn.FENCED;
    }
  }

  /** A registration that is under way when its subscription ends notes its result yet. */
  private Leases ending(StoredSubscription row) {
    Instant now = services.clock().instant();
    return parts
        .subscriptions()
        .leases(row)
        .map(State.LIVE, lease -> lease.leaving(now))
        .map(State.INTENDED, lease -> lease.isDue(now) ? lease.orphaned() : lease);
  }

  private Turn ended(StoredSubscription row, Leases left) {
    int orphans = left.in(State.ORPHANED).size();
    if (orphans > 0) {
      String reason = orphans + " registration(s) may be left at the service";
      StoredSubscription next =
          SubscriptionChanges.after(row, Signal.UNREGISTERED, reason)
              .with(parts.subscriptions().seal(row.id(), left));
      return parts.changes().write(row, next).isPresent() ? Turn.MOVED : Turn.FENCED;
    }
    if (!parts.store().deleteSubscription(row.id(), row.version())) {
      return Turn.FENCED;
    }
    parts.changes().tellEnded(row);
    return Turn.MOVED;
  }

  /** Tries to remove what is to be removed, with the connection that has made it. */
  private Leases leave(Hold hold, Leases leases) throws Exception {
    Leases left = leases;
    for (Lease lease : leases.in(State.LEAVING)) {
      Instant now = services.clock().instant();
      if (lease.isDue(now)) {
        left =
            removed(hold.claim().subscription(), lease)
                ? left.without(lease)
                : left.with(lease.stillThere(now));
        write(hold, left, hold.claim().subscription().life());
      }
    }
    return left;
  }

  private boolean removed(StoredSubscription row, Lease lease) throws InterruptedException {
    try {
      Optional<OpenConnection> connection = connections.find(ConnectionId.of(lease.connection()));
      if (connection.isEmpty()) {
        return false;
      }
      var trigger =
          (WebhookTrigger<?, ?>)
              parts.sources().trigger(row.subject().connector(), row.subject().trigger());
      trigger.unsubscribe(
          lease.remote().registration(), context(connection.get(), Effect.IDEMPOTENT_WRITE));
      return true;
    } catch (InterruptedException | CallCancelledException e) {
      throw e;
    } catch (ServiceException e) {
      return e.status() == NOT_FOUND || e.status() == GONE;
    } catch (Exception e) {
      log.debug("A registration of {} could not be removed", row.id(), e);
      return false;
    }
  }

  private void write(Hold hold, Leases leases, Life life) throws Fenced {
    StoredSubscription row = hold.claim().subscription();
    StoredSubscription next =
        row.next().with(parts.subscriptions().seal(row.id(), leases)).with(life);
    if (parts.changes().write(row, next, Watch.LEASE).isEmpty()) {
      throw new Fenced();
    }
    Claim again = parts.store().claim(row.id(), Watch.LEASE).orElseThrow(Fenced::new);
    hold.replace(again);
    if (again.subscription().version() != next.version()) {
      throw new Fenced();
    }
  }

  /**
   * Notes what the service has registered although the subscription was changed meanwhile. If
   * others have given it up by now, it is removed.
   */
  private void record(StoredSubscription asked, Lease intent, Registration made, boolean gap) {
    for (int i = 0; i < MOST_TRIES; i++) {
      StoredSubscription row = parts.store().findSubscription(asked.id()).orElse(null);
      if (row == null || Subscriptions.phase(row) == Phase.ENDED) {
        log.warn("Subscription {} ended while it was registered", asked.id());
        return;
      }
      StoredSubscription next = recorded(row, asked, intent, made, gap);
      if (parts.changes().write(row, next, PAUSE).isPresent()) {
        parts.changes().wake();
        return;
      }
    }
  }

  private StoredSubscription recorded(
      StoredSubscription row,
      StoredSubscription asked,
      Lease intent,
      Registration made,
      boolean gap) {
    Instant now = services.clock().instant();
    Leases leases = parts.subscriptions().leases(row);
    Lease known = leases.at(intent.key());
    Lease live = (known == null ? intent : known).live(made, now);
    if (known == null || !known.is(State.INTENDED) || Subscriptions.phase(row) == Phase.ENDING) {
      return row.next().with(parts.subscriptions().seal(row.id(), leases.with(live.leaving(now))));
    }
    Leases next = leases.remade(live, gap, now);
    boolean isOutdated =
        !parts
            .subscriptions()
            .settings(row)
            .configuration()
            .equals(parts.subscriptions().settings(asked).configuration());
    return row.next()
        .with(parts.subscriptions().seal(row.id(), isOutdated ? next.with(Todo.REPLACE) : next))
        .with(registered(row));
  }
}

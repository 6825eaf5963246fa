package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.FindHandler;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.Leases.Need;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of a subscription that is called back: has one registration live. What is about to be
 * done at the service is stored before, and what came of it after. For one thread.
 *
 * @param <C> what is watched
 */
final class RegistrationTurn<C> {

  private static final Logger log = LoggerFactory.getLogger(RegistrationTurn.class);

  private final With with;
  private final HeldLeases held;
  private final Source source;
  private final WebhookTrigger<C, ?> trigger;

  /** What turns work with. */
  record With(
      RegistrationCalls calls,
      Callbacks callbacks,
      LateRegistrations late,
      Removals removals,
      Gaps gaps,
      Senders senders,
      Clock clock) {}

  RegistrationTurn(With with, HeldLeases held, Source source, WebhookTrigger<C, ?> trigger) {
    this.with = with;
    this.held = held;
    this.source = source;
    this.trigger = trigger;
  }

  /** Returns how long it is until there is something to do. */
  Duration run() throws Exception {
    Instant now = with.clock().instant();
    for (Lease lease : held.leases().in(State.INTENDED)) {
      if (!lease.isDue(now)) {
        // Somebody is at work at it, and notes the result yet.
        return Duration.between(now, lease.nextAt());
      }
      clear(lease);
    }
    // Before another one is made: a service may take no second.
    with.removals().leave(held, held.leases());
    haveOneLive(now);
    with.removals().leave(held, held.leases());
    Duration more = with.gaps().fill(held, source, trigger);
    Duration look = with.senders().look(held, source, trigger);
    more = more.compareTo(look) < 0 ? more : look;
    Duration next = Duration.between(with.clock().instant(), held.leases().nextAt());
    next = next.compareTo(Registrations.PAUSE) < 0 ? Registrations.PAUSE : next;
    return more.compareTo(next) < 0 ? more : next;
  }

  private void haveOneLive(Instant now) throws Exception {
    Lease live = held.leases().live();
    if (live == null) {
      make(held.leases().haveBeenLive() || !held.row().progress().equals(Progress.NONE));
    } else if (live.isOf(source.connection())) {
      keep(live);
    } else {
      boolean isElsewhere = !live.home().hasEventsOf(source.connection());
      make(held.needs(Need.RECREATE) || live.isOver(now) || isElsewhere);
    }
  }

  /** Returns since when the registration is over that was just looked after. */
  @Nullable Instant endedAt() {
    Lease live = held.leases().live();
    return live != null && live.isOver(with.clock().instant()) ? live.remote().until() : null;
  }

  /** An attempt whose outcome nobody has noted: what it has made is to be removed, or given up. */
  private void clear(Lease lease) throws Exception {
    Lease found;
    try {
      found = with.removals().found(held.row(), held.leases(), lease, trigger);
    } catch (InterruptedException | CallCancelledException e) {
      throw e;
    } catch (Exception e) {
      held.write(held.leases().with(with.removals().again(lease)));
      throw e;
    }
    held.write(held.leases().with(lease, found));
  }

  /**
   * Registers anew, then has whatever else is live removed.
   *
   * @param gap whether deliveries may have been missed until then
   */
  private void make(boolean gap) throws Exception {
    String address = address();
    with.calls().requireSecrets(trigger, source.connection());
    Lease intent =
        Lease.intended(
            with.callbacks(), trigger.signature(), source.connection(), with.clock().instant());
    held.write(held.leases().with(intent));
    StoredSubscription asked = held.row();
    Registration made = made(intent);
    Instant now = with.clock().instant();
    try {
      held.write(
          held.leases().remade(intent.live(made, now), gap, now),
          Registrations.registered(held.row()),
          address);
    } catch (Fenced e) {
      with.late().record(asked, new LateRegistrations.Late(intent, made, address, gap));
      throw e;
    }
  }

  /** Returns where deliveries are to arrive now. */
  private String address() throws Exception {
    return with.calls().address(trigger, source, Callbacks.hash(held.leases().address()));
  }

  private Registration made(Lease intent) throws Exception {
    try {
      return with.calls().subscribe(trigger, held, intent, source);
    } catch (InterruptedException | CallCancelledException e) {
      throw e;
    } catch (Exception e) {
      held.write(
          RegistrationCalls.hasMadeNothing(e)
              ? held.leases().without(intent)
              : held.leases().with(intent.uncertain(with.clock().instant())));
      throw e;
    }
  }

  /** Renews or checks, or registers anew. */
  private void keep(Lease live) throws Exception {
    Instant now = with.clock().instant();
    if (held.needs(Need.RECREATE) || live.isOver(now)) {
      make(true);
    } else if (held.needs(Need.REPLACE)) {
      make(false);
    } else if (held.needs(Need.RENEW) || live.isDue(now)) {
      prolong(live, now);
    }
  }

  private void prolong(Lease live, Instant now) throws Exception {
    boolean isThere;
    try {
      isThere = prolonged(live, now);
    } catch (Fenced | InterruptedException | CallCancelledException | PolicyException e) {
      throw e;
    } catch (Exception e) {
      Lease late = live.late(now);
      log.debug("A registration of {} could not be kept", held.row().id(), e);
      held.write(held.leases().with(late));
      if (late.wasGivenUp()) {
        make(false);
      }
      return;
    }
    if (!isThere) {
      held.write(held.leases().with(Need.RECREATE));
      make(true);
    }
  }

  /** Returns whether the service has it still. */
  private boolean prolonged(Lease live, Instant now) throws Exception {
    if (live.remote().until() != null && trigger.renewer().isEmpty()) {
      make(false);
      return true;
    }
    if (!address().equals(held.row().subject().address())) {
      // The connection is of another account than it was.
      make(true);
      return true;
    }
    Lease kept = kept(live, now);
    if (kept == null) {
      return false;
    }
    try {
      held.write(held.leases().with(kept).without(Need.RENEW));
    } catch (Fenced e) {
      with.late().recordRenewed(held.row(), kept);
      throw e;
    }
    return true;
  }

  /** Returns the registration as it goes on; {@code null} if the service does not have it. */
  private @Nullable Lease kept(Lease live, Instant now) throws Exception {
    Registration known = live.remote().registration();
    try {
      if (known.expiresAt() == null) {
        return isThere(live) ? live.checked(now) : null;
      }
      return live.live(with.calls().renew(trigger, known, source), now);
    } catch (ServiceException e) {
      if (RegistrationCalls.isGone(e)) {
        return null;
      }
      throw e;
    }
  }

  private boolean isThere(Lease live) throws Exception {
    Optional<FindHandler<C>> finder = trigger.finder();
    return finder.isEmpty() || found(finder.get(), live, source.connection()).isPresent();
  }

  private Optional<Registration> found(
      FindHandler<C> finder, Lease lease, OpenConnection connection) throws Exception {
    return with.calls().find(finder, trigger, held.row(), held.leases(), lease, connection);
  }
}

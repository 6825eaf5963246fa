package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes registrations that were made after the claim was lost. Safe for several threads. */
final class LateRegistrations {

  private static final Logger log = LoggerFactory.getLogger(LateRegistrations.class);

  private final Turns.Parts parts;

  LateRegistrations(Turns.Parts parts) {
    this.parts = parts;
  }

  /**
   * What the service has registered.
   *
   * @param address where its deliveries arrive, as it is stored
   * @param gap whether deliveries may have been missed before
   */
  record Late(Lease intent, Registration made, String address, boolean gap) {}

  /**
   * Notes what the service has registered although the subscription was changed meanwhile. If
   * others have given it up by now, it is removed.
   *
   * @param asked the subscription as it was when the service was asked
   */
  void record(StoredSubscription asked, Late late) {
    parts.changes().persist(asked, row -> recorded(row, asked, late));
    parts.changes().wake();
  }

  private Optional<StoredSubscription> recorded(
      Optional<StoredSubscription> found, StoredSubscription asked, Late late) {
    if (found.isEmpty() || Subscriptions.phase(found.get()) == Phase.ENDED) {
      log.warn("Subscription {} ended while it was registered", asked.id());
      return Optional.of(asked);
    }
    StoredSubscription row = found.get();
    Lease known = parts.subscriptions().leases(row).at(late.intent().key());
    if (known != null && known.is(State.LIVE)) {
      return found; // It was noted, and the claim was lost after that.
    }
    return parts.changes().write(row, recorded(row, asked, late), Registrations.PAUSE);
  }

  private StoredSubscription recorded(StoredSubscription row, StoredSubscription asked, Late late) {
    Instant now = parts.pace().clock().instant();
    Leases leases = parts.subscriptions().leases(row);
    Lease known = leases.at(late.intent().key());
    Lease live = (known == null ? late.intent() : known).live(late.made(), now);
    if (known == null || !known.is(State.INTENDED) || Subscriptions.phase(row) == Phase.ENDING) {
      return row.next().with(parts.subscriptions().seal(row.id(), leases.with(live.leaving(now))));
    }
    Leases next = leases.remade(live, late.gap(), now);
    return row.next()
        .with(
            parts
                .subscriptions()
                .seal(row.id(), watchesTheSame(row, asked) ? next : next.with(Need.REPLACE)))
        .with(Registrations.registered(row))
        .with(row.subject().at(late.address()));
  }

  /**
   * Notes what the service has said of a registration that goes on, although the subscription was
   * changed meanwhile.
   *
   * @param asked the subscription as it was when the service was asked
   */
  void recordRenewed(StoredSubscription asked, Lease renewed) {
    parts
        .changes()
        .persist(
            asked, row -> row.isEmpty() ? Optional.of(asked) : recordedRenewed(row.get(), renewed));
    parts.changes().wake();
  }

  private Optional<StoredSubscription> recordedRenewed(StoredSubscription row, Lease renewed) {
    Leases leases = parts.subscriptions().leases(row);
    Lease known = leases.at(renewed.key());
    if (known == null || known.remote().equals(renewed.remote())) {
      return Optional.of(row);
    }
    Leases next = leases.with(known.is(State.LIVE) ? renewed : known.with(renewed.remote()));
    return parts
        .changes()
        .write(
            row, row.next().with(parts.subscriptions().seal(row.id(), next)), Registrations.PAUSE);
  }

  private boolean watchesTheSame(StoredSubscription row, StoredSubscription asked) {
    Subscriptions subscriptions = parts.subscriptions();
    return subscriptions
        .settings(row)
        .configuration()
        .equals(subscriptions.settings(asked).configuration());
  }
}

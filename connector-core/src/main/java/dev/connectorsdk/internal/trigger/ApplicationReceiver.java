package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Authentic;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Outcome;
import dev.connectorsdk.internal.trigger.Applications.App;
import dev.connectorsdk.internal.trigger.Deliveries.Taken;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.internal.trigger.Published.Recipient;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what arrives at the URL of an application. What is authentic goes to each subscription
 * whose connection has proved to be of the account; none keeps it from the others, nor has the
 * service give up the URL of all: what one of them cannot take is missing there, and that is
 * stated. Safe for several threads.
 */
final class ApplicationReceiver {

  private static final Logger log = LoggerFactory.getLogger(ApplicationReceiver.class);

  private final Turns.Parts parts;
  private final Deliveries deliveries;

  ApplicationReceiver(Turns.Parts parts, Deliveries deliveries) {
    this.parts = parts;
    this.deliveries = deliveries;
  }

  WebhookResponse receive(WebhookRequest request, App app) throws Refused, IOException {
    Signature signature = app.application().signature();
    WebhookTrigger<?, ?> any = app.triggers().get(0);
    Recipient recipient = new Recipient(app.url().toString(), parts.sources().endpoints(app.key()));
    Taken taken = deliveries.taken(request, signature, any.contentTypes());
    Outcome outcome =
        deliveries.checked(
            signature,
            deliveries.keys(signature, recipient),
            recipient,
            taken.signed(),
            app.url(),
            app.client().webhookSecrets(),
            true,
            app.client().webhookToken());
    if (outcome instanceof Answer answer) {
      return Deliveries.response(answer);
    }
    Delivery delivery = taken.unpacked();
    Map<String, Delivery> byAccount =
        Deliveries.read(any.id(), delivery, it -> Map.copyOf(app.application().named().in(it)));
    new Handing(app, taken.knownBy(signature, (Authentic) outcome)).toAll(byAccount);
    return Deliveries.success(any.successStatus());
  }

  /**
   * What one account gets of a delivery.
   *
   * @param read what triggers have read of it, by their ids
   */
  private record Part(Delivery delivery, Map<String, Received<?>> read) {}

  /** One delivery on its way to subscriptions. For one thread. */
  private final class Handing {

    private final App app;
    private final String knownBy;
    private @Nullable Refused refused;
    private boolean taken;

    Handing(App app, String knownBy) {
      this.app = app;
      this.knownBy = knownBy;
    }

    /**
     * The service sends again what one of them could not take for now; the others know it then.
     * What cannot be read is refused if nobody has taken it.
     */
    void toAll(Map<String, Delivery> byAccount) throws Refused {
      byAccount.forEach(this::toAllOf);
      if (refused != null && (refused.isForNow() || !taken)) {
        throw refused;
      }
    }

    private void toAllOf(String account, Delivery delivery) {
      String address = app.address(account);
      Part part = new Part(delivery, new HashMap<>());
      Pages.forEach(
          (after, limit) -> parts.store().listSubscriptionsAt(address, after, limit),
          row -> hand(row, part));
    }

    private void hand(StoredSubscription row, Part part) {
      try {
        to(row, part);
      } catch (SecretUnreadableException e) {
        log.warn("The registrations of {} cannot be read: what is sent to it is lost", row.id());
      } catch (StoreException e) {
        if (e.isRetryable()) {
          throw e;
        }
        refused = Refused.forNow(); // A process of a later version can take it.
      } catch (Refused e) {
        refused = refused != null && refused.isForNow() ? refused : e;
      }
    }

    private void to(StoredSubscription row, Part part) throws Refused {
      Phase phase = Subscriptions.phase(row);
      if (phase == Phase.ENDING
          || phase == Phase.ENDED
          || parts.subscriptions().leases(row).live() == null) {
        return;
      }
      WebhookTrigger<?, ?> trigger = app.trigger(row.subject().trigger());
      if (trigger == null) {
        miss(row, "its trigger is not there");
        return;
      }
      try {
        to(row, part, trigger);
        taken = true;
      } catch (PolicyException
          | ResolutionException
          | MembershipException
          | InvalidInputException e) {
        tellMissing(deliveries.refused(row, e), row, e.getMessage());
      } catch (Refused e) {
        if (!e.isForNow()) {
          miss(row, "its trigger cannot read it");
        }
        throw e;
      }
    }

    @SuppressWarnings("unchecked") // What is kept under a trigger's id, it has read.
    private <E> void to(StoredSubscription row, Part part, WebhookTrigger<?, E> trigger)
        throws Refused {
      Delivery delivery = part.delivery();
      Received<E> received = (Received<E>) part.read().get(trigger.id());
      if (received == null) {
        received = Deliveries.read(trigger.id(), delivery, trigger::receive);
        part.read().put(trigger.id(), received);
      }
      if (received instanceof Received.Control<E> control) {
        deliveries.note(row, Deliveries.need(control.notice()));
      } else if (received instanceof Received.Events<E> events
          && !deliveries.store(row, trigger, events, delivery, knownBy)) {
        miss(row, "its inbox is full");
      }
    }

    private void miss(StoredSubscription row, @Nullable String reason) throws Refused {
      tellMissing(deliveries.note(row, Need.GAP), row, reason);
    }

    private static void tellMissing(
        boolean isNew, StoredSubscription row, @Nullable String reason) {
      if (isNew) {
        log.warn("What is sent to {} is missing there: {}", row.id(), reason);
      }
    }
  }
}

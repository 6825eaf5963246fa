package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.webhook.KeySource;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Authentic;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Outcome;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.trigger.Applications.App;
import dev.connectorsdk.internal.trigger.Callbacks.Called;
import dev.connectorsdk.internal.trigger.Deliveries.Taken;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.internal.trigger.Published.Recipient;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what arrives at callback URLs. What is cheap to refuse is refused first, nothing is
 * parsed before its signature was checked, and success is answered once the events are stored. Safe
 * for several threads.
 */
final class Receiver {

  private static final Logger log = LoggerFactory.getLogger(Receiver.class);

  private final Turns.Parts parts;
  private final Callbacks callbacks;
  private final Applications applications;
  private final Deliveries deliveries;
  private final Published published;
  private final RegistrationCalls calls;
  private final ApplicationReceiver ofApplications;
  private final Observations observations;

  Receiver(
      Turns.Parts parts,
      Callbacks callbacks,
      Applications applications,
      Deliveries deliveries,
      Published published,
      RegistrationCalls calls,
      Observations observations) {
    this.parts = parts;
    this.callbacks = callbacks;
    this.applications = applications;
    this.deliveries = deliveries;
    this.published = published;
    this.calls = calls;
    this.observations = observations;
    this.ofApplications = new ApplicationReceiver(parts, deliveries);
  }

  /**
   * Returns where the webhooks of an application arrive.
   *
   * @throws NotFoundException if the host has none with this client that receives any
   */
  URI url(ClientKey key) {
    return applications
        .of(key)
        .map(App::url)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "application with webhooks for",
                    key.toString(),
                    "It takes a public address, a client with webhook secrets, and a trigger of"
                        + " the connector that belongs to an application."));
  }

  WebhookResponse receive(WebhookRequest request) throws IOException {
    Observations.Running observed =
        observations.begin(Observations.What.DELIVERY, null, null, "receive");
    try {
      WebhookResponse response = response(request);
      observed.answered(response.status());
      return response;
    } catch (IOException | RuntimeException e) {
      observed.end(Failures.from(e, "A delivery"));
      throw e;
    }
  }

  private WebhookResponse response(WebhookRequest request) throws IOException {
    try {
      deliveries.requireSmall(request);
      Optional<App> app = applications.called(request.path());
      return app.isPresent() ? ofApplications.receive(request, app.get()) : receiveOne(request);
    } catch (Refused e) {
      return e.response();
    } catch (StoreException | SecretUnreadableException e) {
      log.warn("A delivery could not be taken, and is to be sent again: {}", e.getMessage());
      return Refused.forNow().response();
    }
  }

  private WebhookResponse receiveOne(WebhookRequest request) throws Refused, IOException {
    Called called = Callbacks.called(request.path());
    if (called == null) {
      throw new Refused(404);
    }
    StoredSubscription row = subscription(called);
    Leases leases = parts.subscriptions().leases(row);
    Lease lease = leases.at(called.key());
    if (lease == null) {
      throw new Refused(404);
    }
    Phase phase = Subscriptions.phase(row);
    boolean isWanted = !lease.is(State.ORPHANED) && phase != Phase.ENDING && phase != Phase.ENDED;
    if (!isWanted || (lease.is(State.LEAVING) && calls.isOfDeleted(lease))) {
      throw new Refused(410);
    }
    WebhookTrigger<?, ?> trigger = trigger(row);
    return receive(
        deliveries.taken(request, trigger.signature(), trigger.contentTypes()),
        new Registered<>(row, leases, lease, trigger));
  }

  private StoredSubscription subscription(Called called) throws Refused {
    List<StoredSubscription> found =
        parts.store().listSubscriptionsAt(Callbacks.hash(called.address()), "", 1);
    if (found.isEmpty()) {
      throw new Refused(404);
    }
    return found.get(0);
  }

  /** A registration that was called. */
  private record Registered<E>(
      StoredSubscription row, Leases leases, Lease lease, WebhookTrigger<?, E> trigger) {}

  private WebhookTrigger<?, ?> trigger(StoredSubscription row) throws Refused {
    try {
      Trigger<?, ?> trigger = parts.sources().trigger(row);
      if (trigger instanceof WebhookTrigger<?, ?> webhook) {
        return webhook;
      }
    } catch (NotFoundException e) {
      // Another process may have the connector.
      throw Refused.forNow();
    }
    throw new Refused(410);
  }

  private <E> WebhookResponse receive(Taken taken, Registered<E> registered) throws Refused {
    Lease lease = registered.lease();
    WebhookTrigger<?, E> trigger = registered.trigger();
    StoredSubscription row = registered.row();
    Recipient recipient = new Recipient(row.id(), parts.sources().endpoints(row));
    Outcome outcome =
        deliveries.checked(
            trigger.signature(),
            keys(row, trigger, lease, recipient),
            recipient,
            taken.signed(),
            callbacks.url(registered.leases().address(), lease.key()),
            secrets(trigger, lease),
            lease.is(State.INTENDED),
            Secret.of(lease.secret()));
    if (outcome instanceof Answer handshake) {
      Secret learned = handshake.learned();
      if (learned != null) {
        learn(registered, learned);
      }
      return Deliveries.response(handshake);
    }
    Authentic authentic = (Authentic) outcome;
    Delivery delivery = taken.unpacked();
    Received<E> received = Deliveries.read(trigger.id(), delivery, trigger::receive);
    if (received instanceof Received.Control<E> control) {
      note(registered, Deliveries.need(control.notice()));
    } else if (received instanceof Received.Events<E> events) {
      store(registered, events, delivery, taken.knownBy(trigger.signature(), authentic));
    }
    Answer answer = authentic.answer();
    return answer == null
        ? Deliveries.success(trigger.successStatus())
        : Deliveries.response(answer);
  }

  private <E> void store(
      Registered<E> registered, Received.Events<E> events, Delivery delivery, String knownBy)
      throws Refused {
    try {
      if (!deliveries.store(registered.row(), registered.trigger(), events, delivery, knownBy)) {
        throw Refused.forNow();
      }
    } catch (PolicyException | ResolutionException | MembershipException e) {
      // The service is to send it again; whether it does so for long enough nobody knows.
      log.debug("A delivery for {} was not stored: {}", registered.row().id(), e.getMessage());
      deliveries.refused(registered.row(), e);
      throw Refused.forNow();
    } catch (InvalidInputException e) {
      log.warn("Subscription {} has to be changed: {}", registered.row().id(), e.getMessage());
      throw Refused.forNow();
    }
  }

  private List<Secret> secrets(WebhookTrigger<?, ?> trigger, Lease lease) throws Refused {
    try {
      return calls.secrets(trigger, lease);
    } catch (ConnectorException e) {
      log.warn("What a delivery is signed with cannot be read now: {}", e.getMessage());
      throw Refused.forNow();
    }
  }

  private KeySource keys(
      StoredSubscription row, WebhookTrigger<?, ?> trigger, Lease lease, Recipient recipient) {
    return trigger
        .keys()
        .map(
            handler ->
                published.askedFor(
                    lease.home().connection(), id -> calls.key(row, trigger, handler, id, lease)))
        .orElseGet(() -> deliveries.keys(trigger.signature(), recipient));
  }

  private void note(Registered<?> registered, Need said) throws Refused {
    deliveries.change(
        registered.row(),
        leases -> {
          Lease lease = leases.at(registered.lease().key());
          return lease == null ? null : leases.with(lease, said);
        },
        null);
  }

  /** Whoever registers goes on meanwhile, and is not to be overtaken. */
  private void learn(Registered<?> registered, Secret learned) throws Refused {
    deliveries.change(
        registered.row(),
        leases -> {
          Lease lease = leases.at(registered.lease().key());
          return lease == null ? null : leases.with(lease.learning(learned));
        },
        Watch.LEASE);
  }
}

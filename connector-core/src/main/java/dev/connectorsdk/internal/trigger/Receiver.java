package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Notice;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Authentic;
import dev.connectorsdk.internal.trigger.Callbacks.Called;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final int LARGEST_HEADERS = 16 * 1024;
  private static final String RETRY_AFTER = "30";
  private static final int MOST_TRIES = 10;

  private final Turns.Parts parts;
  private final Callbacks callbacks;
  private final Published published;
  private final int largestBody;

  Receiver(Turns.Parts parts, Callbacks callbacks, Published published, int largestBody) {
    this.parts = parts;
    this.callbacks = callbacks;
    this.published = published;
    this.largestBody = largestBody;
  }

  /** An answer that ends the way of a request. */
  private static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient WebhookResponse response;

    Refused(int status, Map<String, String> headers) {
      super("refused", null, false, false);
      this.response = new WebhookResponse(status, headers, new byte[0]);
    }

    Refused(int status) {
      this(status, Map.of());
    }
  }

  WebhookResponse receive(WebhookRequest request) throws IOException {
    try {
      Called called = called(request);
      StoredSubscription row = subscription(called);
      return receive(request, row, called.key());
    } catch (Refused e) {
      return e.response;
    } catch (StoreException | SecretUnreadableException e) {
      log.warn("A delivery could not be taken, and is to be sent again: {}", e.getMessage());
      return new Refused(503, Map.of("Retry-After", RETRY_AFTER)).response;
    }
  }

  private Called called(WebhookRequest request) throws Refused {
    long size = 0;
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      for (String value : header.getValue()) {
        size += header.getKey().length() + value.length() + 4L;
      }
    }
    if (size > LARGEST_HEADERS) {
      throw new Refused(431);
    }
    if (declaredLength(request) > largestBody) {
      throw new Refused(413);
    }
    Called called = Callbacks.called(request.path());
    if (called == null) {
      throw new Refused(404);
    }
    return called;
  }

  private static long declaredLength(WebhookRequest request) throws Refused {
    for (String length : request.headers().getOrDefault("content-length", List.of())) {
      try {
        return Long.parseLong(length.trim());
      } catch (NumberFormatException e) {
        throw new Refused(400);
      }
    }
    return 0;
  }

  private StoredSubscription subscription(Called called) throws Refused {
    return parts
        .store()
        .findSubscriptionAt(Callbacks.hash(called.address()))
        .orElseThrow(() -> new Refused(404));
  }

  private WebhookResponse receive(WebhookRequest request, StoredSubscription row, String key)
      throws Refused, IOException {
    Leases leases = parts.subscriptions().leases(row);
    Lease lease = leases.at(key);
    if (lease == null) {
      throw new Refused(404);
    }
    Phase phase = Subscriptions.phase(row);
    if (lease.is(State.ORPHANED) || phase == Phase.ENDING || phase == Phase.ENDED) {
      throw new Refused(410);
    }
    WebhookTrigger<?, ?> trigger = trigger(row);
    if (!WebhookSignatures.methods(trigger.signature()).contains(request.method())) {
      throw new Refused(405, Map.of("Allow", "POST"));
    }
    requireNoCoding(request);
    var delivery =
        new Delivery(request.method(), request.headers(), request.query(), body(request));
    return receive(delivery, new Registered<>(row, leases, lease, trigger));
  }

  /** A registration that was called. */
  private record Registered<E>(
      StoredSubscription row, Leases leases, Lease lease, WebhookTrigger<?, E> trigger) {}

  private WebhookTrigger<?, ?> trigger(StoredSubscription row) throws Refused {
    try {
      Trigger<?, ?> trigger =
          parts.sources().trigger(row.subject().connector(), row.subject().trigger());
      if (trigger instanceof WebhookTrigger<?, ?> webhook) {
        return webhook;
      }
    } catch (NotFoundException e) {
      // Another process may have the connector.
      throw new Refused(503, Map.of("Retry-After", RETRY_AFTER));
    }
    throw new Refused(410);
  }

  /** Packed bodies would have to be unpacked before their signature is checked. */
  private static void requireNoCoding(WebhookRequest request) throws Refused {
    for (String coding : request.headers().getOrDefault("content-encoding", List.of())) {
      if (!coding.isBlank() && !coding.trim().equalsIgnoreCase("identity")) {
        throw new Refused(415, Map.of("Accept-Encoding", "identity"));
      }
    }
  }

  private byte[] body(WebhookRequest request) throws Refused, IOException {
    byte[] body = request.body().readNBytes(largestBody + 1);
    if (body.length > largestBody) {
      throw new Refused(413);
    }
    return body;
  }

  private <E> WebhookResponse receive(Delivery delivery, Registered<E> registered) throws Refused {
    WebhookSignatures.Outcome outcome;
    try {
      outcome =
          WebhookSignatures.receive(
              registered.trigger().signature(),
              arrival(delivery, registered),
              registered.lease().is(State.INTENDED),
              Secret.of(registered.lease().secret()));
    } catch (DeliveryRefusedException e) {
      log.debug("A delivery for {} was refused: {}", registered.row().id(), e.getMessage());
      throw e.status() == 503
          ? new Refused(503, Map.of("Retry-After", RETRY_AFTER))
          : new Refused(e.status());
    }
    if (outcome instanceof Answer answer) {
      Secret learned = answer.learned();
      if (learned != null) {
        learn(registered, learned);
      }
      URI opens = answer.opens();
      if (opens != null) {
        open(opens);
      }
      return new WebhookResponse(answer.status(), answer.headers(), answer.body());
    }
    Received<E> received = read(delivery, registered);
    if (received instanceof Received.Control<E> control) {
      change(registered, (leases, lease) -> leases.with(need(control.notice())), false);
    } else if (received instanceof Received.Events<E> events) {
      Optional<String> id = ((Authentic) outcome).id().or(() -> bodyId(delivery, registered));
      store(registered, identified(events.events(), id.orElse("")));
    }
    return new WebhookResponse(registered.trigger().successStatus(), Map.of(), new byte[0]);
  }

  /** Whoever registers goes on meanwhile, and is not to be overtaken. */
  private void learn(Registered<?> registered, Secret learned) throws Refused {
    change(registered, (leases, lease) -> leases.with(lease.learning(learned)), true);
  }

  private void open(URI url) throws Refused {
    try {
      published.open(url);
    } catch (IOException | ConnectorException e) {
      log.warn("What a handshake asks for could not be opened: {}", e.getMessage());
      throw new Refused(503, Map.of("Retry-After", RETRY_AFTER));
    }
  }

  private static Need need(Notice notice) {
    return switch (notice) {
      case RENEW -> Need.RENEW;
      case RECREATE -> Need.RECREATE;
      case GAP -> Need.GAP;
    };
  }

  private Arrival arrival(Delivery delivery, Registered<?> registered) {
    return new Arrival(
        delivery,
        callbacks.url(registered.leases().address(), registered.lease().key()),
        List.of(registered.lease().signedWith()),
        parts.pace().clock().instant(),
        published.declaredAt(registered.trigger().signature().keySet()));
  }

  private static <E> Received<E> read(Delivery delivery, Registered<E> registered) throws Refused {
    try {
      return registered.trigger().receive(delivery);
    } catch (ResponseException e) {
      log.debug("A delivery for {} cannot be read", registered.row().id(), e);
      throw new Refused(400);
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.warn(
          "Trigger '{}' cannot read a delivery: {}",
          registered.trigger().id(),
          e.getClass().getName());
      log.debug("It failed", e);
      throw new Refused(500);
    }
  }

  /** An event without an id has that of its delivery, which is empty if that has none either. */
  private static <E> List<Event<E>> identified(List<Event<E>> events, String delivered) {
    if (delivered.isEmpty()) {
      return events;
    }
    List<Event<E>> all = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event<E> event = events.get(i);
      String id = i == 0 ? delivered : delivered + "#" + i;
      all.add(event.id().isEmpty() ? new Event<>(id, event.key(), event.payload()) : event);
    }
    return all;
  }

  /** That there is no body says nothing about what has happened. */
  private static Optional<String> bodyId(Delivery delivery, Registered<?> registered) {
    return registered.trigger().signature().bodyIsId() && delivery.body().length > 0
        ? Optional.of("body " + Sha256.hex(delivery.body()))
        : Optional.empty();
  }

  private <E> void store(Registered<E> registered, List<Event<E>> events) throws Refused {
    if (events.isEmpty()) {
      return;
    }
    StoredSubscription row = registered.row();
    SubscriptionSettings settings = parts.subscriptions().settings(row);
    List<NewEvent> rows = rows(row, settings, events);
    int stored = parts.store().deliver(row.id(), rows, Turns.MOST_WAITING);
    if (stored < 0) {
      throw new Refused(503, Map.of("Retry-After", RETRY_AFTER));
    }
    if (stored > 0) {
      parts.changes().wake();
    }
    if (stored < rows.size()) {
      noteLate(registered, rows.stream().map(NewEvent::id).toList());
    }
    int most = settings.watching().mostPerMinute();
    if (parts.pace().guard().count(row.id(), stored) > most
        && Subscriptions.phase(row) == Phase.ACTIVE) {
      String reason = "More than " + most + " events came within a minute";
      parts.changes().move(row, Signal.FLOODED, reason);
    }
  }

  /** What a poll had found before counts as sent all the same. */
  private void noteLate(Registered<?> registered, List<String> ids) throws Refused {
    Observed observed = registered.leases().observed();
    List<String> late = ids.stream().filter(observed::suspects).toList();
    if (!late.isEmpty()) {
      change(registered, (leases, lease) -> leases.with(leases.observed().sent(late)), true);
    }
  }

  private <E> List<NewEvent> rows(
      StoredSubscription row, SubscriptionSettings settings, List<Event<E>> events) throws Refused {
    try {
      return parts.poller().sent(row, settings.handling(), events);
    } catch (ActionFailedException e) {
      log.warn("A delivery for {} is too large for the inbox", row.id());
      throw new Refused(413);
    }
  }

  private interface Change {
    Leases of(Leases leases, Lease lease);
  }

  private void change(Registered<?> registered, Change change, boolean later) throws Refused {
    StoredSubscription row = registered.row();
    for (int i = 0; i < MOST_TRIES; i++) {
      Leases leases = parts.subscriptions().leases(row);
      Lease lease = leases.at(registered.lease().key());
      if (lease == null) {
        throw new Refused(404);
      }
      StoredSubscription next =
          row.next().with(parts.subscriptions().seal(row.id(), change.of(leases, lease)));
      Optional<StoredSubscription> written =
          later ? parts.changes().write(row, next, Watch.LEASE) : parts.changes().write(row, next);
      if (written.isPresent()) {
        return;
      }
      row = parts.store().findSubscription(row.id()).orElseThrow(() -> new Refused(404));
    }
    throw new Refused(503, Map.of("Retry-After", RETRY_AFTER));
  }
}

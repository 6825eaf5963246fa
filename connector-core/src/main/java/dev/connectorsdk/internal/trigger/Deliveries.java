package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.EventFilter;
import dev.connectorsdk.api.WebhookTrigger.Notice;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.KeySource;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Packing;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Authentic;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Outcome;
import dev.connectorsdk.internal.trigger.Leases.Need;
import dev.connectorsdk.internal.trigger.Published.Recipient;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What is done with every delivery, wherever it has arrived: it is limited, checked, read and
 * stored, in this order. Safe for several threads.
 */
final class Deliveries {

  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  private static final int LARGEST_HEADERS = 16 * 1024;

  private final Turns.Parts parts;
  private final Published published;
  private final IncomingBody bodies;

  Deliveries(Turns.Parts parts, Published published, IncomingBody bodies) {
    this.parts = parts;
    this.published = published;
    this.bodies = bodies;
  }

  /** Refuses what no service sends, before anybody is looked for whom it may be for. */
  void requireSmall(WebhookRequest request) throws Refused {
    long size = 0;
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      for (String value : header.getValue()) {
        size += header.getKey().length() + value.length() + 4L;
      }
    }
    if (size > LARGEST_HEADERS) {
      throw new Refused(431);
    }
    bodies.requireSmall(request);
  }

  /**
   * A delivery.
   *
   * @param signed what the signature is over
   * @param unpacked what the trigger reads
   */
  record Taken(Delivery signed, Delivery unpacked) {

    /** Returns by what a repeat is recognised: an id, or the body; empty for nothing. */
    String knownBy(Signature signature, Authentic authentic) {
      return authentic.id().or(() -> packedId(signature)).or(() -> bodyId(signature)).orElse("");
    }

    /** What is packed is not read before its signature was checked. */
    private Optional<String> packedId(Signature signature) {
      return signature.packing() == Packing.SIGNED_PACKED
          ? WebhookSignatures.id(signature, unpacked)
          : Optional.empty();
    }

    /** That there is no body says nothing about what has happened. */
    private Optional<String> bodyId(Signature signature) {
      return signature.bodyIsId() && unpacked.body().length > 0
          ? Optional.of("body " + Sha256.hex(unpacked.body()))
          : Optional.empty();
    }
  }

  /**
   * Returns the delivery in a request, if it is one that the service sends.
   *
   * @param contentTypes as {@link WebhookTrigger#contentTypes} says
   */
  Taken taken(WebhookRequest request, Signature signature, Set<String> contentTypes)
      throws Refused, IOException {
    List<String> methods = WebhookSignatures.methods(signature);
    if (!methods.contains(request.method())) {
      throw new Refused(405, Map.of("Allow", String.join(", ", methods)));
    }
    IncomingBody.requireType(request, contentTypes);
    boolean packed = IncomingBody.isPacked(request, signature.packing());
    byte[] body = bodies.read(request.body());
    Delivery sent = delivery(request, body);
    if (!packed) {
      return new Taken(sent, sent);
    }
    Delivery unpacked = delivery(request, bodies.unpacked(body));
    return new Taken(signature.packing() == Packing.SIGNED_PACKED ? sent : unpacked, unpacked);
  }

  private static Delivery delivery(WebhookRequest request, byte[] body) {
    return new Delivery(request.method(), request.headers(), request.query(), body);
  }

  /**
   * Returns what a delivery is, once that is certain. What a handshake wants opened is opened.
   *
   * @param keys where public keys come from
   * @param recipient who gets it
   * @param at where it has arrived
   * @param secrets which it may be signed with
   * @param token as {@link WebhookSignatures#receive} says
   */
  Outcome checked(
      Signature signature,
      KeySource keys,
      Recipient recipient,
      Delivery delivery,
      URI at,
      List<Secret> secrets,
      boolean awaitsHandshake,
      @Nullable Secret token)
      throws Refused {
    var arrival = new Arrival(delivery, at, secrets, parts.pace().clock().instant(), keys);
    try {
      Outcome outcome = WebhookSignatures.receive(signature, arrival, awaitsHandshake, token);
      if (outcome instanceof Answer answer && answer.opens() != null) {
        published.open(answer.opens(), recipient);
      }
      return outcome;
    } catch (DeliveryRefusedException e) {
      log.debug("A delivery was refused: {}", e.getMessage());
      throw e.status() == 503 ? Refused.forNow() : new Refused(e.status());
    } catch (IOException | ConnectorException e) {
      log.warn("What a handshake asks for could not be opened: {}", e.getMessage());
      throw Refused.forNow();
    }
  }

  /**
   * Returns the keys that a service publishes.
   *
   * @param recipient for whose deliveries
   */
  KeySource keys(Signature signature, Recipient recipient) {
    return published.declaredBy(signature, recipient);
  }

  static WebhookResponse response(Answer answer) {
    return new WebhookResponse(answer.status(), answer.headers(), answer.body());
  }

  static WebhookResponse success(int status) {
    return new WebhookResponse(status, Map.of(), new byte[0]);
  }

  /** Code that reads a delivery. */
  interface Reading<T> {
    T of(Delivery delivery) throws Exception;
  }

  /** Has a trigger's code read an authentic delivery. */
  static <T> T read(String trigger, Delivery delivery, Reading<T> reading) throws Refused {
    try {
      return reading.of(delivery);
    } catch (ResponseException e) {
      log.debug("A delivery for trigger '{}' cannot be read", trigger, e);
      throw new Refused(400);
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.warn("Trigger '{}' cannot read a delivery: {}", trigger, e.getClass().getName());
      log.debug("It failed", e);
      throw new Refused(500);
    }
  }

  /**
   * Stores the events of a delivery that a subscription asks for.
   *
   * @param received what the trigger has read
   * @param knownBy as {@link Taken#knownBy} says
   * @return {@code false} if the inbox is full
   * @throws Refused if nothing can be stored for now
   * @throws PolicyException if a data policy suspends the flow
   * @throws ResolutionException if the flow has no right to its connection, or an administrator has
   *     disabled that
   * @throws MembershipException if nobody ever tells whether the flow has that right
   * @throws InvalidInputException if the configuration was valid for another version of the
   *     connector
   */
  <C, E> boolean store(
      StoredSubscription row,
      WebhookTrigger<C, E> trigger,
      Received.Events<E> received,
      Delivery delivery,
      String knownBy)
      throws Refused {
    requirePermitted(row);
    SubscriptionSettings settings = parts.subscriptions().settings(row);
    List<Event<E>> events =
        wanted(trigger, settings, identified(received.events(), knownBy), delivery);
    return events.isEmpty() || store(row, settings, events);
  }

  private void requirePermitted(StoredSubscription row) throws Refused {
    try {
      parts.sources().requirePermitted(row);
    } catch (NotFoundException e) {
      // Nothing is handed over before somebody knows it.
      log.debug("Nobody knows the flow of {}", row.id());
    } catch (ActionFailedException e) {
      log.warn("A delivery for {} is to be sent again: {}", row.id(), e.getMessage());
      throw Refused.forNow();
    } catch (MembershipException e) {
      if (e.isRetryable()) {
        throw Refused.forNow();
      }
      throw e;
    }
  }

  /**
   * Notes that what was delivered for a subscription was refused and is missing there. It is
   * recorded when that begins.
   *
   * @return whether it was not known
   */
  boolean refused(StoredSubscription row, ConnectorException why) throws Refused {
    if (!parts.subscriptions().leases(row).needs(Need.GAP)) {
      parts.sources().refused(row, why);
    }
    return note(row, Need.GAP);
  }

  /** Notes what the registrations of a subscription need; returns whether that was not known. */
  boolean note(StoredSubscription row, Need need) throws Refused {
    if (parts.subscriptions().leases(row).needs(need)) {
      return false;
    }
    change(row, leases -> leases.with(need), null);
    return true;
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

  private <C, E> List<Event<E>> wanted(
      WebhookTrigger<C, E> trigger,
      SubscriptionSettings settings,
      List<Event<E>> events,
      Delivery delivery)
      throws Refused {
    EventFilter<C, E> filter = trigger.filter().orElse(null);
    if (filter == null || events.isEmpty()) {
      return events;
    }
    C configuration = parts.poller().configuration(trigger, settings);
    List<Event<E>> wanted = new ArrayList<>();
    for (Event<E> event : events) {
      if (read(trigger.id(), delivery, it -> filter.accepts(configuration, event.payload()))) {
        wanted.add(event);
      }
    }
    return wanted;
  }

  private <E> boolean store(
      StoredSubscription row, SubscriptionSettings settings, List<Event<E>> events) throws Refused {
    List<NewEvent> rows = rows(row, settings, events);
    int stored = parts.store().deliver(row.id(), rows, most(rows));
    if (stored < 0) {
      return false;
    }
    if (stored > 0) {
      parts.changes().wakeForEvents();
    }
    if (stored < rows.size()) {
      noteLate(row, rows.stream().map(NewEvent::id).toList());
    }
    Optional<String> flood =
        parts.pace().guard().flood(row.id(), stored, settings.watching().mostPerMinute());
    if (flood.isPresent() && Subscriptions.phase(row) == Phase.ACTIVE) {
      parts.changes().move(row, Signal.FLOODED, flood.get());
    }
    return true;
  }

  /** What is more than an inbox holds is taken once nothing else waits there. */
  private static Load most(List<NewEvent> rows) {
    Load usual = Turns.MOST_WAITING;
    return new Load(Math.max(usual.events(), rows.size()), usual.characters());
  }

  /** What a poll had found before counts as sent all the same. */
  private void noteLate(StoredSubscription row, List<String> ids) throws Refused {
    Observed observed = parts.subscriptions().leases(row).observed();
    List<String> late = ids.stream().filter(observed::suspects).toList();
    if (!late.isEmpty()) {
      change(row, leases -> leases.with(leases.observed().sent(late)), Watch.LEASE);
    }
  }

  private <E> List<NewEvent> rows(
      StoredSubscription row, SubscriptionSettings settings, List<Event<E>> events) throws Refused {
    List<Event<JsonNode>> written = json(row, events);
    try {
      return parts.poller().sent(row, settings.handling(), written);
    } catch (ActionFailedException e) {
      log.warn("A delivery for {} is refused, and missing there: {}", row.id(), e.getMessage());
      note(row, Need.GAP);
      throw new Refused(413);
    }
  }

  /** What cannot be stored is a fault of the trigger's: the service may send it again. */
  private <E> List<Event<JsonNode>> json(StoredSubscription row, List<Event<E>> events)
      throws Refused {
    try {
      return parts.poller().json(row.subject().trigger(), events);
    } catch (ActionFailedException e) {
      log.warn("A delivery for {} cannot be stored: {}", row.id(), e.getMessage());
      throw new Refused(500);
    }
  }

  static Need need(Notice notice) {
    return switch (notice) {
      case RENEW -> Need.RENEW;
      case RECREATE -> Need.RECREATE;
      case GAP -> Need.GAP;
    };
  }

  /** What becomes of the registrations of a subscription. */
  interface Change {

    /** Returns {@code null} if there is nothing any more that could be changed. */
    @Nullable Leases of(Leases leases);
  }

  /**
   * Changes the registrations of a subscription.
   *
   * @param dueIn when somebody may go on with them; {@code null} for at once
   */
  void change(StoredSubscription from, Change change, @Nullable Duration dueIn) throws Refused {
    Optional<StoredSubscription> done =
        parts
            .changes()
            .persist(from, row -> written(row.orElseThrow(() -> new Refused(404)), change, dueIn));
    if (done.isEmpty()) {
      throw Refused.forNow();
    }
  }

  private Optional<StoredSubscription> written(
      StoredSubscription row, Change change, @Nullable Duration dueIn) throws Refused {
    Leases before = parts.subscriptions().leases(row);
    Leases changed = change.of(before);
    if (changed == null) {
      throw new Refused(404);
    }
    if (changed.equals(before)) {
      return Optional.of(row); // Whoever works at it is not disturbed.
    }
    StoredSubscription next = row.next().with(parts.subscriptions().seal(row.id(), changed));
    return dueIn == null
        ? parts.changes().write(row, next)
        : parts.changes().write(row, next, dueIn);
  }
}

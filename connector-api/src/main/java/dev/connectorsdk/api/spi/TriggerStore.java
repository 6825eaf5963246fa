package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps subscriptions of triggers and the inbox: events that were stored, accepted or parked.
 *
 * <p>What holds of {@link ConnectorStore} holds here: what is read equals what was written, what
 * was written outlives the process, a write whose expectation is not met changes nothing and says
 * so. Cursors, registrations and payloads arrive encrypted. Time is the store's own clock, which
 * all processes share: instants are read from the store, and durations count from its now.
 *
 * <p>Two things fence a late writer: the version of a subscription, which every change of its
 * settings raises, and the token of a claim, which is new for every claim. Safe for use by several
 * threads and, where the store is shared, by several processes.
 */
public interface TriggerStore {

  /**
   * Adds a subscription.
   *
   * @param dueIn when to poll first, from now; {@code null} for never
   * @return {@code false} if there is one with this id, or with this address (an empty one is no
   *     address)
   */
  boolean insertSubscription(StoredSubscription subscription, @Nullable Duration dueIn);

  /** Returns the subscription with this id. */
  Optional<StoredSubscription> findSubscription(String id);

  /** Returns the subscription whose callback has this address; see {@link Subject#address}. */
  Optional<StoredSubscription> findSubscriptionAt(String address);

  /**
   * Returns subscriptions that match, ordered by id as {@link String#compareTo} does.
   *
   * @param after only those whose id is greater; the empty text for the first page
   */
  List<StoredSubscription> listSubscriptions(SubscriptionFilter filter, String after, int limit);

  /**
   * Replaces a subscription, whoever has claimed it: what the claim's holder still commits is
   * refused.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param dueIn when to poll next, from now; {@code null} for never
   * @return {@code false} if the stored version is not {@code expectedVersion}
   */
  boolean updateSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn);

  /**
   * Deletes a subscription and all its events.
   *
   * @return {@code false} if the stored version is not {@code expectedVersion}
   */
  boolean deleteSubscription(String id, long expectedVersion);

  /**
   * Claims subscriptions that are due and that nobody has claimed, the longest overdue first. A
   * claim runs out by itself; then the subscription can be claimed again.
   *
   * @param handlers only subscriptions of these handlers
   * @param lease how long the claim lasts if it is not renewed
   */
  List<Claim> claimDue(Set<String> handlers, Duration lease, int limit);

  /** Claims one subscription, due or not, if nobody has claimed it. */
  Optional<Claim> claim(String id, Duration lease);

  /**
   * Has a claim last for {@code lease} from now.
   *
   * @return {@code false} if it is not held any more
   */
  boolean renewClaim(Claim claim, Duration lease);

  /**
   * Stores progress and events in one transaction. An event whose id the subscription has had
   * before is left out. The claim stays.
   *
   * @return how many events were new, or -1 if the claim is not held any more: then nothing is
   *     stored
   */
  int commit(Claim claim, Progress progress, Collection<NewEvent> events);

  /**
   * Gives a claim back.
   *
   * @param outcome how the turn ended
   * @param dueIn when to poll next, from now; {@code null} for never
   * @return {@code false} if the claim is not held any more: then nothing is changed
   */
  boolean release(Claim claim, Outcome outcome, @Nullable Duration dueIn);

  /** Returns how long it is until some subscription of these handlers is due, if any will be. */
  Optional<Duration> untilNextDue(Set<String> handlers);

  /**
   * Stores events that were sent, not polled, if the inbox has room for them.
   *
   * @param most how many events that wait to be handled there may be afterwards
   * @return how many of them were new, or -1 if there is no room or no such subscription: then
   *     nothing is stored
   */
  int deliver(String subscription, Collection<NewEvent> events, Load most);

  /** Returns what waits in the inbox of a subscription. */
  Load load(String subscription);

  /**
   * Claims events that are to be handled, the oldest first. Of events with the same order key only
   * the oldest can be claimed; one that waits for another attempt holds the later ones back.
   *
   * @param handlers only events of subscriptions with these handlers that {@linkplain Life#delivers
   *     deliver}
   * @param lease how long the claim lasts if it is not renewed
   */
  List<EventClaim> claimEvents(Set<String> handlers, Duration lease, int limit);

  /** Has the claim of an event last for {@code lease} from now. */
  boolean renewClaim(EventClaim claim, Duration lease);

  /**
   * Notes that an event was handled.
   *
   * @param keepPayload whether the payload is kept, so that the event can be replayed
   * @return {@code false} if the claim is not held any more
   */
  boolean accept(EventClaim claim, boolean keepPayload);

  /**
   * Has an event handled once more.
   *
   * @param in when, from now
   * @param error what went wrong, without secrets
   * @return {@code false} if the claim is not held any more
   */
  boolean retry(EventClaim claim, Duration in, String error);

  /**
   * Gives an event up, and keeps it.
   *
   * @return {@code false} if the claim is not held any more
   */
  boolean park(EventClaim claim, String error);

  /** Returns how long it is until some event of these handlers can be handled, if any will be. */
  Optional<Duration> untilNextEvent(Set<String> handlers);

  /**
   * Returns events of a subscription, the oldest first.
   *
   * @param after only those with a greater number
   * @param status only in this status; {@code null} for all
   */
  List<StoredEvent> listEvents(
      String subscription, @Nullable EventStatus status, long after, int limit);

  /**
   * Has an accepted event whose payload was kept, or a parked one, handled again from its first
   * attempt on.
   *
   * @return {@code false} if there is no such event
   */
  boolean replay(String subscription, long number);

  /**
   * Drops a parked event. Its id stays known.
   *
   * @return {@code false} if there is no such event
   */
  boolean drop(String subscription, long number);

  /**
   * Forgets what is old: ids of accepted events, kept payloads and parked events.
   *
   * @param ages how old it has to be
   * @param limit at most so many rows
   * @return how many rows were changed or deleted
   */
  int forget(Ages ages, int limit);

  /**
   * Which subscriptions to list. A {@code null} matches all.
   *
   * @param environment only in this environment
   * @param flow only of this flow
   * @param connector only of this connector
   * @param reference only of the reference with this logical name
   */
  record SubscriptionFilter(
      @Nullable Environment environment,
      @Nullable String flow,
      @Nullable ConnectorId connector,
      @Nullable String reference) {}

  /**
   * A subscription as it is stored.
   *
   * @param id unique
   * @param version 1 at first, then one more with each change by the host
   * @param subject what is watched, for which flow
   * @param settings how it is watched, as JSON
   * @param life where in its life it is
   * @param registration the registration at the service, encrypted; empty if there is none
   * @param progress how far it has come
   * @param outcome how its last turn ended
   */
  record StoredSubscription(
      String id,
      long version,
      Subject subject,
      String settings,
      Life life,
      String registration,
      Progress progress,
      Outcome outcome) {

    public StoredSubscription {
      Storable.requireKey("Subscription id", id, 200);
      Objects.requireNonNull(subject, "subject");
      Storable.requireText("Settings", Objects.requireNonNull(settings, "settings"));
      Objects.requireNonNull(life, "life");
      Storable.requireText("Registration", Objects.requireNonNull(registration, "registration"));
      Objects.requireNonNull(progress, "progress");
      Objects.requireNonNull(outcome, "outcome");
    }
  }

  /**
   * What a subscription watches. The store finds subscriptions by it.
   *
   * @param environment where
   * @param flow the id of the flow that it is for
   * @param connector whose trigger it is
   * @param reference the logical name of the reference that leads to the connection
   * @param trigger the id of the trigger
   * @param handler the name of the handler that gets the events
   * @param address what tells the callback URL from all others, hashed; empty if there is none
   */
  record Subject(
      Environment environment,
      String flow,
      ConnectorId connector,
      String reference,
      String trigger,
      String handler,
      String address) {

    public Subject {
      Objects.requireNonNull(environment, "environment");
      Storable.requireKey("Flow", flow, 200);
      Objects.requireNonNull(connector, "connector");
      Storable.requireKey("Reference", reference, 200);
      Storable.requireKey("Trigger", trigger, 200);
      Storable.requireKey("Handler", handler, 200);
      Storable.requireText("Address", Objects.requireNonNull(address, "address"));
    }
  }

  /**
   * Where in its life a subscription is.
   *
   * @param phase the name of the phase
   * @param reason why, for people; empty if there is nothing to say
   * @param delivers whether its events are handed to the handler
   */
  record Life(String phase, String reason, boolean delivers) {

    public Life {
      Storable.requireKey("Phase", phase, 40);
      Storable.requireText("Reason", Objects.requireNonNull(reason, "reason"));
    }
  }

  /**
   * How far a subscription has come.
   *
   * @param cursor the cursor of the next poll, encrypted; empty before the first
   * @param completeUpTo up to when nothing is missing, or {@code null} if that is not known
   * @param proof what proved it; empty if nothing did
   * @param lastEventAt when an event was last stored, or {@code null}
   */
  record Progress(
      String cursor, @Nullable Instant completeUpTo, String proof, @Nullable Instant lastEventAt) {

    /** Nothing yet. */
    public static final Progress NONE = new Progress("", null, "", null);

    public Progress {
      Storable.requireText("Cursor", Objects.requireNonNull(cursor, "cursor"));
      Storable.requireText("Proof", Objects.requireNonNull(proof, "proof"));
      completeUpTo = completeUpTo == null ? null : Storable.instant(completeUpTo);
      lastEventAt = lastEventAt == null ? null : Storable.instant(lastEventAt);
    }
  }

  /**
   * How a turn ended.
   *
   * @param failures how many turns have failed in a row
   * @param idle how many turns have found nothing in a row
   * @param error what went wrong in the last one, without secrets; empty if nothing did
   */
  record Outcome(int failures, int idle, String error) {

    /** No turn yet. */
    public static final Outcome NONE = new Outcome(0, 0, "");

    public Outcome {
      Storable.requireText("Error", Objects.requireNonNull(error, "error"));
    }
  }

  /**
   * The right to poll a subscription, which one process has at a time.
   *
   * @param subscription as it is stored now
   * @param token tells this claim from all others
   */
  record Claim(StoredSubscription subscription, String token) {

    public Claim {
      Objects.requireNonNull(subscription, "subscription");
      Storable.requireKey("Token", token, 100);
    }
  }

  /**
   * An event to be stored.
   *
   * @param id unique among those of the subscription, as far back as ids are remembered
   * @param order events with the same text are handled one after another
   * @param payload encrypted
   */
  record NewEvent(String id, String order, String payload) {

    public NewEvent {
      Storable.requireKey("Event id", id, 500);
      Storable.requireKey("Order", order, 600);
      Storable.requireText("Payload", Objects.requireNonNull(payload, "payload"));
    }
  }

  /** What has become of an event. */
  enum EventStatus {
    /** It waits to be handled, or is being handled. */
    STORED,
    /** Its handler has returned. */
    ACCEPTED,
    /** It was given up and is kept. */
    PARKED
  }

  /**
   * An event in the inbox.
   *
   * @param number the store's own, ascending in the order of storing
   * @param subscription whose it is
   * @param event its id, order and payload; the payload is empty once it was erased
   * @param status what has become of it
   * @param attempts how often its handler was called
   * @param error what went wrong at the last attempt; empty if nothing did
   * @param storedAt when it was stored
   */
  record StoredEvent(
      long number,
      String subscription,
      NewEvent event,
      EventStatus status,
      int attempts,
      String error,
      Instant storedAt) {

    public StoredEvent {
      Storable.requireKey("Subscription id", subscription, 200);
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(status, "status");
      Storable.requireText("Error", Objects.requireNonNull(error, "error"));
      storedAt = Storable.instant(storedAt);
    }
  }

  /**
   * The right to handle an event, which one process has at a time.
   *
   * @param event as it is stored; its attempts count this one
   * @param token tells this claim from all others
   */
  record EventClaim(StoredEvent event, String token) {

    public EventClaim {
      Objects.requireNonNull(event, "event");
      Storable.requireKey("Token", token, 100);
    }
  }

  /**
   * How much waits in an inbox.
   *
   * @param events how many events
   * @param characters how long their payloads are together, as they are stored
   */
  record Load(long events, long characters) {}

  /**
   * How old something has to be until it is forgotten.
   *
   * @param ids of accepted events
   * @param payloads of accepted events
   * @param parked events that were given up
   */
  record Ages(Duration ids, Duration payloads, Duration parked) {

    public Ages {
      Objects.requireNonNull(ids, "ids");
      Objects.requireNonNull(payloads, "payloads");
      Objects.requireNonNull(parked, "parked");
    }
  }
}

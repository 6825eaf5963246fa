package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.internal.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps subscriptions of triggers and the inbox: events that were stored, accepted or parked.
 *
 * <p>What holds of {@link ConnectorStore} holds here: what is read equals what was written, what
 * was written outlives the process, a write whose expectation is not met changes nothing and says
 * so. Claims are the exception: those that a database has forgotten when it crashed were never
 * made. Cursors, registrations and payloads arrive encrypted. Time is the store's own clock, which
 * all processes share: instants are read from the store, and durations count from its now. One that
 * is negative leads into the past.
 *
 * <p>The token of a claim, which is new for every claim, fences a late writer. A claim is held
 * until it is given back, or replaced by another one, or its subscription is changed by {@link
 * #updateSubscription}, {@link #rewindSubscription} or {@link #deleteSubscription}. One that has
 * run out can be replaced, and is held until that happens. Safe for use by several threads and,
 * where the store is shared, by several processes.
 *
 * <p>Whoever writes a store tests it with {@code TriggerStoreContract} in connector-fixtures.
 */
public interface TriggerStore {

  /**
   * Adds a subscription.
   *
   * @param dueIn when to poll first, from now; {@code null} for never
   * @return {@code false} if there is one with this id
   */
  boolean insertSubscription(StoredSubscription subscription, @Nullable Duration dueIn);

  /** Returns the subscription with this id. */
  Optional<StoredSubscription> findSubscription(String id);

  /**
   * Returns the subscriptions with this address, ordered by id in an order of the store's own.
   *
   * @param address see {@link Subject#address}; an empty one is nobody's
   * @param after only those whose id comes after this one; the empty text for the first page
   * @param limit at most so many
   */
  List<StoredSubscription> listSubscriptionsAt(String address, String after, int limit);

  /**
   * Returns subscriptions that match, ordered by id in an order of the store's own.
   *
   * @param after only those whose id comes after this one; the empty text for the first page
   * @param limit at most so many
   */
  List<StoredSubscription> listSubscriptions(SubscriptionFilter filter, String after, int limit);

  /**
   * Replaces a subscription, apart from its progress, which stays as it was committed. Nobody's
   * claim on it is held any more.
   *
   * @param next with the version {@code expectedVersion + 1}; its progress is of no meaning
   * @param dueIn when to poll next, from now; {@code null} for never
   * @return {@code false} if the stored version is not {@code expectedVersion}
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean updateSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn);

  /** Like {@link #updateSubscription}, but replaces the progress too. */
  boolean rewindSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn);

  /**
   * Deletes a subscription and all its events. Nobody's claim on these is held any more.
   *
   * @return {@code false} if the stored version is not {@code expectedVersion}
   */
  boolean deleteSubscription(String id, long expectedVersion);

  /**
   * Claims subscriptions that are due and that nobody has claimed, the longest overdue first. If
   * their holder ends without giving them back, they are due when the lease runs out.
   *
   * @param handlers only subscriptions of these handlers
   * @param lease how long the claim lasts if it is not renewed
   * @param limit at most so many
   */
  List<Claim> claimDue(Set<String> handlers, Duration lease, int limit);

  /**
   * Claims one subscription, due or not, if nobody has claimed it. If the holder ends without
   * giving it back, it is due when the lease runs out, unless it was never to be polled.
   */
  Optional<Claim> claim(String id, Duration lease);

  /**
   * Has a claim last for {@code lease} from now.
   *
   * @return {@code false} if it is not held any more
   */
  boolean renewClaim(Claim claim, Duration lease);

  /**
   * Stores progress and events in one transaction. An event whose id the subscription has had
   * before, or that comes twice, is left out. The claim stays.
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

  /**
   * Stores progress to which no event belongs, and gives the claim back. A database that crashes
   * may forget both: then it is polled once more from where it was before. Unless a store says
   * otherwise it commits and releases.
   *
   * @param outcome how the turn ended
   * @param dueIn when to poll next, from now; {@code null} for never
   * @return {@code false} if the claim is not held any more: then nothing is stored
   */
  default boolean finish(
      Claim claim, Progress progress, Outcome outcome, @Nullable Duration dueIn) {
    return commit(claim, progress, List.of()) == 0 && release(claim, outcome, dueIn);
  }

  /**
   * Returns how long it is until some subscription of these handlers can be claimed as due, if any
   * will be; not above zero if one can be now.
   */
  Optional<Duration> untilNextDue(Set<String> handlers);

  /**
   * Stores events that were sent, not polled, if the inbox has room for those that are new. An
   * event whose id the subscription has had before, or that comes twice, is left out.
   *
   * @param most how much may wait to be handled afterwards; processes that deliver at the same time
   *     may exceed it together
   * @return how many of them were new, or -1 if there is no room or no such subscription: then
   *     nothing is stored
   */
  int deliver(String subscription, Collection<NewEvent> events, Load most);

  /** Returns how much waits to be handled in the inbox of a subscription. */
  Load load(String subscription);

  /** Returns how a subscription stands, if there is one with this id. */
  Optional<Standing> inspect(String subscription);

  /**
   * Returns how subscriptions stand, by their ids; one that is not there is left out. Unless a
   * store says otherwise it inspects one after the other.
   *
   * @param subscriptions at most 1,000
   */
  default Map<String, Standing> inspect(Collection<String> subscriptions) {
    Map<String, Standing> standings = new HashMap<>();
    for (String subscription : subscriptions) {
      inspect(subscription).ifPresent(standing -> standings.put(subscription, standing));
    }
    return standings;
  }

  /**
   * Claims events that are to be handled, the longest ready first. Of the events of a subscription
   * that have the same {@linkplain NewEvent#order order} only the oldest can be claimed, until it
   * is accepted or parked; one that waits for another attempt holds the later ones back.
   *
   * @param handlers only events of subscriptions with these handlers that {@linkplain Life#delivers
   *     deliver}
   * @param without no events of the subscriptions with these ids
   * @param lease how long the claim lasts if it is not renewed
   * @param limit at most so many
   */
  List<EventClaim> claimEvents(
      Set<String> handlers, Set<String> without, Duration lease, int limit);

  /**
   * Has the claim of an event last for {@code lease} from now.
   *
   * @return {@code false} if it is not held any more
   */
  boolean renewClaim(EventClaim claim, Duration lease);

  /**
   * Gives the claim of an event back that was not handled. The attempt does not count.
   *
   * @return {@code false} if the claim is not held any more
   */
  boolean release(EventClaim claim);

  /**
   * Notes that an event was handled.
   *
   * @return {@code false} if the claim is not held any more: then nothing is changed
   */
  boolean accept(EventClaim claim, Retention retention);

  /**
   * Has an event handled once more.
   *
   * @param in when, from now
   * @param error what went wrong, without secrets
   * @return {@code false} if the claim is not held any more: then nothing is changed
   */
  boolean retry(EventClaim claim, Duration in, String error);

  /**
   * Has an event handled later that did not come to its handler. The attempt does not count.
   *
   * @param in when, from now
   * @param error why it waits, without secrets
   * @return {@code false} if the claim is not held any more: then nothing is changed
   */
  boolean postpone(EventClaim claim, Duration in, String error);

  /**
   * Gives an event up, and keeps it for a while.
   *
   * @param error what went wrong, without secrets
   * @param keep how long it is kept, and its id known, from now
   * @return {@code false} if the claim is not held any more: then nothing is changed
   */
  boolean park(EventClaim claim, String error, Duration keep);

  /**
   * Returns how long it is until some event of these handlers can be claimed, if any will be; not
   * above zero if one can be now.
   *
   * @param without whatever the subscriptions with these ids have
   */
  Optional<Duration> untilNextEvent(Set<String> handlers, Set<String> without);

  /**
   * Returns events of a subscription, the oldest first.
   *
   * @param status only in this status; {@code null} for all
   * @param after only those with a greater number
   * @param limit at most so many
   */
  List<StoredEvent> listEvents(
      String subscription, @Nullable EventStatus status, long after, int limit);

  /**
   * Has an accepted event whose payload was kept, or a parked one, handled again from its first
   * attempt on. Among those with the same order it comes by its number.
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
   * Forgets what was kept long enough: payloads and ids of accepted events, and parked events.
   *
   * @param limit at most so many rows
   * @return how many rows were changed or deleted
   */
  int forget(int limit);

  /** Returns at most {@code limit} of what is encrypted with another key than this. */
  List<SealedField> listNotUnder(String keyId, int limit);

  /** Returns how many cursors, registrations and payloads are encrypted with each key. */
  Map<String, Long> countByKey();

  /**
   * Replaces what is encrypted. A subscription gets a new version, and nobody's claim on it is held
   * any more: its holder might bring back what was encrypted with the key before.
   *
   * @return {@code false} if it is not stored like that any more
   */
  boolean reseal(SealedField stored, Sealed next);

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
   * @param version 1 at first, then one more with each change that is not a turn's
   * @param subject what is watched, for which flow
   * @param settings how it is watched, as JSON
   * @param life where in its life it is
   * @param registration the registration at the service, or {@link Sealed#NONE}
   * @param progress how far it has come
   * @param outcome how its last turn ended
   */
  record StoredSubscription(
      String id,
      long version,
      Subject subject,
      String settings,
      Life life,
      Sealed registration,
      Progress progress,
      Outcome outcome) {

    public StoredSubscription {
      Storable.requireKey("Subscription id", id, 200);
      Objects.requireNonNull(subject, "subject");
      Storable.requireText("Settings", Objects.requireNonNull(settings, "settings"));
      Objects.requireNonNull(life, "life");
      Objects.requireNonNull(registration, "registration");
      Objects.requireNonNull(progress, "progress");
      Objects.requireNonNull(outcome, "outcome");
    }

    /** Returns the next version, unchanged otherwise. */
    public StoredSubscription next() {
      return new StoredSubscription(
          id, version + 1, subject, settings, life, registration, progress, outcome);
    }

    /** Returns the same version with another subject. */
    public StoredSubscription with(Subject other) {
      return new StoredSubscription(
          id, version, other, settings, life, registration, progress, outcome);
    }

    /** Returns the same version with another life. */
    public StoredSubscription with(Life other) {
      return new StoredSubscription(
          id, version, subject, settings, other, registration, progress, outcome);
    }

    /** Returns the same version with another registration. */
    public StoredSubscription with(Sealed otherRegistration) {
      return new StoredSubscription(
          id, version, subject, settings, life, otherRegistration, progress, outcome);
    }

    /** Returns the same version with another progress. */
    public StoredSubscription with(Progress other) {
      return new StoredSubscription(
          id, version, subject, settings, life, registration, other, outcome);
    }

    /** Returns the same version with another outcome. */
    public StoredSubscription with(Outcome other) {
      return new StoredSubscription(
          id, version, subject, settings, life, registration, progress, other);
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
   * @param address where its deliveries arrive, hashed: at a URL of its own, or at that of an
   *     application for one of its accounts, which several may have; empty if nowhere
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
      if (!address.isEmpty()) {
        Storable.requireKey("Address", address, 200);
      }
    }

    /** Returns the same with another address. */
    public Subject at(String other) {
      return new Subject(environment, flow, connector, reference, trigger, handler, other);
    }

    /** Returns the same with another handler. */
    public Subject handledBy(String other) {
      return new Subject(environment, flow, connector, reference, trigger, other, address);
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
   * @param cursor the cursor of the next poll, or {@link Sealed#NONE} before the first
   * @param completeUpTo up to when nothing is missing, or {@code null} if that is not known
   * @param proof what proved it; empty if nothing did
   */
  record Progress(Sealed cursor, @Nullable Instant completeUpTo, String proof) {

    /** Nothing yet. */
    public static final Progress NONE = new Progress(Sealed.NONE, null, "");

    public Progress {
      Objects.requireNonNull(cursor, "cursor");
      Storable.requireText("Proof", Objects.requireNonNull(proof, "proof"));
      completeUpTo = completeUpTo == null ? null : Storable.instant(completeUpTo);
    }

    /** Returns the same progress with another cursor. */
    public Progress with(Sealed other) {
      return new Progress(other, completeUpTo, proof);
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
   * @param at when it was made, or before, by the store's clock: what is found from now on is
   *     complete up to then, whatever the clock of the process says
   */
  record Claim(StoredSubscription subscription, String token, Instant at) {

    public Claim {
      Objects.requireNonNull(subscription, "subscription");
      Storable.requireKey("Token", token, 100);
      at = Storable.instant(at);
    }
  }

  /**
   * An event to be stored.
   *
   * @param id unique among those of the subscription, as far back as ids are remembered
   * @param order events with the same text are handled one after another, in the order in which
   *     they were stored; one whose order is its own id waits for no other, which is cheaper to
   *     store
   * @param payload what it says
   */
  record NewEvent(String id, String order, Sealed payload) {

    public NewEvent {
      Storable.requireKey("Event id", id, 500);
      Storable.requireKey("Order", order, 600);
      Objects.requireNonNull(payload, "payload");
    }

    /** Returns whether it is handled without regard to other events. */
    public boolean isAlone() {
      return order.equals(id);
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
   * @param event its id, order and payload, which is {@link Sealed#NONE} once it was erased
   * @param status what has become of it
   * @param attempts how often its handler was called
   * @param error what went wrong at the last attempt, or why it waits; empty if nothing did
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
   * How long something is kept of an accepted event, from its acceptance.
   *
   * @param payload how long it can be replayed; zero if not at all
   * @param id how long its id is known; at least as long as {@code payload}
   */
  record Retention(Duration payload, Duration id) {

    public Retention {
      Objects.requireNonNull(payload, "payload");
      if (id.compareTo(payload) < 0) {
        throw new IllegalArgumentException("An id must be known as long as its payload is kept");
      }
    }
  }

  /**
   * How a subscription stands.
   *
   * @param nextPoll when it is due, by the store's clock; {@code null} if it is not to be polled,
   *     or is claimed
   * @param isClaimed whether somebody has claimed it
   * @param waiting what waits to be handled
   * @param parked how many events were given up and are kept
   * @param lastEventAt when the newest event that is still known was stored, or {@code null}
   */
  record Standing(
      @Nullable Instant nextPoll,
      boolean isClaimed,
      Load waiting,
      long parked,
      @Nullable Instant lastEventAt) {

    public Standing {
      nextPoll = nextPoll == null ? null : Storable.instant(nextPoll);
      Objects.requireNonNull(waiting, "waiting");
      lastEventAt = lastEventAt == null ? null : Storable.instant(lastEventAt);
    }
  }

  /**
   * An encrypted text, or one that is encrypted when somebody first asks for its ciphertext or its
   * key: what stays in memory need not be. What writes it somewhere writes the ciphertext; a store
   * asks for that before it borrows a connection, since the key may be somewhere else.
   *
   * <p>Two are equal if they have the same key and ciphertext. Immutable for whoever uses it, and
   * safe for several threads.
   */
  final class Sealed {

    /** No text. */
    public static final Sealed NONE = new Sealed("", "");

    private volatile @Nullable Supplier<Text> sealing;
    private volatile @Nullable Text text; // written under this, before there is no sealing

    private record Text(String keyId, String ciphertext) {

      Text {
        Storable.requireText("Ciphertext", Objects.requireNonNull(ciphertext, "ciphertext"));
        if (ciphertext.isEmpty() != keyId.isEmpty()) {
          throw new IllegalArgumentException("A ciphertext has a key, and no other text has one");
        }
        if (!keyId.isEmpty()) {
          Storable.requireKey("Key id", keyId, 100);
        }
      }

      static Text of(SecretCipher cipher, Secret plain, SecretCipher.Place place) {
        String ciphertext = cipher.encrypt(plain, place);
        return new Text(cipher.currentKeyId(), ciphertext);
      }
    }

    /**
     * Returns a text that was encrypted before.
     *
     * @param keyId the key that it is encrypted with, 1 to 100 characters; empty if there is no
     *     text
     * @param ciphertext as {@link SecretCipher} made it; at most 1,000,000 characters
     */
    public Sealed(String keyId, String ciphertext) {
      this.text = new Text(keyId, ciphertext);
    }

    private Sealed(Supplier<Text> sealing) {
      this.sealing = sealing;
    }

    /** Encrypts a text with the current key. */
    public static Sealed of(SecretCipher cipher, Secret text, SecretCipher.Place place) {
      Text sealed = Text.of(cipher, text, place);
      return new Sealed(sealed.keyId(), sealed.ciphertext());
    }

    /**
     * Returns a text that is encrypted, with what is the current key then, when somebody first asks
     * for its ciphertext or its key. Only that fails where the cipher does. Where several ask at
     * the same time it may be encrypted more than once, and all get the same ciphertext.
     *
     * @throws IllegalArgumentException if it is longer than 1,000,000 characters, or no well-formed
     *     Unicode without the character U+0000
     */
    public static Sealed whenRead(SecretCipher cipher, Secret text, SecretCipher.Place place) {
      Storable.requireText("Text", text.reveal());
      return new Sealed(() -> Text.of(cipher, text, place));
    }

    private Text text() {
      Text known = text;
      return known == null ? sealed() : known;
    }

    /** The cipher may ask another machine, so nobody waits for a lock meanwhile. */
    private Text sealed() {
      Supplier<Text> sealing = this.sealing;
      Text made = sealing == null ? null : sealing.get();
      synchronized (this) {
        if (text == null) {
          text = Objects.requireNonNull(made);
          this.sealing = null;
        }
        return Objects.requireNonNull(text);
      }
    }

    /** Returns which key it is encrypted with; empty if there is no text. */
    public String keyId() {
      return text().keyId();
    }

    /** Returns the text as {@link SecretCipher} has encrypted it; empty if there is none. */
    public String ciphertext() {
      return text().ciphertext();
    }

    /**
     * Decrypts the text.
     *
     * @throws dev.connectorsdk.api.error.SecretUnreadableException as {@link SecretCipher#decrypt}
     *     says
     */
    public Secret open(SecretCipher cipher, SecretCipher.Place place) {
      return cipher.decrypt(ciphertext(), place);
    }

    /** Returns whether there is no text. */
    public boolean isEmpty() {
      Text known = text;
      return known != null && known.ciphertext().isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Sealed sealed
              && isEmpty() == sealed.isEmpty()
              && text().equals(sealed.text()));
    }

    @Override
    public int hashCode() {
      return text().hashCode();
    }

    /** Returns which key it is encrypted with if it is, without the content. */
    @Override
    public String toString() {
      Text known = text;
      if (known == null) {
        return "sealed when read";
      }
      return isEmpty() ? "nothing" : "sealed with " + known.keyId();
    }
  }

  /**
   * Something encrypted, and where it is stored.
   *
   * @param subscription whose it is
   * @param event the id of the event whose payload it is; empty for a cursor or a registration
   * @param kind what it is
   * @param value as it is stored
   */
  record SealedField(String subscription, String event, Kind kind, Sealed value) {

    public SealedField {
      Storable.requireKey("Subscription id", subscription, 200);
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(value, "value");
    }

    /** Returns what it is bound to. */
    public SecretCipher.Place place() {
      return kind.of(subscription, event);
    }

    /** What is encrypted. */
    public enum Kind {
      /** How far the polls of a subscription have come. */
      CURSOR,
      /** The registration of a subscription at the service. */
      REGISTRATION,
      /** What an event says. */
      PAYLOAD;

      /**
       * Returns what it is bound to.
       *
       * @param event the id of an event; empty for a cursor or a registration
       */
      public SecretCipher.Place of(String subscription, String event) {
        String field = "trigger " + name().toLowerCase(Locale.ROOT);
        // A place has no line break in it, and an id may.
        String digest = event.isEmpty() ? "" : Sha256.hex(event);
        return new SecretCipher.Place(subscription, field, 1, digest);
      }
    }
  }
}

package dev.connectorsdk.trigger;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A flow's standing order to have a handler called for each event of a trigger. It outlives the
 * process. This is what was known of it when it was asked for.
 */
public interface Subscription {

  /** Where in its life a subscription is. */
  enum Phase {
    /** It is being registered at the service. */
    SUBSCRIBING,
    /** Events come in. */
    ACTIVE,
    /** The host has paused it. Nothing is polled and nothing is handled. */
    PAUSED,
    /** Its connection or its flow cannot be used; it goes on by itself once they can. */
    WAITING,
    /**
     * It is not known any more how far the service has been read. Events may be missing; the host
     * says where to go on by {@link Triggers#rewind}.
     */
    CURSOR_LOST,
    /** More events came than it takes in a minute. It goes on when the host resumes it. */
    GUARDED,
    /** Its registration at the service is being removed. */
    ENDING,
    /** It is over. */
    ENDED
  }

  /** Returns the id. */
  String id();

  /** Returns where it runs. */
  Environment environment();

  /** Returns the id of the flow that it is for. */
  String flow();

  /** Returns the reference that leads to the connection. */
  ConnectionReference reference();

  /** Returns the id of the trigger. */
  String trigger();

  /** Returns what it watches. */
  JsonNode configuration();

  /**
   * Returns the name of the handler; {@code -} for one that was ended where its handler is not
   * registered, so that any process removes its registration.
   */
  String handler();

  /**
   * Returns whether the handler is registered with this runtime. Without it the subscription is
   * left to other processes, and waits if none has it.
   */
  boolean hasHandler();

  /** Returns where in its life it is. */
  Phase phase();

  /** Returns why it is in this phase, for people; empty if there is nothing to say. */
  String reason();

  /** Returns when the newest event that is still known was stored, or {@code null}. */
  @Nullable Instant lastEventAt();

  /** Returns what went wrong at the last poll, without secrets; empty if nothing did. */
  String lastError();

  /** Returns how many polls have failed in a row. */
  int failures();

  /**
   * Returns when it is polled next, by the store's clock, or {@code null} if it is being polled or
   * not to be polled.
   */
  @Nullable Instant nextPollAt();

  /**
   * Returns when its registration at the service ends unless it is renewed before, as it will be;
   * {@code null} if it does not end, nothing is registered, or what is stored of it cannot be
   * decrypted, as {@link #lastError} or {@link #reason} says.
   */
  @Nullable Instant registeredUntil();

  /**
   * Returns whether nobody can have an event handled twice by sending a delivery of the service
   * again as long as its id is known, for at least 7 days; see {@link
   * dev.connectorsdk.api.webhook.Signature#stopsReplays}. Always so if it is polled; {@code false}
   * if the connector is not known to this runtime.
   */
  boolean stopsReplays();

  /**
   * Returns how many registrations the service may have that could not be removed, or of which
   * nobody knows whether they were made. Their URLs answer 410.
   */
  int orphans();

  /** Returns how many events wait to be handled, or are being handled. */
  long waiting();

  /** Returns how many events were given up and are kept. */
  long parked();

  /**
   * Returns up to when it is proved that no event is missing, by the runtime's clock, or {@code
   * null} if nothing has proved anything yet. It is earlier than the poll that proved it by as much
   * as the trigger says that events become visible late.
   */
  @Nullable Instant completeUpTo();

  /**
   * Returns what proved it, {@code poll}, {@code gap poll} or {@code delivery log}, and where
   * events may be missing all the same; empty if nothing did.
   */
  String proof();

  /**
   * Returns which part of the events the service has not sent, of about the last 1,000 that hourly
   * {@linkplain dev.connectorsdk.api.WebhookTrigger#gapPoll gap polls} have found: 0 to 1; empty if
   * there are no such polls, or they have found nothing yet. Subscriptions in batches are not
   * compared.
   */
  OptionalDouble lossRate();
}

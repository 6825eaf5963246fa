package dev.connectorsdk.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by asking whether something happened.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the event
 */
public non-sealed interface PollingTrigger<C, E> extends Trigger<C, E> {

  /**
   * Asks for what happened after {@code cursor}. Called for one subscription from one thread at a
   * time, though not always the same one; for several subscriptions at once.
   *
   * <p>The runtime keeps {@link Batch#next()} only together with the events of the batch, so after
   * a crash the same events may be asked for again.
   *
   * @param cursor where the last batch ended, or {@code null} on the first poll of a subscription;
   *     a first poll returns only the cursor to start from, unless the service itself reports what
   *     happened before
   * @param limit the most events to return, at least 1
   * @throws Exception as for {@link Action#execute}; the cursor stays where it was
   */
  Batch<E> poll(C configuration, @Nullable String cursor, int limit, ActionContext context)
      throws Exception;

  /**
   * The code of a polling trigger.
   *
   * @param <C> the configuration of one subscription
   * @param <E> the event
   */
  @FunctionalInterface
  interface Handler<C, E> {

    /** Asks for what happened; see {@link PollingTrigger#poll}. */
    Batch<E> poll(C configuration, @Nullable String cursor, int limit, ActionContext context)
        throws Exception;
  }

  /**
   * What one poll found.
   *
   * @param events oldest first
   * @param next where to poll from next: an opaque text of at most 8,192 characters
   * @param more whether there is more to fetch at once
   * @param pause how long the service asks to wait before the next poll, or {@code null} if it does
   *     not say; {@code more} does not wait
   * @param <E> the event
   */
  record Batch<E>(List<Event<E>> events, String next, boolean more, @Nullable Duration pause) {

    public Batch {
      events = List.copyOf(events);
      Objects.requireNonNull(next, "next");
    }

    /** Returns a batch after which the next poll comes when the subscription wants it. */
    public Batch(List<Event<E>> events, String next, boolean more) {
      this(events, next, more, null);
    }

    /** Returns a batch after which there is nothing more to fetch for now. */
    public static <E> Batch<E> of(List<Event<E>> events, String next) {
      return new Batch<>(events, next, false);
    }
  }

  /**
   * One thing that happened.
   *
   * @param id the same each time this event is found, so that a repetition is recognised; empty if
   *     there is nothing to recognise it by
   * @param payload what happened
   * @param <E> the event
   */
  record Event<E>(String id, E payload) {

    public Event {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(payload, "payload");
    }
  }

  /** Returns a polling trigger that runs {@code handler}. Title and description follow the id. */
  static <C, E> PollingTrigger<C, E> of(
      String id, Class<C> configuration, Class<E> event, Handler<C, E> handler) {
    Names.require("Trigger id", id);
    return new BuiltPollingTrigger<>(id, id, "", Shape.of(configuration), Shape.of(event), handler);
  }

  /** Returns a copy with the texts that people read. */
  default PollingTrigger<C, E> titled(String title, String description) {
    return new BuiltPollingTrigger<>(
        id(), title, description, configuration(), event(), this::poll);
  }
}

package dev.connectorsdk.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by asking whether something happened.
 *
 * <pre>{@code
 * static final PollingTrigger<Nothing, Task> TASK_DONE =
 *     PollingTrigger.builder("taskDone", Nothing.class, Task.class)
 *         .titled("When a task is done")
 *         .poll(
 *             (all, cursor, limit, call) -> {
 *               Done done = call.http().get("/done").query("after", cursor).fetch(Done.class);
 *               return Batch.of(done.events(), done.next());
 *             });
 * }</pre>
 *
 * @param <C> the configuration of one subscription
 * @param <E> the payload of an event
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
   * @param <E> the payload of an event
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
   * @param <E> the payload of an event
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

  /** Starts a trigger whose configuration and event are records or other types for Jackson. */
  static <C, E> Builder<C, E> builder(String id, Class<C> configuration, Class<E> event) {
    return builder(id, Shape.of(configuration), Shape.of(event));
  }

  /** Starts a trigger with any shapes, such as {@link Shape#json} for dynamic events. */
  static <C, E> Builder<C, E> builder(String id, Shape<C> configuration, Shape<E> event) {
    return new Builder<>(id, configuration, event);
  }

  /**
   * Collects the parts of a polling trigger. Not safe for use by several threads.
   *
   * @param <C> the configuration of one subscription
   * @param <E> the payload of an event
   */
  final class Builder<C, E> extends TriggerBuilder<C, E, Builder<C, E>> {

    private Builder(String id, Shape<C> configuration, Shape<E> event) {
      super(id, configuration, event);
    }

    @Override
    Builder<C, E> self() {
      return this;
    }

    /** Returns the trigger that polls with {@code handler}. */
    public PollingTrigger<C, E> poll(Handler<C, E> handler) {
      return new BuiltPollingTrigger<>(this, Objects.requireNonNull(handler, "handler"));
    }
  }
}

package dev.connectorsdk.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service, again and again, whether something happened.
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
   * Asks the service for what happened after {@code cursor}. Called by one thread at a time for one
   * subscription, not always the same thread, and at once for several subscriptions.
   *
   * <p>The events of a batch and its {@link Batch#next()} are stored together. After a crash before
   * that, the same cursor is polled again.
   *
   * @param configuration what the subscription watches; valid for {@link #configuration}
   * @param cursor the {@link Batch#next()} of the last batch, or {@code null} on the first poll of
   *     a subscription. A first poll returns no events, only the cursor to start from, unless the
   *     service itself delivers earlier events
   * @param limit the most events to return, at least 1
   * @param context valid until this method returns
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
   * @param events the oldest first
   * @param next the cursor of the next poll: a text of at most 8,192 characters, which only the
   *     trigger understands
   * @param more whether to poll again at once, without any pause
   * @param pause how long the service wants nobody to poll, or {@code null} if it does not say
   * @param <E> the payload of an event
   */
  record Batch<E>(List<Event<E>> events, String next, boolean more, @Nullable Duration pause) {

    public Batch {
      events = List.copyOf(events);
      Objects.requireNonNull(next, "next");
    }

    /** Returns a batch for which the service asked for no pause. */
    public Batch(List<Event<E>> events, String next, boolean more) {
      this(events, next, more, null);
    }

    /** Returns a batch after which there is nothing more for now. */
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

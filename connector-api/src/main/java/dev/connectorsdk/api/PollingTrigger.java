package dev.connectorsdk.api;

import dev.connectorsdk.api.error.CursorLostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service, again and again, whether something happened.
 *
 * <pre>{@code
 * record After(String position) {}
 *
 * static final PollingTrigger<Nothing, After, Task> TASK_DONE =
 *     PollingTrigger.builder("taskDone", Nothing.class, After.class, Task.class)
 *         .titled("When a task is done")
 *         .poll(
 *             (poll, call) -> {
 *               After last = poll.cursor();
 *               Done done =
 *                   call.http()
 *                       .get("/done")
 *                       .query("after", last == null ? null : last.position())
 *                       .fetch(Done.class);
 *               return Batch.of(done.events(), new After(done.next()));
 *             });
 * }</pre>
 *
 * <p>A service that only lists what it has needs no code for cursors: {@link #list}.
 *
 * <p>What a service may do wrong, and what its trigger does then:
 *
 * <ul>
 *   <li>An event with a smaller position becomes visible after one with a greater: declare an
 *       overlap, {@link Builder#pollOverlapping}.
 *   <li>Asked for n events after a cursor, it gives the newest n: do not ask for n, or page back
 *       from them with {@link #list}.
 *   <li>It numbers events anew for each filter: put the filter into {@link Event#id}.
 *   <li>It gives the same page for ever: {@link Batch#more} counts for nothing if the cursor stays.
 *   <li>It forgets a cursor: throw {@link CursorLostException}, or let its answer 410 pass, and
 *       declare {@link #lostCursor}.
 * </ul>
 *
 * @param <C> the configuration of one subscription
 * @param <K> the cursor: how far the service has been read
 * @param <E> the payload of an event
 */
public non-sealed interface PollingTrigger<C, K, E> extends Trigger<C, E> {

  /**
   * Returns what a cursor looks like. It is kept as encrypted JSON, of at most 256 KiB, or 32 KiB
   * if there is an overlap. One that can no longer be read, because the trigger has changed, is a
   * lost cursor.
   */
  Shape<K> cursor();

  /** Returns where a first poll may begin. A subscription with another start is refused. */
  default Set<Class<? extends Start>> starts() {
    return Set.of(Start.Now.class);
  }

  /**
   * Returns what is done when the cursor is lost: the service does not know it any more, it cannot
   * be read, or the configuration was changed in a field of {@link #cursorFields}.
   */
  default LostCursor lostCursor() {
    return new LostCursor.Stop();
  }

  /**
   * Returns the members of the configuration for whose values alone a cursor is valid. When another
   * member changes, the cursor is kept.
   */
  default Set<String> cursorFields() {
    return Set.of();
  }

  /** Returns how long the service wants to be left alone between two polls; 15 s unless it says. */
  default Duration minimumInterval() {
    return Duration.ofSeconds(15);
  }

  /**
   * Returns how long after it has happened an event may become visible; zero unless it says. The
   * instant up to which a subscription is known to be complete is so much earlier than its last
   * poll.
   */
  default Duration lateness() {
    return Duration.ZERO;
  }

  /**
   * Asks the service for what happened after the cursor. Called by one thread at a time for one
   * subscription, not always the same thread, and at once for several subscriptions.
   *
   * <p>The events of a batch and its {@link Batch#next()} are stored in one transaction. After a
   * crash before that, the same cursor is polled again. An event with an id that was stored before
   * is left out, until seven days after that one was accepted.
   *
   * @param poll what is asked for
   * @param context valid until this method returns
   * @throws CursorLostException if the service does not know the cursor any more. An answer 410
   *     means the same, unless there was no cursor
   * @throws Exception as for {@link Action#execute}; the cursor stays where it was
   */
  Batch<K, E> poll(Poll<C, K> poll, ActionContext context) throws Exception;

  /**
   * One question to the service.
   *
   * @param configuration what the subscription watches; valid for {@link #configuration}
   * @param cursor the {@link Batch#next()} of the last batch, or {@code null} on the first poll
   * @param start where the first poll is to begin; of no meaning if there is a cursor
   * @param limit how many events to ask the service for, at least 1. If it gives more, all of them
   *     are returned: what is left out is lost where reading counts as having read
   * @param now the time by the runtime's clock. The service's differs: a cursor is made of the
   *     times that the service gives
   * @param <C> the configuration of one subscription
   * @param <K> the cursor
   */
  record Poll<C, K>(C configuration, @Nullable K cursor, Start start, int limit, Instant now) {

    public Poll {
      Objects.requireNonNull(configuration, "configuration");
      Objects.requireNonNull(start, "start");
      Objects.requireNonNull(now, "now");
      if (limit < 1) {
        throw new IllegalArgumentException("The limit must be at least 1, but was " + limit);
      }
    }
  }

  /** Where the first poll of a subscription begins. */
  sealed interface Start {

    /** With what happens from now on: the first poll returns no events, only a cursor. */
    record Now() implements Start {}

    /**
     * With the newest events that the service has.
     *
     * @param count how many of them, at least 1
     */
    record Last(int count) implements Start {

      public Last {
        if (count < 1) {
          throw new IllegalArgumentException("The last " + count + " events are none");
        }
      }
    }

    /**
     * With what happened since an instant.
     *
     * @param instant by the service's clock
     */
    record Since(Instant instant) implements Start {

      public Since {
        Objects.requireNonNull(instant, "instant");
      }
    }

    /** With the oldest event that the service still has. */
    record All() implements Start {}
  }

  /** What is done when a cursor is lost. Going on with what happens from now on is no choice. */
  sealed interface LostCursor {

    /** Nothing is polled until somebody says where to go on. The host is told. */
    record Stop() implements LostCursor {}

    /**
     * All that the service still has is polled again, as {@link Start.All} says. Events are
     * recognised by their ids for seven days after they were accepted; older ones come again.
     */
    record Resync() implements LostCursor {}

    /**
     * What has happened for some time is polled again, as {@link Start.Since} says: since the
     * instant up to which the subscription is known to be complete.
     *
     * @param margin how much earlier than that instant to begin, because the service's clock
     *     differs and events become visible late; not negative
     */
    record ResyncSince(Duration margin) implements LostCursor {

      public ResyncSince {
        if (margin.isNegative()) {
          throw new IllegalArgumentException("The margin must not be negative, but was " + margin);
        }
      }
    }
  }

  /**
   * What one poll found.
   *
   * @param events in the order in which they are to be handled
   * @param next the cursor of the next poll
   * @param more whether to poll again at once, without any pause; of no meaning if the cursor is
   *     still the one that was polled
   * @param pause how long the service wants nobody to poll, or {@code null} if it does not say
   * @param <K> the cursor
   * @param <E> the payload of an event
   */
  record Batch<K, E>(List<Event<E>> events, K next, boolean more, @Nullable Duration pause) {

    public Batch {
      events = List.copyOf(events);
      Objects.requireNonNull(next, "next");
    }

    /** Returns a batch for which the service asked for no pause. */
    public Batch(List<Event<E>> events, K next, boolean more) {
      this(events, next, more, null);
    }

    /** Returns a batch after which there is nothing more for now. */
    public static <K, E> Batch<K, E> of(List<Event<E>> events, K next) {
      return new Batch<>(events, next, false);
    }

    /**
     * Returns a batch of what a service lists, after which there is nothing more for now.
     *
     * @param items each of which is the payload of an event
     * @param id what the service calls an item, which is the id of its event; see {@link Event} for
     *     items that have an event whenever they change
     */
    public static <K, E> Batch<K, E> of(List<E> items, Function<? super E, String> id, K next) {
      return of(items.stream().map(item -> new Event<>(id.apply(item), item)).toList(), next);
    }
  }

  /**
   * The code of a polling trigger.
   *
   * @param <C> the configuration of one subscription
   * @param <K> the cursor
   * @param <E> the payload of an event
   */
  @FunctionalInterface
  interface Handler<C, K, E> {

    /** Asks for what happened; see {@link PollingTrigger#poll}. */
    Batch<K, E> poll(Poll<C, K> poll, ActionContext context) throws Exception;
  }

  /** Starts a trigger whose types are records or other types for Jackson. */
  static <C, K, E> Builder<C, K, E> builder(
      String id, Class<C> configuration, Class<K> cursor, Class<E> event) {
    return builder(id, Shape.of(configuration), Shape.of(cursor), Shape.of(event));
  }

  /** Starts a trigger with any shapes, such as {@link Shape#json} for dynamic events. */
  static <C, K, E> Builder<C, K, E> builder(
      String id, Shape<C> configuration, Shape<K> cursor, Shape<E> event) {
    return new Builder<>(id, configuration, cursor, event);
  }

  /** Starts a trigger for a service that only lists what it has. */
  static <C, E> ListTriggerBuilder<C, E> list(String id, Class<C> configuration, Class<E> item) {
    return list(id, Shape.of(configuration), Shape.of(item));
  }

  /** Starts a trigger for a service that only lists what it has, with any shapes. */
  static <C, E> ListTriggerBuilder<C, E> list(String id, Shape<C> configuration, Shape<E> item) {
    return new ListTriggerBuilder<>(id, configuration, item);
  }

  /**
   * Collects the parts of a polling trigger. Not safe for use by several threads.
   *
   * @param <C> the configuration of one subscription
   * @param <K> the cursor
   * @param <E> the payload of an event
   */
  final class Builder<C, K, E> extends PollingTriggerBuilder<C, E, Builder<C, K, E>> {

    final Shape<K> cursor;

    private Builder(String id, Shape<C> configuration, Shape<K> cursor, Shape<E> event) {
      super(id, configuration, event);
      this.cursor = Objects.requireNonNull(cursor, "cursor");
    }

    @Override
    Builder<C, K, E> self() {
      return this;
    }

    /** Sets where a first poll may begin. The default is {@link Start.Now} alone. */
    @SafeVarargs
    public final Builder<C, K, E> starts(Class<? extends Start>... starts) {
      Set<Class<? extends Start>> all = new HashSet<>();
      for (Class<? extends Start> start : starts) {
        all.add(start);
      }
      this.starts = Set.copyOf(all);
      return this;
    }

    /**
     * Returns the trigger that polls with {@code handler}.
     *
     * @throws IllegalStateException if what was declared does not fit together
     */
    public PollingTrigger<C, K, E> poll(Handler<C, K, E> handler) {
      return new BuiltPollingTrigger<>(this, Objects.requireNonNull(handler, "handler"));
    }

    /**
     * Returns the trigger that polls with {@code handler} from a little before the cursor, since
     * what comes before the cursor may become visible later. What was found before is left out, so
     * that each event needs an id.
     *
     * <p>If nothing happened, {@code handler} returns the cursor that it was given. When a
     * subscription begins, it is called once more than needed: what is in the overlap then is no
     * event.
     *
     * <p>How long an event may take to become visible is declared by {@link #visibleWithin}.
     *
     * @param back moves a cursor back, such as a time by two minutes or a number by ten; called at
     *     each poll
     * @throws IllegalStateException if what was declared does not fit together
     */
    public PollingTrigger<C, OverlappingCursor<K>, E> pollOverlapping(
        UnaryOperator<K> back, Handler<C, K, E> handler) {
      return new OverlappingTrigger<>(
          this, Objects.requireNonNull(back, "back"), Duration.ZERO, handler);
    }

    /**
     * Returns the trigger that polls with {@code handler} from an earlier cursor, since what comes
     * before the newest one may become visible later: for cursors that only the service can read.
     * What was found before is left out, so that each event needs an id.
     *
     * @param age how late an event may become visible; positive, and at most an hour
     * @throws IllegalStateException if what was declared does not fit together
     */
    public PollingTrigger<C, OverlappingCursor<K>, E> pollOverlapping(
        Duration age, Handler<C, K, E> handler) {
      if (age.isNegative() || age.isZero() || age.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException(
            "The overlap must be positive and at most an hour, but was " + age);
      }
      lateAtLeast(age);
      return new OverlappingTrigger<>(this, null, age, handler);
    }
  }
}

package dev.connectorsdk.trigger;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be watched, and how. Immutable: each method that sets something returns a copy.
 *
 * <pre>{@code
 * SubscriptionSpec.of(reference, TASK_DONE, Nothing.NOTHING, "announce")
 *     .every(Duration.ofMinutes(1))
 *     .inOrderPerKey();
 * }</pre>
 */
public final class SubscriptionSpec {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  private static final Duration LONGEST_RETENTION = Duration.ofDays(366);
  private static final int STANDARD_ATTEMPTS = 5;
  private static final int MOST_ATTEMPTS = 100;
  private static final int STANDARD_PER_MINUTE = 600;
  private static final Watching STANDARD_WATCHING =
      new Watching(null, new Start.Now(), STANDARD_PER_MINUTE);
  private static final Handling STANDARD_HANDLING =
      new Handling(Order.NONE, false, STANDARD_ATTEMPTS, Duration.ZERO);

  /** In which order events are handled. */
  public enum Order {
    /** In any, several at once. */
    NONE,
    /** Those with the same key one after another; those without a key in any. */
    PER_KEY,
    /** One after another, as they were found. One that fails holds back those after it. */
    ALL
  }

  /**
   * How events are looked for.
   *
   * @param interval how long to wait between two polls, or {@code null} for the default
   * @param start where the first poll begins
   * @param mostPerMinute more events than these pause the subscription
   */
  record Watching(@Nullable Duration interval, Start start, int mostPerMinute) {}

  /**
   * How events are handled.
   *
   * @param order in which
   * @param batches whether all events of one poll are handled as one
   * @param attempts after how many an event is given up
   * @param retention how long payloads are kept after that events were accepted
   */
  record Handling(Order order, boolean batches, int attempts, Duration retention) {}

  private final ConnectionReference reference;
  private final String triggerId;
  private final @Nullable Trigger<?, ?> trigger;
  private final Object configuration;
  private final String handler;
  private final Watching watching;
  private final Handling handling;

  private SubscriptionSpec(
      ConnectionReference reference,
      String triggerId,
      @Nullable Trigger<?, ?> trigger,
      Object configuration,
      String handler,
      Watching watching,
      Handling handling) {
    this.reference = Objects.requireNonNull(reference, "reference");
    this.triggerId = Objects.requireNonNull(triggerId, "trigger");
    this.trigger = trigger;
    this.configuration = Objects.requireNonNull(configuration, "configuration");
    this.handler = requireName(handler);
    this.watching = watching;
    this.handling = handling;
  }

  /**
   * Returns what watches a trigger with the defaults: from now on, every 3 min, in any order.
   *
   * @param reference an embedded one, which leads to the connection
   * @param trigger one of the triggers of the reference's connector
   * @param configuration what to watch
   * @param handler the name of the handler, as it is registered with the runtime's builder
   * @throws IllegalArgumentException if the handler's name is not 1 to 200 letters, digits, '.',
   *     '_' or '-' that begin with a letter or digit
   */
  public static <C> SubscriptionSpec of(
      ConnectionReference reference, Trigger<C, ?> trigger, C configuration, String handler) {
    return new SubscriptionSpec(
        reference,
        trigger.id(),
        trigger,
        configuration,
        handler,
        STANDARD_WATCHING,
        STANDARD_HANDLING);
  }

  /**
   * Returns what watches a trigger by its id, as for connectors that are written as data.
   *
   * @param configuration JSON, or anything that Jackson can turn into JSON, such as a {@link
   *     java.util.Map}
   * @throws IllegalArgumentException as {@link #of(ConnectionReference, Trigger, Object, String)}
   */
  public static SubscriptionSpec of(
      ConnectionReference reference, String trigger, Object configuration, String handler) {
    return new SubscriptionSpec(
        reference, trigger, null, configuration, handler, STANDARD_WATCHING, STANDARD_HANDLING);
  }

  private static String requireName(String handler) {
    if (!NAME.matcher(handler).matches()) {
      throw new IllegalArgumentException(
          "The name of a handler must be 1 to 200 letters, digits, '.', '_' or '-' and begin with a"
              + " letter or digit, but was '"
              + handler.replaceAll("\\p{Cntrl}", "?")
              + "'");
    }
    return handler;
  }

  private SubscriptionSpec with(Watching other) {
    return new SubscriptionSpec(
        reference, triggerId, trigger, configuration, handler, other, handling);
  }

  private SubscriptionSpec with(Handling other) {
    return new SubscriptionSpec(
        reference, triggerId, trigger, configuration, handler, watching, other);
  }

  /**
   * Sets how long to wait between two polls. The default is 3 min, or more if the trigger asks for
   * more. Waits become up to twice as long where nothing is found for long.
   */
  public SubscriptionSpec every(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    return with(new Watching(interval, watching.start(), watching.mostPerMinute()));
  }

  /** Has the first poll begin elsewhere. The default is {@link Start.Now}. */
  public SubscriptionSpec starting(Start start) {
    Objects.requireNonNull(start, "start");
    return with(new Watching(watching.interval(), start, watching.mostPerMinute()));
  }

  /** Has the first poll begin with what happened since an instant by the service's clock. */
  public SubscriptionSpec startingAt(Instant instant) {
    return starting(new PollingTrigger.Start.Since(instant));
  }

  /**
   * Sets how many events may come in a minute until the subscription is paused. The default is 600.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public SubscriptionSpec atMostPerMinute(int events) {
    if (events < 1) {
      throw new IllegalArgumentException("At least 1 event a minute, not " + events);
    }
    return with(new Watching(watching.interval(), watching.start(), events));
  }

  /** Has all events handled one after another. */
  public SubscriptionSpec inOrder() {
    return with(
        new Handling(Order.ALL, handling.batches(), handling.attempts(), handling.retention()));
  }

  /** Has events of one key handled one after another. */
  public SubscriptionSpec inOrderPerKey() {
    return with(
        new Handling(Order.PER_KEY, handling.batches(), handling.attempts(), handling.retention()));
  }

  /**
   * Has all events of one poll handled as one, whose payload is the array of theirs; as several
   * where they have more than 700,000 bytes as JSON together. Each is repeated and parked as a
   * whole, and recognised as a whole, too: an event that is found again among others, as after
   * {@link Triggers#rewind}, is handled again with them.
   */
  public SubscriptionSpec inBatches() {
    return with(new Handling(handling.order(), true, handling.attempts(), handling.retention()));
  }

  /**
   * Sets how often an event is tried. The default is 5.
   *
   * @param attempts 1 to 100
   */
  public SubscriptionSpec parkingAfter(int attempts) {
    if (attempts < 1 || attempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException("1 to 100 attempts, not " + attempts);
    }
    return with(new Handling(handling.order(), handling.batches(), attempts, handling.retention()));
  }

  /**
   * Has the payloads of accepted events kept, encrypted, so that they can be replayed. By default a
   * payload is erased once its event is accepted.
   *
   * @param time how long, at most 366 days
   */
  public SubscriptionSpec retaining(Duration time) {
    if (time.isNegative() || time.compareTo(LONGEST_RETENTION) > 0) {
      throw new IllegalArgumentException("A payload is kept for at most 366 days, not " + time);
    }
    return with(new Handling(handling.order(), handling.batches(), handling.attempts(), time));
  }

  /** Returns the reference that leads to the connection. */
  public ConnectionReference reference() {
    return reference;
  }

  /** Returns the id of the trigger. */
  public String triggerId() {
    return triggerId;
  }

  /** Returns the trigger, or {@code null} if only its id was given. */
  public @Nullable Trigger<?, ?> trigger() {
    return trigger;
  }

  /** Returns what to watch. */
  public Object configuration() {
    return configuration;
  }

  /** Returns the name of the handler. */
  public String handler() {
    return handler;
  }

  /** Returns how long to wait between two polls, or {@code null} for the default. */
  public @Nullable Duration interval() {
    return watching.interval();
  }

  /** Returns where the first poll begins. */
  public Start start() {
    return watching.start();
  }

  /** Returns how many events may come in a minute. */
  public int mostPerMinute() {
    return watching.mostPerMinute();
  }

  /** Returns in which order events are handled. */
  public Order order() {
    return handling.order();
  }

  /** Returns whether all new events of one poll are handled as one. */
  public boolean isInBatches() {
    return handling.batches();
  }

  /** Returns how often an event is tried. */
  public int attempts() {
    return handling.attempts();
  }

  /** Returns how long payloads are kept after that events were accepted. */
  public Duration retention() {
    return handling.retention();
  }
}

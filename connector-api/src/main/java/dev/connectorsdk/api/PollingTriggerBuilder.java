package dev.connectorsdk.api;

import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Start;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * Collects what all polling triggers declare.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the event
 * @param <B> the builder itself
 */
abstract class PollingTriggerBuilder<C, E, B> extends TriggerBuilder<C, E, B> {

  Set<Class<? extends Start>> starts = Set.of(Start.Now.class);
  LostCursor lostCursor = new LostCursor.Stop();
  Set<String> cursorFields = Set.of();
  Duration minimumInterval = Duration.ofSeconds(15);
  Duration lateness = Duration.ZERO;

  PollingTriggerBuilder(String id, Shape<C> configuration, Shape<E> event) {
    super(id, configuration, event);
  }

  /** Sets what is done when the cursor is lost. The default is {@link LostCursor.Stop}. */
  public B whenCursorIsLost(LostCursor what) {
    this.lostCursor = Objects.requireNonNull(what, "what");
    return self();
  }

  /**
   * Sets the members of the configuration for whose values alone a cursor is valid. Without this it
   * is kept whatever changes.
   *
   * @throws IllegalArgumentException if the configuration is a record without such a component
   */
  public B cursorDependsOn(String... fields) {
    for (String field : fields) {
      if (configuration.type() instanceof Class<?> type && type.isRecord() && !has(type, field)) {
        throw new IllegalArgumentException(type.getSimpleName() + " has no component " + field);
      }
    }
    this.cursorFields = Set.of(fields);
    return self();
  }

  private static boolean has(Class<?> type, String component) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .anyMatch(component::equals);
  }

  /**
   * Sets how long the service wants to be left alone between two polls. The default is 15 s.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public B minimumInterval(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("The interval must be positive, but was " + interval);
    }
    this.minimumInterval = interval;
    return self();
  }

  /**
   * Sets how long after it has happened an event may become visible at the service, so that no
   * subscription is called complete too early. The default is the overlap if that is a time, else
   * zero.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B visibleWithin(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("An event is not visible before it happens: " + time);
    }
    lateAtLeast(time);
    return self();
  }

  final void lateAtLeast(Duration time) {
    lateness = lateness.compareTo(time) < 0 ? time : lateness;
  }
}

package dev.connectorsdk.api;

import java.util.Optional;

/**
 * One operation that starts work: it turns what happens at a service into events.
 *
 * <p>A trigger is shared by all subscriptions and threads and keeps no state.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the event
 */
public sealed interface Trigger<C, E> permits PollingTrigger, WebhookTrigger {

  /** Returns the id, unique among the triggers of its connector. */
  String id();

  /** Returns the name that people read. */
  String title();

  /** Returns what the trigger reacts to; empty if the author did not say. */
  String description();

  /** Returns what the configuration of a subscription looks like. */
  Shape<C> configuration();

  /** Returns what an event looks like. */
  Shape<E> event();

  /** Returns whether new work should not use the trigger any more. It still runs. */
  default boolean isDeprecated() {
    return false;
  }

  /** Returns whether the trigger is one that people are not offered. It still runs. */
  default boolean isInternal() {
    return false;
  }

  /** Returns what helps people to fill in the configuration, if the schema alone is not enough. */
  default Optional<Form> form() {
    return Optional.empty();
  }
}

package dev.connectorsdk.api;

import java.util.Objects;

/**
 * Collects what triggers of both kinds have.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the event
 * @param <B> the builder itself
 */
abstract class TriggerBuilder<C, E, B> extends OperationBuilder<B> {

  final Shape<C> configuration;
  final Shape<E> event;

  TriggerBuilder(String id, Shape<C> configuration, Shape<E> event) {
    super("Trigger id", id);
    this.configuration = Objects.requireNonNull(configuration, "configuration");
    this.event = Objects.requireNonNull(event, "event");
  }
}

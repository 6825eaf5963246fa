package dev.connectorsdk.api;

/**
 * One operation that starts work: it turns what happens at a service into {@linkplain Event
 * events}. A {@link PollingTrigger} asks the service; a {@link WebhookTrigger} is called by it.
 *
 * <p>A trigger is shared by all subscriptions and threads and keeps no state.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the payload of an event
 */
public sealed interface Trigger<C, E> extends ConnectorOperation
    permits PollingTrigger, WebhookTrigger {

  /** Returns what the configuration of a subscription looks like. */
  Shape<C> configuration();

  /** Returns what the payload of an event looks like. */
  Shape<E> event();
}

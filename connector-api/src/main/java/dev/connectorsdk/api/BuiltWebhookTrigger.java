package dev.connectorsdk.api;

import java.net.URI;
import java.util.List;

/** The trigger that {@link WebhookTrigger.Builder} makes. */
final class BuiltWebhookTrigger<C, E> extends BuiltTrigger<C, E> implements WebhookTrigger<C, E> {

  private final WebhookTrigger.SubscribeHandler<C> subscribe;
  private final WebhookTrigger.UnsubscribeHandler unsubscribe;
  private final WebhookTrigger.ReceiveHandler<E> receive;

  BuiltWebhookTrigger(
      WebhookTrigger.Builder<C, E> from,
      WebhookTrigger.SubscribeHandler<C> subscribe,
      WebhookTrigger.UnsubscribeHandler unsubscribe,
      WebhookTrigger.ReceiveHandler<E> receive) {
    super(from);
    this.subscribe = subscribe;
    this.unsubscribe = unsubscribe;
    this.receive = receive;
  }

  @Override
  public Subscription subscribe(C configuration, URI callback, Secret secret, ActionContext context)
      throws Exception {
    return subscribe.subscribe(configuration, callback, secret, context);
  }

  @Override
  public void unsubscribe(Subscription subscription, ActionContext context) throws Exception {
    unsubscribe.unsubscribe(subscription, context);
  }

  @Override
  public List<Event<E>> receive(Delivery delivery, Secret secret) throws Exception {
    return receive.receive(delivery, secret);
  }
}

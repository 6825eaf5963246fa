package dev.connectorsdk.api;

import dev.connectorsdk.api.webhook.Signature;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The trigger that {@link WebhookTrigger.Builder} makes. */
final class BuiltWebhookTrigger<C, E> extends BuiltTrigger<C, E> implements WebhookTrigger<C, E> {

  private final Signature signature;
  private final boolean isSignedByApplication;
  private final @Nullable String secretParameter;
  private final WebhookTrigger.SubscribeHandler<C> subscribe;
  private final WebhookTrigger.@Nullable FindHandler<C> find;
  private final WebhookTrigger.@Nullable RenewHandler renew;
  private final WebhookTrigger.UnsubscribeHandler unsubscribe;
  private final WebhookTrigger.ReceiveHandler<E> receive;
  private final @Nullable KeyHandler keys;
  private final @Nullable Application application;
  private final @Nullable EventFilter<C, E> filter;
  private final Set<String> contentTypes;
  private final int successStatus;
  private final @Nullable PollingTrigger<C, ?, E> gapPoll;
  private final boolean readsDeliveryLog;

  BuiltWebhookTrigger(
      WebhookTrigger.Builder<C, E> from,
      Signature signature,
      WebhookTrigger.SubscribeHandler<C> subscribe,
      WebhookTrigger.UnsubscribeHandler unsubscribe,
      WebhookTrigger.ReceiveHandler<E> receive) {
    super(from);
    this.signature = signature;
    this.isSignedByApplication = from.isSignedByApplication;
    this.secretParameter = from.secretParameter;
    this.subscribe = subscribe;
    this.find = from.find;
    this.renew = from.renew;
    this.unsubscribe = unsubscribe;
    this.receive = receive;
    this.keys = from.keys;
    this.application = from.application;
    this.filter = from.filter;
    this.contentTypes = from.contentTypes;
    this.successStatus = from.successStatus;
    this.gapPoll = from.gapPoll;
    this.readsDeliveryLog = from.readsDeliveryLog;
  }

  @Override
  public Registration subscribe(C configuration, Callback callback, ActionContext context)
      throws Exception {
    return subscribe.subscribe(configuration, callback, context);
  }

  @Override
  public Optional<FindHandler<C>> finder() {
    return Optional.ofNullable(find);
  }

  @Override
  public Optional<RenewHandler> renewer() {
    return Optional.ofNullable(renew);
  }

  @Override
  public void unsubscribe(Registration registration, ActionContext context) throws Exception {
    unsubscribe.unsubscribe(registration, context);
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public boolean isSignedByApplication() {
    return isSignedByApplication;
  }

  @Override
  public Optional<String> secretParameter() {
    return Optional.ofNullable(secretParameter);
  }

  @Override
  public Optional<KeyHandler> keys() {
    return Optional.ofNullable(keys);
  }

  @Override
  public Optional<Application> application() {
    return Optional.ofNullable(application);
  }

  @Override
  public Optional<EventFilter<C, E>> filter() {
    return Optional.ofNullable(filter);
  }

  @Override
  public Set<String> contentTypes() {
    return contentTypes;
  }

  @Override
  public int successStatus() {
    return successStatus;
  }

  @Override
  public Optional<PollingTrigger<C, ?, E>> gapPoll() {
    return Optional.ofNullable(gapPoll);
  }

  @Override
  public boolean readsDeliveryLog() {
    return readsDeliveryLog;
  }

  @Override
  public Received<E> receive(Delivery delivery) throws Exception {
    return receive.receive(delivery);
  }
}

package dev.connectorsdk.testkit;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.testkit.KnownRegistrations.Known;
import java.util.Optional;
import java.util.Set;

/** A webhook trigger, of which the callbacks become known to the test. */
record WatchedWebhook<C, E>(WebhookTrigger<C, E> like, KnownRegistrations known)
    implements WebhookTrigger<C, E> {

  @Override
  public Registration subscribe(C configuration, Callback callback, ActionContext context)
      throws Exception {
    Registration registration = like.subscribe(configuration, callback, context);
    known.add(like.id(), new Known(callback, registration));
    return registration;
  }

  @Override
  public void unsubscribe(Registration registration, ActionContext context) throws Exception {
    like.unsubscribe(registration, context);
  }

  @Override
  public Received<E> receive(Delivery delivery) throws Exception {
    return like.receive(delivery);
  }

  @Override
  public Optional<FindHandler<C>> finder() {
    return like.finder();
  }

  @Override
  public Optional<RenewHandler> renewer() {
    return like.renewer();
  }

  @Override
  public Signature signature() {
    return like.signature();
  }

  @Override
  public boolean isSignedByApplication() {
    return like.isSignedByApplication();
  }

  @Override
  public Optional<String> secretParameter() {
    return like.secretParameter();
  }

  @Override
  public Optional<KeyHandler> keys() {
    return like.keys();
  }

  @Override
  public Optional<Application> application() {
    return like.application();
  }

  @Override
  public Optional<EventFilter<C, E>> filter() {
    return like.filter();
  }

  @Override
  public Set<String> contentTypes() {
    return like.contentTypes();
  }

  @Override
  public int successStatus() {
    return like.successStatus();
  }

  @Override
  public Optional<PollingTrigger<C, ?, E>> gapPoll() {
    return like.gapPoll();
  }

  @Override
  public boolean readsDeliveryLog() {
    return like.readsDeliveryLog();
  }

  @Override
  public String id() {
    return like.id();
  }

  @Override
  public String title() {
    return like.title();
  }

  @Override
  public String description() {
    return like.description();
  }

  @Override
  public boolean isDeprecated() {
    return like.isDeprecated();
  }

  @Override
  public boolean isInternal() {
    return like.isInternal();
  }

  @Override
  public Optional<Form> form() {
    return like.form();
  }

  @Override
  public Shape<C> configuration() {
    return like.configuration();
  }

  @Override
  public Shape<E> event() {
    return like.event();
  }
}

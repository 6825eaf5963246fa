package dev.connectorsdk.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Registers a URL that the service calls when something happens.
 *
 * <pre>{@code
 * static final WebhookTrigger<Project, Task> TASK_DONE =
 *     WebhookTrigger.builder("taskDone", Project.class, Task.class)
 *         .titled("When a task is done")
 *         .subscribe(
 *             (project, callback, secret, call) -> {
 *               NewHook hook = new NewHook(project.id(), callback, secret.reveal());
 *               return Subscription.of(call.http().post("/hooks").json(hook).fetch(Hook.class).id());
 *             })
 *         .unsubscribe((hook, call) -> call.http().delete("/hooks/{id}", hook.id()).send())
 *         .receive((delivery, secret) -> events(delivery, secret));
 * }</pre>
 *
 * @param <C> the configuration of one subscription
 * @param <E> the payload of an event
 */
public non-sealed interface WebhookTrigger<C, E> extends Trigger<C, E> {

  /**
   * Registers {@code callback} at the service. It may be called twice for one subscription: then
   * either one registration remains, or each call returns what {@link #unsubscribe} needs to remove
   * its own.
   *
   * @param configuration what the subscription watches; valid for {@link #configuration}
   * @param callback an unguessable URL that belongs to this subscription alone
   * @param secret a random secret that belongs to this subscription alone, for a service that signs
   *     its deliveries with a given one
   * @param context valid until this method returns
   * @throws Exception as for {@link Action#execute}
   */
  Subscription subscribe(C configuration, URI callback, Secret secret, ActionContext context)
      throws Exception;

  /**
   * Removes a registration. It is no error if there is none any more.
   *
   * @param subscription what {@link #subscribe} returned
   * @param context valid until this method returns
   * @throws Exception as for {@link Action#execute}
   */
  void unsubscribe(Subscription subscription, ActionContext context) throws Exception;

  /**
   * Checks that a delivery comes from the service, over its bytes as received, and reads its
   * events. Called on a thread of the host's web server; must not send requests.
   *
   * @param secret the one given to {@link #subscribe}
   * @throws dev.connectorsdk.api.error.AuthenticationException if the delivery is not authentic
   */
  List<Event<E>> receive(Delivery delivery, Secret secret) throws Exception;

  /**
   * A registration at the service.
   *
   * @param id what the service calls it
   * @param expiresAt when it ends by itself, or {@code null} if it does not
   */
  record Subscription(String id, @Nullable Instant expiresAt) {

    public Subscription {
      Objects.requireNonNull(id, "id");
    }

    /** Returns a registration that does not end by itself. */
    public static Subscription of(String id) {
      return new Subscription(id, null);
    }
  }

  /**
   * A request that arrived at the callback URL.
   *
   * @param method the HTTP method
   * @param headers by lower-case name, each with its values in order
   * @param query the undecoded query, or {@code null} if there was none
   * @param body the bytes as received
   */
  @SuppressWarnings("ArrayRecordComponent") // Signatures are checked over these very bytes.
  record Delivery(
      String method, Map<String, List<String>> headers, @Nullable String query, byte[] body) {

    /** Returns only the method and the size: all other parts may hold signatures or tokens. */
    @Override
    public String toString() {
      return "Delivery[" + method + ", " + body.length + " bytes]";
    }
  }

  /**
   * The code that registers a callback.
   *
   * @param <C> the configuration of one subscription
   */
  @FunctionalInterface
  interface SubscribeHandler<C> {

    /** Registers the callback; see {@link WebhookTrigger#subscribe}. */
    Subscription subscribe(C configuration, URI callback, Secret secret, ActionContext context)
        throws Exception;
  }

  /** The code that removes a registration. */
  @FunctionalInterface
  interface UnsubscribeHandler {

    /** Removes the registration; see {@link WebhookTrigger#unsubscribe}. */
    void unsubscribe(Subscription subscription, ActionContext context) throws Exception;
  }

  /**
   * The code that checks and reads a delivery.
   *
   * @param <E> the payload of an event
   */
  @FunctionalInterface
  interface ReceiveHandler<E> {

    /** Checks and reads the delivery; see {@link WebhookTrigger#receive}. */
    List<Event<E>> receive(Delivery delivery, Secret secret) throws Exception;
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
   * Collects the parts of a webhook trigger. Not safe for use by several threads.
   *
   * @param <C> the configuration of one subscription
   * @param <E> the payload of an event
   */
  final class Builder<C, E> extends TriggerBuilder<C, E, Builder<C, E>> {

    private @Nullable SubscribeHandler<C> subscribe;
    private @Nullable UnsubscribeHandler unsubscribe;

    private Builder(String id, Shape<C> configuration, Shape<E> event) {
      super(id, configuration, event);
    }

    @Override
    Builder<C, E> self() {
      return this;
    }

    /** Sets how a callback is registered at the service. */
    public Builder<C, E> subscribe(SubscribeHandler<C> handler) {
      this.subscribe = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /** Sets how a registration is removed. */
    public Builder<C, E> unsubscribe(UnsubscribeHandler handler) {
      this.unsubscribe = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * Returns the trigger that checks and reads deliveries with {@code handler}.
     *
     * @throws IllegalStateException if {@link #subscribe} or {@link #unsubscribe} was not called
     */
    public WebhookTrigger<C, E> receive(ReceiveHandler<E> handler) {
      return new BuiltWebhookTrigger<>(
          this,
          required("subscribe", subscribe),
          required("unsubscribe", unsubscribe),
          Objects.requireNonNull(handler, "handler"));
    }

    private <T> T required(String part, @Nullable T handler) {
      if (handler == null) {
        throw new IllegalStateException("Webhook trigger '" + id + "' needs " + part + "(...)");
      }
      return handler;
    }
  }
}

package dev.connectorsdk.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Has the service call back when something happens.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the event
 */
public non-sealed interface WebhookTrigger<C, E> extends Trigger<C, E> {

  /**
   * Registers {@code callback} at the service. Doing it twice for one subscription must leave one
   * registration, or return what {@link #unsubscribe} needs to remove each.
   *
   * @param callback unguessable and made for this subscription alone
   * @param secret made for this subscription; the service signs with it if it can
   * @throws Exception as for {@link Action#execute}
   */
  Subscription subscribe(C configuration, URI callback, Secret secret, ActionContext context)
      throws Exception;

  /**
   * Removes a registration. One that is gone already is no error.
   *
   * @throws Exception as for {@link Action#execute}
   */
  void unsubscribe(Subscription subscription, ActionContext context) throws Exception;

  /**
   * Checks a delivery's authenticity over its raw bytes and reads its events. Called on a thread of
   * the host's web server; must not call the service.
   *
   * @param secret the one given to {@link #subscribe}
   * @throws dev.connectorsdk.api.error.AuthenticationException if the delivery is not authentic
   */
  List<PollingTrigger.Event<E>> receive(Delivery delivery, Secret secret) throws Exception;

  /**
   * A registration at the service.
   *
   * @param id what the service calls it
   * @param expiresAt when it ends unless renewed, or {@code null} if never
   */
  record Subscription(String id, @Nullable Instant expiresAt) {

    public Subscription {
      Objects.requireNonNull(id, "id");
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

    /** Returns the method and the size: signatures and tokens travel in all the rest. */
    @Override
    public String toString() {
      return "Delivery[" + method + ", " + body.length + " bytes]";
    }
  }
}

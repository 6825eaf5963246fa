package dev.connectorsdk.api.webhook;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A delivery with what is needed to check it.
 *
 * @param delivery the request as received
 * @param callback the URL as it was registered at the service, never one that is put together from
 *     headers of the delivery
 * @param secrets the active keys, more than one during a rotation
 * @param at when it arrived
 * @param keys gets keys that the service publishes
 */
public record Arrival(
    Delivery delivery, URI callback, List<Secret> secrets, Instant at, KeySource keys) {

  public Arrival {
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(callback, "callback");
    secrets = List.copyOf(secrets);
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(keys, "keys");
  }

  /** Returns an arrival whose check fetches no keys. */
  public static Arrival of(Delivery delivery, URI callback, List<Secret> secrets, Instant at) {
    return new Arrival(
        delivery,
        callback,
        secrets,
        at,
        (location, keyId) -> {
          throw new IllegalStateException("No source of keys was given");
        });
  }

  /** Returns nothing but the size: the delivery and the URL may hold signatures or tokens. */
  @Override
  public String toString() {
    return "Arrival[" + delivery + ", " + secrets.size() + " secrets, " + at + "]";
  }
}

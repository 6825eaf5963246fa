package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What services publish. Whatever keeps it from being had says nothing about the delivery. */
final class PublishedText {

  private PublishedText() {}

  /**
   * Returns what an arrival's source of keys has.
   *
   * @throws DeliveryRefusedException for now, if it cannot be had
   */
  static String fetch(Arrival arrival, URI location, @Nullable String keyId) {
    try {
      return arrival.keys().fetch(location, keyId);
    } catch (DeliveryRefusedException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    } catch (Exception e) {
      throw unavailable();
    }
  }

  static DeliveryRefusedException unavailable() {
    return Refusals.refused(
        Reason.KEYS_UNAVAILABLE, "the service's keys could not be fetched or read");
  }
}

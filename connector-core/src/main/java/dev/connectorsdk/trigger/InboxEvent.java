package dev.connectorsdk.trigger;

import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event in the inbox of a subscription.
 *
 * @param number by which it is replayed or dropped
 * @param id the id that the handler sees
 * @param status what has become of it
 * @param attempts how often its handler was called
 * @param error what went wrong at the last attempt; empty if nothing did
 * @param storedAt when it was stored, by the store's clock
 * @param payload what happened, or {@code null} once that was erased, if it was too large to be
 *     kept or if it cannot be decrypted
 */
public record InboxEvent(
    long number,
    String id,
    EventStatus status,
    int attempts,
    String error,
    Instant storedAt,
    @Nullable JsonNode payload) {

  /** Returns all but the payload. */
  @Override
  public String toString() {
    return "InboxEvent[" + number + ", " + id + ", " + status + ", attempts " + attempts + "]";
  }
}

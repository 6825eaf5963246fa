package dev.connectorsdk.trigger;

import dev.connectorsdk.api.Caller;
import java.time.Instant;

/**
 * An event that is being handled.
 *
 * @param id the same at each attempt, and no other's of the subscription
 * @param attempt which attempt this is, counted from 1
 * @param subscription the id of the subscription that it came by
 * @param caller the flow itself, with which to call: it uses embedded references only
 * @param storedAt when it was stored, by the store's clock
 */
public record HandledEvent(
    String id, int attempt, String subscription, Caller caller, Instant storedAt) {}

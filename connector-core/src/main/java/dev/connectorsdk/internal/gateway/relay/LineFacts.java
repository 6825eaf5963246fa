package dev.connectorsdk.internal.gateway.relay;

import java.time.Duration;
import java.time.Instant;

/**
 * What is known of a line.
 *
 * @param id of this line alone
 * @param address where it came from
 * @param agent the version of the member's software
 * @param instance the process that dialled
 * @param since when it was opened
 * @param seen when something was last heard of the member
 * @param skew how much the member's clock is ahead of the host's
 * @param inFlight how many requests are under way
 * @param queued how many frames wait to be written
 */
public record LineFacts(
    String id,
    String address,
    String agent,
    String instance,
    Instant since,
    Instant seen,
    Duration skew,
    int inFlight,
    int queued) {}

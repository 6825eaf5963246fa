package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore.Claim;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A store of triggers that knows somebody else who says whose turn it is. */
public interface ScheduledStore {

  /**
   * Returns a schedule that does nothing yet.
   *
   * @param handlers whose subscriptions can be handled here
   * @param lease how long a claim lasts that nobody renews
   * @return empty if it is the runtime itself that has to look
   */
  Optional<Schedule> schedule(Set<String> handlers, Duration lease, Taker taker);

  /** Takes turns. */
  @FunctionalInterface
  interface Taker {

    /**
     * Has a turn taken on another thread, and the claim given back.
     *
     * @return how long it is until the next turn; empty if the store has to be asked
     */
    CompletableFuture<Optional<Duration>> take(Claim claim);
  }
}

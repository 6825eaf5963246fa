package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.HandledEvent;

/** A handler that accepts the event itself, together with what it does about it. */
public interface AcceptingHandler<E> extends EventHandler<E> {

  /**
   * Handles an event and accepts it.
   *
   * @return {@code false}, and nothing is done, if the claim is not held any more
   * @throws Exception if nothing is done and the event is to come again
   */
  boolean handle(E payload, HandledEvent event, EventClaim claim, Retention retention)
      throws Exception;

  /** Not used: what cannot accept the event cannot handle it. */
  @Override
  default void handle(E payload, HandledEvent event) {
    throw new UnsupportedOperationException("A transactional handler needs the claim of its event");
  }
}

package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.HandledEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A handler as it was registered.
 *
 * @param type what payloads are read as
 */
public record RegisteredHandler<E>(Class<E> type, EventHandler<E> handler) {

  /**
   * Handles an event.
   *
   * @return whether it was accepted, too, or somebody else has it by now
   */
  boolean handle(
      JsonNode payload,
      HandledEvent event,
      JsonMapper mapper,
      EventClaim claim,
      Retention retention)
      throws Exception {
    E read = read(payload, mapper);
    if (handler instanceof AcceptingHandler<E> accepting) {
      accepting.handle(read, event, claim, retention);
      return true;
    }
    handler.handle(read, event);
    return false;
  }

  private E read(JsonNode payload, JsonMapper mapper) {
    try {
      return mapper.treeToValue(payload, type);
    } catch (JacksonException e) {
      // Its message would quote the payload.
      throw new ActionFailedException(
          "The payload cannot be read as " + type.getName() + JsonPointers.inMessage(e));
    }
  }
}

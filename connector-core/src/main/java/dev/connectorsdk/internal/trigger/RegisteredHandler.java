package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.ActionFailedException;
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

  void handle(JsonNode payload, HandledEvent event, JsonMapper mapper) throws Exception {
    handler.handle(read(payload, mapper), event);
  }

  private E read(JsonNode payload, JsonMapper mapper) {
    try {
      return mapper.treeToValue(payload, type);
    } catch (JacksonException e) {
      // Its message would quote the payload.
      throw new ActionFailedException("The payload cannot be read as " + type.getName());
    }
  }
}

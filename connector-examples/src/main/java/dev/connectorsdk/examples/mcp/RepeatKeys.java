package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Idempotency keys of writes. An agent whose client gave up calls once more with the same input; as
 * long as nobody knows what became of the first call, the second gets the same key, by which a
 * service recognises it. Safe for use by several threads.
 */
final class RepeatKeys {

  private static final int MOST = 1_000;

  /** A call, as far as a second one is the same. */
  record Write(Principal caller, String tool, JsonNode input) {}

  private static final class Key {
    final String value = UUID.randomUUID().toString();
    int running;
    boolean isOutcomeKnown = true;
  }

  private final Map<Write, Key> keys = new LinkedHashMap<>(16, 0.75f, true);

  synchronized String begin(Write write) {
    Key key = keys.computeIfAbsent(write, any -> new Key());
    key.running++;
    keys.keySet().stream().limit(Math.max(0, keys.size() - MOST)).toList().forEach(keys::remove);
    return key.value;
  }

  synchronized void end(Write write, boolean isOutcomeKnown) {
    Key key = keys.get(write);
    if (key == null) {
      return;
    }
    key.running--;
    key.isOutcomeKnown = isOutcomeKnown;
    if (key.running == 0 && key.isOutcomeKnown) {
      keys.remove(write);
    }
  }
}

package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Principal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Idempotency keys of writes. An agent whose client gave up calls once more with the same input; as
 * long as nobody knows what became of the first call, for a day, the second gets the same key, by
 * which a service recognises it. Safe for use by several threads.
 */
final class RepeatKeys {

  private static final int MOST = 1_000;

  /** After that the same input is meant once more, rather than still. */
  private static final Duration KEPT = Duration.ofHours(24);

  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  /** What a call that has ended tells of a write. */
  enum Outcome {
    /** The service has answered. */
    ANSWERED,
    /** This call did nothing, which tells nothing of an earlier one. */
    NOT_DONE,
    UNKNOWN
  }

  /** A call, as far as a second one is the same; inputs are too large to be kept. */
  record Write(Principal caller, String tool, String inputDigest) {

    static Write of(Principal caller, String tool, JsonNode input) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256")
                .digest(SORTED.writeValueAsString(input).getBytes(UTF_8));
        return new Write(caller, tool, HexFormat.of().formatHex(digest));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
      }
    }
  }

  private static final class Key {
    final String value = UUID.randomUUID().toString();
    final Instant until;
    int running;
    boolean isOutcomeKnown = true;

    Key(Instant until) {
      this.until = until;
    }
  }

  private final Map<Write, Key> keys = new LinkedHashMap<>(16, 0.75f, true);
  private final Clock clock;

  RepeatKeys(Clock clock) {
    this.clock = clock;
  }

  synchronized String begin(Write write) {
    Instant now = clock.instant();
    Key known = keys.get(write);
    if (known != null && known.running == 0 && !known.until.isAfter(now)) {
      keys.remove(write);
    }
    Key key = keys.computeIfAbsent(write, any -> new Key(now.plus(KEPT)));
    key.running++;
    keys.keySet().stream().limit(Math.max(0, keys.size() - MOST)).toList().forEach(keys::remove);
    return key.value;
  }

  synchronized void end(Write write, Outcome outcome) {
    Key key = keys.get(write);
    if (key == null) {
      return;
    }
    key.running--;
    if (outcome != Outcome.NOT_DONE) {
      key.isOutcomeKnown = outcome == Outcome.ANSWERED;
    }
    if (key.running == 0 && key.isOutcomeKnown) {
      keys.remove(write);
    }
  }
}

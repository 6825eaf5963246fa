package dev.connectorsdk.internal.invocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.InvalidInputException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What callers have used their idempotency keys for: a service that knows a key does nothing more,
 * whatever else it is asked for under it. Safe for several threads.
 */
final class UsedKeys {

  private static final int MOST = 10_000;
  private static final Duration LIFE = Duration.ofDays(1);

  private record Use(ConnectionId connection, String action, String key) {}

  private final Cache<Use, String> inputs =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFE).build();
  private final JsonMapper mapper;

  UsedKeys(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Notes what a key is used for.
   *
   * @throws InvalidInputException if that was something else before
   */
  void use(ConnectionId connection, String action, String key, Object input) {
    String digest = digest(input);
    String before = inputs.asMap().putIfAbsent(new Use(connection, action, key), digest);
    if (before != null && !before.equals(digest)) {
      throw new InvalidInputException(
          "action '" + action + "'", "", "is not the one that its idempotency key was used for");
    }
  }

  private String digest(Object input) {
    try {
      byte[] json = mapper.writeValueAsBytes(input);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (JacksonException e) {
      return "cannot be compared";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every JVM has SHA-256", e);
    }
  }
}

package dev.connectorsdk.internal.invocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.internal.cache.MadeOnce;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * What callers have used their idempotency keys for: a service that knows a key does nothing more,
 * whatever else it is asked for under it. Safe for several threads.
 */
final class UsedKeys {

  private static final int MOST = 10_000;
  private static final Duration LIFE = Duration.ofDays(1);

  /** A key as it is used for an action on a connection. */
  record Use(ConnectionId connection, String action, String key) {}

  private final MadeOnce<Noted> noted;

  UsedKeys(JsonMapper mapper) {
    this.noted = new MadeOnce<>(() -> new Noted(mapper));
  }

  /** What was used so far, and how it is told apart. */
  private static final class Noted {

    private final Cache<Use, String> inputs =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LIFE)
            .executor(Runnable::run)
            .build();
    private final JsonMapper mapper;

    Noted(JsonMapper mapper) {
      this.mapper =
          mapper
              .rebuild()
              .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
              .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
              .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
              .addModule(
                  new SimpleModule("names of files")
                      .addSerializer(FileSource.class, ToStringSerializer.instance))
              .build();
    }
  }

  /**
   * Notes what a key is used for.
   *
   * @return what is new, or {@code null} if the key was used for the same before
   * @throws InvalidInputException if that was something else before
   */
  @Nullable Use use(ConnectionId connection, String action, String key, Object input) {
    String digest = digest(input);
    Use use = new Use(connection, action, key);
    String before = noted.get().inputs.asMap().putIfAbsent(use, digest);
    if (before != null && !before.equals(digest)) {
      throw new InvalidInputException(
          "action '" + action + "'", "", "is not the one that its idempotency key was used for");
    }
    return before == null ? use : null;
  }

  /** Forgets what was noted for a call that sent nothing. */
  void forget(Use use) {
    noted.get().inputs.invalidate(use);
  }

  private String digest(Object input) {
    try {
      return Sha256.hex(noted.get().mapper.writeValueAsBytes(input));
    } catch (JacksonException e) {
      return "cannot be compared";
    }
  }
}

package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.internal.Sha256;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The highest version that a member has seen of each sealed value, so that nobody brings an older
 * one back. There is nothing older than a first version, so only values that were replaced take
 * room; these are never forgotten, or an older one could come back. Each member remembers for
 * itself, over restarts too. Safe for several threads.
 *
 * <p>{@code this} guards {@code highest} and {@code changes} together, and is never held while a
 * file is written. {@code writing} is, so that those who wait for it share the next write.
 */
public final class SeenVersions {

  private static final String FILE = "versions.json";

  /** A host that makes up connections must not fill the member's memory and folder. */
  private static final int MOST = 100_000;

  private static final long FIRST = 1;

  private final MemberFolder folder;
  private final Map<String, Long> highest = new ConcurrentHashMap<>();
  private final Object writing = new Object();
  private long changes; // guarded by this
  private volatile long written; // set under writing

  /**
   * Reads what was seen before.
   *
   * @throws IllegalArgumentException if the file is damaged
   */
  public SeenVersions(MemberFolder folder) {
    this.folder = folder;
    folder.read(FILE).ifPresent(this::restore);
  }

  private void restore(JsonNode json) {
    for (Map.Entry<String, JsonNode> seen : json.properties()) {
      long version = seen.getValue().asLong(Long.MAX_VALUE);
      if (version > FIRST) {
        highest.put(seen.getKey(), version);
      }
    }
  }

  /** Returns whether no higher version of the slot has been seen. */
  boolean isNewest(SealedUse purpose) {
    return highest.getOrDefault(key(purpose), FIRST) <= purpose.version();
  }

  /**
   * Remembers a version, for good, before it is used.
   *
   * @return whether no higher one has been seen
   * @throws SecretUnreadableException if the member remembers as many values as it can
   * @throws java.io.UncheckedIOException if it cannot be stored
   */
  boolean admit(SealedUse purpose) {
    if (!isNewest(purpose)) {
      return false;
    }
    if (purpose.version() > FIRST) {
      store(noted(key(purpose), purpose.version()));
    }
    return isNewest(purpose);
  }

  /** Returns up to which change this has to be stored. */
  private synchronized long noted(String key, long version) {
    long before = highest.getOrDefault(key, FIRST);
    if (before < version) {
      if (highest.size() >= MOST && !highest.containsKey(key)) {
        throw new SecretUnreadableException(
            "This member has seen "
                + MOST
                + " secrets that were replaced, and takes no further ones. Register one with a new"
                + " folder.");
      }
      highest.put(key, version);
      changes++;
    }
    return changes;
  }

  private void store(long wanted) {
    if (written >= wanted) {
      return;
    }
    synchronized (writing) {
      if (written >= wanted) {
        return; // Whoever was before has stored this, too.
      }
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      long all;
      synchronized (this) {
        highest.forEach(json::put);
        all = changes;
      }
      folder.write(FILE, json);
      written = all;
    }
  }

  /** Anybody can seal for a slot with a name of any length. */
  private static String key(SealedUse purpose) {
    return Sha256.hex(purpose.of().connection() + "/" + purpose.slot());
  }
}

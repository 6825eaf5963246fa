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
 * one back. Each member remembers for itself, over restarts too. Safe for several threads.
 */
public final class SeenVersions {

  private static final String FILE = "versions.json";

  /** A host that makes up connections must not fill the member's memory and folder. */
  private static final int MOST = 100_000;

  private final MemberFolder folder;
  private final Map<String, Long> highest = new ConcurrentHashMap<>();

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
      highest.put(seen.getKey(), seen.getValue().asLong(Long.MAX_VALUE));
    }
  }

  /** Returns whether no higher version of the slot has been seen. */
  boolean isNewest(SealedUse purpose) {
    return highest.getOrDefault(key(purpose), 0L) <= purpose.version();
  }

  /**
   * Remembers a version, for good, before it is used.
   *
   * @return whether no higher one has been seen
   * @throws SecretUnreadableException if the member remembers as many values as it can
   */
  boolean admit(SealedUse purpose) {
    return highest.getOrDefault(key(purpose), 0L) == purpose.version() || admitNew(purpose);
  }

  private synchronized boolean admitNew(SealedUse purpose) {
    if (!isNewest(purpose)) {
      return false;
    }
    if (highest.size() >= MOST && !highest.containsKey(key(purpose))) {
      throw new SecretUnreadableException(
          "This member has seen "
              + MOST
              + " sealed values and takes no further ones. Register one with a new folder.");
    }
    highest.put(key(purpose), purpose.version());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    highest.forEach(json::put);
    folder.write(FILE, json);
    return true;
  }

  /** Anybody can seal for a slot with a name of any length. */
  private static String key(SealedUse purpose) {
    return Sha256.hex(purpose.of().connection() + "/" + purpose.slot());
  }
}

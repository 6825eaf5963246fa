package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is too large for an answer, for a while and in memory, each for the one who called. Where
 * there is no room for more, the oldest goes. Safe for use by several threads.
 */
final class KeptAnswers {

  /** In Base64 it still fits a line of 10 MiB, at which clients of stdio end the connection. */
  static final int LARGEST = 7 * 1024 * 1024;

  static final String TEMPLATE = "connectors://answers/{id}";

  private static final String PREFIX = "connectors://answers/";
  private static final long MOST_OF_ONE = 4L * LARGEST;
  private static final long MOST = Math.min(16 * MOST_OF_ONE, Runtime.getRuntime().maxMemory() / 8);

  /** What one counts for besides its bytes, so that those without any are not too many. */
  private static final int OF_EACH = 16 * 1024;

  private static final Duration KEPT = Duration.ofMinutes(30);

  private record Entry(Principal owner, KeptAnswer answer, Instant until) {
    long weight() {
      return (long) answer.size() + OF_EACH;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>(); // the oldest first
  private final SecureRandom random = new SecureRandom();
  private final Clock clock;

  KeptAnswers(Clock clock) {
    this.clock = clock;
  }

  /**
   * Keeps an answer.
   *
   * @param content at most {@link #LARGEST} bytes
   */
  synchronized KeptAnswer keep(Principal owner, String name, String mediaType, byte[] content) {
    byte[] id = new byte[18];
    random.nextBytes(id);
    String uri = PREFIX + Base64.getUrlEncoder().encodeToString(id);
    KeptAnswer answer = new KeptAnswer(uri, name, mediaType, content);
    removeOld();
    entries.put(uri, new Entry(owner, answer, clock.instant().plus(KEPT)));
    removeOldest(owner);
    return answer;
  }

  /** Returns what is there for the one who called. */
  synchronized Optional<KeptAnswer> find(Principal owner, String uri) {
    removeOld();
    return Optional.ofNullable(entries.get(uri))
        .filter(entry -> entry.owner().equals(owner))
        .map(Entry::answer);
  }

  private void removeOld() {
    Instant now = clock.instant();
    entries.values().removeIf(entry -> !entry.until().isAfter(now));
  }

  private void removeOldest(Principal owner) {
    long all = 0;
    long own = 0;
    for (Entry entry : entries.values()) {
      all += entry.weight();
      own += entry.owner().equals(owner) ? entry.weight() : 0;
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext() && (all > MOST || own > MOST_OF_ONE)) {
      Entry entry = oldest.next();
      boolean isOwn = entry.owner().equals(owner);
      if (all > MOST || isOwn) {
        oldest.remove();
        all -= entry.weight();
        own -= isOwn ? entry.weight() : 0;
      }
    }
  }
}

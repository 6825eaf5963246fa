package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.PolicyException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The keys of one location. One thread fetches them at a time; whoever can be served meanwhile does
 * not wait. Safe for several threads.
 */
final class KeptKeys {

  /** How long a fetch, and whoever waits for one, may take. */
  static final Duration LONGEST_FETCH = Duration.ofSeconds(5);

  /** After that they are fetched again. */
  private static final Duration FRESH = Duration.ofHours(1);

  /** So long they are used if they cannot be fetched again. */
  private static final Duration GOOD = Duration.ofDays(1);

  /** After a fetch, so long no key that was not among them causes another one. */
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(KeptKeys.class);

  private final Clock clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Keys keys;
  private volatile Instant failedAt = Instant.MIN;

  /** How they are fetched. */
  interface Fetch {
    String text() throws Exception;
  }

  /** That whoever asks asks for too much, which is no failure of the service. */
  static final class TooMuchException extends IOException {
    private static final long serialVersionUID = 1L;

    TooMuchException() {
      super("Too much is asked for");
    }
  }

  private record Keys(String text, Set<String> ids, Instant at) {

    boolean serve(@Nullable String id, Instant now) {
      return now.isBefore(at.plus(has(id) ? FRESH : PAUSE));
    }

    boolean has(@Nullable String id) {
      return id == null || ids.contains(id);
    }
  }

  KeptKeys(Clock clock) {
    this.clock = clock;
  }

  /**
   * Returns what is published.
   *
   * @param id the key that is wanted, or {@code null} if it has no id
   * @throws Exception if it cannot be had now
   */
  String get(@Nullable String id, Fetch fetch) throws Exception {
    Keys known = keys;
    if (known != null && known.serve(id, clock.instant())) {
      return known.text();
    }
    boolean mine =
        (known != null && known.has(id))
            ? fetching.tryLock()
            : fetching.tryLock(LONGEST_FETCH.toMillis(), TimeUnit.MILLISECONDS);
    if (!mine) {
      return lasting(id);
    }
    try {
      return fetched(id, fetch);
    } finally {
      fetching.unlock();
    }
  }

  private String fetched(@Nullable String id, Fetch fetch) throws Exception {
    Keys known = keys;
    Instant now = clock.instant();
    if (known != null && known.serve(id, now)) {
      return known.text();
    }
    if (now.isBefore(failedAt.plus(PAUSE_AFTER_FAILURE))) {
      return lasting(id);
    }
    try {
      String text = fetch.text();
      if (known != null && areKeys(known.text())) {
        requireKeys(text);
      }
      keys = new Keys(text, ids(text), now);
      return text;
    } catch (InterruptedException e) {
      throw e;
    } catch (TooMuchException e) {
      return lasting(id);
    } catch (PolicyException e) { // Which says nothing of what others may fetch there.
      log.warn("The keys that a service publishes are not fetched: {}", e.getMessage());
      return lasting(id);
    } catch (Exception e) {
      failedAt = now;
      log.warn("The keys that a service publishes cannot be fetched: {}", e.getMessage());
      return lasting(id);
    }
  }

  private String lasting(@Nullable String id) throws IOException {
    Keys known = keys;
    if (known == null || !known.has(id) || !clock.instant().isBefore(known.at().plus(GOOD))) {
      throw new IOException("The keys cannot be had now");
    }
    return known.text();
  }

  /**
   * Returns a text that is a set of keys, or holds one in PEM.
   *
   * @throws IOException if it does not
   */
  static String requireKeys(String text) throws IOException {
    if (!areKeys(text)) {
      throw new IOException("What is published in their place are no keys");
    }
    return text;
  }

  private static boolean areKeys(String text) {
    return set(text).isArray() || text.contains("-----BEGIN ");
  }

  /** Returns the ids of the keys of a set; what is none has no ids. */
  private static Set<String> ids(String text) {
    Set<String> ids = new HashSet<>();
    set(text).forEach(key -> ids.add(key.path("kid").asString("")));
    return ids;
  }

  /** Returns the keys of a set (RFC 7517). */
  private static JsonNode set(String text) {
    try {
      return JsonMapper.shared().readTree(text).path("keys");
    } catch (JacksonException e) { // A certificate, in PEM, or a page.
      return MissingNode.getInstance();
    }
  }
}

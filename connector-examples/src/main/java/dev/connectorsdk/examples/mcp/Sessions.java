package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose a session is. One that was not used for half an hour is over, and forgotten when the next
 * begins; so is the one that was not used for longest where there are too many, first of one owner.
 * Its client has to begin another. Safe for use by several threads.
 */
final class Sessions {

  private static final int MOST = 10_000;
  private static final int MOST_OF_ONE = 100;
  private static final Duration KEPT = Duration.ofMinutes(30);

  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
  private final Clock clock;

  Sessions(Clock clock) {
    this.clock = clock;
  }

  private static final class Session {
    final Principal owner;
    Instant used;
    int streams;

    Session(Principal owner, Instant now) {
      this.owner = owner;
      this.used = now;
    }

    boolean isOver(Instant now) {
      return streams == 0 && !used.plus(KEPT).isAfter(now);
    }
  }

  /** Takes up a session, and returns those that are forgotten now. */
  synchronized Set<String> begin(String id, Principal owner) {
    Instant now = clock.instant();
    Set<String> forgotten = new LinkedHashSet<>();
    sessions.forEach(
        (one, session) -> {
          if (session.isOver(now)) {
            forgotten.add(one);
          }
        });
    sessions.keySet().removeAll(forgotten);
    sessions.put(id, new Session(owner, now));
    List<String> own =
        sessions.entrySet().stream()
            .filter(one -> one.getValue().owner.equals(owner))
            .map(Map.Entry::getKey)
            .toList();
    own.stream().limit(Math.max(0, own.size() - MOST_OF_ONE)).forEach(forgotten::add);
    sessions.keySet().removeAll(forgotten);
    if (sessions.size() > MOST) {
      String first = sessions.keySet().iterator().next();
      sessions.remove(first);
      forgotten.add(first);
    }
    return forgotten;
  }

  /** Returns whether a session is the caller's, who uses it now. */
  synchronized boolean isOf(String id, Principal caller) {
    Session session = sessions.get(id);
    Instant now = clock.instant();
    if (session == null || !session.owner.equals(caller) || session.isOver(now)) {
      return false;
    }
    session.used = now;
    return true;
  }

  /** Has a session be used until as many of its streams are closed. */
  synchronized void open(String id) {
    Session session = sessions.get(id);
    if (session != null) {
      session.streams++;
    }
  }

  synchronized void close(String id) {
    Session session = sessions.get(id);
    if (session != null) {
      session.streams--;
      session.used = clock.instant();
    }
  }

  synchronized void end(String id) {
    sessions.remove(id);
  }
}

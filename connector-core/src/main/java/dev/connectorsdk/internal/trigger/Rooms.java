package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ConnectionId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Limits how many polls use one connection at once. Safe for several threads. */
final class Rooms {

  /** The rest of what a connection may send at once is for calls. */
  private static final int PER_CONNECTION = 8;

  private final Map<ConnectionId, Integer> taken = new ConcurrentHashMap<>();

  /** Returns whether one more may begin; then {@link #leave} has to be called. */
  boolean enter(ConnectionId connection) {
    boolean[] entered = new boolean[1];
    taken.compute(
        connection,
        (id, before) -> {
          int now = before == null ? 0 : before;
          entered[0] = now < PER_CONNECTION;
          return Integer.valueOf(entered[0] ? now + 1 : now);
        });
    return entered[0];
  }

  void leave(ConnectionId connection) {
    taken.computeIfPresent(connection, (id, before) -> before == 1 ? null : before - 1);
  }
}

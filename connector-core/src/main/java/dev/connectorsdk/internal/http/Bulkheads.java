package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.internal.http.Room.Gate;
import dev.connectorsdk.internal.http.Room.Share;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps connections and hosts from using up each other's sockets, threads and repetitions. What
 * nobody uses is forgotten. Calls and requests for tokens have bulkheads of their own, so that
 * neither waits for the other.
 *
 * <p>The fair semaphores of the JDK do what is needed: while there is room they take neither a lock
 * nor memory, they hand over in order, and they park virtual threads as well as others. The
 * bulkheads of Resilience4j and Failsafe are one limit each, on the same ground.
 */
final class Bulkheads {

  private final InFlightLimits limits;
  private final Gate total;
  private final WeakValues<ConnectionId, Share> shares;
  private final WeakValues<Origin, Gate> hosts;

  /**
   * @param what the exchanges are called in messages
   */
  Bulkheads(HttpLimits limits, String what) {
    this.limits = limits.inFlight();
    this.total = Gate.of(this.limits.total(), what + " of the runtime");
    this.shares = new WeakValues<>(id -> share(limits, what));
    this.hosts =
        new WeakValues<>(origin -> Gate.of(this.limits.perHost(), what + " with this host"));
  }

  private static Share share(HttpLimits limits, String what) {
    return new Share(
        Gate.of(limits.inFlight().perConnection(), what + " of this connection"),
        new RetryBudget(limits.retryBudget()),
        new ConcurrentHashMap<>());
  }

  /** Returns the room that exchanges of a connection with an origin need. */
  Room room(ConnectionId connection, Origin origin) {
    Share share = shares.get(connection);
    Circuit known = share.circuits().get(origin);
    Circuit circuit =
        known == null
            ? share.circuits().computeIfAbsent(origin, to -> circuit(connection, to))
            : known;
    return new Room(share, circuit, hosts.get(origin), total, limits.longestWait().toNanos());
  }

  private Circuit circuit(ConnectionId connection, Origin origin) {
    return new Circuit(
        limits.maxFailures(),
        "The exchanges of connection '" + connection + "' with " + origin.host());
  }
}

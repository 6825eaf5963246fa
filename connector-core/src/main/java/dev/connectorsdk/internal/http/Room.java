package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.TransportException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;

/**
 * The room for exchanges of one connection with one origin: a permit of the connection, of the host
 * and of the runtime, always taken in this order, so that nobody waits in a circle. As a connection
 * waits with no more than its own permits for those that it shares, a burst of one does not fill
 * the queues of all.
 */
final class Room {

  private final List<Gate> gates;
  private final Share share;
  private final long longestWaitNanos;

  /** What belongs to one connection. */
  record Share(Gate gate, RetryBudget retries) {}

  /** One limit. */
  record Gate(Semaphore permits, int limit, String of) {

    static Gate of(int limit, String of) {
      return new Gate(new Semaphore(limit, true), limit, of);
    }
  }

  /**
   * @param host the gate of the origin
   * @param total the gate of the runtime
   */
  Room(Share share, Gate host, Gate total, long longestWaitNanos) {
    this.gates = List.of(share.gate(), host, total);
    this.share = share;
    this.longestWaitNanos = longestWaitNanos;
  }

  RetryBudget retries() {
    return share.retries();
  }

  /**
   * Takes room for an exchange, and waits for it unless the call has another one in flight, which
   * could be what it waits for.
   *
   * @param deadline until when to wait at most, by {@link System#nanoTime}
   * @return whether {@link #leave} has to be called; not if there was no room, and it goes without
   * @throws TransportException if there is no room in time
   * @throws CallCancelledException if the thread was interrupted
   */
  boolean enter(BoundHttp http, Request request, long deadline) {
    boolean nested = http.budget().isInFlight();
    long now = System.nanoTime();
    long wait = nested ? 0 : Math.min(deadline - now, longestWaitNanos);
    int passed = 0;
    try {
      while (passed < gates.size() && pass(gates.get(passed).permits(), now + wait)) {
        passed++;
      }
    } catch (InterruptedException e) {
      leave(passed);
      Thread.currentThread().interrupt();
      throw new CallCancelledException(http.label(request));
    }
    if (passed == gates.size()) {
      return true;
    }
    leave(passed);
    if (nested) {
      return false;
    }
    Gate full = gates.get(passed);
    throw TransportException.busy(http.label(request), full.limit() + " exchanges " + full.of());
  }

  private static boolean pass(Semaphore permits, long until) throws InterruptedException {
    return permits.tryAcquire(0, TimeUnit.NANOSECONDS)
        || permits.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  void leave() {
    leave(gates.size());
  }

  private void leave(int passed) {
    for (int i = passed - 1; i >= 0; i--) {
      gates.get(i).permits().release();
    }
  }
}

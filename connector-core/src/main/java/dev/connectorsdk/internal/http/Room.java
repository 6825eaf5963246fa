package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.internal.Origin;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final Circuit circuit;
  private final long longestWaitNanos;

  /**
   * What belongs to one connection.
   *
   * @param circuits by where its exchanges go
   */
  record Share(Gate gate, RetryBudget retries, Map<Origin, Circuit> circuits) {}

  /**
   * One limit.
   *
   * @param of what there may be so many of
   * @param unread how many of those are answers that somebody has got and not closed
   */
  record Gate(Semaphore permits, int limit, String of, AtomicInteger unread) {

    static Gate of(int limit, String of) {
      return new Gate(new Semaphore(limit, true), limit, of, new AtomicInteger());
    }

    /** Passes unless somebody else has to come first. Most do, so this has to be cheap. */
    boolean passAtOnce() {
      return !permits.hasQueuedThreads() && permits.tryAcquire();
    }

    boolean pass(long until) throws InterruptedException {
      return permits.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  /**
   * @param circuit of the connection with the origin
   * @param host the gate of the origin
   * @param total the gate of the runtime
   */
  Room(Share share, Circuit circuit, Gate host, Gate total, long longestWaitNanos) {
    this.gates = List.of(share.gate(), host, total);
    this.share = share;
    this.circuit = circuit;
    this.longestWaitNanos = longestWaitNanos;
  }

  RetryBudget retries() {
    return share.retries();
  }

  /** Returns whether so many exchanges have failed in a row that most are refused. */
  boolean isPaused() {
    return !circuit.isClosed();
  }

  /** Says with which status an exchange was answered. */
  void answered(int status, Clock clock) {
    switch (status) {
      case 500, 502, 503, 504 -> circuit.failed(clock);
      default -> circuit.answered();
    }
  }

  /** Says that an exchange got no whole answer. */
  void failed(Clock clock) {
    circuit.failed(clock);
  }

  /**
   * Takes room for an exchange, and waits for it unless the call has another one in flight, which
   * could be what it waits for.
   *
   * @param deadline until when to wait at most, by {@link System#nanoTime}
   * @return whether {@link #leave} has to be called; not if there was no room, and it goes without
   * @throws TransportException if there is no room in time, or exchanges pause
   * @throws CallCancelledException if the thread was interrupted
   */
  boolean enter(BoundHttp http, Request request, long deadline) {
    if (isPaused()) {
      circuit.tryAgain(http.label(request), http.transport().clock());
    }
    for (int passed = 0; passed < gates.size(); passed++) {
      if (!gates.get(passed).passAtOnce()) {
        return enterLater(http, request, deadline, passed);
      }
    }
    return true;
  }

  private boolean enterLater(BoundHttp http, Request request, long deadline, int already) {
    if (http.budget().isInFlight()) {
      leave(already);
      return false;
    }
    long now = System.nanoTime();
    long until = now + Math.min(deadline - now, longestWaitNanos);
    int passed = already;
    try {
      while (passed < gates.size() && gates.get(passed).pass(until)) {
        passed++;
      }
    } catch (InterruptedException e) {
      leave(passed);
      Thread.currentThread().interrupt();
      throw new CallCancelledException(http.label(request));
    }
    if (passed < gates.size()) {
      leave(passed);
      throw busy(http.label(request), gates.get(passed));
    }
    return true;
  }

  private static TransportException busy(String exchange, Gate full) {
    return TransportException.busy(exchange, full.limit() + " " + full.of(), full.unread().get());
  }

  void leave() {
    leave(gates.size());
  }

  private void leave(int passed) {
    for (int i = passed - 1; i >= 0; i--) {
      gates.get(i).permits().release();
    }
  }

  /** Says that somebody has got the answer of an exchange, and may keep it open. */
  void handedOver() {
    gates.forEach(gate -> gate.unread().incrementAndGet());
  }

  /** Says that such an answer was closed, before {@link #leave}. */
  void closed() {
    gates.forEach(gate -> gate.unread().decrementAndGet());
  }
}

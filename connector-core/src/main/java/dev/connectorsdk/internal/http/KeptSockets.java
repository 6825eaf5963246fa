package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import java.io.IOException;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;

/**
 * All sockets to services, in a pool for each connection. A pool keeps idle sockets for 5 minutes,
 * which needs no thread, as many as exchanges of its connection may be in flight, and no fewer than
 * 5: with fewer, a busy connection would end sockets and open others all the time. All pools
 * together keep a bounded number. Safe for several threads.
 */
final class KeptSockets implements AutoCloseable {

  /** From how many sockets on idle ones are ended to make room. */
  static final int MANY = 500;

  /** Of how many connections it is known that they may keep sockets. */
  private static final int MOST_USED = 4 * MANY;

  /** How many one connection keeps at most, so that one does not take what is for all. */
  private static final int MOST_OF_ONE = 64;

  /**
   * What is kept though fewer exchanges may be in flight, because a service may have many hosts.
   */
  private static final int FEWEST_OF_ONE = 5;

  private static final int LOOKS = 4;
  private static final int KEPT_MINUTES = 5;

  private final int mostOfOne;
  private final WeakValues<ConnectionId, Pool> pools = new WeakValues<>(id -> new Pool());
  private final Queue<Pool> used = new ConcurrentLinkedQueue<>();
  private final AtomicInteger usedCount = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger nextLook = new AtomicInteger(MANY);
  private volatile boolean closed;

  /**
   * @param inFlight how many exchanges of one connection may be in flight
   */
  KeptSockets(int inFlight) {
    this.mostOfOne = mostOfOne(inFlight);
  }

  /** Returns how many idle sockets one connection keeps. */
  static int mostOfOne(int inFlight) {
    return Math.max(FEWEST_OF_ONE, Math.min(inFlight, MOST_OF_ONE));
  }

  /** The pool of one connection. */
  final class Pool {

    private final ConnectionPool pool =
        new ConnectionPool(mostOfOne, KEPT_MINUTES, TimeUnit.MINUTES);
    private volatile boolean isUsed;
    private boolean wasEmpty; // by whoever has taken this out of the queue

    private Pool() {}

    ConnectionPool pool() {
      return pool;
    }

    /** Says that there may be sockets in this from now on. */
    void use() {
      if (!isUsed) {
        isUsed = true;
        used.add(this);
        usedCount.incrementAndGet();
        // Each is looked at twice before it leaves, and those whose sockets are in use stay.
        for (int i = 0; i < LOOKS && usedCount.get() > MOST_USED; i++) {
          endIdleOfFirst();
        }
      }
    }
  }

  /** Returns a connection's pool, which is the same for as long as somebody holds it. */
  Pool of(ConnectionId connection) {
    return pools.get(connection);
  }

  /** Ends the sockets of a connection that nobody uses at this moment. */
  void endIdle(ConnectionId connection) {
    Pool pool = pools.ifHeld(connection);
    if (pool != null) {
      pool.pool.evictAll();
    }
  }

  void opened(Socket socket) throws IOException {
    open.add(socket);
    if (closed) {
      socket.close();
    }
    int many = nextLook.get();
    if (open.size() > many && nextLook.compareAndSet(many, Integer.MAX_VALUE)) {
      try {
        endIdleOfSome();
      } finally {
        nextLook.set(Math.max(MANY, open.size() + MANY / 10));
      }
    }
  }

  private void endIdleOfSome() {
    for (int left = usedCount.get(); left > 0 && open.size() > MANY / 2; left--) {
      endIdleOfFirst();
    }
  }

  /**
   * Ends the idle sockets of the connection that was looked at longest ago. It is looked at again
   * until it was found without any twice: one that connects has none yet.
   */
  private void endIdleOfFirst() {
    Pool first = used.poll();
    if (first == null) {
      return;
    }
    first.pool.evictAll();
    boolean isEmpty = first.pool.connectionCount() == 0;
    if (isEmpty && first.wasEmpty) {
      first.wasEmpty = false;
      first.isUsed = false;
      usedCount.decrementAndGet();
    } else {
      first.wasEmpty = isEmpty;
      used.add(first);
    }
  }

  void closed(Socket socket) {
    open.remove(socket);
  }

  /** Ends all sockets, now and later. */
  @Override
  public void close() {
    closed = true;
    for (Pool pool : pools.all()) {
      pool.pool.evictAll();
    }
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed all the same.
      }
    }
  }
}

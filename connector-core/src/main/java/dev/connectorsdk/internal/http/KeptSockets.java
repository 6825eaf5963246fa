package dev.connectorsdk.internal.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.ConnectionId;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;

/**
 * All sockets to services, in a pool for each connection. A pool keeps 5 idle sockets for 5
 * minutes, which needs no thread; all pools together keep a bounded number. Safe for several
 * threads.
 */
final class KeptSockets implements AutoCloseable {

  /** From how many sockets on idle ones are ended to make room. */
  static final int MANY = 500;

  private final Cache<ConnectionId, ConnectionPool> pools =
      Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger nextLook = new AtomicInteger(MANY);
  private volatile boolean closed;

  /** Returns a connection's pool, which is the same for as long as somebody holds it. */
  ConnectionPool of(ConnectionId connection) {
    return pools.get(connection, id -> new ConnectionPool());
  }

  /** Ends the sockets of a connection that nobody uses at this moment. */
  void endIdle(ConnectionId connection) {
    ConnectionPool pool = pools.getIfPresent(connection);
    if (pool != null) {
      pool.evictAll();
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
    for (ConnectionPool pool : pools.asMap().values()) {
      if (open.size() <= MANY / 2) {
        return;
      }
      pool.evictAll();
    }
  }

  void closed(Socket socket) {
    open.remove(socket);
  }

  /** Ends all sockets, now and later. */
  @Override
  public void close() {
    closed = true;
    pools.asMap().values().forEach(ConnectionPool::evictAll);
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed all the same.
      }
    }
  }
}

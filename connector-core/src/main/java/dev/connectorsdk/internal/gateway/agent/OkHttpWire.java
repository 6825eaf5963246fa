package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.internal.gateway.line.Wire;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.WebSocket;
import okio.ByteString;

/** The member's end of a WebSocket. OkHttp queues what is sent, without saying when it is gone. */
final class OkHttpWire implements Wire {

  private static final int NORMAL = 1000;

  /** As much may be queued below; more would only keep what is urgent waiting. */
  private static final long QUEUED = 64 * 1024;

  private static final long SHORTEST_LOOK = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST_LOOK = TimeUnit.MILLISECONDS.toNanos(5);

  private final WebSocket socket;
  private volatile boolean cancelled;

  OkHttpWire(WebSocket socket) {
    this.socket = socket;
  }

  @Override
  public boolean isFree() {
    return socket.queueSize() <= QUEUED;
  }

  @Override
  public void send(ByteString message) throws IOException {
    for (long look = SHORTEST_LOOK; !isFree(); ) {
      if (cancelled) {
        throw new IOException("the socket is closed");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted while the socket took nothing");
      }
      LockSupport.parkNanos(look);
      look = Math.min(2 * look, LONGEST_LOOK);
    }
    if (!socket.send(message)) {
      throw new IOException("the socket is closed");
    }
  }

  @Override
  public void close() {
    socket.close(NORMAL, null);
  }

  @Override
  public void cancel() {
    cancelled = true;
    socket.cancel();
  }
}

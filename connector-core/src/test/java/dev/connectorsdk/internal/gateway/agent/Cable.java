package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.fixtures.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What lies between a member and its host: it can be cut, and it can swallow everything. */
public final class Cable implements AutoCloseable {

  private final LocalServer end;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private volatile int[] ports = {};
  private volatile boolean blackHole;

  /**
   * Lays it to a host.
   *
   * @param ports of the host, as for {@link #lead}
   */
  public Cable(int... ports) {
    end = new LocalServer(this::carry);
    lead(ports);
  }

  /**
   * Has further connections lead to other ports.
   *
   * @param ports which get the connections in turn
   */
  public void lead(int... ports) {
    this.ports = ports.clone();
  }

  /** Returns where it begins. */
  public int port() {
    return end.port();
  }

  int connections() {
    return end.connections();
  }

  private void carry(Socket client) throws IOException, InterruptedException {
    int[] now = ports;
    int port = now[next.getAndIncrement() % now.length];
    try (Socket host = new Socket(InetAddress.getByName("localhost"), port)) {
      client.setTcpNoDelay(true);
      host.setTcpNoDelay(true);
      open.add(client);
      open.add(host);
      CountDownLatch over = new CountDownLatch(1);
      LocalServer.daemon(() -> pump(client, host, over));
      LocalServer.daemon(() -> pump(host, client, over));
      over.await();
    } finally {
      open.remove(client);
    }
  }

  private void pump(Socket from, Socket to, CountDownLatch over) throws IOException {
    byte[] piece = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        if (!blackHole) {
          out.write(piece, 0, count);
        }
      }
    } finally {
      if (!blackHole) {
        over.countDown();
      }
    }
  }

  /** Nothing arrives any more, and nobody is told. Connections that come later are the same. */
  public void swallow() {
    blackHole = true;
  }

  /** Carries again what comes from now on, on new connections. */
  public void mend() throws IOException {
    cut();
    blackHole = false;
  }

  /** Ends what is connected. */
  public void cut() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
  }

  @Override
  public void close() throws IOException {
    end.close();
    cut();
  }
}

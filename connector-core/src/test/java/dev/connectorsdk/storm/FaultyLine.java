package dev.connectorsdk.storm;

import dev.connectorsdk.fixtures.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A TCP connection to a server on this machine, which fails as it is told. */
public final class FaultyLine implements AutoCloseable {

  /** How it fails. */
  public enum Fault {
    /** Nothing arrives any more, and nobody is told. */
    SILENT,
    /** Connections are reset, new ones at once. */
    RESET,
    /** The next message arrives, its answer does not: the connection is reset, once. */
    CUT
  }

  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Fault fault;
  private final LocalServer entrance;

  public FaultyLine(int target) {
    this.target = target;
    this.entrance = new LocalServer(this::connect);
  }

  private void connect(Socket client) throws IOException {
    if (fault == Fault.RESET) {
      reset(client);
      return;
    }
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    open.add(client);
    open.add(server);
    LocalServer.daemon(() -> pump(server, client, false));
    pump(client, server, true);
  }

  private void pump(Socket from, Socket to, boolean outward) throws IOException {
    try {
      byte[] buffer = new byte[8192];
      InputStream in = from.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        Fault present = fault;
        if (present == Fault.CUT && !outward) {
          fault = null;
          return;
        }
        if (present != Fault.SILENT) {
          to.getOutputStream().write(buffer, 0, count);
          to.getOutputStream().flush();
        }
      }
    } finally {
      reset(from);
      reset(to);
    }
  }

  private void reset(Socket socket) throws IOException {
    open.remove(socket);
    if (!socket.isClosed()) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  public int port() {
    return entrance.port();
  }

  public void fail(Fault how) {
    fault = how;
    if (how == Fault.RESET) {
      resetAll();
    }
  }

  /** Lets everything through again, on new connections. */
  public void heal() {
    if (fault != null) {
      fault = null;
      resetAll();
    }
  }

  private void resetAll() {
    for (Socket socket : open) {
      try {
        reset(socket);
      } catch (IOException e) {
        // It is closed.
      }
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    resetAll();
  }
}

package dev.connectorsdk.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A host on this machine that counts what is sent to it, and answers nothing. */
final class ForbiddenHost implements AutoCloseable {

  private final AtomicInteger bytes = new AtomicInteger();
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  ForbiddenHost() throws IOException {
    Thread thread = new Thread(this::count, "forbidden");
    thread.setDaemon(true);
    thread.start();
  }

  private void count() {
    while (!socket.isClosed()) {
      try (Socket connected = socket.accept()) {
        bytes.addAndGet(1 + connected.getInputStream().readNBytes(1).length);
      } catch (IOException e) {
        // It ends with the test.
      }
    }
  }

  /** Returns how much has arrived; having connected counts too. */
  int bytes() {
    return bytes.get();
  }

  void forget() {
    bytes.set(0);
  }

  /** Returns its name and port. */
  String host() {
    return "localhost:" + socket.getLocalPort();
  }

  /** Returns its address and port. */
  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  String url() {
    return "http://" + host();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

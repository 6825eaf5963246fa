package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes sockets that are known, and that ask before they connect. */
final class ServiceSockets extends SocketFactory {

  private final SocketFactory sockets;
  private final KeptSockets kept;
  private final @Nullable AddressGuard guard;

  /**
   * @param guard what has to allow an address, or {@code null} if all are free
   */
  ServiceSockets(SocketFactory sockets, KeptSockets kept, @Nullable AddressGuard guard) {
    this.sockets = sockets;
    this.kept = kept;
    this.guard = guard;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new ServiceSocket(sockets.createSocket(), kept, guard);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  private Socket connected(InetSocketAddress to, @Nullable InetSocketAddress from)
      throws IOException {
    Socket socket = createSocket();
    if (from != null) {
      socket.bind(from);
    }
    socket.connect(to);
    return socket;
  }
}

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
  private final boolean http2;

  /**
   * @param guard what has to allow an address, or {@code null} if all are free
   * @param http2 whether services without TLS are known to speak HTTP/2
   */
  ServiceSockets(
      SocketFactory sockets, KeptSockets kept, @Nullable AddressGuard guard, boolean http2) {
    this.http2 = http2;
    this.sockets = sockets;
    this.kept = kept;
    this.guard = guard;
  }

  @Override
  public Socket createSocket() throws IOException {
    AnswerWatch watch = http2 ? new Http2Watch() : new Http1Watch();
    return new ServiceSocket(sockets.createSocket(), kept, guard, watch);
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

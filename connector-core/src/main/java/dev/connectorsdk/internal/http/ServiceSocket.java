package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A socket to a service. */
final class ServiceSocket extends ForwardingSocket {

  private final KeptSockets kept;
  private final @Nullable AddressGuard guard;

  ServiceSocket(Socket socket, KeptSockets kept, @Nullable AddressGuard guard)
      throws SocketException {
    super(socket);
    this.kept = kept;
    this.guard = guard;
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    if (guard != null) {
      guard.check(endpoint);
    }
    super.connect(endpoint, timeout);
    kept.opened(this);
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // The other socket guards itself.
  public void close() throws IOException {
    kept.closed(this);
    super.close();
  }
}

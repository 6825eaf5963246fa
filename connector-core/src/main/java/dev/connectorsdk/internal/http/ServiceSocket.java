package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A socket to a service, or to the proxy before it. */
final class ServiceSocket extends ForwardingSocket implements AnswerWatch.Watched {

  private final KeptSockets kept;
  private final @Nullable AddressGuard guard;
  private volatile AnswerWatch watch;

  /**
   * @param watch what follows the answers; the first may be that of a proxy
   */
  ServiceSocket(Socket socket, KeptSockets kept, @Nullable AddressGuard guard, AnswerWatch watch)
      throws SocketException {
    super(socket);
    this.kept = kept;
    this.guard = guard;
    this.watch = watch;
  }

  @Override
  public AnswerWatch watch() {
    return watch;
  }

  /** From now on there is TLS on this, and answers are followed there. */
  void carryTls() {
    watch = AnswerWatch.NONE;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new WatchedInput(super.getInputStream(), this);
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

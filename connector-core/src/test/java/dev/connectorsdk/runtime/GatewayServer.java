package dev.connectorsdk.runtime;

import dev.connectorsdk.gateway.GatewayEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Takes in the WebSockets of gateways' members for a runtime, as a host's web server does. */
public final class GatewayServer implements AutoCloseable {

  private final GatewayEndpoint endpoint;
  private final MockWebServer server = new MockWebServer();

  /** Starts it on a free port of this machine alone. */
  public GatewayServer(GatewayEndpoint endpoint) throws IOException {
    this(endpoint, InetAddress.getLoopbackAddress(), null);
  }

  /**
   * Starts it on a free port.
   *
   * @param tls makes its sockets, if it is to use TLS
   */
  public GatewayServer(
      GatewayEndpoint endpoint, InetAddress address, @Nullable SSLSocketFactory tls)
      throws IOException {
    this.endpoint = endpoint;
    if (tls != null) {
      server.useHttps(tls);
    }
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder().webSocketUpgrade(new Taking()).build();
          }
        });
    server.start(address, 0);
  }

  /** Returns the port. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.close();
  }

  private final class Taking extends WebSocketListener {

    private GatewayEndpoint.@Nullable Line line;

    @Override
    public void onOpen(WebSocket socket, Response response) {
      line = endpoint.opened(new Sent(socket), "10.0.0.7");
    }

    @Override
    public void onMessage(WebSocket socket, ByteString message) {
      line.received(message.asByteBuffer());
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      line.closed("closed by the member");
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
      if (line != null) {
        line.closed(failure.toString());
      }
    }
  }

  /** OkHttp cannot cancel a socket that it has not opened itself. */
  private record Sent(WebSocket socket) implements GatewayEndpoint.Socket {

    @Override
    public void send(ByteBuffer message) throws IOException {
      if (!socket.send(ByteString.of(message))) {
        throw new IOException("closed");
      }
    }

    @Override
    public void close() {
      socket.close(1000, null);
    }

    @Override
    public void cancel() {
      socket.close(1001, null);
    }
  }
}

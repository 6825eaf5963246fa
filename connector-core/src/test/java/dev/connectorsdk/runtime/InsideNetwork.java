package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.GatewayEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Members of a gateway of a runtime, which dial it over WebSockets and know names of their own. */
final class InsideNetwork implements AutoCloseable {

  private final ConnectorRuntime runtime;
  private final Path folder;
  private final MockWebServer host = new MockWebServer();
  private final ExecutorService work = Executors.newCachedThreadPool();
  private final List<GatewayAgent> agents = new ArrayList<>();
  final List<Secret> recoveryKeys = new ArrayList<>();

  InsideNetwork(ConnectorRuntime runtime, Path folder) throws IOException {
    this.runtime = runtime;
    this.folder = folder;
    host.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder().webSocketUpgrade(new Taking()).build();
          }
        });
    host.start();
  }

  /** Hands a socket to the runtime, as a web server does. */
  private final class Taking extends WebSocketListener {

    private GatewayEndpoint.@Nullable Line line;

    @Override
    public void onOpen(WebSocket socket, Response response) {
      line = runtime.gateways().endpoint().opened(new Sent(socket), "10.0.0.7");
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
      socket.cancel();
    }
  }

  /** Returns an agent that may go to these origins alone. */
  GatewayAgent agent(String name, String... origins) {
    GatewayAgent.Builder builder =
        GatewayAgent.builder("ws://localhost:" + host.getPort() + "/gateway", folder.resolve(name))
            .calling(
                new OkHttpClient.Builder()
                    .dns(inside -> List.of(InetAddress.getLoopbackAddress()))
                    .build());
    for (String origin : origins) {
      builder.allowing(origin);
    }
    GatewayAgent agent = builder.build();
    agents.add(agent);
    return agent;
  }

  /** Registers an agent. */
  void register(GatewayAgent agent, Caller admin, String gateway, @Nullable String sealingKey) {
    agent.register(runtime.gateways().registrationCode(admin, gateway), "member", sealingKey);
  }

  GatewayAgent.State refresh(GatewayAgent agent) {
    return agent.refresh(recoveryKeys::add);
  }

  /** Has an agent carry requests. */
  void start(GatewayAgent agent) {
    work.execute(
        () -> {
          try {
            agent.run();
          } catch (IOException e) {
            // What the host then does without it is what tests look at.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void close() {
    agents.forEach(GatewayAgent::close);
    host.close();
    work.shutdownNow();
  }
}

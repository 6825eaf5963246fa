package dev.connectorsdk.examples.gateways;

import dev.connectorsdk.gateway.GatewayEndpoint;
import io.javalin.Javalin;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.websocket.api.Session;

/** The endpoint of gateways in Javalin. */
public final class JavalinGateways {

  private static final String LINE = "line";

  private final GatewayEndpoint endpoint;

  /** Members dial the application's own address, followed by {@code /gateway}. */
  public JavalinGateways(GatewayEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Adds the handlers to an application. */
  public void addTo(Javalin app) {
    app.ws("/gateway", this::handle);
  }

  private void handle(WsConfig socket) {
    socket.onConnect(
        ctx ->
            ctx.attribute(
                LINE,
                endpoint.opened(
                    new JettySocket(ctx.session), String.valueOf(ctx.session.getRemoteAddress()))));
    socket.onBinaryMessage(
        ctx -> line(ctx).received(ByteBuffer.wrap(ctx.data(), ctx.offset(), ctx.length())));
    socket.onMessage(ctx -> ctx.session.disconnect());
    socket.onClose(ctx -> line(ctx).closed("closed with " + ctx.status()));
    socket.onError(ctx -> line(ctx).closed(String.valueOf(ctx.error())));
  }

  private static GatewayEndpoint.Line line(WsContext ctx) {
    return Objects.requireNonNull(ctx.<GatewayEndpoint.Line>attribute(LINE));
  }

  /** Jetty's own way to send waits until the message is gone; Javalin's does not. */
  private record JettySocket(Session session) implements GatewayEndpoint.Socket {

    @Override
    public void send(ByteBuffer message) throws IOException {
      session.getRemote().sendBytes(message);
    }

    @Override
    public void close() {
      session.close();
    }

    @Override
    public void cancel() {
      session.disconnect();
    }
  }
}

package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.gateway.GatewayEndpoint;
import dev.connectorsdk.internal.gateway.line.Wire;
import dev.connectorsdk.internal.gateway.relay.HostLine;
import dev.connectorsdk.internal.gateway.relay.Relay;
import java.io.IOException;
import java.nio.ByteBuffer;
import okio.ByteString;

/** Hands the sockets of a web server to a relay. */
record RelayEndpoint(Relay relay) implements GatewayEndpoint {

  @Override
  public Line opened(Socket socket, String address) {
    return new Taken(relay.accept(new OfServer(socket), address));
  }

  @Override
  public void drain() {
    relay.drain();
  }

  private record Taken(HostLine line) implements Line {

    @Override
    public void received(ByteBuffer message) {
      line.receive(ByteString.of(message));
    }

    @Override
    public void closed(String why) {
      line.lost(why);
    }
  }

  private record OfServer(Socket socket) implements Wire {

    /** Servers do not say. */
    @Override
    public boolean isFree() {
      return false;
    }

    @Override
    public void send(ByteString message) throws IOException {
      socket.send(message.asByteBuffer());
    }

    @Override
    public void close() {
      socket.close();
    }

    @Override
    public void cancel() {
      socket.cancel();
    }
  }
}

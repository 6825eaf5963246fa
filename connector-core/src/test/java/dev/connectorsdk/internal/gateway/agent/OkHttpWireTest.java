package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import okhttp3.Request;
import okhttp3.WebSocket;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OkHttpWireTest {

  private final OkHttpWire wire = new OkHttpWire(new Full());

  @Test
  void whoWaitsForAFullSocketIsLetGoByAnInterrupt() {
    Thread.currentThread().interrupt();
    try {
      assertThatIOException().isThrownBy(this::send).withMessageContaining("interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void whoWaitsForAFullSocketIsLetGoByItsEnd() {
    wire.cancel();

    assertThatIOException().isThrownBy(this::send).withMessageContaining("closed");
  }

  private void send() throws IOException {
    wire.send(ByteString.EMPTY);
  }

  /** A socket whose peer reads nothing. */
  private static final class Full implements WebSocket {

    @Override
    public Request request() {
      throw new AssertionError();
    }

    @Override
    public long queueSize() {
      return 1_000_000;
    }

    @Override
    public boolean send(String text) {
      return false;
    }

    @Override
    public boolean send(ByteString bytes) {
      return false;
    }

    @Override
    public boolean close(int code, String reason) {
      return true;
    }

    @Override
    public void cancel() {
      // It is not open.
    }
  }
}

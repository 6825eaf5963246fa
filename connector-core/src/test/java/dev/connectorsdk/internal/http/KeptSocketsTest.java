package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F9")
class KeptSocketsTest {

  @Test
  @DisplayName("F9: a socket that is opened while the runtime closes is closed as well")
  void aSocketThatIsOpenedWhileTheRuntimeClosesIsClosed() throws IOException {
    KeptSockets kept = new KeptSockets(16);
    try (Socket before = new Socket();
        Socket late = new Socket()) {
      kept.opened(before);
      assertThat(before.isClosed()).isFalse();

      kept.close();
      kept.opened(late);

      assertThat(before.isClosed()).isTrue();
      assertThat(late.isClosed()).isTrue();
    }
  }

  @Test
  void asManyIdleOnesAreKeptAsExchangesMayBeInFlightButNeitherFewNorVeryMany() {
    assertThat(KeptSockets.mostOfOne(16)).isEqualTo(16);
    assertThat(KeptSockets.mostOfOne(1)).isEqualTo(5);
    assertThat(KeptSockets.mostOfOne(1_000)).isEqualTo(64);
  }
}

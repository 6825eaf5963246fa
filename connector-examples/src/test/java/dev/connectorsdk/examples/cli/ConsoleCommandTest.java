package dev.connectorsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ConsoleCommandTest {

  @Test
  void aPortThatIsTakenIsSaidInALine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Shell.Run run = new Shell().run("console", "--port", String.valueOf(taken.getLocalPort()));

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).isEqualTo("connectors: port " + taken.getLocalPort() + " is in use\n");
    }
  }

  @Test
  void aPortIsANumberOfOne() {
    Shell.Run run = new Shell().run("console", "--port", "70000");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--port must be 0 to 65535");
  }
}

package dev.connectorsdk.examples.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports that commands serve at: one that is given, or one that nobody uses. */
final class FreePort {

  private FreePort() {}

  /** Refuses what is no port; 0 stands for any that is free. */
  static void check(String option, int port) {
    if (port < 0 || port > 65_535) {
      throw new UsageException(option + " must be 0 to 65535");
    }
  }

  static int onLoopback() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new FailedException("no port is free on this machine");
    }
  }
}

package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What {@link PlayedService} does about a request, well or badly. */
@FunctionalInterface
interface PlayedAnswer {

  /**
   * Answers.
   *
   * @return whether another request may come over the same connection
   */
  boolean to(Socket client) throws IOException, InterruptedException;

  /** Answers as services do. */
  static PlayedAnswer of(int status, Map<String, String> headers, byte[] body) {
    return client -> {
      write(client, status, headers, body.length, body);
      return true;
    };
  }

  static PlayedAnswer json(int status, String json) {
    return of(status, Map.of("Content-Type", "application/json"), json.getBytes(UTF_8));
  }

  static PlayedAnswer of(int status, String contentType, String body) {
    return of(status, Map.of("Content-Type", contentType), body.getBytes(UTF_8));
  }

  /** Sends the first half of a body whose whole length was announced, and hangs up. */
  static PlayedAnswer brokenOff(String json) {
    byte[] whole = json.getBytes(UTF_8);
    byte[] half = new byte[whole.length / 2];
    System.arraycopy(whole, 0, half, 0, half.length);
    return client -> {
      write(client, 200, Map.of("Content-Type", "application/json"), whole.length, half);
      return false;
    };
  }

  /** Hangs up without a word. */
  static PlayedAnswer cut() {
    return client -> false;
  }

  /** Says nothing until the other side hangs up. */
  static PlayedAnswer silence(CountDownLatch arrived, CountDownLatch hungUp) {
    return client -> {
      arrived.countDown();
      try {
        while (client.getInputStream().read() >= 0) {
          // Nothing more is expected.
        }
      } finally {
        hungUp.countDown();
      }
      return false;
    };
  }

  private static void write(
      Socket client, int status, Map<String, String> headers, int length, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Played\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(length).append("\r\n\r\n");
    // In one piece: two would have the other side wait before it confirms the first.
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(ISO_8859_1));
    whole.writeBytes(body);
    client.getOutputStream().write(whole.toByteArray());
  }
}

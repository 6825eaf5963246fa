package dev.connectorsdk.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class NoContentTest {

  private static final int MOST_COLLECTIONS = 50;

  private final NoContent noContent = new NoContent();
  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .eventListenerFactory(noContent.with(call -> EventListener.NONE))
          .build();

  private static void answerOnce(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[1_000]);
      socket
          .getOutputStream()
          .write("HTTP/1.1 204 No Content\r\nContent-Length: 00\r\n\r\n".getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WeakReference<Call> sent() throws IOException, InterruptedException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread service = new Thread(() -> answerOnce(server));
      service.start();
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
      Call call = client.newCall(new Request.Builder().url(url).build());
      try (Response answer = noContent.execute(call)) {
        assertThat(answer.code()).isEqualTo(204);
      }
      service.join();
      return new WeakReference<>(call);
    }
  }

  @Test
  void anAnswerThatOkHttpAcceptsAfterAllIsNotKept() throws Exception {
    WeakReference<Call> call = sent();

    for (int i = 0; i < MOST_COLLECTIONS && call.get() != null; i++) {
      System.gc();
    }

    assertThat(call.get()).isNull();
  }
}

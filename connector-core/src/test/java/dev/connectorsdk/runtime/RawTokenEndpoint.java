package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.fixtures.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A token endpoint on a bare socket, so that it can break every rule of HTTP too. */
final class RawTokenEndpoint implements AutoCloseable {

  /** What is said to one request; the connection is closed afterwards. */
  interface Answer {
    void to(Socket client, CountDownLatch closed) throws IOException, InterruptedException;
  }

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");
  private static final Pattern REFRESH_TOKEN = Pattern.compile("refresh_token=([^& ]+)");

  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Function<String, Answer> script = request -> silence();
  private final LocalServer server = new LocalServer(this::serve);

  private void serve(Socket client) throws IOException, InterruptedException {
    String request = read(client.getInputStream());
    if (!request.isEmpty()) {
      answer(request).to(client, closed);
    }
  }

  private synchronized Answer answer(String request) {
    requests.add(request);
    return script.apply(request);
  }

  private static String read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    int end = -1;
    while (end < 0 || text.length() < end) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      text.append((char) next);
      if (end < 0 && text.length() > 3 && text.substring(text.length() - 4).equals("\r\n\r\n")) {
        Matcher length = LENGTH.matcher(text);
        end = text.length() + (length.find() ? Integer.parseInt(length.group(1)) : 0);
      }
    }
    return text.toString();
  }

  String url() {
    return "http://localhost:" + server.port();
  }

  /** Gives one answer after the other from now on, and the last one for ever. */
  void answers(Answer... inTurn) {
    answers(request -> inTurn[Math.min(requests.size(), inTurn.length) - 1]);
  }

  /** Answers each request, given as it came over the wire, like this from now on. */
  synchronized void answers(Function<String, Answer> script) {
    requests.clear();
    this.script = script;
  }

  /** Returns how often somebody connected. */
  int connections() {
    return server.connections();
  }

  /** Returns the requests since {@link #answers}, as they came over the wire. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Returns the refresh tokens of these requests. */
  List<String> spent() {
    return requests.stream()
        .map(REFRESH_TOKEN::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .toList();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
  }

  /** Returns an answer with a JSON body. */
  static Answer json(int status, String body, String... headers) {
    return http(status, "application/json", body.getBytes(UTF_8), headers);
  }

  /** Returns what a provider says that gives tokens for an hour. */
  static Answer pair(String accessToken, String refreshToken) {
    return json(
        200,
        """
        {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":3600}"""
            .formatted(accessToken, refreshToken));
  }

  /** Returns a whole answer, as HTTP wants it. */
  static Answer http(int status, String type, byte[] body, String... headers) {
    return (client, closed) -> {
      OutputStream out = client.getOutputStream();
      out.write(head(status, type, body.length, headers).getBytes(ISO_8859_1));
      out.write(body);
      out.flush();
    };
  }

  private static String head(int status, String type, int length, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
    head.append("Content-Type: ").append(type).append("\r\n");
    head.append("Content-Length: ").append(length).append("\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** Takes the request and never says a word. */
  static Answer silence() {
    return (client, closed) -> closed.await();
  }

  /** Begins a good answer and sends a byte of it now and then. */
  static Answer drip(String body) {
    return (client, closed) -> {
      OutputStream out = client.getOutputStream();
      byte[] answer = (head(200, "application/json", body.length()) + body).getBytes(ISO_8859_1);
      for (byte one : answer) {
        out.write(one);
        out.flush();
        if (closed.await(50, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    };
  }

  /** Begins a good answer and resets the connection in the middle of it. */
  static Answer reset(String body) {
    return (client, closed) -> {
      OutputStream out = client.getOutputStream();
      String answer = head(200, "application/json", body.length()) + body;
      out.write(answer.substring(0, answer.length() - body.length() / 2).getBytes(ISO_8859_1));
      out.flush();
      client.setSoLinger(true, 0);
    };
  }
}

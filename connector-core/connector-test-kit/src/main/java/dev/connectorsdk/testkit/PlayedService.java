package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.connectorsdk.fixtures.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A service and its token endpoint on a bare socket, which can also break the rules of HTTP. Tokens
 * are canaries: nobody else may ever write them down.
 */
final class PlayedService implements AutoCloseable {

  /** After so many requests of one run the service says that it is over. */
  private static final int MOST_REQUESTS = 500;

  private static final int LONGEST_BODY = 64 * 1024 * 1024;

  private final Clock clock;
  private final List<PlayedRequest> requests = new CopyOnWriteArrayList<>();
  private final List<PlayedRequest> tokenRequests = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final LocalServer server = new LocalServer(this::serve);
  private final AtomicInteger left = new AtomicInteger(MOST_REQUESTS);
  private volatile Function<PlayedRequest, PlayedAnswer> answers =
      request -> PlayedAnswer.json(200, "{}");

  PlayedService(Clock clock) {
    this.clock = clock;
  }

  URI url() {
    return URI.create("http://localhost:" + server.port());
  }

  /** Answers like this from now on; requests for tokens are answered by itself. */
  void answers(Function<PlayedRequest, PlayedAnswer> how) {
    this.answers = how;
    left.set(MOST_REQUESTS);
  }

  /** Returns whether more was asked for since then than any operation should. */
  boolean isOverrun() {
    return left.get() < 0;
  }

  /** Returns the requests so far, without those for tokens. */
  List<PlayedRequest> requests() {
    return List.copyOf(requests);
  }

  /** Returns how many tokens were issued. */
  int tokensIssued() {
    return tokenRequests.size();
  }

  List<PlayedRequest> tokenRequests() {
    return List.copyOf(tokenRequests);
  }

  /** Returns every token that was ever given. */
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  private void serve(Socket client) throws IOException, InterruptedException {
    InputStream in = client.getInputStream();
    boolean open = true;
    while (open) {
      PlayedRequest request = read(in, client);
      if (request.asksForToken()) {
        tokenRequests.add(request);
        open = token().to(client);
      } else {
        requests.add(request);
        open =
            left.decrementAndGet() < 0
                ? PlayedAnswer.json(410, "{}").to(client)
                : answers.apply(request).to(client);
      }
    }
  }

  private PlayedAnswer token() {
    String access = "access-" + UUID.randomUUID();
    String refresh = "refresh-" + UUID.randomUUID();
    tokens.add(access);
    tokens.add(refresh);
    return PlayedAnswer.json(
        200,
        "{\"access_token\":\""
            + access
            + "\",\"refresh_token\":\""
            + refresh
            + "\",\"token_type\":\"Bearer\",\"expires_in\":"
            + TimeUnit.DAYS.toSeconds(1)
            + "}");
  }

  private PlayedRequest read(InputStream in, Socket client) throws IOException {
    String[] lines = LocalServer.head(in).split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    Map<String, List<String>> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(
                lines[i].substring(0, colon).toLowerCase(Locale.ROOT), none -> new ArrayList<>())
            .add(lines[i].substring(colon + 1).strip());
      }
    }
    if (headers.containsKey("expect")) {
      client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    return new PlayedRequest(first[0], first[1], headers, body(in, headers), clock.instant());
  }

  private static byte[] body(InputStream in, Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      return chunks(in);
    }
    List<String> length = headers.getOrDefault("content-length", List.of("0"));
    return in.readNBytes(Math.min(LONGEST_BODY, Integer.parseInt(length.get(0))));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in).replaceAll(";.*", "").strip(), 16);
      body.write(in.readNBytes(size));
      line(in);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      line.append((char) next);
      next = in.read();
    }
    return line.toString().strip();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

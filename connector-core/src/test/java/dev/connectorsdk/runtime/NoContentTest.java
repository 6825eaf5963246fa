package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service answers without content, and its headers say otherwise: the status decides. */
@Timeout(60)
class NoContentTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");
  private static final String PACKED = "Content-Encoding: gzip\r\n";

  private static final AtomicReference<HttpResponse> answered = new AtomicReference<>();
  private static final Action<Nothing, Nothing> READ =
      Action.builder("read", Effect.READ, Nothing.class)
          .run((in, call) -> keep(call.http().get("/tickets/1").send()));
  private static final Action<Nothing, Nothing> HEAD =
      Action.builder("head", Effect.READ, Nothing.class)
          .run((in, call) -> keep(call.http().callEncoded("HEAD", "/tickets/1").send()));

  private static Nothing keep(HttpResponse response) {
    answered.set(response);
    return Nothing.NOTHING;
  }

  private final AtomicInteger requests = new AtomicInteger();
  private volatile String answer = "";

  @AutoClose private final LocalServer service = new LocalServer(this::serve);
  @AutoClose private ConnectorRuntime runtime;

  private void serve(Socket client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
    while (reads(in)) {
      requests.incrementAndGet();
      client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      client.getOutputStream().flush();
    }
  }

  private static boolean reads(BufferedReader in) throws IOException {
    String line = in.readLine();
    boolean any = line != null;
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    return any && line != null;
  }

  @BeforeEach
  void connect() {
    runtime =
        ConnectorRuntime.builder()
            .connector(
                Tickets.builder("http://localhost:" + service.port())
                    .action(READ)
                    .action(HEAD)
                    .build())
            .build();
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
  }

  private void answers(String head, String body) {
    answer = "HTTP/1.1 " + head + "\r\n" + body;
  }

  private void delete() {
    runtime.invoke(ADA, MINE, Tickets.DELETE, new TicketId("1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "202 Accepted\r\n" + PACKED + "Content-Length: 0\r\n",
        "200 OK\r\n" + PACKED + "Content-Length: 0\r\n",
        "204 No Content\r\n" + PACKED,
        "204 No Content\r\n" + PACKED + "Content-Length: 20\r\n",
        "204 No Content\r\nContent-Length: 20\r\n",
        "205 Reset Content\r\nContent-Length: 20\r\n",
        "204 No Content\r\nTransfer-Encoding: chunked\r\n",
        "205 Reset Content\r\n" + PACKED + "Transfer-Encoding: chunked\r\n",
        "103 Early Hints\r\n" + PACKED + "\r\nHTTP/1.1 204 No Content\r\n" + PACKED
      })
  @DisplayName("A write that succeeded has succeeded, and was sent once, whatever was announced")
  void aWriteThatSucceeded(String head) {
    answers(head, "");

    assertThatCode(this::delete).doesNotThrowAnyException();

    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"202, gzip, ''", "204, gzip, x", "205, '', x", "200, br, ''", "204, '', x"})
  @DisplayName("Over HTTP/2, too, the status decides")
  void overHttp2(int status, String coding, String body) throws IOException {
    try (MockWebServer modern = new MockWebServer()) {
      modern.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
      modern.start();
      MockResponse.Builder response = new MockResponse.Builder().code(status).body(body);
      if (!coding.isEmpty()) {
        response.addHeader("Content-Encoding", coding);
      }
      modern.enqueue(response.build());
      modern.enqueue(new MockResponse.Builder().code(200).body("{}").build());
      OkHttpClient client =
          new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
      String url = "http://localhost:" + modern.getPort();
      try (ConnectorRuntime own =
          ConnectorRuntime.builder()
              .connector(Tickets.builder(url).action(READ).build())
              .httpClient(client)
              .build()) {
        own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));

        own.invoke(ADA, MINE, Tickets.DELETE, new TicketId("1"));
        own.invoke(ADA, MINE, READ, Nothing.NOTHING);
      }
      assertThat(answered.get().text()).isEqualTo("{}");
      assertThat(modern.getRequestCount()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("An answer that ends with its connection or in one empty chunk may be said packed")
  void emptyAndOfUnknownLength() {
    answers("200 OK\r\n" + PACKED + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n");

    assertThatCode(this::delete).doesNotThrowAnyException();

    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content\r\n", "205 Reset Content\r\n"})
  @DisplayName("What follows a status without content is no answer to the next request")
  void whatFollowsIsNoAnswer(String head) {
    answers(head + "Content-Length: 5\r\n", "WRONG");
    delete();
    answers("200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n", "{}");

    runtime.invoke(ADA, MINE, READ, Nothing.NOTHING);

    assertThat(answered.get().text()).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 409})
  @DisplayName("An error that is said to be packed and is empty keeps its status")
  void anEmptyError(int status) {
    answers(status + " No\r\n" + PACKED + "Content-Length: 0\r\n", "");

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(this::delete)
        .satisfies(e -> assertThat(e.status()).isEqualTo(status))
        .satisfies(e -> assertThat(e.body()).isEmpty());

    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Encoding: gzip\r\nContent-Length: 9\r\n",
        "Transfer-Encoding: chunked\r\n",
        PACKED + "Transfer-Encoding: chunked\r\n"
      })
  @DisplayName("An error whose body cannot be read keeps its status")
  void anUnreadableError(String headers) {
    answers("404 Not Found\r\n" + headers, "no, thanks");

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(this::delete)
        .satisfies(e -> assertThat(e.status()).isEqualTo(404));

    assertThat(requests).hasValue(1);
  }

  @Test
  @DisplayName("The headers of an answer to HEAD are those that GET would get")
  void headersOfHead() {
    answers("200 OK\r\n" + PACKED + "Content-Length: 123\r\n", "");

    runtime.invoke(ADA, MINE, HEAD, Nothing.NOTHING);

    assertThat(answered.get().header("Content-Length")).isEqualTo("123");
    assertThat(answered.get().header("Content-Encoding")).isEqualTo("gzip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {PACKED + "Content-Length: 9\r\n", PACKED + "Transfer-Encoding: chunked\r\n"})
  @DisplayName("An unwrapped client gets the status of an error whose body cannot be read")
  void anUnreadableErrorThroughAnUnwrappedClient(String headers) throws IOException {
    answers("404 Not Found\r\n" + headers, "\u001F\u008B, thanks");
    OkHttpClient client =
        runtime.references().resolve(ADA, MINE).unwrap(OkHttpClient.class, "tool", Effect.READ);
    Request request =
        new Request.Builder().url("http://localhost:" + service.port() + "/tickets/1").build();

    try (Response response = client.newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(404);
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> response.body().string());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "204 No Content\r\nContent-Length: 20\r\n",
        "202 Accepted\r\n" + PACKED + "Content-Length: 0\r\n",
        "304 Not Modified\r\n" + PACKED + "Content-Length: 20\r\n"
      })
  @DisplayName("An unwrapped client gets such an answer, too")
  void throughAnUnwrappedClient(String head) throws IOException {
    answers(head, "");
    OkHttpClient client =
        runtime.references().resolve(ADA, MINE).unwrap(OkHttpClient.class, "tool", Effect.READ);
    Request request =
        new Request.Builder().url("http://localhost:" + service.port() + "/tickets/1").build();

    try (Response response = client.newCall(request).execute()) {
      assertThat(head).startsWith("" + response.code());
      assertThat(response.body().string()).isEmpty();
    }
  }
}

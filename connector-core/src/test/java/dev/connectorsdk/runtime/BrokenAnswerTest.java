package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service carries out what it was asked for and then does not say so in full, on a connection
 * over which it has answered before.
 */
@Timeout(60)
class BrokenAnswerTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");
  private static final String TICKET = "{\"id\":\"1\",\"title\":\"T\"}";
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  /** What is said in place of an answer. The connection ends with it. */
  private enum Fault {
    RESET(""),
    NOTHING(""),
    CUT_AFTER_40_BYTES(whole(TICKET).substring(0, 40)),
    SHORTER_THAN_SAID(HEAD + "Content-Length: 100\r\n\r\n" + TICKET),
    A_BROKEN_CHUNK(HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\nzz\r\n"),
    NO_LAST_CHUNK(HEAD + "Transfer-Encoding: chunked\r\n\r\n16\r\n" + TICKET + "\r\n"),
    NO_HTTP("\1\2\3 what is this\r\n\r\n");

    private final String answer;

    Fault(String answer) {
      this.answer = answer;
    }
  }

  private final AtomicInteger requests = new AtomicInteger();
  private volatile String answer = whole(TICKET);
  private volatile boolean ends;
  private volatile boolean resets;

  @AutoClose private final LocalServer service = new LocalServer(this::serve);
  @AutoClose private ConnectorRuntime runtime;

  private void serve(Socket client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
    while (reads(in)) {
      requests.incrementAndGet();
      boolean last = ends;
      client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      client.getOutputStream().flush();
      if (last) {
        client.setSoLinger(resets, 0);
        return;
      }
    }
  }

  private static boolean reads(BufferedReader in) throws IOException {
    int length = 0;
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).trim());
      }
      line = in.readLine();
    }
    return line != null && in.skip(length) == length;
  }

  private static String whole(String body) {
    return HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @BeforeEach
  void aConnectionHasWorkedBefore() {
    runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost:" + service.port()).build())
            .limits(HttpLimits.standard().withMaxAttempts(1))
            .build();
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    read();
  }

  private void read() {
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  private void write() {
    runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null));
  }

  private void theServiceNowSays(Fault fault) {
    answer = fault.answer;
    ends = true;
    resets = fault == Fault.RESET;
  }

  @ParameterizedTest
  @EnumSource
  @Tag("F1")
  @DisplayName("F7: a write whose answer is not whole was sent once, and its outcome is unknown")
  void aWriteWhoseAnswerIsNotWhole(Fault fault) {
    theServiceNowSays(fault);

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(this::write)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.BROKEN_OFF))
        .matches(TransportException::isOutcomeUnknown)
        .matches(e -> !e.isRetryable());

    assertThat(requests).as("with the one before").hasValue(2);
    assertThat(service.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("F7: a read whose answer is not whole has no result, and may be done again")
  void aReadWhoseAnswerIsNotWhole(Fault fault) {
    theServiceNowSays(fault);

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(this::read)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.BROKEN_OFF))
        .matches(TransportException::isRetryable);

    assertThat(requests).as("with the one before").hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"id\":\"1\"",
        "{\"id\":\"1\",\"title\":\"T",
        "{\"id\":\"1\",\"title\":\"T\"}}"
      })
  @DisplayName("F7: JSON that ends early, or goes on, is no result of any call")
  void jsonThatIsNotWhole(String body) {
    answer = whole(body);

    assertThatExceptionOfType(ResponseException.class).isThrownBy(this::read);
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(this::write)
        .matches(e -> !e.isRetryable());

    assertThat(requests).as("with the one before").hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "408 Request Timeout\r\n",
        "503 Busy\r\nRetry-After: 0\r\n",
        "429 Busy\r\nRetry-After: 0\r\n",
        "401 No\r\nWWW-Authenticate: Basic\r\n",
        "302 Elsewhere\r\nLocation: /tickets\r\n",
        "421 Misdirected\r\n"
      })
  @DisplayName("F1: whatever an answer asks for, without attempts of ours a request is sent once")
  void withoutAttemptsOfOursARequestIsSentOnce(String head) {
    answer = "HTTP/1.1 " + head + "Content-Length: 0\r\n\r\n";

    List<Runnable> writes =
        List.of(
            this::write,
            () -> runtime.invoke(ADA, MINE, Tickets.CREATE_ONCE, new NewTicket("T", null)),
            () -> runtime.invoke(ADA, MINE, Tickets.DELETE, new TicketId("1")));
    for (Runnable write : writes) {
      assertThatExceptionOfType(ServiceException.class).isThrownBy(write::run);
    }

    assertThat(requests).as("with the one before").hasValue(1 + writes.size());
  }
}

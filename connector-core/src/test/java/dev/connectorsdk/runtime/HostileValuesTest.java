package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values that are made to hang or to crash whoever looks at them lead to typed errors. */
@Timeout(60)
class HostileValuesTest extends HostTest {

  record Box(Map<String, Object> content) {}

  private static final Action<Box, Nothing> PUT =
      Action.builder("putBox", Effect.WRITE, Box.class)
          .run((in, call) -> call.http().post("/boxes").json(in).send());

  private final InMemoryStore store = new InMemoryStore();

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .parameter(ConnectionParameter.text("code").matching("^(a|aa)+\\1$").optional())
        .action(PUT)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, KeyRing.random()).limits(HttpLimits.standard().withMaxAttempts(1));
  }

  private static ConnectionSpec spec() {
    return ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
  }

  @Test
  @Tag("H2")
  @DisplayName("H2: a pattern of a connection parameter that would take for ever gives up")
  void aPatternOfAConnectionParameterThatWouldTakeForEverGivesUp() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> runtime.connections().create(ADA, spec().with("code", "a".repeat(60) + "!")))
        .withMessageContaining(
            "/code: cannot be checked against the pattern '^(a|aa)+\\1$' in time");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec().with("code", "b")))
        .withMessageContaining("/code: must match ^(a|aa)+\\1$");

    runtime.connections().create(ADA, spec().with("code", "aaa"));
  }

  @Test
  @Tag("E15")
  @DisplayName("E15: an input that holds itself, or has no bottom, is an invalid input")
  void anInputThatHoldsItselfIsAnInvalidInput() {
    connect(ADA, "k");
    Map<String, Object> cyclic = new HashMap<>();
    cyclic.put("content", cyclic);
    List<Object> list = new ArrayList<>();
    list.add(Map.of("a", list));
    Object deep = 1;
    for (int i = 0; i < 100_000; i++) {
      deep = List.of(deep);
    }

    for (Object input : List.of(cyclic, Map.of("content", list), Map.of("content", deep))) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, "putBox", input));
    }
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, PUT, new Box(cyclic)))
        .matches(e -> e.getMessage().length() < 1_000);
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @Tag("E15")
  @DisplayName("E15: a connection parameter is a text, a number or a truth value, and nothing else")
  void aConnectionParameterIsATextANumberOrATruthValue() {
    List<Object> cyclic = new ArrayList<>();
    cyclic.add(List.of(cyclic));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec().with("project", cyclic)))
        .withMessageContaining("/project: must be a text, a number or a truth value");
  }

  @Test
  @Tag("F7")
  @DisplayName("F7: an answer that announces a negative length is one that broke off")
  void anAnswerThatAnnouncesANegativeLengthBrokeOff() throws Exception {
    try (LocalServer server = new LocalServer(HostileValuesTest::announceLessThanNothing);
        ConnectorRuntime own =
            ConnectorRuntime.builder()
                .limits(HttpLimits.standard().withMaxAttempts(1))
                .connector(Tickets.builder("http://localhost:" + server.port()).build())
                .build()) {
      own.connections().create(ADA, spec());

      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> own.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));

      OkHttpClient client =
          own.references().resolve(ADA, MINE).unwrap(OkHttpClient.class, "raw", Effect.READ);
      Request request =
          new Request.Builder().url("http://localhost:" + server.port() + "/").build();
      assertThatIOException()
          .isThrownBy(
              () -> {
                try (Response response = client.newCall(request).execute()) {
                  response.body().string();
                }
              });
    }
  }

  private static void announceLessThanNothing(Socket client) throws IOException {
    client.getInputStream().read(new byte[4096]);
    client
        .getOutputStream()
        .write("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}".getBytes(ISO_8859_1));
  }

  @Test
  @Tag("I7")
  @DisplayName("I7: a connection with damaged parameters is seen, refused and deleted")
  void aConnectionWithDamagedParametersIsSeenRefusedAndDeleted() {
    for (String damaged : List.of("{", "", "[]", "null", "{\"a\":")) {
      Connection connection = connect(ADA, "k");
      var row = store.findConnection(connection.id()).orElseThrow();
      store.updateConnection(
          row.next(clock.instant()).with(row.settings().withParameters(damaged)), 1, List.of());
      clock.advance(Duration.ofSeconds(10));

      assertThat(runtime.connections().list(ADA))
          .singleElement()
          .extracting(c -> c.status().toString(), c -> c.status().message())
          .containsExactly("ERROR (NOT_UNDERSTOOD)", "The stored parameters are damaged");
      assertThatExceptionOfType(ResolutionException.Broken.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> runtime.connections().update(ADA, connection.id(), spec()));
      assertThat(runtime.keepAlive(Duration.ofDays(1))).isZero();
      assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();
    }
  }
}

package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Headers of an action, as they arrive on a bare socket. */
class HeaderInjectionTest {

  record Header(String name, String value) {}

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");

  private static final Action<Header, Nothing> SET =
      Action.builder("set", Effect.READ, Header.class)
          .run((in, call) -> call.http().get("/x").header(in.name(), in.value()).send());

  private static final List<String> GOOD_NAMES =
      List.of("X-A", "x", "If-Match", "Prefer", "X-!#$%&'*+.^_`|~9", "Accept-Language");

  private static final List<String> BAD_NAMES =
      List.of(
          "Host",
          "content-length",
          "TRANSFER-ENCODING",
          "Connection",
          "Upgrade",
          "te",
          "Trailer",
          "Expect",
          "Proxy-Authorization",
          "proxy-anything",
          "Cookie",
          "Authorization",
          "Forwarded",
          "X-Forwarded-For",
          "x-forwarded-host",
          "X-HTTP-Method-Override",
          "",
          "X A",
          "X-A:",
          "X-A\r\nX-B",
          "X-A\0",
          "X-Ä",
          "X-A\t",
          "(X)");

  private static final List<String> GOOD_VALUES =
      List.of("v", "a, b;c=\"d\"", "a\tb", "%0d%0aX-B: injected", "\\r\\nX-B: injected", "~");

  private static final List<String> BAD_VALUES =
      List.of(
          "v\r\nX-B: injected",
          "v\nX-B: injected",
          "v\rX-B: injected",
          "v\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n",
          "v\r\n X-B: folded",
          "v\0",
          "\0",
          "v\u001b[2J",
          "v\u007f",
          "v\u0085X-B: injected",
          "v\u010d\u010aX-B: injected",
          "v\u2028X-B: injected",
          "ü",
          "\uD83D");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @AutoClose private final LocalServer service = new LocalServer(this::serve);

  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder()
          .connector(Tickets.builder("http://localhost:" + service.port()).action(SET).build())
          .build();

  private void serve(Socket client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
    String line = in.readLine();
    while (line != null) {
      if (line.isEmpty()) {
        client.getOutputStream().write("HTTP/1.1 204 No\r\n\r\n".getBytes(ISO_8859_1));
        client.getOutputStream().flush();
      } else {
        lines.add(line);
      }
      line = in.readLine();
    }
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private List<String> arrived(String name, String value) {
    lines.clear();
    runtime.invoke(ADA, MINE, SET, new Header(name, value));
    return List.copyOf(lines);
  }

  @Test
  @DisplayName("E8: of 30 names and 20 values the good ones are one header each, the others none")
  void aHeaderIsOneHeaderOrNone() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    List<String> usual = arrived("X-Usual", "v");
    for (String name : GOOD_NAMES) {
      for (String value : GOOD_VALUES) {
        List<String> expected = new ArrayList<>(usual);
        expected.remove("X-Usual: v");
        expected.add(name + ": " + value);
        assertThat(arrived(name, value)).containsExactlyInAnyOrderElementsOf(expected);
      }
      BAD_VALUES.forEach(value -> assertRefused(name, value));
    }
    for (String name : BAD_NAMES) {
      GOOD_VALUES.forEach(value -> assertRefused(name, value));
      BAD_VALUES.forEach(value -> assertRefused(name, value));
    }
  }

  private void assertRefused(String name, String value) {
    lines.clear();
    assertThatExceptionOfType(InvalidInputException.class)
        .as(name + ": " + value)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, SET, new Header(name, value)))
        .withMessageNotContaining("injected");
    assertThat(lines).isEmpty();
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services end kept connections when they like, and do not say when. */
@Tag("F1")
@Timeout(60)
class KeptConnectionTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");
  private static final int CALLS = 5;

  private final Certificates certificates = new Certificates("authority");

  /** Answers without a word on whether it keeps the connection, which means that it does. */
  private static final class Service implements AutoCloseable {

    final AtomicInteger requests = new AtomicInteger();
    final Semaphore ended = new Semaphore(0);
    private final boolean keeps;
    private final LocalServer server;

    Service(ServerSocketFactory sockets, boolean keeps) {
      this.keeps = keeps;
      this.server = new LocalServer(sockets, this::serve);
    }

    private void serve(Socket client) throws IOException {
      try (client) {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
        do {
          if (!read(in)) {
            return;
          }
          requests.incrementAndGet();
          String ticket = "{\"id\":\"1\",\"title\":\"T\"}";
          String head =
              "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: "
                  + ticket.length()
                  + "\r\n\r\n";
          client.getOutputStream().write((head + ticket).getBytes(ISO_8859_1));
          client.getOutputStream().flush();
        } while (keeps);
      } finally {
        ended.release();
      }
    }

    private static boolean read(BufferedReader in) throws IOException {
      int length = 0;
      String line = in.readLine();
      while (line != null && !line.isEmpty()) {
        if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring("content-length:".length()).trim());
        }
        line = in.readLine();
      }
      return line != null && in.skip(length) == length;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private ServerSocketFactory sockets(boolean tls) {
    return tls
        ? certificates.of(certificates.server).sslContext().getServerSocketFactory()
        : ServerSocketFactory.getDefault();
  }

  private ConnectorRuntime runtime(Service service, boolean tls) {
    HandshakeCertificates trusting = certificates.trusting();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
            .build();
    return runtime((tls ? "https" : "http") + "://localhost:" + service.server.port(), client);
  }

  private static ConnectorRuntime runtime(String url, OkHttpClient client) {
    ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder(url).build())
            .httpClient(client)
            .limits(HttpLimits.standard().withMaxAttempts(1))
            .build();
    runtime
        .connections()
        .create(ADA, ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k")));
    return runtime;
  }

  private static void create(ConnectorRuntime runtime) {
    runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null));
  }

  @ParameterizedTest
  @DisplayName("F1: what the service has ended meanwhile takes no request, and no call fails of it")
  @ValueSource(booleans = {false, true})
  void whatTheServiceHasEndedTakesNoRequest(boolean tls) throws Exception {
    try (Service service = new Service(sockets(tls), false);
        ConnectorRuntime runtime = runtime(service, tls)) {
      for (int i = 0; i < CALLS; i++) {
        create(runtime);
        assertThat(service.ended.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(service.requests).hasValue(CALLS);
      assertThat(service.server.connections()).isEqualTo(CALLS);
    }
  }

  @ParameterizedTest
  @DisplayName("F1: what the service keeps is used again, and once for each call")
  @ValueSource(booleans = {false, true})
  void whatTheServiceKeepsIsUsedAgain(boolean tls) throws Exception {
    try (Service service = new Service(sockets(tls), true);
        ConnectorRuntime runtime = runtime(service, tls)) {
      for (int i = 0; i < CALLS; i++) {
        create(runtime);
      }

      assertThat(service.requests).hasValue(CALLS);
      assertThat(service.server.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("F1: a connection of HTTP/2 without TLS is read by nobody but its owner")
  void aConnectionOfHttp2WithoutTlsIsReadByItsOwnerAlone() {
    WireMockServer service = new WireMockServer(options().dynamicPort());
    service.start();
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    OkHttpClient client =
        new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
    try (ConnectorRuntime runtime = runtime("http://localhost:" + service.port(), client)) {
      for (int i = 0; i < CALLS; i++) {
        create(runtime);
      }

      assertThat(service.getAllServeEvents())
          .hasSize(CALLS)
          .extracting(event -> event.getRequest().getProtocol())
          .containsOnly("HTTP/2.0");
    } finally {
      service.stop();
    }
  }
}

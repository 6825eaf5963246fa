package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.http.ServiceClients.Use;
import java.io.IOException;
import java.net.UnknownServiceException;
import java.util.List;
import mockwebserver3.MockWebServer;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reads the certificates that the JDK trusts, which takes a good part of a start. */
class TlsWhenNeededTest {

  private static final ConnectionId ID = ConnectionId.of("c1");

  @AutoClose private final MockWebServer service = new MockWebServer();

  private final SettableClock clock = new SettableClock();

  @AutoClose private final Transport transport = Transports.of(null, clock);

  @BeforeEach
  void start() throws IOException {
    service.start();
  }

  @EnumSource
  @ParameterizedTest(name = "requests without TLS set none up: {0}")
  void noneIsSetUpForRequestsWithoutTls(Use use) {
    assertThat(transport.clients(ID, null).client(use, false).x509TrustManager()).isNull();
  }

  @EnumSource
  @ParameterizedTest(name = "requests with TLS trust what the JDK trusts, and are followed: {0}")
  void requestsWithTlsTrustWhatTheJdkTrusts(Use use) {
    OkHttpClient client = transport.clients(ID, null).client(use, true);

    assertThat(client.x509TrustManager().getAcceptedIssuers()).isNotEmpty();
    assertThat(client.sslSocketFactory()).isInstanceOf(TlsSockets.class);
  }

  @Test
  @DisplayName("both kinds of requests of a connection share its sockets and the threads")
  void bothShareSocketsAndThreads() {
    ServiceClients clients = transport.clients(ID, null);
    OkHttpClient with = clients.client(Use.CALLS, true);
    OkHttpClient without = clients.client(Use.CALLS, false);

    assertThat(with.connectionPool()).isSameAs(without.connectionPool());
    assertThat(with.dispatcher()).isSameAs(without.dispatcher());
  }

  @Test
  @DisplayName("E11: a client without TLS sends nothing to where TLS is asked for")
  void aClientWithoutTlsRefusesWhatNeedsIt() {
    OkHttpClient ofHost =
        new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)).build();
    String url = service.url("/").newBuilder().scheme("https").build().toString();
    try (Transport withoutTls = Transports.of(ofHost, clock)) {
      for (Transport each : List.of(transport, withoutTls)) {
        OkHttpClient client = each.clients(ID, null).client(Use.CALLS, false);

        assertThatExceptionOfType(UnknownServiceException.class)
            .isThrownBy(() -> client.newCall(new Request.Builder().url(url).build()).execute())
            .withMessageContaining("no TLS");
      }
    }
    assertThat(service.getRequestCount()).isZero();
  }

  @Test
  @DisplayName("a client of the host's own serves both as it is")
  void aClientOfTheHostServesBoth() {
    OkHttpClient ofHost = new OkHttpClient();
    try (Transport own = Transports.of(ofHost, clock)) {
      ServiceClients clients = own.clients(ID, null);

      for (boolean tls : new boolean[] {false, true}) {
        assertThat(clients.client(Use.CALLS, tls).x509TrustManager())
            .isSameAs(ofHost.x509TrustManager());
      }
    }
  }
}

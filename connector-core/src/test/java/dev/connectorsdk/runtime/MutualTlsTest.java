package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialExpiring;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.fixtures.SettableClock;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that prove themselves by a certificate, against servers that ask for one. */
@Tag("B4")
@Tag("E11")
class MutualTlsTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Caller BOB = Principal.user("bob").in("dev");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "vault");

  /** Asks for the path, absolute or below the base URL. */
  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  /** Asks for the URL with an OkHttp client that follows whatever it is told. */
  private static final Action<String, String> GET_UNWRAPPED =
      Action.builder("getUnwrapped", Effect.READ, String.class, String.class)
          .run(
              (url, call) -> {
                OkHttpClient bound = call.http().unwrap(OkHttpClient.class);
                OkHttpClient client = bound.newBuilder().followRedirects(true).build();
                try (Response answer =
                    client.newCall(new Request.Builder().url(url).build()).execute()) {
                  return answer.body().string();
                }
              });

  private final SettableClock clock = new SettableClock();
  private final Certificates certificates = new Certificates("authority");
  private final HeldCertificate adas = certificates.client("ada");
  private final HeldCertificate bobs = certificates.client("bob");
  private final List<MockWebServer> servers = new ArrayList<>();
  private final List<CredentialExpiring> expiring = new CopyOnWriteArrayList<>();
  private MockWebServer vault;
  private ConnectorRuntime runtime;

  @BeforeEach
  void start() throws Exception {
    vault = server(certificates.of(certificates.server));
    runtime = runtime(vault, certificates.trusting());
  }

  @AfterEach
  void stop() {
    runtime.close();
    servers.forEach(MockWebServer::close);
  }

  @Test
  @DisplayName("B4: each connection shows its own certificate, on TLS connections of its own")
  void eachConnectionShowsItsOwnCertificate() throws Exception {
    connect(ADA, adas);
    connect(BOB, bobs);
    answer(vault, "a1", "b1", "a2", "b2");

    assertThat(get(ADA, "/1")).isEqualTo("a1");
    assertThat(get(BOB, "/2")).isEqualTo("b1");
    assertThat(get(ADA, "/3")).isEqualTo("a2");
    assertThat(get(BOB, "/4")).isEqualTo("b2");

    List<RecordedRequest> seen = List.of(take(vault), take(vault), take(vault), take(vault));
    assertThat(seen).extracting(MutualTlsTest::client).containsExactly("ada", "bob", "ada", "bob");
    assertThat(seen).extracting(RecordedRequest::getConnectionIndex).containsExactly(0, 1, 0, 1);
  }

  @Test
  void aPkcs12FileDoesAsWell() throws Exception {
    create(
        ADA,
        ConnectionSpec.of("vault", "pfx")
            .secret("pfx", Secret.of(Certificates.pfx(adas, "p4ss")))
            .secret("pfx_password", Secret.of("p4ss")));
    answer(vault, "ok");

    assertThat(get(ADA, "/")).isEqualTo("ok");
    assertThat(client(take(vault))).isEqualTo("ada");
  }

  @Test
  void requestsCanBeAuthenticatedBesides() throws Exception {
    create(ADA, pem("both", adas).with("username", "ada").secret("password", Secret.of("s3cret")));
    answer(vault, "ok");

    get(ADA, "/");

    RecordedRequest request = take(vault);
    assertThat(client(request)).isEqualTo("ada");
    assertThat(request.getHeaders().get("Authorization")).startsWith("Basic ");
  }

  @Test
  @DisplayName("B4: without a certificate the handshake fails with a typed error")
  void withoutACertificateNothingIsSent() {
    create(ADA, ConnectionSpec.of("vault", "none"));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> get(ADA, "/"))
        // With TLS 1.3 the refusal may arrive as a mere broken connection.
        .satisfies(e -> assertThat(e.kind()).isIn(Kind.TLS, Kind.BROKEN_OFF));
    assertThat(vault.getRequestCount()).isZero();
  }

  @Test
  void aCertificateThatTheServiceDoesNotTrustIsRejected() {
    HeldCertificate stranger = Certificates.builder("stranger").build();
    connect(ADA, stranger);

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> get(ADA, "/"))
        .satisfiesAnyOf(
            e ->
                assertThat(e)
                    .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        refused ->
                            assertThat(refused.reason())
                                .isEqualTo(AuthenticationException.Reason.REJECTED)),
            e -> assertThat(e).isInstanceOf(TransportException.class));
    assertThat(vault.getRequestCount()).isZero();
  }

  @Test
  @DisplayName("B4: an expired certificate is not even offered")
  void anExpiredCertificateIsNotOffered() {
    Instant end = clock.instant().plusSeconds(60);
    HeldCertificate shortLived = certificates.client("ada", Certificates.FROM, end);
    Connection connection =
        create(ADA, pem("pem", shortLived).expiringAt(Instant.parse("2030-01-01T00:00:00Z")));
    clock.advance(Duration.ofSeconds(61));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> get(ADA, "/"))
        .withMessageContaining("its client certificate expired at " + end)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.EXPIRED));
    assertThat(vault.getRequestCount()).isZero();
    assertThat(runtime.connections().get(ADA, connection.id()).status().reason())
        .isEqualTo(ConnectionStatus.Reason.CREDENTIALS_EXPIRED);
  }

  @Test
  @DisplayName("B4: a certificate that expires is reported 14 days ahead, until it is replaced")
  void aCertificateThatExpiresIsReportedAhead() {
    Instant end = Instant.parse("2026-02-01T00:00:00Z");
    Connection connection = connect(ADA, certificates.client("ada", Certificates.FROM, end));
    connect(BOB, bobs);
    clock.advance(Duration.between(clock.instant(), end.minus(Duration.ofDays(14))));
    runtime.keepAlive(Duration.ofDays(20));
    assertThat(expiring).isEmpty();

    clock.advance(Duration.ofSeconds(1));
    runtime.keepAlive(Duration.ofDays(20));
    assertThat(expiring)
        .containsExactly(
            new CredentialExpiring(clock.instant(), connection.id(), connection.connector(), end));

    runtime.connections().update(ADA, connection.id(), pem("pem", adas));
    clock.advance(Duration.ofDays(2));
    runtime.keepAlive(Duration.ofDays(20));
    assertThat(expiring).hasSize(1);
  }

  @Test
  @DisplayName("B4: when the certificate expires can be seen ahead")
  void aConnectionSaysWhenItsCertificateExpires() {
    Instant end = Instant.parse("2026-02-01T00:00:00Z");
    Connection connection = connect(ADA, certificates.client("ada", Certificates.FROM, end));
    assertThat(connection.credentialExpiresAt()).isEqualTo(end);
    clock.advance(Duration.ofDays(60));
    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> get(ADA, "/"))
        .withMessageContaining("has a credential that expired at 2026-02-01T00:00:00Z");

    Connection renewed = runtime.connections().update(ADA, connection.id(), pem("pem", adas));
    assertThat(renewed.credentialExpiresAt()).isEqualTo(Certificates.UNTIL);
  }

  @Test
  @DisplayName("E11: with a client certificate, too, only trusted servers get the request")
  void whatIsTrustedIsNotWidened() throws Exception {
    Certificates others = new Certificates("others");
    Instant before = Certificates.FROM.plusSeconds(60);
    HeldCertificate expired =
        Certificates.builder("localhost")
            .addSubjectAlternativeName("localhost")
            .signedBy(certificates.authority)
            .validityInterval(Certificates.FROM.toEpochMilli(), before.toEpochMilli())
            .build();

    assertTlsFailure(expired, "the server's certificate has expired");
    assertTlsFailure(
        certificates.server("other.test"), "the server's certificate is for another host");
    assertTlsFailure(others.server, "the server's certificate is of no trusted authority");
    assertTlsFailure(
        Certificates.builder("localhost").addSubjectAlternativeName("localhost").build(),
        "the server's certificate is of no trusted authority");
  }

  private void assertTlsFailure(HeldCertificate server, String reason) throws Exception {
    MockWebServer bad = server(certificates.of(server));
    answer(bad, "secret");
    try (ConnectorRuntime careful = runtime(bad, certificates.trusting())) {
      careful.connections().create(ADA, pem("pem", adas));

      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> careful.invoke(ADA, MINE, GET, "/"))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TLS))
          .havingCause()
          .withMessageContaining(reason);
    }
    assertThat(bad.getRequestCount()).isZero();
  }

  /** A ServerHello of TLS 1.1, and the alert of a server that speaks nothing newer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "16030200 2a 02000026 0302"
            + "00000000000000000000000000000000 00000000000000000000000000000000"
            + " 00 002f 00",
        "15030200 02 02 46"
      })
  @DisplayName("E11: a server that speaks TLS 1.1 alone is asked once, and not without TLS")
  void nothingOlderThanTls12IsSpoken(String answer) throws Exception {
    List<byte[]> heard = new CopyOnWriteArrayList<>();
    try (LocalServer old =
            new LocalServer(
                client -> {
                  heard.add(client.getInputStream().readNBytes(1));
                  client.getOutputStream().write(HexFormat.of().parseHex(answer.replace(" ", "")));
                  client.getOutputStream().flush();
                  client.getInputStream().readAllBytes();
                });
        ConnectorRuntime own =
            builder(certificates.trusting())
                .connector(Tickets.builder("https://localhost:" + old.port()).build())
                .build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));

      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(
              () ->
                  own.invoke(
                      ADA,
                      ConnectionReference.invoker("t", "tickets"),
                      Tickets.GET,
                      new Tickets.TicketId("1")))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TLS));

      assertThat(old.connections()).isEqualTo(1);
      assertThat(heard).as("a handshake").containsExactly(new byte[] {0x16});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @DisplayName("B4, E4: a redirect to another allowed origin goes there without the certificate")
  void aRedirectDoesNotTakeTheCertificateAlong(int status) throws Exception {
    RecordingTrust trust = new RecordingTrust(certificates);
    MockWebServer files = trust.server(this);
    try (ConnectorRuntime wide = runtime(vault, certificates.trusting(), url(files))) {
      wide.connections().create(ADA, pem("pem", adas));
      redirect(vault, status, url(files) + "/file");
      answer(files, "content");

      assertThat(wide.invoke(ADA, MINE, GET, "/")).isEqualTo("content");
      assertThat(trust.seen).isEmpty();
      answer(files, "asked for");
      assertThat(wide.invoke(ADA, MINE, GET, url(files) + "/file")).isEqualTo("asked for");
      assertThat(trust.seen).contains("ada");
    }
  }

  @Test
  @DisplayName("B4, E1: a foreign host gets no certificate, whatever an unwrapped client follows")
  void aForeignHostDoesNotGetTheCertificate() throws Exception {
    RecordingTrust trust = new RecordingTrust(certificates);
    MockWebServer foreign = trust.server(this);
    connect(ADA, adas);
    redirect(vault, 302, url(foreign) + "/steal");
    answer(foreign, "got it");

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, GET_UNWRAPPED, url(vault) + "/"));

    assertThat(client(take(vault))).isEqualTo("ada");
    assertThat(foreign.getRequestCount()).isZero();
    assertThat(trust.seen).isEmpty();
  }

  @Test
  @DisplayName("B4: a strategy's own endpoint gets the certificate on the same terms")
  void aStrategysOwnEndpointGetsTheCertificate() throws Exception {
    MockWebServer login = server(certificates.of(certificates.server));
    Connector connector =
        Connector.builder("vault", url(vault))
            .auth(AuthOption.of("login", new Login(url(login) + "/login")))
            .action(GET)
            .build();
    try (ConnectorRuntime own =
        builder(certificates.trusting())
            .connector(connector)
            .authStrategy(new LoginStrategy())
            .build()) {
      own.connections().create(ADA, pem("login", adas));
      answer(login, "t0ken");
      answer(vault, "ok");

      assertThat(own.invoke(ADA, MINE, GET, "/")).isEqualTo("ok");
    }
    assertThat(client(take(login))).isEqualTo("ada");
    RecordedRequest request = take(vault);
    assertThat(client(request)).isEqualTo("ada");
    assertThat(request.getHeaders().get("X-Token")).isEqualTo("t0ken");
  }

  @Test
  void aCertificateThatCannotBeReadMakesNoConnection() {
    ConnectionSpec spec =
        ConnectionSpec.of("vault", "pem")
            .secret("certificate", Secret.of(adas.certificatePem()))
            .secret("private_key", Secret.of(bobs.privateKeyPkcs8Pem()));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec))
        .withMessage(
            "Invalid input for a connection of connector 'vault':"
                + " /private_key: does not belong to the first certificate of certificate");
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  /** Logs in by nothing but the certificate. */
  private record Login(String url) implements AuthScheme {

    @Override
    public List<dev.connectorsdk.api.ConnectionParameter> parameters() {
      return ClientCertificateScheme.Format.PEM.parameters();
    }

    @Override
    public List<String> endpoints() {
      return List.of(url);
    }
  }

  private final class LoginStrategy implements AuthStrategy<Login> {

    @Override
    public Class<Login> schemeType() {
      return Login.class;
    }

    @Override
    public Authenticator open(Login scheme, AuthContext context) {
      return request -> {
        String token = context.http().callEncoded("POST", scheme.url()).send().text();
        request.setHeader("X-Token", token);
        return 0;
      };
    }

    @Override
    public Optional<ClientCertificate> clientCertificate(Login scheme, AuthContext context) {
      return Optional.of(
          new ClientCertificate(adas.keyPair().getPrivate(), List.of(adas.certificate())));
    }
  }

  /** Notes every client certificate that is shown to a server which asks for one. */
  private static final class RecordingTrust implements X509TrustManager {

    private final Certificates certificates;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    RecordingTrust(Certificates certificates) {
      this.certificates = certificates;
    }

    MockWebServer server(MutualTlsTest test) throws Exception {
      SSLContext context = SSLContext.getInstance("TLS");
      HandshakeCertificates own = certificates.of(certificates.server);
      context.init(
          new javax.net.ssl.KeyManager[] {own.keyManager()}, new TrustManager[] {this}, null);
      MockWebServer server = new MockWebServer();
      server.useHttps(context.getSocketFactory());
      server.requestClientAuth();
      server.start();
      test.servers.add(server);
      return server;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      seen.add(name(chain[0]));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {certificates.authority.certificate()};
    }
  }

  private MockWebServer server(HandshakeCertificates own) throws Exception {
    MockWebServer server = new MockWebServer();
    server.useHttps(own.sslSocketFactory());
    server.requireClientAuth();
    server.start();
    servers.add(server);
    return server;
  }

  private RuntimeBuilder builder(HandshakeCertificates trusted) {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
            .build();
    return ConnectorRuntime.builder().httpClient(client).clock(clock).sleeper(clock);
  }

  private ConnectorRuntime runtime(
      MockWebServer server, HandshakeCertificates trusted, String... additionalOrigins) {
    Connector.Builder connector =
        Connector.builder("vault", url(server))
            .auth(AuthOption.certificate(ClientCertificateScheme.pem()).named("pem"))
            .auth(AuthOption.certificate(ClientCertificateScheme.pkcs12()).named("pfx"))
            .auth(
                AuthOption.certificate(ClientCertificateScheme.pem().and(BasicScheme.standard()))
                    .named("both"))
            .auth(AuthOption.none())
            .action(GET)
            .action(GET_UNWRAPPED);
    List.of(additionalOrigins).forEach(connector::additionalOrigin);
    return builder(trusted)
        .connector(connector.build())
        .listener(
            event -> {
              if (event instanceof CredentialExpiring told) {
                expiring.add(told);
              }
            })
        .build();
  }

  private static String url(MockWebServer server) {
    String url = server.url("/").toString();
    return url.substring(0, url.length() - 1);
  }

  private static ConnectionSpec pem(String option, HeldCertificate client) {
    return ConnectionSpec.of("vault", option)
        .secret("certificate", Secret.of(client.certificatePem()))
        .secret("private_key", Secret.of(client.privateKeyPkcs8Pem()));
  }

  private Connection connect(Caller caller, HeldCertificate client) {
    return create(caller, pem("pem", client));
  }

  private Connection create(Caller caller, ConnectionSpec spec) {
    return runtime.connections().create(caller, spec);
  }

  private String get(Caller caller, String path) {
    return runtime.invoke(caller, MINE, GET, path);
  }

  private static void answer(MockWebServer server, String... bodies) {
    for (String body : bodies) {
      server.enqueue(new MockResponse.Builder().code(200).body(body).build());
    }
  }

  private static void redirect(MockWebServer server, int status, String to) {
    server.enqueue(new MockResponse.Builder().code(status).setHeader("Location", to).build());
  }

  private static RecordedRequest take(MockWebServer server) throws InterruptedException {
    return server.takeRequest();
  }

  private static String client(RecordedRequest request) {
    return name((X509Certificate) request.getHandshake().peerCertificates().get(0));
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName().replaceFirst("CN=([^,]*).*", "$1");
  }
}

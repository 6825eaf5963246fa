package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.GatewayAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Client certificates that members of a gateway alone have the keys of. */
@Timeout(60)
@Tag("B4")
class GatewayCertificatesTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Caller BOB = Principal.user("bob").in("prod");
  private static final Administrator ADMINISTRATOR = Administrator.of(ADA.principal(), "prod");
  private static final ConnectionReference MINE = ConnectionReference.invoker("vault", "vault");
  private static final String HOST = "vault.inside.test";
  private static final String LOGIN = "login.inside.test";

  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  @TempDir Path temp;
  private final Certificates certificates = new Certificates("authority");
  private final MockWebServer vault = new MockWebServer();
  private final MockWebServer login = new MockWebServer();
  private ConnectorRuntime runtime;
  private InsideNetwork inside;
  private String gateway;

  @BeforeEach
  void open() throws IOException {
    vault.useHttps(certificates.of(certificates.server(HOST)).sslSocketFactory());
    vault.requestClientAuth();
    vault.start();
    String origin = "https://" + HOST + ":" + vault.getPort();
    login.useHttps(certificates.of(certificates.server(LOGIN)).sslSocketFactory());
    login.requestClientAuth();
    login.start();
    String loginOrigin = "https://" + LOGIN + ":" + login.getPort();
    Connector connector =
        Connector.builder("vault", origin)
            .auth(AuthOption.certificate(ClientCertificateScheme.pem()).named("pem"))
            .auth(AuthOption.certificate(ClientCertificateScheme.pkcs12()).named("pfx"))
            .auth(
                AuthOption.certificate(ClientCertificateScheme.pem().and(BasicScheme.standard()))
                    .named("both"))
            .auth(
                AuthOption.certificate(
                        ClientCertificateScheme.pem()
                            .and(
                                OAuth2Scheme.clientCredentials(loginOrigin + "/token")
                                    .clientAuthentication(ClientAuthentication.TLS)))
                    .named("tokens"))
            .auth(AuthOption.none())
            .action(GET)
            .build();
    runtime = ConnectorRuntime.builder().connector(connector).build();
    inside = new InsideNetwork(runtime, temp);
    gateway = runtime.gateways().create(ADMINISTRATOR, "Plant 3").id();
    runtime.gateways().share(ADA, gateway, BOB.principal(), Role.USER);
    HandshakeCertificates trusted = certificates.trusting();
    OkHttpClient trust =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
            .build();
    GatewayAgent member = inside.agent("first", trust, origin, loginOrigin);
    inside.register(member, ADA, gateway, null);
    inside.refresh(member);
    inside.start(member);
    while (member.connected() == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @AfterEach
  void close() {
    inside.close();
    runtime.close();
    vault.close();
    login.close();
  }

  private void connect(Caller caller, ConnectionSpec spec, Map<String, String> secrets) {
    ConnectionSpec through = spec.through(gateway);
    SealRequest request = runtime.connections().sealRequest(caller, through);
    Map<String, String> sealed = new HashMap<>();
    secrets.forEach((name, value) -> sealed.put(name, request.seal(name, Secret.of(value))));
    runtime.connections().create(caller, through.sealed(request, sealed));
  }

  private static Map<String, String> pem(HeldCertificate client) {
    return Map.of(
        "certificate", client.certificatePem(), "private_key", client.privateKeyPkcs8Pem());
  }

  private String get(Caller caller) {
    vault.enqueue(new MockResponse.Builder().body("ok").build());
    return runtime.invoke(caller, MINE, GET, "/");
  }

  /** Returns who the service has taken the last request to be from; empty for nobody. */
  private String client(RecordedRequest request) {
    return request.getHandshake().peerCertificates().stream()
        .findFirst()
        .map(one -> ((X509Certificate) one).getSubjectX500Principal().getName())
        .orElse("");
  }

  private RecordedRequest taken() throws InterruptedException {
    return vault.takeRequest(10, TimeUnit.SECONDS);
  }

  @Test
  void theMemberShowsTheCertificateAndWritesItsKeyNowhere() throws Exception {
    HeldCertificate ada = certificates.client("ada");
    connect(ADA, ConnectionSpec.of("vault", "pem"), pem(ada));

    assertThat(get(ADA)).isEqualTo("ok");

    assertThat(client(taken())).contains("CN=ada");
    String key = ada.privateKeyPkcs8Pem().lines().skip(1).findFirst().orElseThrow();
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file).content().doesNotContain(key);
      }
    }
  }

  @Test
  void aPkcs12FileDoesAsWell() throws Exception {
    String pfx = Certificates.pfx(certificates.client("ada"), "p4ss");
    connect(ADA, ConnectionSpec.of("vault", "pfx"), Map.of("pfx", pfx, "pfx_password", "p4ss"));

    assertThat(get(ADA)).isEqualTo("ok");
    assertThat(client(taken())).contains("CN=ada");
  }

  @Test
  void requestsCanBeAuthenticatedBesides() throws Exception {
    Map<String, String> secrets = new HashMap<>(pem(certificates.client("ada")));
    secrets.put("password", "s3cret");
    connect(ADA, ConnectionSpec.of("vault", "both").with("username", "ada"), secrets);

    get(ADA);

    RecordedRequest request = taken();
    assertThat(client(request)).contains("CN=ada");
    assertThat(request.getHeaders().get("Authorization")).startsWith("Basic ");
  }

  @Test
  void itIsShownToTheServiceAndWhereTheMemberGetsTokens() throws Exception {
    connect(
        ADA,
        ConnectionSpec.of("vault", "tokens").with("client_id", "app"),
        pem(certificates.client("ada")));
    login.enqueue(
        new MockResponse.Builder()
            .addHeader("Content-Type", "application/json")
            .body("{\"access_token\":\"t1\",\"token_type\":\"Bearer\"}")
            .build());

    assertThat(get(ADA)).isEqualTo("ok");

    assertThat(client(login.takeRequest(10, TimeUnit.SECONDS))).isEqualTo("CN=ada");
    RecordedRequest request = taken();
    assertThat(client(request)).isEqualTo("CN=ada");
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer t1");
  }

  @Test
  void nobodyElseUsesTheTlsConnectionsOfACertificate() throws Exception {
    connect(ADA, ConnectionSpec.of("vault", "pem"), pem(certificates.client("ada")));
    connect(BOB, ConnectionSpec.of("vault", "pem"), pem(certificates.client("bob")));

    for (Caller caller : List.of(ADA, BOB, ADA)) {
      get(caller);
    }

    assertThat(List.of(client(taken()), client(taken()), client(taken())))
        .containsExactly("CN=ada", "CN=bob", "CN=ada");
  }

  @Test
  void withoutACertificateNoneIsShown() throws Exception {
    connect(ADA, ConnectionSpec.of("vault", "none"), Map.of());

    get(ADA);

    assertThat(client(taken())).isEmpty();
  }

  @Test
  void anExpiredCertificateIsNotShown() {
    HeldCertificate expired =
        certificates.client("ada", Certificates.FROM, Instant.parse("2021-01-01T00:00:00Z"));
    connect(ADA, ConnectionSpec.of("vault", "pem"), pem(expired));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> get(ADA))
        .withMessageContaining("no credential that can be used (EXPIRED)");
    assertThat(vault.getRequestCount()).isZero();
  }

  @Test
  void aKeyThatIsNoneIsNamedWithoutAWordOfIt() {
    connect(
        ADA,
        ConnectionSpec.of("vault", "pem"),
        Map.of("certificate", "s3cret-1", "private_key", "s3cret-2"));

    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> get(ADA))
        .withMessageContaining("certificate")
        .withMessageNotContaining("s3cret");
    assertThat(vault.getRequestCount()).isZero();
  }
}

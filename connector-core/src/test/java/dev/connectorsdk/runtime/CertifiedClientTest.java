package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that prove themselves to token endpoints by the certificate of the TLS connection; RFC
 * 8705. Every server here is a real one, and asks for a certificate where it says so.
 */
@Tag("B4")
class CertifiedClientTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "vault");
  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  private final SettableClock clock = new SettableClock();
  private final Certificates certificates = new Certificates("authority");
  private final HeldCertificate adas = certificates.client("ada");
  private final List<MockWebServer> servers = new ArrayList<>();
  private MockWebServer issuer;
  private MockWebServer mtls;
  private MockWebServer api;

  @BeforeEach
  void start() throws Exception {
    issuer = server(false);
    mtls = server(true);
    api = server(true);
  }

  @AfterEach
  void stop() {
    servers.forEach(MockWebServer::close);
  }

  private MockWebServer server(boolean asksForCertificate) throws Exception {
    MockWebServer server = new MockWebServer();
    server.useHttps(certificates.of(certificates.server).sslSocketFactory());
    if (asksForCertificate) {
      server.requireClientAuth();
    }
    server.start();
    servers.add(server);
    return server;
  }

  @Test
  @DisplayName("B4: the token endpoint sees the certificate, the id of the client and no secret")
  void theTokenEndpointSeesTheCertificate() throws Exception {
    answer(mtls, "{\"access_token\":\"t1\",\"token_type\":\"Bearer\",\"expires_in\":60}");
    answer(api, "ok");
    try (ConnectorRuntime runtime = runtime(certified(url(mtls) + "/token"))) {
      runtime.connections().create(ADA, spec(adas));

      assertThat(runtime.invoke(ADA, MINE, GET, "/items")).isEqualTo("ok");
    }

    RecordedRequest token = mtls.takeRequest();
    assertThat(client(token)).isEqualTo("ada");
    assertThat(token.getBody().utf8()).isEqualTo("grant_type=client_credentials&client_id=app");
    assertThat(token.getHeaders().get("Authorization")).isNull();
    RecordedRequest call = api.takeRequest();
    assertThat(client(call)).as("the token is bound to the certificate").isEqualTo("ada");
    assertThat(call.getHeaders().get("Authorization")).isEqualTo("Bearer t1");
  }

  @Test
  @DisplayName("B4: a client that the server knows by its key alone may have signed it itself")
  void aCertificateMayBeSelfSigned() throws Exception {
    HeldCertificate own = Certificates.builder("self").build();
    MockWebServer knowing = new MockWebServer();
    HandshakeCertificates trusted =
        new HandshakeCertificates.Builder()
            .heldCertificate(certificates.server)
            .addTrustedCertificate(own.certificate())
            .build();
    knowing.useHttps(trusted.sslSocketFactory());
    knowing.requireClientAuth();
    knowing.start();
    servers.add(knowing);
    answer(knowing, "{\"access_token\":\"t1\"}", "ok");
    try (ConnectorRuntime runtime = runtime(url(knowing), certified(url(knowing) + "/token"))) {
      runtime.connections().create(ADA, spec(own));

      assertThat(runtime.invoke(ADA, MINE, GET, "/items")).isEqualTo("ok");
    }

    assertThat(client(knowing.takeRequest())).isEqualTo("self");
  }

  @Test
  @DisplayName("B4: the alias of an endpoint is used where metadata names one")
  void theAliasIsUsed() throws Exception {
    answer(issuer, metadata("'mtls_endpoint_aliases':{'token_endpoint':'MTLS/mtls/token'}"));
    answer(mtls, "{\"access_token\":\"t1\"}");
    answer(api, "ok");
    OAuth2Scheme scheme = certified("{token_endpoint}").discoveredAt(url(issuer)).alsoAt(url(mtls));
    try (ConnectorRuntime runtime = runtime(scheme)) {
      runtime.connections().create(ADA, spec(adas));

      assertThat(runtime.invoke(ADA, MINE, GET, "/items")).isEqualTo("ok");
    }

    assertThat(issuer.getRequestCount()).as("metadata alone").isEqualTo(1);
    RecordedRequest token = mtls.takeRequest();
    assertThat(token.getTarget()).isEqualTo("/mtls/token");
    assertThat(client(token)).isEqualTo("ada");
  }

  @Test
  @DisplayName("B4, A6: an alias at an origin that the scheme does not name gets nothing")
  void anAliasElsewhereIsRefused() throws Exception {
    answer(issuer, metadata("'mtls_endpoint_aliases':{'token_endpoint':'MTLS/mtls/token'}"));
    try (ConnectorRuntime runtime =
        runtime(certified("{token_endpoint}").discoveredAt(url(issuer)))) {
      runtime.connections().create(ADA, spec(adas));

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/items"))
          .withMessageContaining("OAuth2Scheme.alsoAt")
          .extracting(AuthenticationException::reason)
          .isEqualTo(AuthenticationException.Reason.CONFIGURATION);
    }

    assertThat(mtls.getRequestCount()).isZero();
  }

  @Test
  @DisplayName("B4: a client that proves itself in another way does not go to the alias")
  void theAliasIsForCertificatesAlone() throws Exception {
    answer(
        issuer,
        metadata("'mtls_endpoint_aliases':{'token_endpoint':'MTLS/mtls/token'}"),
        "{\"access_token\":\"t1\"}");
    MockWebServer open = server(false);
    answer(open, "ok");
    OAuth2Scheme scheme =
        OAuth2Scheme.clientCredentials("{token_endpoint}")
            .discoveredAt(url(issuer))
            .alsoAt(url(mtls));
    try (ConnectorRuntime runtime = runtime(url(open), scheme)) {
      runtime
          .connections()
          .create(
              ADA,
              ConnectionSpec.of("vault", "oauth2")
                  .with("client_id", "app")
                  .secret("client_secret", Secret.of("s3cret")));

      assertThat(runtime.invoke(ADA, MINE, GET, "/items")).isEqualTo("ok");
    }

    assertThat(mtls.getRequestCount()).isZero();
    assertThat(issuer.getRequestCount()).isEqualTo(2);
  }

  @Test
  @DisplayName("B4: two connections show two certificates, on TLS connections of their own")
  void eachConnectionShowsItsOwn() throws Exception {
    Caller bob = Principal.user("bob").in("dev");
    answer(mtls, "{\"access_token\":\"a\"}", "{\"access_token\":\"b\"}");
    answer(api, "1", "2");
    try (ConnectorRuntime runtime = runtime(certified(url(mtls) + "/token"))) {
      runtime.connections().create(ADA, spec(adas));
      runtime.connections().create(bob, spec(certificates.client("bob")));
      runtime.invoke(ADA, MINE, GET, "/items");
      runtime.invoke(bob, MINE, GET, "/items");
    }

    RecordedRequest first = mtls.takeRequest();
    RecordedRequest second = mtls.takeRequest();
    assertThat(List.of(client(first), client(second))).containsExactly("ada", "bob");
    assertThat(second.getConnectionIndex()).isNotEqualTo(first.getConnectionIndex());
  }

  @Test
  @DisplayName("B4: a server that wants another certificate is a typed failure")
  void aCertificateThatIsNotTrusted() throws Exception {
    answer(mtls, "{\"access_token\":\"t1\"}");
    try (ConnectorRuntime runtime = runtime(certified(url(mtls) + "/token"))) {
      runtime.connections().create(ADA, spec(Certificates.builder("stranger").build()));

      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, GET, "/items"))
          .isInstanceOf(AuthenticationException.class);
    }

    assertThat(mtls.getRequestCount()).isZero();
    assertThat(api.getRequestCount()).isZero();
  }

  private static OAuth2Scheme certified(String tokenUrl) {
    return OAuth2Scheme.clientCredentials(tokenUrl).clientAuthentication(ClientAuthentication.TLS);
  }

  private String metadata(String more) {
    return ("{'issuer':'ISSUER','token_endpoint':'ISSUER/token'," + more + "}")
        .replace('\'', '"')
        .replace("ISSUER", url(issuer))
        .replace("MTLS", url(mtls));
  }

  private ConnectorRuntime runtime(OAuth2Scheme scheme) {
    return runtime(url(api), scheme);
  }

  private ConnectorRuntime runtime(String baseUrl, OAuth2Scheme scheme) {
    HandshakeCertificates trusted = certificates.trusting();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
            .build();
    return ConnectorRuntime.builder()
        .httpClient(client)
        .clock(clock)
        .sleeper(clock)
        .connector(
            Connector.builder("vault", baseUrl).auth(AuthOption.oauth2(scheme)).action(GET).build())
        .build();
  }

  private static ConnectionSpec spec(HeldCertificate client) {
    return ConnectionSpec.of("vault", "oauth2")
        .with("client_id", "app")
        .secret("certificate", Secret.of(client.certificatePem()))
        .secret("private_key", Secret.of(client.privateKeyPkcs8Pem()));
  }

  private static String url(MockWebServer server) {
    String url = server.url("/").toString();
    return url.substring(0, url.length() - 1);
  }

  private static void answer(MockWebServer server, String... bodies) {
    for (String body : bodies) {
      server.enqueue(new MockResponse.Builder().code(200).body(body).build());
    }
  }

  private static String client(RecordedRequest request) {
    X509Certificate shown = (X509Certificate) request.getHandshake().peerCertificates().get(0);
    return shown.getSubjectX500Principal().getName().replaceFirst("CN=([^,]*).*", "$1");
  }
}

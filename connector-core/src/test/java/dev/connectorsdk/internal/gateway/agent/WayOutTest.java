package dev.connectorsdk.internal.gateway.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.gateway.line.Purpose;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.StringNode;

/** How a member gets out of its network: through a proxy, and to a host that few trust. */
@Timeout(60)
class WayOutTest {

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private static final HeldCertificate SIGNED =
      new HeldCertificate.Builder()
          .signedBy(AUTHORITY)
          .addSubjectAlternativeName("host.example.test")
          .build();
  private static final HeldCertificate SELF_SIGNED =
      new HeldCertificate.Builder().addSubjectAlternativeName("host.example.test").build();

  @AutoClose private final GatewayWorld world = new GatewayWorld();
  @AutoClose private final MockWebServer secure = new MockWebServer();
  private final BlockingQueue<String> proxied = new LinkedBlockingQueue<>();
  @AutoClose private final LocalServer proxy = new LocalServer(this::connect);

  WayOutTest() throws Exception {}

  @BeforeEach
  void aHostThatUsesTls() {
    secure.setDispatcher(new GatewayWorld.Upgrades(world.relay));
  }

  private void start(HeldCertificate certificate) throws IOException {
    secure.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .build()
            .sslSocketFactory());
    secure.start();
  }

  /** A proxy that knows the host's name, which nobody else does, and asks for a password. */
  private void connect(Socket client) throws IOException, InterruptedException {
    String head = LocalServer.head(client.getInputStream());
    proxied.add(head);
    if (!head.contains("Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==")) {
      write(client, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n");
      return;
    }
    try (Socket host = new Socket(InetAddress.getByName("localhost"), secure.getPort())) {
      write(client, "HTTP/1.1 200 OK\r\n\r\n");
      LocalServer.daemon(() -> host.getInputStream().transferTo(client.getOutputStream()));
      client.getInputStream().transferTo(host.getOutputStream());
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private String ask(OkHttpClient.Builder client, Clock clock) throws Exception {
    AgentSettings plain = world.settings("", GatewayWorld.key(), 1);
    AgentSettings settings =
        new AgentSettings(
            HttpUrl.get("https://host.example.test/gateway"),
            client.build(),
            plain.who(),
            plain.line(),
            plain.mapper(),
            clock,
            plain.random());
    try (ControlLine line = ControlLine.dial(settings, Purpose.REGISTER)) {
      return line.ask("echo", StringNode.valueOf("x")).asString();
    }
  }

  private OkHttpClient.Builder through(String userInfo, @Nullable X509Certificate trusted) {
    CompanyProxy company =
        CompanyProxy.of("http://" + userInfo + "localhost:" + proxy.port(), "inside.test");
    OkHttpClient.Builder client = company.of(new OkHttpClient.Builder());
    return trusted == null ? client : Trust.of(List.of(trusted)).of(client);
  }

  @Test
  void aProxyWithAPasswordLeadsToAHostOfAPrivateAuthority() throws Exception {
    start(SIGNED);

    assertThat(ask(through("user:password@", AUTHORITY.certificate()), Clock.systemUTC()))
        .isEqualTo("nobody x");
    assertThat(proxied.take()).startsWith("CONNECT host.example.test:443 HTTP/1.1");
  }

  @Test
  void aProxyThatRefusesThePasswordIsNamedAndAskedOnce() throws Exception {
    start(SIGNED);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ask(through("user:wrong@", AUTHORITY.certificate()), Clock.systemUTC()))
        .withMessageContaining("authenticate with proxy");
    assertThat(proxied).hasSize(1);
  }

  @Test
  void anAuthorityThatNobodyHasNamedIsNotTrusted() throws Exception {
    start(SIGNED);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ask(through("user:password@", null), Clock.systemUTC()))
        .withMessageContaining("SSL");
  }

  @Test
  void aServersOwnCertificateCanBeTrustedAsItIs() throws Exception {
    start(SELF_SIGNED);

    assertThat(ask(through("user:password@", SELF_SIGNED.certificate()), Clock.systemUTC()))
        .isEqualTo("nobody x");
  }

  @Test
  void aCertificateThatIsTrustedAsItIsStillHasItsDates() throws Exception {
    start(SELF_SIGNED);
    SettableClock later = new SettableClock();
    later.advance(
        Duration.between(
            later.instant(), SELF_SIGNED.certificate().getNotAfter().toInstant().plusSeconds(1)));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ask(through("user:password@", SELF_SIGNED.certificate()), later))
        .withMessageContaining("not valid now");
  }

  @Test
  void namesOfTheInsideGoWithoutTheProxy() {
    assertThat(
            CompanyProxy.of("http://proxy:3128", "inside.test, .corp,localhost")
                .of(new OkHttpClient.Builder())
                .build()
                .proxySelector()
                .select(URI.create("https://erp.inside.test/")))
        .containsExactly(Proxy.NO_PROXY);
  }

  @Test
  void anAddressThatIsNoneOfAProxyIsRefusedWithoutItsPassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompanyProxy.of("https://user:canary@proxy:3128", ""))
        .withMessageNotContaining("canary");
  }
}

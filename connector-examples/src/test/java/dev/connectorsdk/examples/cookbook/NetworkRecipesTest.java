package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recipes about the network: a service of a private authority, behind a proxy. */
@Timeout(60)
class NetworkRecipesTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;
  private WireMockServer service;
  private LocalServer proxy;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  // tag::proxy[]
  static OkHttpClient throughProxy(String host, int port, String user, String password) {
    return new OkHttpClient.Builder()
        .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port)))
        .proxyAuthenticator(
            (route, response) ->
                response
                    .request()
                    .newBuilder()
                    .header("Proxy-Authorization", Credentials.basic(user, password))
                    .build())
        .build();
  }

  // end::proxy[]

  // tag::private-ca[]
  /** Trusts what is in the file, and nothing else. */
  static OkHttpClient trusting(OkHttpClient client, Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore authorities = KeyStore.getInstance(file.toFile(), password);
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    TrustManager[] trust = factory.getTrustManagers();
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust, null);
    var sockets = tls.getSocketFactory();
    return client.newBuilder().sslSocketFactory(sockets, (X509TrustManager) trust[0]).build();
  }

  // end::private-ca[]

  // tag::own-client[]
  static ConnectorRuntime with(OkHttpClient client, Connector connector) {
    OkHttpClient tagged =
        client
            .newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().header("X-Cost-Centre", "4711").build()))
            .build();
    return ConnectorRuntime.builder().connector(connector).httpClient(tagged).build();
  }

  // end::own-client[]

  @BeforeEach
  void start() throws Exception {
    Path keys = folder.resolve("service.p12");
    makeCertificate(keys);
    service =
        new WireMockServer(
            options()
                .dynamicHttpsPort()
                .dynamicPort()
                .keystoreType("PKCS12")
                .keystorePath(keys.toString())
                .keystorePassword("changeit")
                .keyManagerPassword("changeit"));
    service.start();
    service.stubFor(get("/rate").willReturn(okJson("1.25")));
    proxy = new LocalServer(this::tunnel);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    service.stop();
  }

  private static void makeCertificate(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=bank",
                "-ext",
                "san=dns:bank.example",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
  }

  /** Lets through who says the password. */
  private void tunnel(Socket client) throws IOException {
    String head = LocalServer.head(client.getInputStream());
    asked.add(head);
    var out = client.getOutputStream();
    if (!head.contains("Proxy-Authorization: " + Credentials.basic("app", "pw"))) {
      String refusal =
          String.join(
              "\r\n",
              "HTTP/1.1 407 Who",
              "Proxy-Authenticate: Basic realm=\"p\"",
              "Content-Length: 0",
              "Connection: close",
              "",
              "");
      out.write(refusal.getBytes(ISO_8859_1));
      return;
    }
    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
    try (Socket inside = new Socket("localhost", service.httpsPort())) {
      LocalServer.daemon(() -> inside.getInputStream().transferTo(out));
      client.getInputStream().transferTo(inside.getOutputStream());
    }
  }

  private static final Action<Nothing, Double> RATE =
      Action.builder("rate", Effect.READ, Nothing.class, Double.class)
          .run((nothing, call) -> call.http().get("/rate").fetch(Double.class));

  private static double rate(OkHttpClient client) {
    Connector bank =
        Connector.builder("bank", "https://bank.example")
            .auth(AuthOption.none())
            .action(RATE)
            .build();
    try (ConnectorRuntime runtime = with(client, bank)) {
      runtime.connections().create(ADA, ConnectionSpec.of("bank", "none"));
      return runtime.invoke(
          ADA, ConnectionReference.invoker("rates", "bank"), RATE, Nothing.NOTHING);
    }
  }

  @Test
  void aServiceOfAPrivateAuthorityIsReachedThroughAProxyThatAsksForAPassword() throws Exception {
    OkHttpClient client = throughProxy("localhost", proxy.port(), "app", "pw");
    OkHttpClient trusting = trusting(client, folder.resolve("service.p12"), PASSWORD);

    assertThat(rate(trusting)).isEqualTo(1.25);
    assertThat(asked).allMatch(head -> head.startsWith("CONNECT bank.example:443 "));
    service.verify(
        getRequestedFor(urlEqualTo("/rate")).withHeader("X-Cost-Centre", equalTo("4711")));
  }

  @Test
  void withoutTheAuthorityTheServiceIsNotTrusted() {
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> rate(throughProxy("localhost", proxy.port(), "app", "pw")))
        .returns(TransportException.Kind.TLS, TransportException::kind);
    assertThat(service.getAllServeEvents()).isEmpty();
  }
}

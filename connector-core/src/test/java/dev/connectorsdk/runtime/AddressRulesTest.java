package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a user may lead the application, and where not. */
@Tag("E2")
@Timeout(60)
class AddressRulesTest {

  record Text(String value) {}

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "site");
  private static final InetAddress PUBLIC = address("93.184.216.34");
  private static final InetAddress LOOPBACK = address("127.0.0.1");

  private static final Action<Text, Text> GET =
      Action.builder("get", Effect.READ, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().callEncoded("GET", in.value()).send().text()));

  private static final Action<Text, Text> BY_OKHTTP =
      Action.builder("byOkHttp", Effect.READ, Text.class, Text.class)
          .run(
              (in, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request =
                    new Request.Builder().url(call.http().baseUrl() + in.value()).build();
                try (Response response = client.newCall(request).execute()) {
                  return new Text(response.body().string());
                }
              });

  private final Certificates certificates = new Certificates("authority");
  private final HandshakeCertificates trusting = certificates.trusting();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final LocalServer service =
      new LocalServer(
          certificates
              .of(
                  Certificates.builder("site")
                      .addSubjectAlternativeName("site.example.com")
                      .addSubjectAlternativeName("localhost")
                      .addSubjectAlternativeName("127.0.0.1")
                      .signedBy(certificates.authority)
                      .build())
              .sslContext()
              .getServerSocketFactory(),
          this::serve);
  private final LocalServer proxy = new LocalServer(this::serve);

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void serve(Socket client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      asked.add(line);
      for (String header = in.readLine(); header != null && !header.isEmpty(); ) {
        header = in.readLine();
      }
      String status = line.startsWith("CONNECT ") ? "503 No tunnel" : "200 OK";
      String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\nhere";
      client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      client.getOutputStream().flush();
    }
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
    proxy.close();
  }

  private OkHttpClient.Builder client() {
    return new OkHttpClient.Builder()
        .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager());
  }

  private static Connector connector() {
    return Connector.builder("site", "{site}")
        .parameter(ConnectionParameter.text("site"))
        .auth(AuthOption.none())
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials("{site}/token")))
        .action(GET)
        .action(BY_OKHTTP)
        .build();
  }

  private static ConnectorRuntime runtime(OkHttpClient.Builder client, AddressPolicy policy) {
    return runtime(connector(), client, policy);
  }

  private static ConnectorRuntime runtime(
      Connector connector, OkHttpClient.Builder client, AddressPolicy policy) {
    return ConnectorRuntime.builder()
        .connector(connector)
        .httpClient(client.build())
        .addressPolicy(policy)
        .limits(HttpLimits.standard().withMaxAttempts(1))
        .build();
  }

  private static ConnectionId connect(ConnectorRuntime runtime, String site) {
    return runtime
        .connections()
        .create(ADA, ConnectionSpec.of("site", "none").with("site", site).untested())
        .id();
  }

  private static String get(ConnectorRuntime runtime) {
    return runtime.invoke(ADA, MINE, GET, new Text("/x")).value();
  }

  private String outcome(String site, OkHttpClient.Builder client, AddressPolicy policy) {
    try (ConnectorRuntime runtime = runtime(client, policy)) {
      return outcome(site, runtime);
    }
  }

  private static String outcome(String site, ConnectorRuntime runtime) {
    ConnectionId id = connect(runtime, site);
    try {
      return get(runtime);
    } catch (ConnectorException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    } finally {
      runtime.connections().delete(ADA, id);
    }
  }

  /** Resolves every name to these addresses, in turns if there are several. */
  private static Dns resolving(InetAddress... addresses) {
    AtomicInteger asked = new AtomicInteger();
    return name -> List.of(addresses[Math.min(asked.getAndIncrement(), addresses.length - 1)]);
  }

  /** OkHttp asks for sockets that are not connected yet. */
  private abstract static class UnconnectedSockets extends SocketFactory {

    @Override
    public abstract Socket createSocket() throws IOException;

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** Connects to the service whatever the address, and notes the address. */
  private SocketFactory leadingHere(List<SocketAddress> dialled) {
    return new UnconnectedSockets() {
      @Override
      public Socket createSocket() {
        return new Socket() {
          @Override
          public void connect(SocketAddress address, int timeout) throws IOException {
            dialled.add(address);
            super.connect(new InetSocketAddress(LOOPBACK, service.port()), timeout);
          }
        };
      }
    };
  }

  @ParameterizedTest
  @DisplayName("E2: no spelling of an inside address is connected to")
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "169.254.169.254",
        "localhost",
        "localhost.",
        "metadata.google.internal",
        "no-such-name.internal",
        "no-such-name",
        "LOCALHOST",
        "LocalHost"
      })
  void noSpellingOfAnInsideAddressIsConnectedTo(String host) {
    String outcome =
        outcome("https://" + host + ":" + service.port(), client(), AddressPolicy.publicOnly());

    assertThat(outcome).startsWith("HostNotAllowedException: ").contains("may choose");
    assertThat(service.connections()).isZero();
  }

  @Test
  @DisplayName("E2: an open and a closed port, and a host that is not there, look alike")
  void openAndClosedPortsLookAlike() {
    int closed = LocalServer.freePort();
    String open = outcome("https://127.0.0.1:" + service.port(), client(), publicOnly());
    String shut = outcome("https://127.0.0.1:" + closed, client(), publicOnly());
    String absent = outcome("https://10.255.255.1", client(), publicOnly());

    assertThat(shut.replace(":" + closed, "")).isEqualTo(open.replace(":" + service.port(), ""));
    assertThat(absent).isEqualTo(open.replace("127.0.0.1:" + service.port(), "10.255.255.1"));
  }

  private static AddressPolicy publicOnly() {
    return AddressPolicy.publicOnly();
  }

  @Test
  @DisplayName("E2: one bad address refuses a name")
  void oneBadAddressRefusesAName() {
    List<SocketAddress> dialled = new ArrayList<>();
    Dns dns = name -> List.of(PUBLIC, LOOPBACK);

    String outcome =
        outcome(
            "https://site.example.com",
            client().dns(dns).socketFactory(leadingHere(dialled)),
            publicOnly());

    assertThat(outcome).startsWith("HostNotAllowedException");
    assertThat(dialled).isEmpty();
  }

  @Test
  @DisplayName("E2: a public address is connected to, on ports that are open to users")
  void aPublicAddressIsConnectedTo() {
    List<SocketAddress> dialled = new ArrayList<>();
    OkHttpClient.Builder client =
        client().dns(resolving(PUBLIC)).socketFactory(leadingHere(dialled));

    assertThat(outcome("https://site.example.com", client, publicOnly())).isEqualTo("here");
    assertThat(outcome("https://site.example.com:8443", client, publicOnly()))
        .startsWith("HostNotAllowedException");
    assertThat(outcome("https://site.example.com:8443", client, publicOnly().allowingPorts(8443)))
        .isEqualTo("here");
    assertThat(dialled)
        .containsExactly(new InetSocketAddress(PUBLIC, 443), new InetSocketAddress(PUBLIC, 8443));
  }

  @Test
  @Tag("E3")
  @DisplayName("E3: a name that leads inside at its second look-up is not followed there")
  void aNameThatLeadsInsideLaterIsNotFollowed() {
    List<SocketAddress> dialled = new ArrayList<>();
    AtomicInteger lookUps = new AtomicInteger();
    Dns dns = resolving(PUBLIC, LOOPBACK);
    Dns counting =
        name -> {
          lookUps.incrementAndGet();
          return dns.lookup(name);
        };
    OkHttpClient.Builder client = client().dns(counting).socketFactory(leadingHere(dialled));
    try (ConnectorRuntime runtime = runtime(client, publicOnly())) {
      ConnectionId id = connect(runtime, "https://site.example.com");
      for (int i = 0; i < 50; i++) {
        assertThat(get(runtime)).isEqualTo("here");
      }
      assertThat(lookUps).hasValue(1);
      runtime.connections().delete(ADA, id);
      connect(runtime, "https://site.example.com");
      for (int i = 0; i < 50; i++) {
        assertThatExceptionOfType(HostNotAllowedException.class).isThrownBy(() -> get(runtime));
      }
    }

    assertThat(dialled).containsExactly(new InetSocketAddress(PUBLIC, 443));
  }

  @Test
  @DisplayName("E2: a token endpoint that a user chooses is judged as well")
  void aTokenEndpointThatAUserChoosesIsJudged() {
    AtomicInteger lookUps = new AtomicInteger();
    Dns inside =
        name -> {
          lookUps.incrementAndGet();
          return List.of(LOOPBACK);
        };
    try (ConnectorRuntime runtime = runtime(client().dns(inside), publicOnly())) {
      ConnectionId id = runtime.connections().create(ADA, oauth2()).id();

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> get(runtime))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CONFIGURATION))
          .withMessageContaining("the token endpoint at site.example.com was not asked");
      assertThatExceptionOfType(ResolutionException.class).isThrownBy(() -> get(runtime));
      assertThat(lookUps).as("nobody looks again").hasValue(1);
      assertThat(runtime.connections().get(ADA, id).status().state()).isEqualTo(State.ERROR);
    }
    assertThat(service.connections()).isZero();
  }

  private static ConnectionSpec oauth2() {
    return ConnectionSpec.of("site", "oauth2")
        .with("site", "https://site.example.com")
        .with("client_id", "id")
        .secret("client_secret", Secret.of("secret"))
        .untested();
  }

  @Test
  @DisplayName("E2: an unwrapped client is bound to the policy too")
  void anUnwrappedClientIsBoundToo() {
    try (ConnectorRuntime runtime = runtime(client(), publicOnly())) {
      connect(runtime, "https://localhost:" + service.port());

      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, BY_OKHTTP, new Text("/x")));
    }
    assertThat(service.connections()).isZero();
  }

  @Test
  @DisplayName("E2: hosts of the connector's author are free, its lists of choices too")
  void hostsOfTheAuthorAreFree() {
    String here = "https://localhost:" + service.port();
    Connector fixed = Connector.builder("site", here).action(GET).build();
    Connector choices =
        Connector.builder("site", "https://{place}:" + service.port())
            .parameter(ConnectionParameter.text("place").oneOf("localhost", "127.0.0.1"))
            .action(GET)
            .build();
    try (ConnectorRuntime runtime = runtime(fixed, client(), publicOnly());
        ConnectorRuntime other = runtime(choices, client(), publicOnly())) {
      runtime.connections().create(ADA, ConnectionSpec.of("site", "none").untested());
      other
          .connections()
          .create(ADA, ConnectionSpec.of("site", "none").with("place", "localhost").untested());

      assertThat(get(runtime)).isEqualTo("here");
      assertThat(get(other)).isEqualTo("here");
    }
  }

  @Test
  @DisplayName("E3: a socket that was opened to an author's host does not serve a user's")
  void aSocketOfAnAuthorsHostDoesNotServeAUsers() {
    Connector both =
        Connector.builder("site", "{site}")
            .parameter(ConnectionParameter.text("site"))
            .additionalOrigin("https://localhost:" + service.port())
            .action(GET)
            .build();
    Dns dns = name -> List.of(LOOPBACK);
    try (ConnectorRuntime runtime = runtime(both, client().dns(dns), publicOnly())) {
      connect(runtime, "https://site.example.com:" + service.port());

      Text fixed = new Text("https://localhost:" + service.port() + "/x");
      assertThat(runtime.invoke(ADA, MINE, GET, fixed).value()).isEqualTo("here");
      assertThatExceptionOfType(HostNotAllowedException.class).isThrownBy(() -> get(runtime));
    }
    assertThat(service.connections()).isEqualTo(1);
  }

  @Test
  @DisplayName("E2: an administrator opens a range, or all")
  void anAdministratorOpensARange() {
    String here = "https://localhost:" + service.port();

    assertThat(outcome(here, client(), publicOnly().allowing("127.0.0.0/8", "::1")))
        .isEqualTo("here");
    assertThat(outcome(here, client(), AddressPolicy.allowAll())).isEqualTo("here");
  }

  private OkHttpClient.Builder throughProxy(List<String> events) {
    Proxy to = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(LOOPBACK, proxy.port()));
    return client()
        .proxy(to)
        .eventListener(
            new EventListener() {
              @Override
              public void connectStart(Call call, InetSocketAddress address, Proxy via) {
                events.add(via.type() + " " + address.getPort());
              }
            });
  }

  @ParameterizedTest
  @DisplayName("E2: a proxy is not asked for inside names and addresses")
  @ValueSource(
      strings = {
        "127.0.0.1",
        "[::1]",
        "10.0.0.1",
        "2130706433",
        "169.254.169.254",
        "localhost",
        "LOCALHOST",
        "a.localhost",
        "metadata.google.internal",
        "printer.local",
        "0x7f.0.0.1",
        "kubernetes.default.svc",
        "router.home.arpa",
        "intranet",
        "localhost.",
        "printer.local.",
        "my_printer",
        "93.184.216.34:8443"
      })
  void aProxyIsNotAskedForInsideNames(String host) {
    OkHttpClient.Builder client = throughProxy(new ArrayList<>()).dns(name -> List.of(LOOPBACK));

    assertThat(outcome("https://" + host, client, publicOnly()))
        .startsWith("HostNotAllowedException");
    assertThat(proxy.connections()).isZero();
  }

  @Test
  @DisplayName("E2: a proxy inside is connected to all the same, and the host hears of it")
  void aProxyInsideIsConnectedTo() {
    List<String> events = new CopyOnWriteArrayList<>();

    outcome("https://site.example.com", throughProxy(events), publicOnly());

    assertThat(asked).first().isEqualTo("CONNECT site.example.com:443 HTTP/1.1");
    assertThat(events).first().isEqualTo("HTTP " + proxy.port());
  }

  @Test
  @DisplayName("E2: a proxy is asked for a public address, on ports that are open to users")
  void aProxyIsAskedForAPublicAddress() {
    outcome("https://93.184.216.34", throughProxy(new ArrayList<>()), publicOnly());

    assertThat(asked).first().isEqualTo("CONNECT 93.184.216.34:443 HTTP/1.1");
  }

  @Test
  @DisplayName("E2: a proxy is not asked for an address that some read as another")
  void aProxyIsNotAskedForAnAddressThatSomeReadAsAnother() {
    List<SocketAddress> dialled = new ArrayList<>();
    OkHttpClient.Builder client =
        throughProxy(new ArrayList<>()).socketFactory(leadingHere(dialled));

    outcome("https://012.0.0.1", client, publicOnly());

    assertThat(dialled).doesNotContain(new InetSocketAddress(LOOPBACK, proxy.port()));
  }

  @Test
  @DisplayName("E2: a host that chooses between proxies hears of one that does not answer")
  void aHostThatChoosesBetweenProxiesHearsOfOneThatDoesNotAnswer() {
    InetSocketAddress away = new InetSocketAddress(LOOPBACK, LocalServer.freePort());
    List<SocketAddress> failed = new ArrayList<>();
    OkHttpClient.Builder client =
        client()
            .proxySelector(
                new ProxySelector() {
                  @Override
                  public List<Proxy> select(URI url) {
                    return List.of(new Proxy(Proxy.Type.HTTP, away));
                  }

                  @Override
                  public void connectFailed(URI url, SocketAddress address, IOException failure) {
                    failed.add(address);
                  }
                });

    assertThat(outcome("https://site.example.com", client, publicOnly()))
        .startsWith("TransportException");
    assertThat(failed).containsExactly(away);
  }

  @ParameterizedTest
  @DisplayName("E2: a proxy whose name is unknown is no refused address of a user")
  @ValueSource(strings = {"proxy", "proxy.internal", "proxy.example.com"})
  void aProxyWhoseNameIsUnknownIsNoRefusedAddress(String name) {
    Dns none =
        host -> {
          throw new UnknownHostException(host);
        };
    InetSocketAddress address = InetSocketAddress.createUnresolved(name, 3128);
    OkHttpClient.Builder client = client().proxy(new Proxy(Proxy.Type.HTTP, address)).dns(none);

    try (ConnectorRuntime runtime = runtime(client, publicOnly())) {
      assertThat(outcome("https://site.example.com", runtime))
          .startsWith("TransportException: GET site.example.com on connection ")
          .endsWith(" through a proxy whose name is unknown: could not connect");
      assertThat(outcome("https://" + name, runtime))
          .as("asked for as a service")
          .startsWith(
              name.equals("proxy.example.com") ? "TransportException" : "HostNotAllowedException");
    }
  }

  @Test
  @DisplayName("E2: so is an issuer that a user chooses, whose metadata are asked for first")
  void anIssuerThatAUserChoosesIsJudged() {
    Connector connector =
        Connector.builder("site", "{site}")
            .parameter(ConnectionParameter.text("site"))
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.clientCredentials("{token_endpoint}").discoveredAt("{site}")))
            .action(GET)
            .build();
    Dns inside = name -> List.of(LOOPBACK);
    try (ConnectorRuntime runtime = runtime(connector, client().dns(inside), publicOnly())) {
      ConnectionId id = runtime.connections().create(ADA, oauth2()).id();

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> get(runtime))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CONFIGURATION))
          .withMessageContaining("the issuer at site.example.com was not asked");
      assertThat(runtime.connections().get(ADA, id).status().state()).isEqualTo(State.ERROR);
    }
    assertThat(service.connections()).isZero();
  }

  @Test
  @DisplayName("E2: a user does not reach the proxy itself as a service")
  void aUserDoesNotReachTheProxyAsAService() {
    ProxySelector some =
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI url) {
            return url.getPort() == proxy.port()
                ? List.of(Proxy.NO_PROXY)
                : List.of(
                    new Proxy(Proxy.Type.HTTP, new InetSocketAddress(LOOPBACK, proxy.port())));
          }

          @Override
          public void connectFailed(URI url, SocketAddress address, IOException failure) {}
        };
    OkHttpClient.Builder client = client().proxySelector(some).dns(resolving(LOOPBACK));
    outcome("https://site.example.com", client, publicOnly());
    int connections = proxy.connections();
    assertThat(connections).isPositive();

    assertThat(outcome("https://proxy.example.com:" + proxy.port(), client, publicOnly()))
        .startsWith("HostNotAllowedException");
    assertThat(proxy.connections()).isEqualTo(connections);
  }

  @Test
  @DisplayName("E2: nor after the way to the proxy has failed before it was connected to")
  void norAfterTheWayToTheProxyHasFailed() {
    Proxy to = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(LOOPBACK, proxy.port()));
    AtomicInteger calls = new AtomicInteger();
    ProxySelector proxyFirst =
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI url) {
            return List.of(calls.getAndIncrement() == 0 ? to : Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI url, SocketAddress address, IOException failure) {}
        };
    SocketFactory noneAtFirst =
        new UnconnectedSockets() {
          @Override
          public Socket createSocket() throws IOException {
            if (calls.get() == 1) {
              throw new IOException("no socket");
            }
            return new Socket();
          }
        };
    OkHttpClient.Builder client =
        client().proxySelector(proxyFirst).dns(resolving(LOOPBACK)).socketFactory(noneAtFirst);
    String site = "https://site.example.com:" + proxy.port();

    try (ConnectorRuntime runtime = runtime(client, publicOnly())) {
      assertThat(outcome(site, runtime)).startsWith("TransportException");
      assertThat(outcome(site, runtime)).startsWith("HostNotAllowedException");
    }
    assertThat(proxy.connections()).isZero();
  }
}

package dev.connectorsdk.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.gateways.JavalinGateways;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Calls of a service through a gateway, next to direct ones, and to direct ones through a relay
 * that carries the bytes of each connection over a TLS connection of its own. Host and load are one
 * process; member, the relay's other end and the service another one.
 *
 * <p>Arguments: after how many milliseconds the service answers, and the number of rounds of a
 * second. Goal, at 5 ms: at most 1.2 times as long as through the relay, with 1 and 8 threads.
 */
public final class GatewayRate {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final String PASSWORD = "changeit";
  private static final String MEMBER = "member ";
  private static final List<String> WAYS = List.of("direct", "relay", "gateway");
  private static final int WARM_UP_ROUNDS = 4;
  private static final int PIECE = 64 * 1024;

  private static final Action<Nothing, byte[]> GET =
      Action.builder("get", Effect.READ, Nothing.class, byte[].class)
          .run((in, call) -> call.http().get("/orders/7").send().bytes());

  private GatewayRate() {}

  /** Measures, or serves as the inside network does. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("inside")) {
      inside(Path.of(args[1]), Integer.parseInt(args[2]));
    } else {
      measure(args[0], Integer.parseInt(args[1]));
    }
  }

  // The host

  private static void measure(String millis, int rounds) throws Exception {
    Path folder = Files.createTempDirectory("gateway");
    Path keys = keys(folder);
    Process inside =
        new ProcessBuilder(
                java("java"),
                "-cp",
                System.getProperty("java.class.path"),
                GatewayRate.class.getName(),
                "inside",
                folder.toString(),
                millis)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(inside.getInputStream(), UTF_8))) {
      int service = Integer.parseInt(said.readLine());
      int exit = Integer.parseInt(said.readLine());
      SocketFactory tls = tls(keys).getSocketFactory();
      int entrance = carry(new ServerSocket(0, 50, loopback()), () -> open(tls, exit));
      Javalin app = host(keys);
      try (ConnectorRuntime runtime =
          ConnectorRuntime.builder()
              .connector(connector("direct", service))
              .connector(connector("relay", entrance))
              .connector(connector("gateway", service))
              .build()) {
        connect(runtime, app, inside, said);
        warmUp(runtime);
        for (int threads : List.of(1, 8)) {
          compare(runtime, millis, threads, rounds);
        }
      } finally {
        app.stop();
      }
    } finally {
      inside.destroyForcibly();
    }
  }

  private static Connector connector(String id, int port) {
    return Connector.builder(id, "http://localhost:" + port)
        .titled(id)
        .described("Orders.")
        .version("1")
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .action(GET)
        .build();
  }

  private static Javalin host(Path keys) throws IOException {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setKeyStorePath(keys.toString());
    ssl.setKeyStorePassword(PASSWORD);
    return Javalin.create(
        config ->
            config.jetty.addConnector(
                (server, http) -> {
                  ServerConnector connector = new ServerConnector(server, ssl);
                  connector.setPort(0);
                  return connector;
                }));
  }

  private static void connect(
      ConnectorRuntime runtime, Javalin app, Process inside, BufferedReader said)
      throws IOException {
    new JavalinGateways(runtime.gateways().endpoint()).addTo(app);
    app.start();
    Secret key = Secret.of("k3y");
    for (String direct : List.of("direct", "relay")) {
      runtime.connections().create(ADA, ConnectionSpec.of(direct, "apiKey").secret("api_key", key));
    }
    String gateway =
        runtime.gateways().create(Administrator.of(ADA.principal(), "dev"), "Plant").id();
    String code = runtime.gateways().registrationCode(ADA, gateway).reveal();
    inside.getOutputStream().write((MEMBER + app.port() + " " + code + "\n").getBytes(UTF_8));
    inside.getOutputStream().flush();
    said.readLine();
    ConnectionSpec spec = ConnectionSpec.of("gateway", "apiKey").through(gateway);
    var request = runtime.connections().sealRequest(ADA, spec);
    runtime
        .connections()
        .create(ADA, spec.sealed(request, Map.of("api_key", request.seal("api_key", key))));
  }

  /** A thousand calls of one thread would leave most of what they run through not compiled. */
  private static void warmUp(ConnectorRuntime runtime) throws InterruptedException {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      for (String way : WAYS) {
        rate(runtime, way, 8);
      }
    }
  }

  private static void compare(ConnectorRuntime runtime, String millis, int threads, int rounds)
      throws InterruptedException {
    Map<String, double[]> rates = new LinkedHashMap<>();
    for (String way : WAYS) {
      rates.put(way, new double[rounds]);
    }
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (Map.Entry<String, double[]> way : rates.entrySet()) {
        double rate = rate(runtime, way.getKey(), threads);
        if (round >= 0) {
          way.getValue()[round] = rate;
        }
      }
    }
    double direct = micros(rates.get("direct"), threads);
    double relay = micros(rates.get("relay"), threads);
    double gateway = micros(rates.get("gateway"), threads);
    System.out.printf(
        Locale.ROOT,
        "%s ms, %d threads: direct %.0f us (%.0f/s), relay %.0f us (%.0f/s),"
            + " gateway %.0f us (%.0f/s): %.3f times the relay, %.0f us more than direct%n",
        millis,
        threads,
        direct,
        threads * 1e6 / direct,
        relay,
        threads * 1e6 / relay,
        gateway,
        threads * 1e6 / gateway,
        gateway / relay,
        gateway - direct);
  }

  /** Returns how long a call takes in the median round. Also sorts. */
  private static double micros(double[] rates, int threads) {
    Arrays.sort(rates);
    return threads * 1e6 / rates[rates.length / 2];
  }

  /** Returns how many calls come to their end in a second. */
  private static double rate(ConnectorRuntime runtime, String way, int threads)
      throws InterruptedException {
    ConnectionReference reference = ConnectionReference.invoker(way, way);
    LongAdder calls = new LongAdder();
    List<Thread> all = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (System.nanoTime() - began < 1_000_000_000L) {
                  runtime.invoke(ADA, reference, GET, Nothing.NOTHING);
                  calls.increment();
                }
              });
      all.add(thread);
      thread.start();
    }
    for (Thread thread : all) {
      thread.join();
    }
    return calls.sum() * 1e9 / (System.nanoTime() - began);
  }

  // The inside network

  private static void inside(Path folder, int millis) throws Exception {
    ServerSocket service = new ServerSocket(0, 50, loopback());
    accept(service, client -> serve(client, millis));
    ServerSocket exit =
        tls(folder.resolve("keys.p12"))
            .getServerSocketFactory()
            .createServerSocket(0, 50, loopback());
    int port = service.getLocalPort();
    carry(exit, () -> new Socket(loopback(), port));
    System.out.println(port);
    System.out.println(exit.getLocalPort());
    BufferedReader told = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    String[] words = told.readLine().substring(MEMBER.length()).split(" ", 2);
    GatewayAgent agent =
        GatewayAgent.builder("https://localhost:" + words[0] + "/gateway", folder.resolve("member"))
            .trusting(List.of(certificate(folder.resolve("keys.p12"))))
            .allowing("http://localhost:" + port)
            .build();
    agent.register(Secret.of(words[1]), "member", null);
    agent.refresh(recoveryKey -> {});
    System.out.println("ready");
    agent.run();
  }

  private static void serve(Socket client, int millis) throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] request = new byte[PIECE];
    byte[] answer =
        ("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + "x".repeat(200)).getBytes(US_ASCII);
    while (in.read(request) > 0) { // One short request at a time.
      long until = System.nanoTime() + millis * 1_000_000L;
      for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      out.write(answer);
    }
  }

  // The relay

  private interface Opening {
    Socket open() throws IOException;
  }

  private interface Serving {
    void serve(Socket client) throws IOException;
  }

  private static void accept(ServerSocket server, Serving serving) {
    daemon(
        () -> {
          while (true) {
            Socket client = server.accept();
            client.setTcpNoDelay(true);
            daemon(() -> serving.serve(client));
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException gone) {
                // Somebody hung up.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Carries the bytes of whoever connects on, and returns the port. */
  private static int carry(ServerSocket entrance, Opening further) {
    accept(
        entrance,
        client -> {
          Socket other = further.open();
          other.setTcpNoDelay(true);
          daemon(() -> pump(other, client));
          pump(client, other);
        });
    return entrance.getLocalPort();
  }

  private static void pump(Socket from, Socket to) throws IOException {
    byte[] piece = new byte[PIECE];
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      out.write(piece, 0, count);
      out.flush();
    }
    to.close();
  }

  private static Socket open(SocketFactory tls, int port) throws IOException {
    return tls.createSocket("localhost", port);
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  // Keys

  private static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  private static Path keys(Path folder) throws IOException, InterruptedException {
    Path keys = folder.resolve("keys.p12");
    new ProcessBuilder(
            java("keytool"),
            "-genkeypair",
            "-alias",
            "host",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-storepass",
            PASSWORD,
            "-keystore",
            keys.toString())
        .start()
        .waitFor();
    return keys;
  }

  private static KeyStore store(Path keys) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    }
  }

  private static X509Certificate certificate(Path keys)
      throws IOException, GeneralSecurityException {
    return (X509Certificate) store(keys).getCertificate("host");
  }

  private static SSLContext tls(Path keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store(keys), PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("host", certificate(keys));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}

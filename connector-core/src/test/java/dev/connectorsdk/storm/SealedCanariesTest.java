package dev.connectorsdk.storm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.Canaries;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * A host that was only ever given sealed credentials calls with each kind of them. What it stores,
 * logs, sends, receives and holds in memory is searched.
 */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(300)
class SealedCanariesTest {

  private static final String ORDER = "order-that-is-found";

  @TempDir Path folder;
  private final PGConnectionPoolDataSource source;
  private final JdbcConnectionPool pool;
  private final Map<SealedKinds, String> canaries = new EnumMap<>(SealedKinds.class);
  private final String token = "canary-" + "token-9d41c07e52"; // Of the member's alone.
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer service;
  private final HttpsServer securedService;
  private final HeldCertificate ownTls =
      new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
  private final HeldCertificate client =
      new HeldCertificate.Builder().commonName("ada-of-plant-3").build();
  private final String url;
  private final String secured;
  private NodeProcess host;
  private NodeProcess member;

  SealedCanariesTest(PostgresServer server) throws Exception {
    source = server.emptySchema();
    pool = StormNode.pool(source.getPortNumbers()[0], source.getCurrentSchema());
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    service.createContext("/orders/", this::answer);
    service.createContext("/token", exchange -> answer(exchange, tokenAnswer()));
    service.start();
    url = "http://localhost:" + service.getAddress().getPort();
    securedService = HttpsServer.create(new InetSocketAddress("localhost", 0), 50);
    securedService.setHttpsConfigurator(new AskingForCertificates(ownTls, client));
    securedService.createContext("/orders/", this::answer);
    securedService.start();
    secured = "https://localhost:" + securedService.getAddress().getPort();
    for (SealedKinds kind : SealedKinds.values()) {
      String canary = "canary-" + canaries.size() + "-9d41c07e52";
      canaries.put(
          kind,
          kind == SealedKinds.AZURE
              ? Base64.getEncoder().encodeToString(canary.getBytes(UTF_8))
              : canary);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String who =
        exchange instanceof HttpsExchange https
            ? https.getSSLSession().getPeerPrincipal().getName()
            : "";
    asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet() + who);
    answer(exchange, "{\"text\":\"done\"}");
  }

  private String tokenAnswer() {
    return "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\"}";
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @BeforeEach
  void start() throws Exception {
    host =
        process(
            SealedHostNode.class,
            String.valueOf(source.getPortNumbers()[0]),
            source.getCurrentSchema(),
            url,
            secured);
    String port = host.await("port ").substring("port ".length());
    Path trusted = Files.writeString(folder.resolve("trusted.pem"), ownTls.certificatePem());
    try (ConnectorRuntime entering = SealedHostNode.runtime(pool, url, secured)) {
      var owner = GatewayHostNode.ADA;
      String gateway =
          entering
              .gateways()
              .create(Administrator.of(owner.principal(), owner.environment()), "Plant 3")
              .id();
      String code = entering.gateways().registrationCode(owner, gateway).reveal();
      member =
          process(
              GatewayMemberNode.class,
              port,
              folder.resolve("keys").toString(),
              url + "," + secured,
              code,
              trusted.toString());
      member.await("running");
      for (SealedKinds kind : SealedKinds.values()) {
        ConnectionSpec spec = ConnectionSpec.of(kind.connector(), kind.option()).through(gateway);
        for (Map.Entry<String, String> parameter : kind.parameters().entrySet()) {
          spec = spec.with(parameter.getKey(), parameter.getValue());
        }
        var request = entering.connections().sealRequest(owner, spec);
        Map<String, String> sealed = new HashMap<>();
        for (String slot : kind.slots()) {
          sealed.put(slot, request.seal(slot, secret(kind, slot)));
        }
        entering.connections().create(owner, spec.sealed(request, sealed).untested());
      }
    }
  }

  private Secret secret(SealedKinds kind, String slot) {
    return Secret.of(
        switch (slot) {
          case "certificate" -> client.certificatePem();
          case "private_key" -> client.privateKeyPkcs8Pem();
          default -> canaries.get(kind);
        });
  }

  /** Returns what of the client's key is its own: a line of its text, and the number itself. */
  private Stream<String> key() {
    byte[] number = ((ECPrivateKey) client.keyPair().getPrivate()).getS().toByteArray();
    byte[] last = Arrays.copyOfRange(number, number.length - 31, number.length);
    return Stream.of(
        client.privateKeyPkcs8Pem().lines().skip(2).findFirst().orElseThrow(),
        new String(last, ISO_8859_1));
  }

  private static NodeProcess process(Class<?> program, String... arguments) throws IOException {
    return new NodeProcess(program, NodeProcess.CLASS_PATH, "UTC", arguments);
  }

  @AfterEach
  void stop() {
    member.close();
    host.close();
    service.stop(0);
    securedService.stop(0);
    pool.dispose();
  }

  @Test
  @DisplayName("D1: no credential that came sealed is in the host's database, log, lines or heap")
  @Tag("D1")
  void aHostHasNoCredentialThatCameSealed() throws Exception {
    for (SealedKinds kind : SealedKinds.values()) {
      host.send("call " + kind + " " + ORDER);
      assertThat(host.await("end " + kind)).isEqualTo("end " + kind + " done");
    }
    assertThat(asked).hasSize(SealedKinds.values().length);
    assertThat(String.join("\n", asked))
        .contains(
            canaries.get(SealedKinds.KEY_IN_HEADER),
            canaries.get(SealedKinds.KEY_IN_QUERY),
            "Bearer " + canaries.get(SealedKinds.BEARER),
            "SharedKey",
            "AWS4-HMAC-SHA256",
            "k7:",
            "Bearer " + token,
            "ada-of-plant-3");

    host.send("dump " + folder);
    host.await("dumped");
    Files.writeString(folder.resolve("database"), database());

    Map<String, String> there =
        Map.of(
            "database", "Plant 3", "log", "dev.connectorsdk.", "lines", ORDER, "heap.hprof", ORDER);
    for (String file : there.keySet()) {
      assertThat(found(file, Stream.of(there.get(file)))).as("search of " + file).isNotEmpty();
      Stream<String> secrets =
          Stream.concat(canaries.values().stream(), Stream.of(token)).flatMap(Canaries::forms);
      assertThat(found(file, Stream.concat(secrets, key()))).as(file).isEmpty();
    }
  }

  /** A server that lets in whoever shows one certificate. */
  private static final class AskingForCertificates extends HttpsConfigurator {

    AskingForCertificates(HeldCertificate server, HeldCertificate client) {
      super(
          new HandshakeCertificates.Builder()
              .heldCertificate(server)
              .addTrustedCertificate(client.certificate())
              .build()
              .sslContext());
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters asking = getSSLContext().getDefaultSSLParameters();
      asking.setNeedClientAuth(true);
      parameters.setSSLParameters(asking);
    }
  }

  /** Returns all that stands in the database. */
  private String database() throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : tables(statement)) {
        try (ResultSet rows = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
          while (rows.next()) {
            all.append(table).append(' ').append(rows.getString(1)).append('\n');
          }
        }
      }
    }
    return all.toString();
  }

  private List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = '"
                + source.getCurrentSchema()
                + "'")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private record Wanted(ByteBuffer bytes, String text) {

    boolean isNext(ByteBuffer rest) {
      return rest.limit() >= bytes.limit() && rest.slice(0, bytes.limit()).equals(bytes);
    }
  }

  /** Returns which texts stand in a file, as bytes or as Java's characters. */
  private Set<String> found(String file, Stream<String> texts) throws IOException {
    Map<Integer, List<Wanted>> wanted = new HashMap<>();
    texts.forEach(
        text -> {
          for (Charset charset : List.of(ISO_8859_1, UTF_16BE, UTF_16LE)) {
            byte[] bytes = text.getBytes(charset);
            int start = start(bytes[0], bytes[1]);
            wanted
                .computeIfAbsent(start, any -> new ArrayList<>())
                .add(new Wanted(ByteBuffer.wrap(bytes), text));
          }
        });
    boolean[] starts = new boolean[1 << 16];
    wanted.keySet().forEach(start -> starts[start] = true);
    Set<String> found = new TreeSet<>();
    try (FileChannel channel = FileChannel.open(folder.resolve(file))) {
      ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      for (int at = 0; at < content.limit() - 1; at++) {
        int start = start(content.get(at), content.get(at + 1));
        if (starts[start]) {
          ByteBuffer rest = content.slice(at, content.limit() - at);
          wanted.get(start).stream()
              .filter(one -> one.isNext(rest))
              .forEach(one -> found.add(one.text()));
        }
      }
    }
    return found;
  }

  private static int start(byte first, byte second) {
    return ((first & 0xff) << 8) | (second & 0xff);
  }
}

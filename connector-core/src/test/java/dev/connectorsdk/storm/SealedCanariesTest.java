package dev.connectorsdk.storm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
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
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer service;
  private final String url;
  private NodeProcess host;
  private NodeProcess member;

  SealedCanariesTest(PostgresServer server) throws Exception {
    source = server.emptySchema();
    pool = StormNode.pool(source.getPortNumbers()[0], source.getCurrentSchema());
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    service.createContext("/orders/", this::answer);
    service.start();
    url = "http://localhost:" + service.getAddress().getPort();
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
    asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
    byte[] body = "{\"text\":\"done\"}".getBytes(UTF_8);
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
            url);
    String port = host.await("port ").substring("port ".length());
    try (ConnectorRuntime entering = SealedHostNode.runtime(pool, url)) {
      var owner = GatewayHostNode.ADA;
      String gateway =
          entering
              .gateways()
              .create(Administrator.of(owner.principal(), owner.environment()), "Plant 3")
              .id();
      String code = entering.gateways().registrationCode(owner, gateway).reveal();
      member = process(GatewayMemberNode.class, port, folder.resolve("keys").toString(), url, code);
      member.await("running");
      for (SealedKinds kind : SealedKinds.values()) {
        ConnectionSpec spec = ConnectionSpec.of(kind.connector(), kind.option()).through(gateway);
        for (Map.Entry<String, String> parameter : kind.parameters().entrySet()) {
          spec = spec.with(parameter.getKey(), parameter.getValue());
        }
        var request = entering.connections().sealRequest(owner, spec);
        String sealed = request.seal(kind.slot(), Secret.of(canaries.get(kind)));
        entering
            .connections()
            .create(owner, spec.sealed(request, Map.of(kind.slot(), sealed)).untested());
      }
    }
  }

  private static NodeProcess process(Class<?> program, String... arguments) throws IOException {
    return new NodeProcess(program, NodeProcess.CLASS_PATH, "UTC", arguments);
  }

  @AfterEach
  void stop() {
    member.close();
    host.close();
    service.stop(0);
    pool.dispose();
  }

  @Test
  @DisplayName("D1: no credential that came sealed is in the host's database, log, lines or heap")
  @Tag("D1")
  void aHostHasNoCredentialThatCameSealed() throws Exception {
    for (SealedKinds kind : SealedKinds.values()) {
      host.send("call " + kind + " " + ORDER);
      host.await("end " + kind);
    }
    assertThat(asked).hasSize(SealedKinds.values().length);
    assertThat(String.join("\n", asked))
        .contains(
            canaries.get(SealedKinds.KEY_IN_HEADER),
            canaries.get(SealedKinds.KEY_IN_QUERY),
            "Bearer " + canaries.get(SealedKinds.BEARER),
            "SharedKey",
            "AWS4-HMAC-SHA256",
            "k7:");

    host.send("dump " + folder);
    host.await("dumped");
    Files.writeString(folder.resolve("database"), database());

    Map<String, String> there =
        Map.of(
            "database", "Plant 3", "log", "dev.connectorsdk.", "lines", ORDER, "heap.hprof", ORDER);
    for (String file : there.keySet()) {
      assertThat(found(file, Stream.of(there.get(file)))).as("search of " + file).isNotEmpty();
      assertThat(found(file, canaries.values().stream().flatMap(Canaries::forms)))
          .as(file)
          .isEmpty();
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

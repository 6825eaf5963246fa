package dev.connectorsdk.storm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** Files that are larger than the heap of a host, and of a gateway's member, arrive as they are. */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(600)
class GatewayFilesTest {

  private static final String HEAP = "-Xmx64m";
  private static final long SIZE = 100L * 1024 * 1024 + 1;
  private static final String DIGEST = GeneratedBytes.digest(SIZE);

  @TempDir Path folder;
  private final PGConnectionPoolDataSource source;
  private final JdbcConnectionPool pool;
  private final HttpServer service;
  private final String url;
  private NodeProcess host;
  private NodeProcess member;

  GatewayFilesTest(PostgresServer server) throws Exception {
    source = server.emptySchema();
    pool = StormNode.pool(source.getPortNumbers()[0], source.getCurrentSchema());
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    service.createContext("/down/", GatewayFilesTest::send);
    service.createContext("/up", GatewayFilesTest::receive);
    service.start();
    url = "http://localhost:" + service.getAddress().getPort();
  }

  /** Sends as many bytes as the path says, in chunks. */
  private static void send(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    long size = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    exchange.sendResponseHeaders(200, 0);
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      new GeneratedBytes(size).transferTo(out);
    }
  }

  /** Answers with the digest of what it gets. */
  private static void receive(HttpExchange exchange) throws IOException {
    InputStream body = exchange.getRequestBody();
    var digest = new DigestInputStream(body, GeneratedBytes.digest());
    digest.transferTo(OutputStream.nullOutputStream());
    String hex = HexFormat.of().formatHex(digest.getMessageDigest().digest());
    byte[] answer = ("{\"text\":\"" + hex + "\"}").getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    try (exchange) {
      exchange.getResponseBody().write(answer);
    }
  }

  @BeforeEach
  void start() throws Exception {
    host =
        NodeProcess.start(
            HEAP,
            GatewayFilesNode.class,
            String.valueOf(source.getPortNumbers()[0]),
            source.getCurrentSchema(),
            url);
    String port = host.await("port ").substring("port ".length());
    try (ConnectorRuntime runtime = GatewayFilesNode.runtime(pool, url)) {
      var owner = GatewayHostNode.ADA;
      String gateway =
          runtime
              .gateways()
              .create(Administrator.of(owner.principal(), owner.environment()), "Plant 3")
              .id();
      String code = runtime.gateways().registrationCode(owner, gateway).reveal();
      member = NodeProcess.start(HEAP, GatewayMemberNode.class, port, folder.toString(), url, code);
      member.await("running");
      runtime
          .connections()
          .create(owner, ConnectionSpec.of("files", "none").through(gateway).untested());
    }
  }

  @AfterEach
  void stop() {
    member.close();
    host.close();
    service.stop(0);
    pool.dispose();
  }

  private String digestOf(String what) throws InterruptedException {
    host.send(what + " " + SIZE);
    return host.await("end ").substring("end ".length());
  }

  @Test
  void filesArriveAsTheyAreBothWays() throws Exception {
    assertThat(digestOf("down")).isEqualTo(DIGEST);
    assertThat(digestOf("up")).isEqualTo(DIGEST);
    assertThat(digestOf("stream")).isEqualTo(DIGEST);
  }
}

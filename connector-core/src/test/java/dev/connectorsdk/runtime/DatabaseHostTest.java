package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

import dev.connectorsdk.api.ConnectionId;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A host with a database into which somebody else writes too, and a service that works. */
abstract class DatabaseHostTest extends HostTest {

  final JdbcConnectionPool database =
      JdbcConnectionPool.create(
          "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");

  @BeforeEach
  void theServiceIssuesTokensForAnHour() {
    service.stubFor(get(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    tokens("t0", "r0");
  }

  static void tokens(String access, String refresh) {
    service.stubFor(
        post(urlEqualTo("/token"))
            .willReturn(
                okJson(
                    """
                    {"access_token":"%s","refresh_token":"%s","token_type":"Bearer",
                     "expires_in":3600}"""
                        .formatted(access, refresh))));
  }

  @AfterEach
  void closeDatabase() throws SQLException {
    execute("SHUTDOWN");
    database.dispose();
  }

  void execute(String sql) throws SQLException {
    try (var connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Changes a connection as somebody would who knows how the library notices changes. */
  void change(ConnectionId id, String change) throws SQLException {
    execute(
        "UPDATE connector_connection SET "
            + change
            + ", version = version + 1 WHERE id = '"
            + id
            + "'");
    clock.advance(Duration.ofSeconds(10));
    service.resetRequests();
  }
}

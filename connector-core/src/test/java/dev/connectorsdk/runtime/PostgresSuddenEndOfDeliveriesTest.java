package dev.connectorsdk.runtime;

import dev.connectorsdk.jdbc.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

@ExtendWith(PostgresServer.Extension.class)
class PostgresSuddenEndOfDeliveriesTest extends SuddenEndOfDeliveriesContract {

  private final PostgresServer server;
  private PGConnectionPoolDataSource source;

  PostgresSuddenEndOfDeliveriesTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws SQLException {
    source = server.emptySchema();
  }

  @Override
  String url() {
    return source.getUrl() + "&user=postgres";
  }
}

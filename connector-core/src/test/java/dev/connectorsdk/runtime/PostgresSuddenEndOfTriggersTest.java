package dev.connectorsdk.runtime;

import dev.connectorsdk.jdbc.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

@ExtendWith(PostgresServer.Extension.class)
class PostgresSuddenEndOfTriggersTest extends SuddenEndOfTriggersContract {

  private final PostgresServer server;
  private PGConnectionPoolDataSource source;

  PostgresSuddenEndOfTriggersTest(PostgresServer server) {
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

  @Override
  List<String> aMinutePasses() {
    List<String> statements = new ArrayList<>(super.aMinutePasses());
    statements.add(
        "UPDATE connector_scheduled_task SET last_heartbeat = last_heartbeat - INTERVAL '61' SECOND");
    return statements;
  }
}

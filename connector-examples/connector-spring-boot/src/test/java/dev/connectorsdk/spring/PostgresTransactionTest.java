package dev.connectorsdk.spring;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Postgres.class)
class PostgresTransactionTest extends TransactionContract {

  private final Postgres.Server server;

  PostgresTransactionTest(Postgres.Server server) {
    this.server = server;
  }

  @Override
  List<String> database() throws Exception {
    return server.emptySchema();
  }
}

package dev.connectorsdk.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.fixtures.ConnectorStoreContract;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** The contract, kept by a role that may only read and write rows. */
@Tag("I8")
@ExtendWith(PostgresServer.Extension.class)
class PostgresLeastPrivilegeTest extends ConnectorStoreContract {

  private final PostgresServer server;
  private JdbcConnectionPool asApplication;

  PostgresLeastPrivilegeTest(PostgresServer server) {
    this.server = server;
  }

  @Override
  protected ConnectorStore emptyStore() throws SQLException {
    PGConnectionPoolDataSource asOwner = server.emptySchema();
    String schema = asOwner.getCurrentSchema();
    String role = "application_" + schema;
    JdbcConnectionPool ofOwner = JdbcConnectionPool.create(asOwner);
    JdbcStore.builder(ofOwner).build();
    PostgresServer.execute(
        ofOwner,
        "CREATE ROLE " + role + " LOGIN",
        "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    ofOwner.dispose();
    asOwner.setUser(role);
    asApplication = JdbcConnectionPool.create(asOwner);
    asApplication.setMaxConnections(30);
    return JdbcStore.builder(asApplication).createSchema(false).build();
  }

  @AfterEach
  void close() {
    asApplication.dispose();
  }

  @Test
  void tablesThatAreUpToDateNeedNoRightToMakeThem() {
    assertThat(JdbcStore.builder(asApplication).createSchema(true).build().findKeyCheck())
        .isEmpty();
  }

  @Test
  void makingTablesWithoutTheRightFails() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> JdbcStore.builder(asApplication).tablePrefix("other_").build())
        .withMessageStartingWith("Creating the tables failed in the database: SQLState 42501");
  }
}

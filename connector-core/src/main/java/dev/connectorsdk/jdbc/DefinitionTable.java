package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.DefinitionStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Connectors that are data: one table. Safe for several threads. */
final class DefinitionTable implements DefinitionStore {

  private final Database database;
  private final String list;
  private final String find;
  private final String insert;
  private final String replace;

  DefinitionTable(Database database, String prefix) {
    this.database = database;
    String table = prefix + "definition";
    String key = " WHERE connector = ? AND environment = ?";
    this.list = "SELECT connector, environment, version, digest FROM " + table;
    this.find = "SELECT connector, environment, version, content FROM " + table + key;
    this.insert =
        "INSERT INTO "
            + table
            + " (version, digest, content, connector, environment) VALUES (?, ?, ?, ?, ?)";
    this.replace =
        "UPDATE " + table + " SET version = ?, digest = ?, content = ?" + key + " AND version = ?";
  }

  @Override
  public List<DefinitionVersion> listDefinitions() {
    // The order of a database depends on its collation.
    return database
        .read(
            "listDefinitions",
            db ->
                Sql.list(
                    db,
                    list,
                    row ->
                        new DefinitionVersion(
                            key(row), row.getLong("version"), row.getString("digest"))))
        .stream()
        .sorted(Comparator.comparing(DefinitionVersion::key))
        .toList();
  }

  @Override
  public Optional<StoredDefinition> findDefinition(DefinitionKey key) {
    return database.read(
        "findDefinition",
        db ->
            Sql.find(
                db,
                find,
                row ->
                    new StoredDefinition(
                        key(row), row.getLong("version"), row.getString("content")),
                key.connector().value(),
                environment(key)));
  }

  @Override
  public boolean writeDefinition(StoredDefinition next, long expectedVersion) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    Object[] columns = {
      next.version(),
      next.head().digest(),
      next.content(),
      next.key().connector().value(),
      environment(next.key())
    };
    return database.change(
        "writeDefinition",
        db ->
            expectedVersion == 0
                ? Sql.insertIfAbsent(db, insert, columns)
                : Sql.update(db, replace, Sql.and(columns, expectedVersion)) == 1);
  }

  private static String environment(DefinitionKey key) {
    Environment environment = key.environment();
    return environment == null ? "" : environment.name();
  }

  private static DefinitionKey key(ResultSet row) throws SQLException {
    String environment = row.getString("environment");
    return new DefinitionKey(
        environment.isEmpty() ? null : Environment.of(environment),
        ConnectorId.of(row.getString("connector")));
  }
}

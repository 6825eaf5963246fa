package dev.connectorsdk.jdbc;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.spi.PolicyStore;
import java.util.List;

/** Data policies: one table. Safe for several threads. */
final class PolicyTable implements PolicyStore {

  private final Database database;
  private final String list;
  private final String insert;
  private final String replace;

  PolicyTable(Database database, String prefix) {
    this.database = database;
    String table = prefix + "data_policy";
    this.list = "SELECT name, version, policy FROM " + table;
    this.insert = "INSERT INTO " + table + " (version, policy, name) VALUES (?, ?, ?)";
    this.replace =
        "UPDATE " + table + " SET version = ?, policy = ? WHERE name = ? AND version = ?";
  }

  @Override
  public List<StoredPolicy> listPolicies() {
    // The order of a database depends on its collation.
    return database
        .read(
            "listPolicies",
            db ->
                Sql.list(
                    db,
                    list,
                    row ->
                        new StoredPolicy(
                            row.getString("name"),
                            row.getLong("version"),
                            row.getString("policy"))))
        .stream()
        .sorted(comparing(StoredPolicy::name))
        .toList();
  }

  @Override
  public boolean writePolicy(StoredPolicy next, long expectedVersion) {
    PolicyStore.requireNext(next, expectedVersion);
    return database.change(
        "writePolicy",
        db ->
            expectedVersion == 0
                ? Sql.insertIfAbsent(db, insert, next.version(), next.json(), next.name())
                : Sql.update(db, replace, next.version(), next.json(), next.name(), expectedVersion)
                    == 1);
  }
}

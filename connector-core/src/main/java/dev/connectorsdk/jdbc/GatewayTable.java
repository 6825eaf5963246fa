package dev.connectorsdk.jdbc;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.spi.GatewayStore;
import java.time.Duration;
import java.util.List;

/** Gateways, and the processes that hold their lines: two tables. Safe for several threads. */
final class GatewayTable implements GatewayStore {

  private final Database database;
  private final String list;
  private final String insert;
  private final String replace;
  private final String delete;
  private final String listNodes;
  private final String insertNode;
  private final String replaceNode;
  private final String forgetNodes;
  private final String deleteNode;

  GatewayTable(Database database, String prefix) {
    this.database = database;
    String table = prefix + "gateway";
    String nodes = prefix + "gateway_node";
    String ago = "CURRENT_TIMESTAMP - CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";
    this.list = "SELECT id, version, gateway FROM " + table;
    this.insert = "INSERT INTO " + table + " (version, gateway, id) VALUES (?, ?, ?)";
    this.replace = "UPDATE " + table + " SET version = ?, gateway = ? WHERE id = ? AND version = ?";
    this.delete = "DELETE FROM " + table + " WHERE id = ?";
    this.listNodes = "SELECT id, lines FROM " + nodes + " WHERE seen_at >= " + ago;
    this.insertNode =
        "INSERT INTO " + nodes + " (lines, id, seen_at) VALUES (?, ?, CURRENT_TIMESTAMP)";
    this.replaceNode =
        "UPDATE " + nodes + " SET lines = ?, seen_at = CURRENT_TIMESTAMP WHERE id = ?";
    this.forgetNodes = "DELETE FROM " + nodes + " WHERE seen_at < " + ago;
    this.deleteNode = "DELETE FROM " + nodes + " WHERE id = ?";
  }

  @Override
  public List<StoredGateway> listGateways() {
    // The order of a database depends on its collation.
    return database
        .read(
            "listGateways",
            db ->
                Sql.list(
                    db,
                    list,
                    row ->
                        new StoredGateway(
                            row.getString("id"), row.getLong("version"), row.getString("gateway"))))
        .stream()
        .sorted(comparing(StoredGateway::id))
        .toList();
  }

  @Override
  public boolean writeGateway(StoredGateway next, long expectedVersion) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    return database.change(
        "writeGateway",
        db ->
            expectedVersion == 0
                ? Sql.insertIfAbsent(db, insert, next.version(), next.json(), next.id())
                : Sql.update(db, replace, next.version(), next.json(), next.id(), expectedVersion)
                    == 1);
  }

  @Override
  public boolean deleteGateway(String id) {
    return database.change("deleteGateway", db -> Sql.update(db, delete, id) == 1);
  }

  @Override
  public void writeNode(StoredNode node) {
    while (!database.change(
        "writeNode",
        db ->
            Sql.update(db, replaceNode, node.json(), node.id()) == 1
                || Sql.insertIfAbsent(db, insertNode, node.json(), node.id()))) {
      // Somebody else has written it in between: once more.
    }
  }

  @Override
  public List<StoredNode> listNodes(Duration within) {
    return database
        .read(
            "listNodes",
            db ->
                Sql.list(
                    db,
                    listNodes,
                    row -> new StoredNode(row.getString("id"), row.getString("lines")),
                    within.toMillis()))
        .stream()
        .sorted(comparing(StoredNode::id))
        .toList();
  }

  @Override
  public void forgetNodes(Duration longerThan) {
    database.change("forgetNodes", db -> Sql.update(db, forgetNodes, longerThan.toMillis()) > 0);
  }

  @Override
  public void deleteNode(String id) {
    database.change("deleteNode", db -> Sql.update(db, deleteNode, id) > 0);
  }
}

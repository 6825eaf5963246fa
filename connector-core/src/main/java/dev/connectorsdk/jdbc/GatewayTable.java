package dev.connectorsdk.jdbc;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.spi.GatewayStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Gateways, their members, and the processes that hold their lines: three tables. Safe for several
 * threads.
 */
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
  private final String listPresences;
  private final String findPresence;
  private final String insertPresence;
  private final String replacePresence;
  private final String deletePresence;

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
    String presences = prefix + "gateway_presence";
    String ofMember = " WHERE gateway = ? AND member = ?";
    this.listPresences = "SELECT gateway, member, version, presence FROM " + presences;
    this.findPresence = listPresences + ofMember;
    this.insertPresence =
        "INSERT INTO " + presences + " (version, presence, gateway, member) VALUES (?, ?, ?, ?)";
    this.replacePresence =
        "UPDATE " + presences + " SET version = ?, presence = ?" + ofMember + " AND version = ?";
    this.deletePresence = "DELETE FROM " + presences + ofMember;
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

  @Override
  public Optional<StoredPresence> findPresence(String gateway, String member) {
    return database.read(
        "findPresence", db -> Sql.find(db, findPresence, GatewayTable::presence, gateway, member));
  }

  @Override
  public List<StoredPresence> listPresences() {
    return database.read(
        "listPresences", db -> List.copyOf(Sql.list(db, listPresences, GatewayTable::presence)));
  }

  private static StoredPresence presence(ResultSet row) throws SQLException {
    return new StoredPresence(
        row.getString("gateway"),
        row.getString("member"),
        row.getLong("version"),
        row.getString("presence"));
  }

  @Override
  public boolean writePresence(StoredPresence next, long expectedVersion) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    Object[] columns = {next.version(), next.json(), next.gateway(), next.member()};
    return database.change(
        "writePresence",
        db ->
            expectedVersion == 0
                ? Sql.insertIfAbsent(db, insertPresence, columns)
                : Sql.update(db, replacePresence, Sql.and(columns, expectedVersion)) == 1);
  }

  @Override
  public void deletePresence(String gateway, String member) {
    database.change("deletePresence", db -> Sql.update(db, deletePresence, gateway, member) > 0);
  }
}

package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What run-only users get under embedded references. Safe for several threads. */
final class ShareTable implements ShareStore {

  private static final String SEPARATOR = "\n";

  private final Database database;
  private final String list;
  private final String insert;
  private final String replace;
  private final String delete;

  ShareTable(Database database, String prefix) {
    this.database = database;
    String table = prefix + "run_only_share";
    this.list =
        "SELECT "
            + BindingTable.KEY_COLUMNS
            + ", uses, connection_id, operations, ends_at, shared_by FROM "
            + table
            + " WHERE "
            + BindingTable.REFERENCE;
    this.insert =
        "INSERT INTO "
            + table
            + " (uses, connection_id, operations, ends_at, shared_by, "
            + BindingTable.KEY_COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    this.replace =
        "UPDATE "
            + table
            + " SET uses = ?, connection_id = ?, operations = ?, ends_at = ?, shared_by = ?"
            + BindingTable.KEY;
    this.delete = "DELETE FROM " + table + BindingTable.KEY;
  }

  @Override
  public List<StoredShare> listShares(ReferenceKey reference) {
    // One that is not understood must not be taken for one that is not there.
    return database.read(
        "listShares",
        db ->
            Sql.list(
                db,
                list,
                row -> Rows.understood("share", row, ShareTable::read),
                BindingTable.columns(reference)));
  }

  @Override
  public void writeShare(StoredShare share) {
    while (!database.change("writeShare", db -> isWritten(db, share))) {
      // Somebody else has written it in between: once more.
    }
  }

  private boolean isWritten(Connection db, StoredShare share) throws SQLException {
    StoredShare.Terms terms = share.terms();
    ConnectionId connection = terms.connection();
    Object[] columns = {
      terms.use(),
      connection == null ? "" : connection.value(),
      String.join(SEPARATOR, new TreeSet<>(terms.operations())),
      terms.until(),
      share.by().toString(),
      share.in().reference().environment().name(),
      share.in().reference().principal().toString(),
      share.in().reference().logicalName(),
      share.in().reference().source().name(),
      Rows.principal(share.in().flowOwner()),
      share.in().flow()
    };
    return Sql.update(db, replace, columns) > 0 || Sql.insertIfAbsent(db, insert, columns);
  }

  @Override
  public boolean deleteShare(BindingKey in) {
    return database.change(
        "deleteShare", db -> Sql.update(db, delete, BindingTable.columns(in)) == 1);
  }

  private static StoredShare read(ResultSet row) throws SQLException {
    String connection = row.getString("connection_id");
    String operations = row.getString("operations");
    return new StoredShare(
        BindingTable.readKey(row),
        new StoredShare.Terms(
            row.getBoolean("uses"),
            connection.isEmpty() ? null : ConnectionId.of(connection),
            operations.isEmpty() ? Set.of() : Set.of(operations.split(SEPARATOR)),
            Sql.instant(row, "ends_at")),
        Principal.parse(row.getString("shared_by")));
  }
}

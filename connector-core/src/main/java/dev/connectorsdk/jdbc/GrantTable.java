package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may do what with a connection or a reference. Safe for several threads. */
final class GrantTable implements GrantStore {

  /** Nothing that is longer than a text comes before the text with this. */
  private static final char FIRST_CHARACTER = 1;

  private final Database database;
  private final String listOnOne;
  private final String lockOnOne;
  private final String listInEnvironment;
  private final String listToGrantee;
  private final String nextGrantee;
  private final String insert;
  private final String replace;
  private final String delete;
  private final String deleteOnConnection;

  GrantTable(Database database, String prefix) {
    this.database = database;
    String table = prefix + "access_grant";
    String subject = " WHERE name = ? AND owner = ? AND environment = ?";
    String list =
        "SELECT name, owner, environment, grantee, access_right, grantor, ends_at FROM " + table;
    this.listOnOne = list + subject;
    this.lockOnOne = "SELECT grantee FROM " + table + subject + " ORDER BY grantee FOR UPDATE";
    this.listInEnvironment = list + " WHERE environment = ?";
    // H2 sorts by an index only if the order begins as that does.
    this.listToGrantee =
        list
            + " WHERE environment = ? AND grantee = ? AND owner = '' AND name > ?"
            + " ORDER BY environment, grantee, owner, name LIMIT ?";
    this.nextGrantee =
        "SELECT grantee FROM "
            + table
            + " WHERE environment = ? AND grantee > ? AND grantee >= ? AND owner = ''"
            + " ORDER BY environment, grantee LIMIT 1";
    this.insert =
        "INSERT INTO "
            + table
            + " (access_right, grantor, ends_at, name, owner, environment, grantee)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)";
    String key = subject + " AND grantee = ?";
    this.replace = "UPDATE " + table + " SET access_right = ?, grantor = ?, ends_at = ?" + key;
    this.delete = "DELETE FROM " + table + key;
    this.deleteOnConnection = "DELETE FROM " + table + " WHERE name = ? AND owner = ''";
  }

  @Override
  public List<StoredGrant> listGrants(GrantSubject on) {
    return database.read("listGrants", db -> list(db, on));
  }

  private List<StoredGrant> list(Connection db, GrantSubject on) throws SQLException {
    return Sql.list(db, listOnOne, GrantTable::grant, columns(on)).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public List<StoredGrant> listGrants(Environment environment) {
    return database
        .read(
            "listGrants",
            db -> Sql.list(db, listInEnvironment, GrantTable::grant, environment.name()))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public List<StoredGrant> listConnectionGrants(
      Environment environment, Principal grantee, String after, int limit) {
    String last = after;
    while (true) {
      Object[] values = {environment.name(), grantee.toString(), last, limit};
      List<Listed> rows =
          database.read(
              "listConnectionGrants", db -> Sql.list(db, listToGrantee, Listed::read, values));
      List<StoredGrant> understood =
          rows.stream().map(Listed::grant).flatMap(Optional::stream).toList();
      // A page of rows that are all not understood must not look like the end.
      if (rows.isEmpty() || !understood.isEmpty()) {
        return understood;
      }
      last = rows.get(rows.size() - 1).name();
    }
  }

  /**
   * A row of a page.
   *
   * @param grant empty if it is not understood
   */
  private record Listed(String name, Optional<StoredGrant> grant) {

    static Listed read(ResultSet row) throws SQLException {
      return new Listed(row.getString("name"), GrantTable.grant(row));
    }
  }

  /**
   * From each to the next, since there are fewer than grants. In any order of texts they stand
   * together.
   */
  @Override
  public List<Principal> listConnectionGroups(Environment environment) {
    return database.read(
        "listConnectionGroups",
        db -> {
          List<Principal> groups = new ArrayList<>();
          for (Principal.Kind kind : Principal.Kind.values()) {
            if (kind == Principal.Kind.GROUP || kind == Principal.Kind.EDITORS) {
              addGrantees(db, environment, kind.name().toLowerCase(Locale.ROOT) + ":", groups);
            }
          }
          return List.copyOf(groups);
        });
  }

  private void addGrantees(
      Connection db, Environment environment, String prefix, List<Principal> added)
      throws SQLException {
    String last = prefix;
    while (true) {
      // H2 looks at all that are the same as the last one to find those that are greater.
      Object[] values = {environment.name(), last, last + FIRST_CHARACTER};
      Optional<String> next = Sql.find(db, nextGrantee, row -> row.getString("grantee"), values);
      if (next.isEmpty() || !next.get().startsWith(prefix)) {
        return;
      }
      last = next.get();
      added.add(Principal.parse(last));
    }
  }

  @Override
  public boolean replaceGrants(
      GrantSubject on, Collection<StoredGrant> before, Collection<StoredGrant> after) {
    return database.change(
        "replaceGrants",
        db -> {
          // What others store while this waits for the rows is found by the second look alone.
          Sql.list(db, lockOnOne, row -> true, columns(on));
          List<StoredGrant> present = list(db, on);
          return Set.copyOf(present).equals(Set.copyOf(before)) && isReplaced(db, present, after);
        });
  }

  private boolean isReplaced(
      Connection db, List<StoredGrant> present, Collection<StoredGrant> after) throws SQLException {
    for (StoredGrant grant : present) {
      if (after.stream().noneMatch(one -> one.grant().grantee().equals(grant.grant().grantee()))) {
        Sql.update(db, delete, key(grant));
      }
    }
    for (StoredGrant grant : after) {
      if (!present.contains(grant) && !isWritten(db, grant)) {
        return false;
      }
    }
    return true;
  }

  private boolean isWritten(Connection db, StoredGrant stored) throws SQLException {
    Grant grant = stored.grant();
    @Nullable Object[] columns =
        Sql.concat(
            new @Nullable Object[] {
              grant.right().name(), grant.grantor().toString(), grant.until()
            },
            key(stored));
    return Sql.update(db, replace, columns) > 0 || Sql.insertIfAbsent(db, insert, columns);
  }

  private static Object[] columns(GrantSubject on) {
    return new Object[] {on.name(), Rows.principal(on.owner()), on.environment().name()};
  }

  private static Object[] key(StoredGrant stored) {
    return Sql.concat(columns(stored.on()), new Object[] {stored.grant().grantee().toString()});
  }

  /** Removes all grants on a connection, in the transaction that deletes it. */
  void deleteOn(ConnectionId connection, Connection db) throws SQLException {
    Sql.update(db, deleteOnConnection, connection.value());
  }

  private static Optional<StoredGrant> grant(ResultSet row) throws SQLException {
    return Rows.listed("grant", row, GrantTable::readGrant);
  }

  private static StoredGrant readGrant(ResultSet row) throws SQLException {
    return new StoredGrant(
        subject(row),
        new Grant(
            Principal.parse(row.getString("grantee")),
            right(row.getString("access_right")),
            Principal.parse(row.getString("grantor")),
            Sql.instant(row, "ends_at")));
  }

  static GrantSubject subject(ResultSet row) throws SQLException {
    String owner = row.getString("owner");
    return new GrantSubject(
        Environment.of(row.getString("environment")),
        owner.isEmpty() ? null : Principal.parse(owner),
        row.getString("name"));
  }

  /** What a later version grants is nothing here. */
  private static Right right(String text) {
    for (Right right : Right.values()) {
      if (right.name().equals(text)) {
        return right;
      }
    }
    return Right.NONE;
  }
}

package dev.connectorsdk.jdbc;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.spi.ConnectorStore.CareDue;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionWithCredentials;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Connections with their credentials. Safe for several threads. */
final class ConnectionTable {

  private final Database database;
  private final GrantTable grants;
  private final Statements sql;

  /**
   * @param grants on them, which end with them
   */
  ConnectionTable(Database database, Statements sql, GrantTable grants) {
    this.database = database;
    this.sql = sql;
    this.grants = grants;
  }

  boolean insertConnection(StoredConnection connection, Collection<StoredCredential> credentials) {
    requireOnePerSlot(connection.id(), credentials);
    return database.change(
        "insertConnection",
        db -> {
          if (!Sql.insertIfAbsent(db, sql.connections.insert, columns(connection))) {
            return false;
          }
          for (StoredCredential credential : credentials) {
            Sql.update(db, sql.credentials.insert, columns(credential));
          }
          writeScopes(db, connection);
          writeDisabled(db, connection);
          writeGateway(db, connection);
          return true;
        });
  }

  Optional<StoredConnection> findConnection(ConnectionId id) {
    return database.read(
        "findConnection", db -> Sql.find(db, sql.connections.find, Rows::connection, id.value()));
  }

  /** In one statement, which sees one moment. */
  Optional<ConnectionWithCredentials> findWithCredentials(ConnectionId id) {
    List<ConnectionWithCredentials> rows =
        database.read(
            "findWithCredentials",
            db ->
                Sql.list(
                    db,
                    sql.connections.findWithCredentials,
                    Rows::connectionWithCredential,
                    id.value()));
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ConnectionWithCredentials(
                rows.get(0).connection(),
                rows.stream().flatMap(row -> row.credentials().stream()).toList()));
  }

  List<StoredConnection> listConnections(ConnectionFilter filter) {
    StringBuilder query = new StringBuilder(sql.connections.list);
    List<Object> values = new ArrayList<>();
    addConditions(query, values, filter);
    // The order of a database depends on its collation.
    return database
        .read(
            "listConnections",
            db -> Sql.list(db, query.toString(), Rows::listedConnection, values.toArray()))
        .stream()
        .flatMap(Optional::stream)
        .sorted(comparing(connection -> connection.id().value()))
        .toList();
  }

  List<StoredConnection> listDeletedConnections() {
    return database
        .read(
            "listDeletedConnections",
            db -> Sql.list(db, sql.connections.listDeleted, Rows::listedConnection))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  List<StoredConnection> listConnections(ConnectionQuery query) {
    ConnectionQuery.Place from = query.after();
    Listed last = from == null ? null : Listed.at(from, query.order());
    List<Listed> rows;
    do {
      rows = list(query, last);
      last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
      // A page of rows that are all not understood must not look like the end.
    } while (last != null && rows.stream().allMatch(row -> row.connection().isEmpty()));
    return rows.stream().map(Listed::connection).flatMap(Optional::stream).toList();
  }

  /**
   * A row of a page.
   *
   * @param key by which it is ordered, then by its id
   * @param connection empty if it is not understood
   */
  private record Listed(Object key, String id, Optional<StoredConnection> connection) {

    static Listed at(ConnectionQuery.Place place, ConnectionQuery.Order order) {
      Object key =
          switch (order) {
            case CREATED -> place.createdAt();
            case OWNER -> Rows.principal(place.owner());
            case CONNECTOR -> place.connector().value();
          };
      return new Listed(key, place.id().value(), Optional.empty());
    }

    static Listed read(ResultSet row, ConnectionQuery.Order order) throws SQLException {
      Object key =
          order == ConnectionQuery.Order.CREATED
              ? Rows.requiredInstant(row, column(order))
              : row.getString(column(order));
      return new Listed(key, row.getString("id"), Rows.listedConnection(row));
    }

    static Listed byId(ResultSet row) throws SQLException {
      String id = row.getString("id");
      return new Listed(id, id, Rows.listedConnection(row));
    }

    static String column(ConnectionQuery.Order order) {
      return switch (order) {
        case CREATED -> "created_at";
        case OWNER -> "owner";
        case CONNECTOR -> "connector";
      };
    }
  }

  private List<Listed> list(ConnectionQuery query, @Nullable Listed after) {
    StringBuilder select = new StringBuilder(sql.connections.list);
    List<Object> values = new ArrayList<>();
    addConditions(
        select, values, new ConnectionFilter(query.environment(), null, query.connector()));
    if (query.owner() != null) {
      // PostgreSQL leaves out of the order what is equal to a value, and may then go through the
      // connections of all owners in the order of the rest.
      select.append(" AND c.owner >= ? AND c.owner <= ?");
      values.add(Rows.principal(query.owner()));
      values.add(Rows.principal(query.owner()));
    }
    addCondition(select, values, "c.status", query.state());
    String order = "c." + Listed.column(query.order());
    if (after != null) {
      // H2 finds the place by the first of these conditions alone.
      select.append(" AND ").append(order).append(" >= ?");
      select.append(" AND (").append(order).append(", c.id) > (?, ?)");
      values.add(after.key());
      values.add(after.key());
      values.add(after.id());
    }
    // H2 sorts by an index only if that begins as the order does.
    select.append(" ORDER BY ");
    select.append(query.environment() == null ? "" : "c.environment, ");
    select.append(query.owner() == null || order.equals("c.owner") ? "" : "c.owner, ");
    select.append(order).append(", c.id LIMIT ?");
    values.add(query.limit());
    return database.read(
        "listConnections",
        db ->
            Sql.list(
                db, select.toString(), row -> Listed.read(row, query.order()), values.toArray()));
  }

  List<StoredConnection> listUntestedConnections(String gateway, String after, int limit) {
    String last = after;
    while (true) {
      Object[] values = {gateway, last, limit};
      List<Listed> rows =
          database.read(
              "listUntestedConnections",
              db -> Sql.list(db, sql.connections.listUntested, Listed::byId, values));
      List<StoredConnection> understood =
          rows.stream().map(Listed::connection).flatMap(Optional::stream).toList();
      // A page of rows that are all not understood must not look like the end.
      if (rows.isEmpty() || !understood.isEmpty()) {
        return understood;
      }
      last = rows.get(rows.size() - 1).id();
    }
  }

  boolean updateConnection(
      StoredConnection next, long expectedVersion, Collection<StoredCredential> credentials) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    requireOnePerSlot(next.id(), credentials);
    return database.change(
        "updateConnection",
        db -> {
          if (Sql.update(db, sql.connections.update, Sql.and(columns(next), expectedVersion))
              == 0) {
            return false;
          }
          if (!replaceOlder(db, credentials)) {
            db.rollback();
            return false;
          }
          writeScopes(db, next);
          writeDisabled(db, next);
          writeGateway(db, next);
          return true;
        });
  }

  private boolean replaceOlder(Connection db, Collection<StoredCredential> credentials)
      throws SQLException {
    for (StoredCredential credential : credentials) {
      if (!replaceOlder(db, credential)) {
        return false;
      }
    }
    return true;
  }

  private boolean replaceOlder(Connection db, StoredCredential credential) throws SQLException {
    @Nullable Object[] columns = columns(credential);
    return Sql.update(db, sql.credentials.replaceOlder, Sql.and(columns, credential.version())) > 0
        || Sql.insertIfAbsent(db, sql.credentials.insert, columns);
  }

  /** Most connections have none, and no row for them. */
  private void writeScopes(Connection db, StoredConnection connection) throws SQLException {
    String id = connection.id().value();
    String scopes = String.join(" ", connection.access().grantedScopes());
    if (Sql.update(db, sql.connections.replaceScopes, scopes, id) == 0 && !scopes.isEmpty()) {
      Sql.update(db, sql.connections.insertScopes, scopes, id);
    }
  }

  private void writeGateway(Connection db, StoredConnection connection) throws SQLException {
    String id = connection.id().value();
    String gateway = connection.settings().gateway();
    if (gateway == null) {
      Sql.update(db, sql.connections.deleteGateway, id);
    } else if (Sql.update(db, sql.connections.replaceGateway, gateway, id) == 0) {
      Sql.update(db, sql.connections.insertGateway, gateway, id);
    }
  }

  /** The row of a disabled connection says so itself; what is below stands beside it. */
  private void writeDisabled(Connection db, StoredConnection connection) throws SQLException {
    String id = connection.id().value();
    ConnectionStatus disabled = connection.access().disabled();
    if (disabled == null) {
      Sql.update(db, sql.connections.deleteDisabled, id);
      return;
    }
    ConnectionStatus below = connection.access().status();
    var reason = below.reason();
    @Nullable Object[] columns = {
      Rows.principal(disabled.by()),
      below.state().name(),
      reason == null ? null : reason.name(),
      below.message(),
      below.since(),
      id
    };
    if (Sql.update(db, sql.connections.replaceDisabled, columns) == 0) {
      Sql.update(db, sql.connections.insertDisabled, columns);
    }
  }

  boolean deleteConnection(ConnectionId id) {
    return database.change(
        "deleteConnection",
        db -> {
          grants.deleteOn(id, db);
          return Sql.update(db, sql.connections.delete, id.value()) == 1;
        });
  }

  Optional<StoredCredential> findCredential(ConnectionId connection, String slot) {
    return database.read(
        "findCredential",
        db -> Sql.find(db, sql.credentials.find, Rows::credential, connection.value(), slot));
  }

  List<StoredCredential> listCredentials(ConnectionId connection) {
    List<StoredCredential> found =
        database.read(
            "listCredentials",
            db -> Sql.list(db, sql.credentials.list, Rows::credential, connection.value()));
    found.sort(comparing(StoredCredential::slot));
    return List.copyOf(found);
  }

  boolean writeCredential(StoredCredential next, long expectedVersion) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    return database.change("writeCredential", db -> isWritten(db, next, expectedVersion));
  }

  boolean writeCredential(StoredCredential next, long expectedVersion, String owner) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    Object[] lease = {next.connection().value(), next.slot(), owner};
    // The lease is locked, so that nobody takes it until this is stored; and last, because whoever
    // deletes a connection meets credential and lease in this order.
    return database.change(
        "writeCredential",
        db -> {
          if (!isWritten(db, next, expectedVersion)) {
            return false;
          }
          if (Sql.find(db, sql.leases.lock, row -> row.getString("owner"), lease).isEmpty()) {
            db.rollback();
            return false;
          }
          return true;
        });
  }

  private boolean isWritten(Connection db, StoredCredential next, long expectedVersion)
      throws SQLException {
    return expectedVersion == 0
        ? insertCredential(db, next)
        : replaceCredential(db, next, expectedVersion);
  }

  private boolean replaceCredential(Connection db, StoredCredential next, long expectedVersion)
      throws SQLException {
    return Sql.update(db, sql.credentials.replaceVersion, Sql.and(columns(next), expectedVersion))
        == 1;
  }

  private boolean insertCredential(Connection db, StoredCredential first) throws SQLException {
    String connection = first.connection().value();
    // Locked, because updateConnection may be about to fill the same slot.
    if (Sql.find(db, sql.connections.lock, row -> row.getString("id"), connection).isEmpty()) {
      return false;
    }
    return Sql.insertIfAbsent(db, sql.credentials.insert, columns(first));
  }

  boolean noteRenewal(ConnectionId connection, String slot, long version, Renewal renewal) {
    return database.change(
        "noteRenewal",
        db ->
            Sql.update(
                    db,
                    sql.credentials.noteRenewal,
                    renewal.isKnown() ? version : null,
                    renewal.since(),
                    connection.value(),
                    slot,
                    version)
                == 1);
  }

  List<CareDue> listUnrenewed(String slot, Instant before, @Nullable CareDue after, int limit) {
    return listDue(
        new DueQuery(
            sql.credentials.listUnrenewed, "k.unrenewed_since, k.connection_id", slot, before),
        after,
        limit);
  }

  List<CareDue> listExpiring(Instant from, Instant until, @Nullable CareDue after, int limit) {
    return listDue(
        new DueQuery(sql.connections.listExpiring, "c.credential_expires_at, c.id", from, until),
        after,
        limit);
  }

  /**
   * What asks for a page of what is due.
   *
   * @param order the columns by which it is ordered
   */
  private record DueQuery(String select, String order, Object first, Object second) {}

  private List<CareDue> listDue(DueQuery query, @Nullable CareDue after, int limit) {
    StringBuilder select = new StringBuilder(query.select());
    List<Object> values = new ArrayList<>(List.of(query.first(), query.second()));
    if (after != null) {
      select.append(" AND (").append(query.order()).append(") > (?, ?)");
      values.add(after.at());
      values.add(after.connection().value());
    }
    select.append(" ORDER BY ").append(query.order()).append(" LIMIT ?");
    values.add(limit);
    return database.read(
        "listDue",
        db ->
            List.copyOf(
                Sql.list(
                    db,
                    select.toString(),
                    row ->
                        new CareDue(
                            ConnectionId.of(row.getString("id")), Rows.requiredInstant(row, "at")),
                    values.toArray())));
  }

  List<StoredCredential> listCredentialsNotUnder(String keyId, int limit) {
    return database.read(
        "listCredentialsNotUnder",
        db ->
            List.copyOf(
                Sql.list(db, sql.credentials.listNotUnder, Rows::credential, keyId, limit)));
  }

  Map<String, Long> countCredentialsByKey() {
    return database
        .read(
            "countCredentialsByKey",
            db ->
                Sql.list(
                    db,
                    sql.credentials.countByKey,
                    row -> Map.entry(row.getString("key_id"), row.getLong("credentials"))))
        .stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  // In the order of Statements: what is set, then the key.

  private static @Nullable Object[] columns(StoredConnection connection) {
    var status = connection.status();
    var reason = status.reason();
    var account = connection.access().account();
    var settings = connection.settings();
    var revision = connection.revision();
    return new @Nullable Object[] {
      connection.connector().value(),
      connection.environment().name(),
      Rows.principal(connection.owner()),
      settings.displayName(),
      settings.authOption(),
      settings.parameters(),
      status.state().name(),
      reason == null ? null : reason.name(),
      status.message(),
      status.since(),
      account == null ? null : account.id(),
      account == null ? null : account.displayName(),
      settings.credentialExpiresAt(),
      revision.createdAt(),
      revision.updatedAt(),
      revision.version(),
      connection.id().value()
    };
  }

  private static @Nullable Object[] columns(StoredCredential credential) {
    Renewal renewal = credential.renewal();
    return new @Nullable Object[] {
      credential.version(),
      credential.keyId(),
      credential.ciphertext(),
      renewal.isKnown() ? credential.version() : null,
      renewal.since(),
      credential.connection().value(),
      credential.slot()
    };
  }

  private static void addConditions(
      StringBuilder query, List<Object> values, ConnectionFilter filter) {
    // An owner has few connections, which PostgreSQL does not know of a table that it has not
    // analysed yet: without the empty text it looks through all those of the connector.
    String connector = filter.owner() == null ? "c.connector" : "c.connector || ''";
    addCondition(query, values, "c.environment", filter.environment());
    addCondition(query, values, "c.owner", filter.owner());
    addCondition(query, values, connector, filter.connector());
  }

  private static void addCondition(
      StringBuilder query, List<Object> values, String column, @Nullable Object wanted) {
    if (wanted != null) {
      query.append(" AND ").append(column).append(" = ?");
      values.add(wanted.toString());
    }
  }

  private static void requireOnePerSlot(
      ConnectionId connection, Collection<StoredCredential> credentials) {
    Set<String> slots = new HashSet<>();
    for (StoredCredential credential : credentials) {
      if (!credential.connection().equals(connection)) {
        throw new IllegalArgumentException(credential + " does not belong to " + connection);
      }
      if (!slots.add(credential.slot())) {
        throw new IllegalArgumentException(credential + " is for a slot that is named twice");
      }
    }
  }
}

package dev.connectorsdk.jdbc;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.trigger.EventHandler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in a database: H2 for a single process, PostgreSQL for several that share it.
 *
 * <p>Give it a data source with a connection pool, and with the isolation level READ COMMITTED,
 * which is the default of both databases. Each operation borrows one connection at a time and gives
 * it back before it returns; nothing is held between operations. Where the data source lends the
 * connection of a transaction that the caller has open, the store takes no part in it. Safe for use
 * by several threads.
 *
 * <p>When a write returns it is on the disk, whatever the database's own settings: a renewed
 * refresh token exists nowhere else. On PostgreSQL that holds where {@code synchronous_commit} is
 * off, too; a server that runs with {@code fsync} off is warned of. On H2 each write is followed by
 * {@code CHECKPOINT SYNC}, which only administrators may execute; for another user the database has
 * to be set to {@code WRITE_DELAY 0}, and then a write outlives the end of the process but not that
 * of the machine. H2 itself may leave a file that it cannot open, or that has lost rows, when a
 * process that writes without pause ends suddenly: where that matters take PostgreSQL.
 *
 * <p>A {@link dev.connectorsdk.api.error.StoreException} names the operation, the SQLState and the
 * vendor code. It has neither the driver's message nor its exception, because these repeat values
 * of the row. It is retryable where the connection failed, a race was lost inside the database, or
 * the server lacked resources or was going down. Whether a write that failed this way took effect
 * is unknown; reading the row and its version tells.
 */
public final class JdbcStore implements ConnectorStore {

  private final Database database;
  private final Statements sql;
  private final BindingTable bindings;
  private final GrantTable grants;
  private final ShareTable shares;
  private final TicketTable tickets;
  private final DefinitionTable definitions;
  private final PolicyTable policies;
  private final JdbcTriggers triggers;
  private final JdbcAudit audit;

  private JdbcStore(Database database, JdbcTriggers triggers, JdbcAudit audit, String prefix) {
    this.database = database;
    this.audit = audit;
    this.sql = new Statements(prefix);
    this.bindings = new BindingTable(database, prefix);
    this.grants = new GrantTable(database, prefix);
    this.shares = new ShareTable(database, prefix);
    this.tickets = new TicketTable(database, prefix);
    this.definitions = new DefinitionTable(database, prefix);
    this.policies = new PolicyTable(database, prefix);
    this.triggers = triggers;
  }

  /**
   * Returns a builder for a store in this database.
   *
   * @param source where connections to the database come from; the store does not close it
   */
  public static Builder builder(DataSource source) {
    return new Builder(source);
  }

  @Override
  public boolean insertConnection(
      StoredConnection connection, Collection<StoredCredential> credentials) {
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
          return true;
        });
  }

  @Override
  public Optional<StoredConnection> findConnection(ConnectionId id) {
    return database.read(
        "findConnection", db -> Sql.find(db, sql.connections.find, Rows::connection, id.value()));
  }

  @Override
  public List<StoredConnection> listConnections(ConnectionFilter filter) {
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

  @Override
  public List<StoredConnection> listDeletedConnections() {
    return database
        .read(
            "listDeletedConnections",
            db -> Sql.list(db, sql.connections.listDeleted, Rows::listedConnection))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public List<StoredConnection> listConnections(ConnectionQuery query) {
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
        select,
        values,
        new ConnectionFilter(query.environment(), query.owner(), query.connector()));
    addCondition(select, values, "c.status", query.state());
    String order = "c." + Listed.column(query.order());
    if (after != null) {
      select.append(" AND (").append(order).append(", c.id) > (?, ?)");
      values.add(after.key());
      values.add(after.id());
    }
    select.append(" ORDER BY ").append(order).append(", c.id LIMIT ?");
    values.add(query.limit());
    return database.read(
        "listConnections",
        db ->
            Sql.list(
                db, select.toString(), row -> Listed.read(row, query.order()), values.toArray()));
  }

  @Override
  public boolean updateConnection(
      StoredConnection next, long expectedVersion, Collection<StoredCredential> credentials) {
    requireNext(next.version(), expectedVersion);
    requireOnePerSlot(next.id(), credentials);
    return database.change(
        "updateConnection",
        db -> {
          if (Sql.update(db, sql.connections.update, and(columns(next), expectedVersion)) == 0) {
            return false;
          }
          if (!replaceOlder(db, credentials)) {
            db.rollback();
            return false;
          }
          writeScopes(db, next);
          writeDisabled(db, next);
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
    Object[] columns = columns(credential);
    return Sql.update(db, sql.credentials.replaceOlder, and(columns, credential.version())) > 0
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

  @Override
  public boolean deleteConnection(ConnectionId id) {
    return database.change(
        "deleteConnection",
        db -> {
          grants.deleteOn(id, db);
          return Sql.update(db, sql.connections.delete, id.value()) == 1;
        });
  }

  @Override
  public Optional<StoredCredential> findCredential(ConnectionId connection, String slot) {
    return database.read(
        "findCredential",
        db -> Sql.find(db, sql.credentials.find, Rows::credential, connection.value(), slot));
  }

  @Override
  public List<StoredCredential> listCredentials(ConnectionId connection) {
    List<StoredCredential> found =
        database.read(
            "listCredentials",
            db -> Sql.list(db, sql.credentials.list, Rows::credential, connection.value()));
    found.sort(comparing(StoredCredential::slot));
    return List.copyOf(found);
  }

  @Override
  public boolean writeCredential(StoredCredential next, long expectedVersion) {
    requireNext(next.version(), expectedVersion);
    return database.change("writeCredential", db -> isWritten(db, next, expectedVersion));
  }

  @Override
  public boolean writeCredential(StoredCredential next, long expectedVersion, String owner) {
    requireNext(next.version(), expectedVersion);
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

  @Override
  public LeaseAttempt acquireLease(
      ConnectionId connection, String slot, long version, String owner, Duration duration) {
    String id = connection.value();
    Lease lease =
        database
            .read("acquireLease", db -> Sql.find(db, sql.leases.find, Lease::read, slot, slot, id))
            .orElse(null);
    if (lease == null) {
      return LeaseAttempt.GONE;
    }
    if (lease.version() != version) {
      return LeaseAttempt.OUTDATED;
    }
    if (lease.running() || !isTaken(lease, owner, version, duration.toMillis(), id, slot)) {
      return LeaseAttempt.HELD;
    }
    return lease.mark() == version ? LeaseAttempt.INHERITED : LeaseAttempt.ACQUIRED;
  }

  /** Takes a lease, unless somebody else did since it was looked at. */
  private boolean isTaken(
      Lease seen, String owner, long version, long millis, String id, String slot) {
    String before = seen.owner();
    return database.change(
        "acquireLease",
        db ->
            before == null
                ? insertLease(db, owner, version, millis, id, slot)
                : Sql.update(db, sql.leases.take, owner, version, millis, id, slot, before) == 1);
  }

  /** That the connection was deleted this very moment is found out by the next attempt. */
  private boolean insertLease(Connection db, @Nullable Object... columns) throws SQLException {
    try {
      return Sql.insertIfAbsent(db, sql.leases.insert, columns);
    } catch (SQLException e) {
      if (Sql.isMissingParent(e)) {
        db.rollback();
        return false;
      }
      throw e;
    }
  }

  /**
   * A lease as it was found.
   *
   * @param version of the credential; 0 if there is none
   * @param owner {@code null} if there was never a lease
   */
  private record Lease(long version, @Nullable String owner, long mark, boolean running) {

    static Lease read(ResultSet row) throws SQLException {
      String owner = row.getString("owner");
      return new Lease(
          row.getLong("version"),
          owner,
          owner == null ? -1 : row.getLong("mark"),
          row.getBoolean("running"));
    }
  }

  @Override
  public boolean renewLease(ConnectionId connection, String slot, String owner, Duration duration) {
    return database.change(
        "renewLease",
        db ->
            Sql.update(db, sql.leases.renew, duration.toMillis(), connection.value(), slot, owner)
                == 1);
  }

  @Override
  public void releaseLease(ConnectionId connection, String slot, String owner, boolean leaveMark) {
    String release = leaveMark ? sql.leases.releaseMarked : sql.leases.release;
    database.change(
        "releaseLease", db -> Sql.update(db, release, connection.value(), slot, owner) > 0);
  }

  private boolean replaceCredential(Connection db, StoredCredential next, long expectedVersion)
      throws SQLException {
    return Sql.update(db, sql.credentials.replaceVersion, and(columns(next), expectedVersion)) == 1;
  }

  private boolean insertCredential(Connection db, StoredCredential first) throws SQLException {
    String connection = first.connection().value();
    // Locked, because updateConnection may be about to fill the same slot.
    if (Sql.find(db, sql.connections.lock, row -> row.getString("id"), connection).isEmpty()) {
      return false;
    }
    return Sql.insertIfAbsent(db, sql.credentials.insert, columns(first));
  }

  @Override
  public List<StoredCredential> listCredentialsNotUnder(String keyId, int limit) {
    return database.read(
        "listCredentialsNotUnder",
        db ->
            List.copyOf(
                Sql.list(db, sql.credentials.listNotUnder, Rows::credential, keyId, limit)));
  }

  @Override
  public Map<String, Long> countCredentialsByKey() {
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

  @Override
  public Optional<String> findKeyCheck() {
    return database.read(
        "findKeyCheck",
        db -> Sql.find(db, sql.keyChecks.find, row -> row.getString("check_value")));
  }

  @Override
  public boolean insertKeyCheck(String check) {
    return database.change(
        "insertKeyCheck", db -> Sql.insertIfAbsent(db, sql.keyChecks.insert, check));
  }

  @Override
  public boolean replaceKeyCheck(String expected, String next) {
    return database.change(
        "replaceKeyCheck", db -> Sql.update(db, sql.keyChecks.replace, next, expected) == 1);
  }

  @Override
  public BindingStore bindings() {
    return bindings;
  }

  @Override
  public GrantStore grants() {
    return grants;
  }

  @Override
  public ShareStore shares() {
    return shares;
  }

  @Override
  public TicketStore tickets() {
    return tickets;
  }

  @Override
  public DefinitionStore definitions() {
    return definitions;
  }

  @Override
  public PolicyStore policies() {
    return policies;
  }

  @Override
  public TriggerStore triggers() {
    return triggers;
  }

  @Override
  public AuditStore audit() {
    return audit;
  }

  /**
   * Returns a handler to register, whose rows and whose acceptance of an event are committed
   * together: each event has its effect exactly once, whatever ends in between. It is given a
   * connection of the store's data source, which it keeps for as long as it takes: the pool needs
   * as many as handlers are to run at once, and some for the store.
   */
  public <E> EventHandler<E> inTransaction(TransactionalHandler<E> handler) {
    return new JdbcHandler<>(triggers, JdbcHandler.of(database), handler);
  }

  /** Like {@link #inTransaction(TransactionalHandler)}, in a transaction of the host's. */
  public <E> EventHandler<E> inTransaction(
      HostTransactions transactions, TransactionalHandler<E> handler) {
    return new JdbcHandler<>(triggers, JdbcHandler.of(transactions, database), handler);
  }

  /** Does nothing: the data source is the caller's. */
  @Override
  public void close() {}

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

  private static Object[] columns(StoredCredential credential) {
    return new Object[] {
      credential.version(),
      credential.keyId(),
      credential.ciphertext(),
      credential.connection().value(),
      credential.slot()
    };
  }

  static @Nullable Object[] and(@Nullable Object[] values, long last) {
    return concat(values, new Object[] {last});
  }

  static <T extends @Nullable Object> T[] concat(T[] first, T[] second) {
    T[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static void addConditions(
      StringBuilder query, List<Object> values, ConnectionFilter filter) {
    addCondition(query, values, "c.environment", filter.environment());
    addCondition(query, values, "c.owner", filter.owner());
    addCondition(query, values, "c.connector", filter.connector());
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

  static void requireNext(long version, long expectedVersion) {
    if (version != expectedVersion + 1) {
      throw new IllegalArgumentException(
          "What replaces version " + expectedVersion + " must not have version " + version);
    }
  }

  /** Settings of a store. Not safe for use by several threads. */
  public static final class Builder {

    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private final DataSource source;
    private String tablePrefix = "connector_";
    private boolean createSchema = true;

    private Builder(DataSource source) {
      this.source = Objects.requireNonNull(source, "source");
    }

    /**
     * Sets what the names of all tables begin with; {@code connector_} by default.
     *
     * @throws IllegalArgumentException unless it is a lower-case letter, followed by at most 30
     *     lower-case letters, digits and {@code _}
     */
    public Builder tablePrefix(String prefix) {
      if (!PREFIX.matcher(prefix).matches()) {
        throw new IllegalArgumentException(
            "Table prefix must match " + PREFIX + ": it becomes part of SQL");
      }
      this.tablePrefix = prefix;
      return this;
    }

    /**
     * Sets whether {@link #build} creates and upgrades the tables, which is the default. Otherwise
     * it only checks them, and a database role without the right to create tables is enough. Where
     * they are up to date it is enough in any case.
     */
    public Builder createSchema(boolean create) {
      this.createSchema = create;
      return this;
    }

    /**
     * Returns the store, after its tables were created, upgraded or checked. Several processes may
     * do this at once: on PostgreSQL one does it and the others wait.
     *
     * @throws dev.connectorsdk.api.error.StoreException if the tables are missing, too old or too
     *     new, or the database is neither H2 nor PostgreSQL, cannot be reached, or would lose what
     *     it was given last when the process ends
     */
    public JdbcStore build() {
      Database database = new Database(source);
      Product product = Product.of(database);
      Schema schema = new Schema(database, product, tablePrefix);
      if (createSchema) {
        schema.createOrUpgrade();
      }
      schema.check();
      Database durable = new Database(source, Durability.of(product, database));
      return new JdbcStore(
          durable,
          triggers(durable, product),
          new JdbcAudit(durable, product, tablePrefix),
          tablePrefix);
    }

    private JdbcTriggers triggers(Database durable, Product product) {
      return switch (product) {
        case H2 -> new JdbcTriggers(durable, product, tablePrefix);
        case POSTGRESQL -> new PostgresTriggers(source, durable, tablePrefix);
      };
    }
  }
}

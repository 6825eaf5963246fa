package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.ChangeFeed;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.GatewayStore;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.trigger.EventHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
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
  private final Product product;
  private final String prefix;
  private final Statements.KeyChecks keyChecks;
  private final ConnectionTable connections;
  private final LeaseTable leases;
  private final BindingTable bindings;
  private final GrantTable grants;
  private final ShareTable shares;
  private final TicketTable tickets;
  private final DefinitionTable definitions;
  private final PolicyTable policies;
  private final GatewayTable gateways;
  private final JdbcTriggers triggers;
  private final JdbcAudit audit;

  private JdbcStore(
      Database database, Product product, JdbcTriggers triggers, JdbcAudit audit, String prefix) {
    this.database = database;
    this.product = product;
    this.prefix = prefix;
    this.audit = audit;
    Statements sql = new Statements(prefix);
    this.keyChecks = sql.keyChecks;
    this.leases = new LeaseTable(database, sql.leases);
    this.bindings = new BindingTable(database, prefix);
    this.grants = new GrantTable(database, prefix);
    this.connections = new ConnectionTable(database, sql, grants);
    this.shares = new ShareTable(database, prefix);
    this.tickets = new TicketTable(database, prefix);
    this.definitions = new DefinitionTable(database, prefix);
    this.policies = new PolicyTable(database, prefix);
    this.gateways = new GatewayTable(database, prefix);
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
    return connections.insertConnection(connection, credentials);
  }

  @Override
  public Optional<StoredConnection> findConnection(ConnectionId id) {
    return connections.findConnection(id);
  }

  @Override
  public Optional<ConnectionWithCredentials> findWithCredentials(ConnectionId id) {
    return connections.findWithCredentials(id);
  }

  @Override
  public List<StoredConnection> listConnections(ConnectionFilter filter) {
    return connections.listConnections(filter);
  }

  @Override
  public List<StoredConnection> listDeletedConnections() {
    return connections.listDeletedConnections();
  }

  @Override
  public List<StoredConnection> listConnections(ConnectionQuery query) {
    return connections.listConnections(query);
  }

  @Override
  public List<StoredConnection> listUntestedConnections(String gateway, String after, int limit) {
    return connections.listUntestedConnections(gateway, after, limit);
  }

  @Override
  public boolean updateConnection(
      StoredConnection next, long expectedVersion, Collection<StoredCredential> credentials) {
    return connections.updateConnection(next, expectedVersion, credentials);
  }

  @Override
  public boolean deleteConnection(ConnectionId id) {
    return connections.deleteConnection(id);
  }

  @Override
  public Optional<StoredCredential> findCredential(ConnectionId connection, String slot) {
    return connections.findCredential(connection, slot);
  }

  @Override
  public List<StoredCredential> listCredentials(ConnectionId connection) {
    return connections.listCredentials(connection);
  }

  @Override
  public boolean writeCredential(StoredCredential next, long expectedVersion) {
    return connections.writeCredential(next, expectedVersion);
  }

  @Override
  public boolean writeCredential(StoredCredential next, long expectedVersion, String owner) {
    return connections.writeCredential(next, expectedVersion, owner);
  }

  @Override
  public boolean noteRenewal(ConnectionId connection, String slot, long version, Renewal renewal) {
    return connections.noteRenewal(connection, slot, version, renewal);
  }

  @Override
  public List<CareDue> listUnrenewed(
      String slot, Instant before, @Nullable CareDue after, int limit) {
    return connections.listUnrenewed(slot, before, after, limit);
  }

  @Override
  public List<CareDue> listExpiring(
      Instant from, Instant until, @Nullable CareDue after, int limit) {
    return connections.listExpiring(from, until, after, limit);
  }

  @Override
  public List<StoredCredential> listCredentialsNotUnder(String keyId, int limit) {
    return connections.listCredentialsNotUnder(keyId, limit);
  }

  @Override
  public Map<String, Long> countCredentialsByKey() {
    return connections.countCredentialsByKey();
  }

  @Override
  public LeaseAttempt acquireLease(
      ConnectionId connection, String slot, long version, String owner, Duration duration) {
    return leases.acquireLease(connection, slot, version, owner, duration);
  }

  @Override
  public boolean renewLease(ConnectionId connection, String slot, String owner, Duration duration) {
    return leases.renewLease(connection, slot, owner, duration);
  }

  @Override
  public void releaseLease(ConnectionId connection, String slot, String owner, boolean leaveMark) {
    leases.releaseLease(connection, slot, owner, leaveMark);
  }

  @Override
  public Optional<String> findKeyCheck() {
    return database.read(
        "findKeyCheck", db -> Sql.find(db, keyChecks.find, row -> row.getString("check_value")));
  }

  @Override
  public boolean insertKeyCheck(String check) {
    return database.change("insertKeyCheck", db -> Sql.insertIfAbsent(db, keyChecks.insert, check));
  }

  @Override
  public boolean replaceKeyCheck(String expected, String next) {
    return database.change(
        "replaceKeyCheck", db -> Sql.update(db, keyChecks.replace, next, expected) == 1);
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
  public GatewayStore gateways() {
    return gateways;
  }

  @Override
  public TriggerStore triggers() {
    return triggers;
  }

  @Override
  public AuditStore audit() {
    return audit;
  }

  /** On PostgreSQL, which only needs the right to read and to forget what was noted. */
  @Override
  public Optional<ChangeFeed> changes() {
    return product == Product.POSTGRESQL
        ? Optional.of(new PostgresChanges(database, prefix))
        : Optional.empty();
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

  @Override
  public void whenCommitted(Runnable then) {
    database.whenCommitted(then);
  }

  /** Does nothing: the data source is the caller's. */
  @Override
  public void close() {}

  static void requireNext(long version, long expectedVersion) {
    if (version != expectedVersion + 1) {
      throw new IllegalArgumentException(
          "What replaces version " + expectedVersion + " must not have version " + version);
    }
  }

  /** Settings of a store. Not safe for use by several threads. */
  public static final class Builder {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private final DataSource source;
    private TableNames names = new TableNames(null, "connector_");
    private boolean createSchema = true;
    private OpenTransaction joined = Database.NONE;

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
      this.names = new TableNames(names.schema(), requireName("Table prefix", prefix));
      return this;
    }

    /**
     * Has the tables in a schema of their own, which is made with them. By default they are where
     * the connections of the data source are.
     *
     * @throws IllegalArgumentException unless it is a lower-case letter, followed by at most 30
     *     lower-case letters, digits and {@code _}
     */
    public Builder schema(String name) {
      this.names = new TableNames(requireName("Schema", name), names.tablePrefix());
      return this;
    }

    private static String requireName(String what, String name) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            what + " must match " + NAME + ": it becomes part of SQL");
      }
      return name;
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
     * Has a binding, its end and a new subscription join the transaction that the caller has open
     * on its thread: they take effect when that is committed, and not at all if it is rolled back.
     * Until then nobody sees them, not even the caller; listeners and the audit are told after the
     * commit. They are as durable as that transaction. Everything else has connections of its own,
     * credentials above all, so that the pool needs more than there are such transactions at once.
     * By default nothing joins.
     */
    public Builder joining(OpenTransaction transaction) {
      this.joined = Objects.requireNonNull(transaction, "transaction");
      return this;
    }

    /**
     * Returns the statements that make the tables, or bring older ones up to date, for hosts whose
     * tables are made by migrations of their own: keep them as a file of these, and say {@code
     * createSchema(false)}, which names the version that is missing after an upgrade.
     *
     * @param from the version of the tables that there are; 0 for none
     * @throws dev.connectorsdk.api.error.StoreException if the database is neither H2 nor
     *     PostgreSQL, or cannot be reached
     * @throws IllegalArgumentException if there is no such version
     */
    public String schemaScript(int from) {
      if (from < 0 || from > Schema.VERSION) {
        throw new IllegalArgumentException("0 to " + Schema.VERSION + ", not " + from);
      }
      Database database = new Database(source);
      return new Schema(database, Product.of(database), names).script(from);
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
      Schema schema = new Schema(database, product, names);
      if (createSchema) {
        schema.createOrUpgrade();
      }
      schema.check();
      Database durable = new Database(source, Durability.of(product, database), joined);
      return new JdbcStore(
          durable,
          product,
          triggers(durable, product),
          new JdbcAudit(durable, product, names.prefix()),
          names.prefix());
    }

    private JdbcTriggers triggers(Database durable, Product product) {
      return switch (product) {
        case H2 -> new JdbcTriggers(durable, product, names.prefix());
        case POSTGRESQL -> new PostgresTriggers(source, durable, names.prefix());
      };
    }
  }
}

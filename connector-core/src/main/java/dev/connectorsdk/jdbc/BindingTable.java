package dev.connectorsdk.jdbc;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What references lead to. Safe for several threads. */
final class BindingTable implements BindingStore {

  /** The columns of a key, in the order of {@link #columns(BindingKey)}. */
  static final String KEY_COLUMNS =
      "environment, principal, logical_name, source, flow_owner, flow_id";

  /** That a row is of one reference. */
  static final String REFERENCE =
      "environment = ? AND principal = ? AND logical_name = ? AND source = ?";

  /** That a row has one key. */
  static final String KEY = " WHERE " + REFERENCE + " AND flow_owner = ? AND flow_id = ?";

  /** In a snapshot that does not show what others have written, all fail. */
  private static final int MOST_TRIES = 100;

  private final Database database;
  private final String findBindings;
  private final String listBindings;
  private final String listBindingsTo;
  private final String insertBinding;
  private final String replaceBinding;
  private final String deleteBinding;

  BindingTable(Database database, String prefix) {
    this.database = database;
    String binding = prefix + "reference_binding";
    String bindings =
        "SELECT " + KEY_COLUMNS + ", connector, connection_id FROM " + binding + " WHERE ";
    this.findBindings = bindings + REFERENCE;
    this.listBindings = bindings + "environment = ?";
    this.listBindingsTo = bindings + "connection_id = ? AND environment = ?";
    this.insertBinding =
        "INSERT INTO "
            + binding
            + " (connector, connection_id, "
            + KEY_COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    this.replaceBinding = "UPDATE " + binding + " SET connector = ?, connection_id = ?" + KEY;
    this.deleteBinding = "DELETE FROM " + binding + KEY;
  }

  @Override
  public List<StoredBinding> findBindings(ReferenceKey key) {
    return database.read(
        "findBindings", db -> Sql.list(db, findBindings, BindingTable::binding, columns(key)));
  }

  @Override
  public List<StoredBinding> listBindings(Environment environment) {
    return list(listBindings, environment.name());
  }

  @Override
  public List<StoredBinding> listBindings(Environment environment, ConnectionId connection) {
    return list(listBindingsTo, connection.value(), environment.name());
  }

  private List<StoredBinding> list(String select, Object... values) {
    // The order of a database depends on its collation.
    return database
        .read("listBindings", db -> Sql.list(db, select, BindingTable::listedBinding, values))
        .stream()
        .flatMap(Optional::stream)
        .sorted(comparing(StoredBinding::key))
        .toList();
  }

  @Override
  public BindingStore joining() {
    return new Joining();
  }

  /** The same rows, written in the transaction that the caller has open. */
  private final class Joining implements BindingStore {

    @Override
    public List<StoredBinding> findBindings(ReferenceKey key) {
      return BindingTable.this.findBindings(key);
    }

    @Override
    public List<StoredBinding> listBindings(Environment environment) {
      return BindingTable.this.listBindings(environment);
    }

    @Override
    public List<StoredBinding> listBindings(Environment environment, ConnectionId connection) {
      return BindingTable.this.listBindings(environment, connection);
    }

    @Override
    public void writeBindings(Collection<StoredBinding> written, Collection<BindingKey> removed) {
      write(written, removed, work -> database.join("writeBindings", work));
    }

    @Override
    public boolean deleteBinding(BindingKey key) {
      return database.join("deleteBinding", db -> isDeleted(db, key));
    }
  }

  @Override
  public void writeBindings(Collection<StoredBinding> written, Collection<BindingKey> removed) {
    write(written, removed, work -> database.changeUnlessTaken("writeBindings", work));
  }

  private void write(
      Collection<StoredBinding> written,
      Collection<BindingKey> removed,
      Predicate<Database.Work<Boolean>> transaction) {
    for (int i = 0; i < MOST_TRIES; i++) {
      if (transaction.test(db -> change(db, written, removed))) {
        return;
      }
      // Somebody else has written one of them in between: all once more.
    }
    throw new StoreException("writeBindings failed: others write the same", true, null);
  }

  private boolean change(
      Connection db, Collection<StoredBinding> written, Collection<BindingKey> removed)
      throws SQLException {
    for (BindingKey key : removed) {
      isDeleted(db, key);
    }
    for (StoredBinding binding : written) {
      write(db, binding);
    }
    return true;
  }

  private void write(Connection db, StoredBinding binding) throws SQLException {
    ReferenceKey reference = binding.key().reference();
    Object[] columns = {
      binding.connector().value(),
      binding.connection().value(),
      reference.environment().name(),
      reference.principal().toString(),
      reference.logicalName(),
      reference.source().name(),
      Rows.principal(binding.key().flowOwner()),
      text(binding.key().flow())
    };
    if (Sql.update(db, replaceBinding, columns) == 0) {
      Sql.update(db, insertBinding, columns);
    }
  }

  @Override
  public boolean deleteBinding(BindingKey key) {
    return database.change("deleteBinding", db -> isDeleted(db, key));
  }

  private boolean isDeleted(Connection db, BindingKey key) throws SQLException {
    return Sql.update(db, deleteBinding, columns(key)) == 1;
  }

  static Object[] columns(ReferenceKey key) {
    return new Object[] {
      key.environment().name(), key.principal().toString(), key.logicalName(), key.source().name()
    };
  }

  static Object[] columns(BindingKey key) {
    return new Object[] {
      key.reference().environment().name(),
      key.reference().principal().toString(),
      key.reference().logicalName(),
      key.reference().source().name(),
      Rows.principal(key.flowOwner()),
      text(key.flow())
    };
  }

  private static StoredBinding binding(ResultSet row) throws SQLException {
    return Rows.understood("binding", row, BindingTable::readBinding);
  }

  private static Optional<StoredBinding> listedBinding(ResultSet row) throws SQLException {
    return Rows.listed("binding", row, BindingTable::readBinding);
  }

  private static StoredBinding readBinding(ResultSet row) throws SQLException {
    return new StoredBinding(
        readKey(row),
        ConnectorId.of(row.getString("connector")),
        ConnectionId.of(row.getString("connection_id")));
  }

  static BindingKey readKey(ResultSet row) throws SQLException {
    String flowOwner = row.getString("flow_owner");
    String flow = row.getString("flow_id");
    ReferenceKey reference =
        new ReferenceKey(
            Environment.of(row.getString("environment")),
            Principal.parse(row.getString("principal")),
            row.getString("logical_name"),
            Source.valueOf(row.getString("source")));
    return new BindingKey(
        reference,
        flowOwner.isEmpty() ? null : Principal.parse(flowOwner),
        flow.isEmpty() ? null : flow);
  }

  private static String text(@Nullable String flow) {
    return flow == null ? "" : flow;
  }
}

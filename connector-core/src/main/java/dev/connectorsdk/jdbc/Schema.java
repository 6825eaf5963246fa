package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tables of a store and their version.
 *
 * <p>Version n is made by the script {@code schema-n.sql} from version n-1, and by {@code
 * schema-n-h2.sql} or {@code schema-n-postgresql.sql}, too, if there is such a script. The database
 * also says which version code must know at least, so that older nodes go on while newer ones are
 * rolled out: a script that only adds leaves that number as it is.
 */
final class Schema {

  /** The version that this code makes and works with. */
  static final int VERSION = 18;

  /** The oldest version whose code can work with the tables of {@link #VERSION}. */
  private static final int OLDEST_USABLE_CODE = 3;

  /** Any number that other programs are unlikely to lock by. */
  private static final int ADVISORY_LOCK = 0x436f6e6e;

  private final Database database;
  private final Product product;
  private final TableNames names;
  private final String prefix;
  private final String table;

  private record Installed(int version, int oldestUsableCode) {}

  Schema(Database database, Product product, TableNames names) {
    this.database = database;
    this.product = product;
    this.names = names;
    this.prefix = names.prefix();
    this.table = prefix + "schema";
  }

  void createOrUpgrade() {
    if (isUpToDate()) {
      return;
    }
    if (product == Product.H2) {
      // Threads that add columns at once lock each other out.
      synchronized (Schema.class) {
        createOrUpgradeOnce();
      }
    } else {
      createOrUpgradeOnce();
    }
  }

  private void createOrUpgradeOnce() {
    if (isUpToDate()) {
      return;
    }
    try {
      database.change("Creating the tables", this::createOrUpgrade);
    } catch (StoreException e) {
      // Another process may have been in the way, because it did the same.
      if (!isUpToDate()) {
        throw e;
      }
    }
  }

  private boolean isUpToDate() {
    return installed().filter(found -> found.version() >= VERSION).isPresent();
  }

  /**
   * On PostgreSQL all of it is one transaction under a lock. H2 commits with each statement that
   * defines something, so there another process may do the same work: the scripts allow for it.
   */
  private boolean createOrUpgrade(Connection db) throws SQLException {
    if (product == Product.POSTGRESQL) {
      Sql.list(
          db, "SELECT pg_advisory_xact_lock(?, ?)", row -> true, ADVISORY_LOCK, prefix.hashCode());
    }
    if (names.schema() != null && !hasSchema(db, names.schema())) {
      Sql.update(db, createSchema(names.schema()));
    }
    Sql.update(db, createVersion());
    if (read(db).isEmpty()) {
      Sql.insertIfAbsent(db, insertVersion());
    }
    for (int next = read(db).orElseThrow().version() + 1; next <= VERSION; next++) {
      upgradeTo(next, db);
    }
    return true;
  }

  /** Who may not create one may create tables in the one that is there. */
  private static boolean hasSchema(Connection db, String schema) throws SQLException {
    return Sql.find(
            db,
            "SELECT 1 FROM information_schema.schemata WHERE LOWER(schema_name) = ?",
            row -> true,
            schema)
        .isPresent();
  }

  private static String createSchema(String schema) {
    return "CREATE SCHEMA IF NOT EXISTS " + schema;
  }

  private String createVersion() {
    return "CREATE TABLE IF NOT EXISTS "
        + table
        + " (id INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
        + " oldest_usable_code INTEGER NOT NULL)";
  }

  private String insertVersion() {
    return "INSERT INTO " + table + " (id, version, oldest_usable_code) VALUES (1, 0, 0)";
  }

  /** Returns what makes the tables of {@link #VERSION} from those of another one; 0 for none. */
  String script(int from) {
    List<String> all = new ArrayList<>();
    if (from == 0) {
      if (names.schema() != null) {
        all.add(createSchema(names.schema()));
      }
      all.add(createVersion());
      all.add(insertVersion());
    }
    for (int next = from + 1; next <= VERSION; next++) {
      all.addAll(statements(next));
    }
    if (from < VERSION) {
      all.add(
          "UPDATE "
              + table
              + " SET version = "
              + VERSION
              + ", oldest_usable_code = "
              + OLDEST_USABLE_CODE);
    }
    return all.stream().map(statement -> statement.strip() + ";\n").collect(Collectors.joining());
  }

  private void upgradeTo(int version, Connection db) throws SQLException {
    for (String statement : statements(version)) {
      // On H2 another thread may have copied the same rows in between.
      Sql.insertIfAbsent(db, statement);
    }
    Sql.update(
        db,
        "UPDATE " + table + " SET version = ?, oldest_usable_code = ? WHERE version = ?",
        version,
        OLDEST_USABLE_CODE,
        version - 1);
  }

  void check() {
    Optional<Installed> found = installed();
    if (found.isEmpty()) {
      throw unusable(
          "do not exist. Build the store once with createSchema(true) and a database role that may"
              + " create tables.");
    }
    requireUsable(found.get());
  }

  private void requireUsable(Installed installed) {
    String have = "have version " + installed.version();
    if (installed.version() < VERSION) {
      throw unusable(
          have
              + ", which is too old: version "
              + VERSION
              + " is needed. Build the store once with createSchema(true) and a database role that"
              + " may create tables.");
    }
    if (installed.oldestUsableCode() > VERSION) {
      throw unusable(
          have + ", which is too new for version " + VERSION + ". Upgrade this library.");
    }
  }

  private StoreException unusable(String problem) {
    return new StoreException(
        "The tables with the prefix '" + prefix + "' " + problem, false, null);
  }

  private Optional<Installed> installed() {
    return database.read(
        "Reading the version of the tables",
        db -> {
          try {
            return read(db);
          } catch (SQLException e) {
            if (isMissingTable(String.valueOf(e.getSQLState()))) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  private Optional<Installed> read(Connection db) throws SQLException {
    return Sql.find(
        db,
        "SELECT version, oldest_usable_code FROM " + table + " WHERE id = 1",
        row -> new Installed(row.getInt("version"), row.getInt("oldest_usable_code")));
  }

  /**
   * PostgreSQL says 42P01; H2 42S02, S03 or S04, depending on what else there is, and 90079 without
   * the schema.
   */
  private static boolean isMissingTable(String state) {
    return state.equals("42P01") || state.startsWith("42S0") || state.equals("90079");
  }

  private List<String> statements(int version) {
    String name = "schema-" + version;
    List<String> statements =
        new ArrayList<>(script(name + ".sql").orElseThrow(() -> new IllegalStateException(name)));
    script(name + "-" + product.name().toLowerCase(Locale.ROOT) + ".sql")
        .ifPresent(statements::addAll);
    return statements;
  }

  /** Returns the statements of a script, if there is one with this name. Each ends a line. */
  private Optional<List<String>> script(String name) {
    try (InputStream script = Schema.class.getResourceAsStream(name)) {
      if (script == null) {
        return Optional.empty();
      }
      String text =
          new String(script.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("--"))
              .collect(Collectors.joining("\n"));
      return Optional.of(
          Arrays.stream(names.in(text, product).split(";(?=\n|$)"))
              .filter(statement -> !statement.isBlank())
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

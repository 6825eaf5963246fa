package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.error.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;

/**
 * Borrows a connection for as long as one operation takes, and gives it back as it was.
 *
 * <p>Where the source lends connections of transactions that the caller has open on its thread,
 * nothing is done on these: it is done on another thread, with a connection of its own.
 *
 * <p>An interrupt that came before is held back meanwhile: file channels and pools give up at one,
 * and what is being stored, such as a rotated token, may exist nowhere else.
 */
final class Database {

  /** Connection trouble, lost races, no resources, and a server that is going down. */
  private static final List<String> RETRYABLE_STATES = List.of("08", "40", "53", "57");

  /** A host that has none open. */
  static final OpenTransaction NONE =
      new OpenTransaction() {
        @Override
        public Optional<Connection> connection() {
          return Optional.empty();
        }

        @Override
        public void whenCommitted(Runnable then) {
          then.run();
        }
      };

  private final DataSource source;
  private final Durability durability;
  private final OpenTransaction open;

  /** Returns a database whose own settings say when what {@link #change} did is on the disk. */
  Database(DataSource source) {
    this(source, new Durability() {});
  }

  Database(DataSource source, Durability durability) {
    this(source, durability, NONE);
  }

  /**
   * @param durability how what {@link #change} did outlives a crash
   * @param open what {@link #join} joins
   */
  Database(DataSource source, Durability durability, OpenTransaction open) {
    this.source = source;
    this.durability = durability;
    this.open = open;
  }

  /** What an operation does. It must not close the connection or keep it. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Runs work that only reads. Its statements stand each for itself. */
  <T> T read(String operation, Work<T> work) {
    return borrow(operation, true, work);
  }

  /**
   * Runs work each of whose statements is a transaction by itself, in no turn: what came before one
   * that fails stays. What a statement changes is committed when it returns, but a crash of the
   * database may undo that, unless the statement itself waits for the disk.
   */
  <T> T separately(String operation, Work<T> work) {
    return borrow(operation, true, work);
  }

  /**
   * Runs work whose statements take effect together if it returns {@code true}, and not at all if
   * it throws. Before it returns {@code false} it rolls back what it has changed. When this returns
   * {@code true}, a crash of this process or of the database changes nothing about it.
   */
  boolean change(String operation, Work<Boolean> work) {
    return take(operation, db -> work.run(db) ? Optional.of(true) : Optional.empty()).isPresent();
  }

  /**
   * Does work in the transaction that the caller has open on this thread, whose commit then decides
   * about it; without one as {@link #changeUnlessTaken} does.
   */
  boolean join(String operation, Work<Boolean> work) {
    Optional<Connection> joined = open.connection();
    if (joined.isEmpty()) {
      return changeUnlessTaken(operation, work);
    }
    try {
      return isDoneUnlessTaken(() -> inSavepoint(joined.get(), work));
    } catch (SQLException e) {
      throw failure(operation, e);
    }
  }

  /**
   * Like {@link #change}, for work that inserts: if there is a row with the key of one of its rows,
   * it takes no effect, and this returns {@code false}.
   */
  boolean changeUnlessTaken(String operation, Work<Boolean> work) {
    Work<Optional<Boolean>> whole = db -> Optional.of(work.run(db)).filter(done -> done);
    return borrow(
        operation,
        false,
        db -> inTurn(() -> isDoneUnlessTaken(() -> inTransaction(db, whole).isPresent())));
  }

  private static boolean isDoneUnlessTaken(Step<Boolean> step) throws SQLException {
    try {
      return step.run();
    } catch (SQLException e) {
      if (Sql.isTaken(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean inSavepoint(Connection db, Work<Boolean> work) throws SQLException {
    Savepoint before = db.setSavepoint();
    boolean finished = false;
    try {
      boolean done = work.run(db);
      finished = true;
      db.releaseSavepoint(before);
      return done;
    } finally {
      if (!finished) {
        quietly(() -> db.rollback(before));
      }
    }
  }

  /** Runs {@code then} once what was done by {@link #join} on this thread is committed. */
  void whenCommitted(Runnable then) {
    if (open.connection().isPresent()) {
      open.whenCommitted(then);
    } else {
      then.run();
    }
  }

  /** Like {@link #change}, for work that has found something if it is to take effect. */
  <T> Optional<T> take(String operation, Work<Optional<T>> work) {
    // The turn comes last: whoever waits for it may hold the last connection of the pool.
    return borrow(operation, false, db -> inTurn(() -> inTransaction(db, work)));
  }

  private <T> Optional<T> inTransaction(Connection db, Work<Optional<T>> work) throws SQLException {
    boolean done = false;
    try {
      durability.begin(db);
      Optional<T> result = work.run(db);
      if (result.isPresent()) {
        durability.commit(db);
      } else {
        // Work that did change something has rolled back by itself; see Durability.Turn.
        db.commit();
      }
      done = true;
      return result;
    } finally {
      if (!done) {
        quietly(db::rollback);
      }
    }
  }

  /** What is done last of all in a transaction; see {@link #changeHere}. */
  @FunctionalInterface
  interface Last {

    /** Returns whether the transaction is to take effect. */
    boolean run(Connection connection) throws SQLException;
  }

  /**
   * Runs work whose statements take effect together with those of {@code last}, if that returns
   * {@code true}; only that waits for its turn. It stays on this thread, on which nobody else has a
   * transaction open.
   */
  boolean changeHere(String operation, Work<?> work, Last last) {
    try {
      return use(
          source.getConnection(),
          false,
          db -> {
            boolean done = false;
            try {
              durability.begin(db);
              work.run(db);
              done = isEnded(db, last);
              return done;
            } finally {
              if (!done) {
                quietly(db::rollback);
              }
            }
          });
    } catch (SQLException e) {
      throw failure(operation, e);
    }
  }

  private boolean isEnded(Connection db, Last last) throws SQLException {
    return inTurn(
        () -> {
          if (last.run(db)) {
            durability.commit(db);
            return true;
          }
          db.rollback();
          return false;
        });
  }

  /** Returns a turn for a transaction that somebody else commits. */
  Durability.Turn turn() {
    return durability.turn();
  }

  private <T> T inTurn(Step<T> transaction) throws SQLException {
    try (Durability.Turn turn = durability.turn()) {
      turn.enter();
      return transaction.run();
    }
  }

  private <T> T borrow(String operation, boolean autoCommit, Work<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      Connection connection = source.getConnection();
      if (isFree(connection)) {
        return use(connection, autoCommit, work);
      }
      quietly(connection::close);
      return apart(() -> use(source.getConnection(), autoCommit, work));
    } catch (SQLException e) {
      throw failure(operation, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Otherwise it may belong to a transaction that the caller has open, which is not ours. */
  private static boolean isFree(Connection connection) throws SQLException {
    try {
      return connection.getAutoCommit();
    } catch (SQLException e) {
      quietly(connection::close);
      throw e;
    }
  }

  private static <T> T use(Connection connection, boolean autoCommit, Work<T> work)
      throws SQLException {
    try {
      boolean before = connection.getAutoCommit();
      connection.setAutoCommit(autoCommit);
      try {
        return work.run(connection);
      } finally {
        quietly(() -> connection.setAutoCommit(before));
      }
    } finally {
      quietly(connection::close);
    }
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws SQLException;
  }

  private static <T> T apart(Step<T> step) throws SQLException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            result.complete(step.run());
          } catch (SQLException | RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        };
    new Thread(run, "connector-store").start();
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  @FunctionalInterface
  private interface Closing {
    void run() throws SQLException;
  }

  /** The work has succeeded or failed by now; that the connection breaks does not change it. */
  private static void quietly(Closing closing) {
    try {
      closing.run();
    } catch (SQLException e) {
      // A pool notices by itself that the connection is broken.
    }
  }

  // Drivers repeat values of the row in their messages, so neither these nor the exception go on.
  static StoreException failure(String operation, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    boolean retryable =
        e instanceof SQLTransientException
            || e instanceof SQLRecoverableException
            || RETRYABLE_STATES.stream().anyMatch(state::startsWith);
    return new StoreException(
        operation
            + " failed in the database: SQLState "
            + state
            + ", vendor code "
            + e.getErrorCode()
            + ", "
            + e.getClass().getSimpleName(),
        retryable,
        null);
  }
}

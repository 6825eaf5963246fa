package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * Has a transaction outlive the end of the process, and of the database, once it is committed. What
 * is stored may exist nowhere else, such as a refresh token that was exchanged for the one before.
 *
 * <p>As it stands here, the settings of the database decide.
 */
interface Durability {

  /**
   * Runs a transaction, after those before it have ended if the database needs that: H2 loses what
   * another session has just committed to a row if one is rolled back that has waited for it and
   * not changed it.
   */
  default <T> T inTurn(Supplier<T> transaction) {
    return transaction.get();
  }

  /** Returns what has a transaction be in its turn that somebody else commits. */
  default Turn turn() {
    return new Turn() {};
  }

  /** A turn, which one thread enters, once the transactions before it have ended, and leaves. */
  interface Turn extends AutoCloseable {

    /** Enters it, unless it is entered. */
    default void enter() {}

    /** Leaves it, if it was entered. */
    default void leave() {}

    @Override
    default void close() {
      leave();
    }
  }

  /** Prepares a transaction: called before its first statement. */
  default void begin(Connection db) throws SQLException {}

  /** Commits, and returns when that is on the disk. */
  default void commit(Connection db) throws SQLException {
    db.commit();
  }

  /**
   * Returns what it takes in this database.
   *
   * @throws dev.connectorsdk.api.error.StoreException if nothing does, with its present settings
   */
  static Durability of(Product product, Database database) {
    return switch (product) {
      case H2 -> H2Durability.of(database);
      case POSTGRESQL -> PostgresDurability.of(database);
    };
  }
}

package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Has a transaction outlive the end of the process, and of the database, once it is committed. What
 * is stored may exist nowhere else, such as a refresh token that was exchanged for the one before.
 *
 * <p>As it stands here, the settings of the database decide.
 */
interface Durability {

  /** Returns a turn for one transaction. */
  default Turn turn() {
    return new Turn() {};
  }

  /**
   * The turn of a transaction that changes something, which one thread enters, once those before it
   * have ended if the database needs that, and leaves when it has ended: H2 loses what another
   * session has just committed to a row if one is rolled back that has waited for it and not
   * changed it.
   */
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

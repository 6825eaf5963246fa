package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.util.Optional;

/**
 * The transaction that the host has open on the calling thread, in the database of the store and
 * with the isolation level READ COMMITTED. Safe for use by several threads. See {@link
 * JdbcStore.Builder#joining}.
 */
public interface OpenTransaction {

  /**
   * Returns the connection that the transaction is bound to, with auto-commit off; empty if the
   * calling thread has none open. The store neither commits nor rolls back nor closes it, besides
   * to a savepoint of its own.
   */
  Optional<Connection> connection();

  /**
   * Has {@code then} run once the transaction is committed, and never if it is rolled back, as a
   * whole or to a savepoint that was set before this call. Called while {@link #connection} returns
   * one; {@code then} runs when it does not any more.
   */
  void whenCommitted(Runnable then);
}

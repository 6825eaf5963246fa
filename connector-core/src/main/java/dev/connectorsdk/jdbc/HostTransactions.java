package dev.connectorsdk.jdbc;

import java.sql.Connection;

/**
 * Transactions that the host manages itself, in the database of the store and with the isolation
 * level READ COMMITTED. Safe for use by several threads. With Spring:
 *
 * <pre>{@code
 * HostTransactions transactions =
 *     work ->
 *         template.executeWithoutResult(
 *             status -> work.run(DataSourceUtils.getConnection(dataSource)));
 * }</pre>
 */
@FunctionalInterface
public interface HostTransactions {

  /**
   * Runs work in a new transaction on this thread, and commits it. If the work throws, the
   * transaction is rolled back, and what was thrown goes on to the caller. A transaction that has
   * failed and is rolled back may be repeated: the work is run again, on this thread.
   */
  void run(Work work);

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work {

    /**
     * Does it.
     *
     * @param connection the one that the transaction is bound to
     */
    void run(Connection connection);
  }
}

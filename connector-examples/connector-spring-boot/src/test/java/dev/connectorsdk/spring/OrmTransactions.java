package dev.connectorsdk.spring;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Shows its transactions to JDBC code as Spring's managers for JPA and Hibernate do: a connection
 * is bound, and not marked as synchronized.
 */
class OrmTransactions extends AbstractPlatformTransactionManager {

  private static final long serialVersionUID = 1L;

  private final transient DataSource source;

  OrmTransactions(DataSource source) {
    this.source = source;
  }

  private static final class Transaction {

    private Connection connection;
  }

  @Override
  protected Object doGetTransaction() {
    return new Transaction();
  }

  @Override
  protected void doBegin(Object transaction, TransactionDefinition definition) {
    run(
        () -> {
          Connection connection = source.getConnection();
          connection.setAutoCommit(false);
          ((Transaction) transaction).connection = connection;
          TransactionSynchronizationManager.bindResource(
              source, new ConnectionHolder(() -> connection));
        });
  }

  @Override
  protected void doCommit(DefaultTransactionStatus status) {
    run(((Transaction) status.getTransaction()).connection::commit);
  }

  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    run(((Transaction) status.getTransaction()).connection::rollback);
  }

  @Override
  protected void doCleanupAfterCompletion(Object transaction) {
    TransactionSynchronizationManager.unbindResource(source);
    run(
        () -> {
          Connection connection = ((Transaction) transaction).connection;
          connection.setAutoCommit(true);
          connection.close();
        });
  }

  @FunctionalInterface
  private interface Step {

    void run() throws SQLException;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw new TransactionSystemException("The database fails", e);
    }
  }
}

package dev.connectorsdk.spring;

import dev.connectorsdk.jdbc.OpenTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction that Spring has open on the calling thread in one data source. */
final class SpringTransaction implements OpenTransaction {

  private final DataSource source;

  SpringTransaction(DataSource source) {
    this.source = target(source);
  }

  /** Spring binds connections to the data source behind a proxy. */
  static DataSource target(DataSource source) {
    DataSource target =
        source instanceof TransactionAwareDataSourceProxy proxy
            ? proxy.getTargetDataSource()
            : null;
    return target == null ? source : target(target);
  }

  /** After its end Spring still has the connection bound, but synchronises nothing with it. */
  @Override
  public Optional<Connection> connection() {
    boolean isOpen =
        TransactionSynchronizationManager.isActualTransactionActive()
            && TransactionSynchronizationManager.isSynchronizationActive();
    return isOpen
            && TransactionSynchronizationManager.getResource(source)
                instanceof ConnectionHolder held
            && held.isSynchronizedWithTransaction()
        ? Optional.of(held.getConnection()).filter(SpringTransaction::isTransactional)
        : Optional.empty();
  }

  private static boolean isTransactional(Connection connection) {
    try {
      return !connection.getAutoCommit();
    } catch (SQLException e) {
      throw new IllegalStateException("The connection of the open transaction is broken", e);
    }
  }

  @Override
  public void whenCommitted(Runnable then) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED) {
              then.run();
            }
          }
        });
  }
}

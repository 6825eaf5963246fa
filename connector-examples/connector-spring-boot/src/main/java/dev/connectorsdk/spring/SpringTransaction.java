package dev.connectorsdk.spring;

import dev.connectorsdk.jdbc.OpenTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction that Spring has open on the calling thread in one data source. */
final class SpringTransaction implements OpenTransaction {

  private static final Logger log = LoggerFactory.getLogger(SpringTransaction.class);

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
            && isUsed(held)
        ? Optional.of(held.getConnection()).filter(SpringTransaction::isTransactional)
        : Optional.empty();
  }

  /** As Spring's own JDBC code asks: managers for JPA and Hibernate bind a connection, no more. */
  private static boolean isUsed(ConnectionHolder held) {
    return held.getConnectionHandle() != null || held.isSynchronizedWithTransaction();
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
    TransactionSynchronizationManager.registerSynchronization(new Afterwards(then));
  }

  /** What comes after the commit, unless a roll-back to a savepoint has undone what led to it. */
  private static final class Afterwards implements TransactionSynchronization {

    private final Runnable then;
    private final Set<Object> laterSavepoints = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean isUndone;

    Afterwards(Runnable then) {
      this.then = then;
    }

    @Override
    public void savepoint(Object savepoint) {
      laterSavepoints.add(savepoint);
    }

    @Override
    public void savepointRollback(Object savepoint) {
      isUndone |= !laterSavepoints.contains(savepoint);
    }

    @Override
    public void afterCompletion(int status) {
      if (isUndone) {
        return;
      }
      if (status == STATUS_COMMITTED) {
        then.run();
      } else if (status == STATUS_UNKNOWN) {
        log.error(
            "Nobody knows whether a transaction was committed: if it was, neither audit nor"
                + " listeners hear of a binding or subscription that was made in it");
      }
    }
  }
}

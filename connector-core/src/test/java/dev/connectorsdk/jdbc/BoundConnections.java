package dev.connectorsdk.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A data source that lends the connection of the transaction that the thread has open. */
final class BoundConnections implements AutoCloseable {

  private final DataSource source;
  private volatile Thread owner;
  private Connection bound;

  BoundConnections(DataSource source) {
    this.source = source;
  }

  /** Begins a transaction of this thread. */
  Connection begin() throws SQLException {
    bound = source.getConnection();
    bound.setAutoCommit(false);
    owner = Thread.currentThread();
    return bound;
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        (proxy, method, arguments) ->
            Thread.currentThread() == owner ? lend(bound) : source.getConnection());
  }

  private static Connection lend(Connection connection) {
    return proxy(
        Connection.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            return null;
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public void close() throws SQLException {
    owner = null;
    bound.setAutoCommit(true);
    bound.close();
  }
}

package dev.connectorsdk.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A pool of a single connection, which refuses to lend it twice at once. */
final class OneConnection {

  private final Connection connection;
  private boolean lent;

  OneConnection(Connection connection) {
    this.connection = connection;
  }

  boolean isLent() {
    return lent;
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        (proxy, method, arguments) -> {
          if (lent) {
            throw new SQLException("The connection is lent already");
          }
          lent = true;
          return lend();
        });
  }

  private Connection lend() {
    return proxy(
        Connection.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            lent = false;
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
}

package dev.connectorsdk.runtime;

import dev.connectorsdk.api.spi.ConnectorStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Stands before a store, so that a test sees or changes what it is asked. */
final class StoreProxy {

  private StoreProxy() {}

  /** What becomes of a call. */
  @FunctionalInterface
  interface Way {
    Object call(Method method, Object[] arguments) throws Exception;
  }

  static <T> T of(Class<T> type, Way way) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return way.call(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** Returns a store with another part in place of its own. */
  static ConnectorStore replacing(String part, Object other, ConnectorStore store) {
    return of(
        ConnectorStore.class,
        (method, arguments) ->
            method.getName().equals(part) ? other : method.invoke(store, arguments));
  }
}

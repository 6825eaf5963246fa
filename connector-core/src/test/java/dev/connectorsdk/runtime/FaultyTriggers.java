package dev.connectorsdk.runtime;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.TriggerStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * A store that fails when a delivery is stored, before it or after it, and lets others come between
 * after a subscription was changed.
 */
final class FaultyTriggers {

  boolean failsBefore;
  boolean failsAfter;
  Runnable afterChange = () -> {};
  private final ConnectorStore store;

  FaultyTriggers(ConnectorStore store) {
    this.store = store;
  }

  ConnectorStore store() {
    TriggerStore triggers = store.triggers();
    TriggerStore faulty =
        proxy(
            TriggerStore.class,
            (proxy, method, arguments) -> {
              boolean delivers = method.getName().equals("deliver");
              failIf(delivers && failsBefore);
              Object result = call(() -> method.invoke(triggers, arguments));
              failIf(delivers && failsAfter);
              if (method.getName().equals("updateSubscription")) {
                afterChange.run();
              }
              return result;
            });
    return proxy(
        ConnectorStore.class,
        (proxy, method, arguments) ->
            method.getName().equals("triggers")
                ? faulty
                : call(() -> method.invoke(store, arguments)));
  }

  private static void failIf(boolean fails) {
    if (fails) {
      throw new StoreException("The database is away", true, null);
    }
  }

  private interface Call {
    Object run() throws Throwable;
  }

  private static Object call(Call call) throws Throwable {
    try {
      return call.run();
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}

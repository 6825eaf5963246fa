package dev.connectorsdk.runtime;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.TriggerStore;

/**
 * The store as a process sees it that dies at its n-th step with triggers, or with anything. Each
 * call is two steps: it was not made, and it was made but nobody learns it.
 */
final class DyingStore {

  /** The process is dead. Nothing catches it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final int last;
  private final Runnable death;
  private int steps;

  DyingStore(int last) {
    this(last, DyingStore::die);
  }

  /**
   * @param last the step at which the process dies
   * @param death how it dies
   */
  DyingStore(int last, Runnable death) {
    this.last = last;
    this.death = death;
  }

  private static void die() {
    throw new Death();
  }

  boolean isDead() {
    return steps >= last;
  }

  int steps() {
    return steps;
  }

  ConnectorStore around(ConnectorStore store) {
    TriggerStore triggers = dying(TriggerStore.class, store.triggers());
    return StoreProxy.replacing("triggers", triggers, store);
  }

  /** Has it die at steps with connections as well. */
  ConnectorStore aroundAll(ConnectorStore store) {
    ConnectorStore triggers = around(store);
    ConnectorStore connections = dying(ConnectorStore.class, store);
    return StoreProxy.of(
        ConnectorStore.class,
        (method, arguments) ->
            method.invoke(method.getName().equals("triggers") ? triggers : connections, arguments));
  }

  private <T> T dying(Class<T> type, T store) {
    return StoreProxy.of(
        type,
        (method, arguments) -> {
          step();
          Object result = method.invoke(store, arguments);
          step();
          return result;
        });
  }

  /** Goes on, or dies. */
  void step() {
    if (!isDead()) {
      steps++;
    }
    if (isDead()) {
      death.run();
    }
  }
}

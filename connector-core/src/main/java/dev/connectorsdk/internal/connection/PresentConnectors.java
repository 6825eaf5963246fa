package dev.connectorsdk.internal.connection;

import dev.connectorsdk.internal.cache.Moment;

/** The connectors that there are now. Safe for several threads. */
public interface PresentConnectors {

  /** Returns those that the runtime was built with. */
  Connectors fixed();

  /**
   * Returns all, as they were at most the freshness ago.
   *
   * @throws dev.connectorsdk.api.error.StoreException if that cannot be told
   */
  Connectors all();

  /**
   * Returns the same, has the moment know until when, and renews it if that was not in memory.
   *
   * @throws dev.connectorsdk.api.error.StoreException as {@link #all()} does
   */
  Connectors all(Moment at);

  /** Returns connectors of which none is ever replaced. */
  static PresentConnectors of(Connectors fixed) {
    return new PresentConnectors() {
      @Override
      public Connectors fixed() {
        return fixed;
      }

      @Override
      public Connectors all() {
        return fixed;
      }

      @Override
      public Connectors all(Moment at) {
        return fixed;
      }
    };
  }
}

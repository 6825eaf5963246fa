package dev.connectorsdk.internal.connection;

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
    };
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;

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
   * Returns where a connector sends the credentials of an auth option, and how, if somebody may
   * replace it while the runtime runs; else an empty text.
   */
  String reach(Environment environment, ConnectorId connector, String authOption);

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
      public String reach(Environment environment, ConnectorId connector, String authOption) {
        return "";
      }
    };
  }
}

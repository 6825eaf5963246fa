package dev.connectorsdk.api;

/**
 * The name that work uses instead of a connection, so that the same work moves between environments
 * and users unchanged.
 *
 * <p>References are equal when logical name, connector and source are equal. They hold no
 * connection: the runtime resolves them for each call.
 */
public interface ConnectionReference {

  /** Whose connection a reference stands for. */
  enum Source {
    /** One connection for each environment, bound once, whoever calls. */
    EMBEDDED,
    /** Each caller brings an own connection. */
    INVOKER
  }

  /** Returns the portable key under which the reference is bound, unique among a host's work. */
  String logicalName();

  /** Returns the connector that a bound connection must belong to. */
  ConnectorId connector();

  /** Returns whose connection this reference stands for. */
  Source source();

  /**
   * Returns a reference that is bound once for each environment.
   *
   * @throws IllegalArgumentException if either name is not a valid name
   */
  static ConnectionReference embedded(String logicalName, String connector) {
    return embedded(logicalName, ConnectorId.of(connector));
  }

  /**
   * Returns a reference that is bound once for each environment.
   *
   * @throws IllegalArgumentException if {@code logicalName} is not a valid name
   */
  static ConnectionReference embedded(String logicalName, ConnectorId connector) {
    return new NamedReference(logicalName, connector, Source.EMBEDDED);
  }

  /**
   * Returns a reference for which each caller uses an own connection.
   *
   * @throws IllegalArgumentException if either name is not a valid name
   */
  static ConnectionReference invoker(String logicalName, String connector) {
    return invoker(logicalName, ConnectorId.of(connector));
  }

  /**
   * Returns a reference for which each caller uses an own connection.
   *
   * @throws IllegalArgumentException if {@code logicalName} is not a valid name
   */
  static ConnectionReference invoker(String logicalName, ConnectorId connector) {
    return new NamedReference(logicalName, connector, Source.INVOKER);
  }
}

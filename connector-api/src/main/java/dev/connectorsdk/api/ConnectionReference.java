package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;

/**
 * The name that work uses instead of a connection, so that the same work moves between environments
 * and users unchanged.
 *
 * <p>An embedded reference belongs to one principal, in each environment anew: to the owner of the
 * flow that uses it, to the caller where there is no flow, or to whom it names by {@link #ownedBy}.
 * So two people may use the same name, and neither gets the other's connection by it.
 *
 * <p>References are equal when logical name, connector, source and named owner are equal. They hold
 * no connection: the runtime resolves them for each call.
 */
public sealed interface ConnectionReference permits NamedReference {

  /** Whose connection a reference stands for. */
  enum Source {
    /** One connection of the reference's owner for each environment, bound once, whoever calls. */
    EMBEDDED,
    /** Each caller brings an own connection. */
    INVOKER
  }

  /**
   * Returns the portable key under which the reference is bound, unique among one principal's
   * references.
   */
  String logicalName();

  /** Returns the connector that a bound connection must belong to. */
  ConnectorId connector();

  /** Returns whose connection this reference stands for. */
  Source source();

  /**
   * Returns the principal to whom this reference says that it belongs, or {@code null} if it says
   * nothing.
   */
  @Nullable Principal owner();

  /** Returns a name for people, or the logical name if none was given. */
  String displayName();

  /** Returns what the reference is for; empty if that was not said. */
  String description();

  /**
   * Returns this embedded reference as that of {@code owner}. A flow of somebody else may use it if
   * the owner has granted it to the flow's owner.
   *
   * @throws IllegalArgumentException if this is an invoker reference, or the owner is a group
   */
  ConnectionReference ownedBy(Principal owner);

  /**
   * Returns this reference with a name for people.
   *
   * @throws IllegalArgumentException if it is blank or longer than 200 characters
   */
  ConnectionReference named(String displayName);

  /**
   * Returns this reference with a text that says what it is for.
   *
   * @throws IllegalArgumentException if it is longer than 2,000 characters
   */
  ConnectionReference described(String description);

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
   * @throws IllegalArgumentException if either name is not a valid name
   */
  static ConnectionReference invoker(String logicalName, ConnectorId connector) {
    return new NamedReference(logicalName, connector, Source.INVOKER);
  }
}

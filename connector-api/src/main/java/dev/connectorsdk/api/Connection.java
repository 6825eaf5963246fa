package dev.connectorsdk.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One owner's authenticated link to a service in one environment, as it was when it was read.
 *
 * <p>A snapshot: immutable, safe for use by several threads, and without any secret. Ask the
 * runtime again for the present state.
 */
public interface Connection {

  /** Returns the id, which update and repair keep. */
  ConnectionId id();

  /** Returns the connector that this connection belongs to. */
  ConnectorId connector();

  /** Returns the environment that the connection lives in. */
  Environment environment();

  /** Returns who made the connection and alone decides about it. */
  Principal owner();

  /** Returns a text by which people tell their connections apart. */
  String displayName();

  /** Returns the id of the chosen {@link AuthOption}. */
  String authOption();

  /**
   * Returns the values of all parameters that are not secret, by name: a {@link String}, {@link
   * Long}, {@link java.math.BigDecimal} or {@link Boolean} each. Secret parameters are absent.
   */
  Map<String, Object> parameters();

  /** Returns whether the connection can be used, and why not. */
  ConnectionStatus status();

  /** Returns the account at the service that the last test or sign-in named, if it did. */
  @Nullable Account account();

  /**
   * Returns the scopes that the service granted when somebody signed in; where it did not say,
   * those that were asked for. Empty if nobody has signed in, or without any scope in particular.
   */
  default List<String> grantedScopes() {
    return List.of();
  }

  /** Returns when the stored credential ends by itself, or {@code null} if that is not known. */
  @Nullable Instant credentialExpiresAt();

  /** Returns when the connection was made. */
  Instant createdAt();

  /** Returns when the connection last changed. */
  Instant updatedAt();

  /** Returns a number that grows with each change of the connection. */
  long version();
}

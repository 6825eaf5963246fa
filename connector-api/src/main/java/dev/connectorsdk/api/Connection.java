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

  /** Returns the owner, who alone may change, share or delete the connection. */
  Principal owner();

  /** Returns a text by which people tell their connections apart. */
  String displayName();

  /** Returns the id of the chosen {@link AuthOption}. */
  String authOption();

  /**
   * Returns the values of all parameters that are not secret, by name. Each is a {@link String},
   * {@link Long}, {@link java.math.BigDecimal} or {@link Boolean}. Secret parameters are absent.
   */
  Map<String, Object> parameters();

  /** Returns whether the connection can be used, and if not, why. */
  ConnectionStatus status();

  /** Returns the account that the last test or sign-in named, or {@code null} if none did. */
  @Nullable Account account();

  /**
   * Returns the scopes that were granted at the last sign-in, or by a later renewal that named
   * others; the requested ones if the service did not name any. Empty if nobody has signed in or no
   * scope was requested.
   */
  default List<String> grantedScopes() {
    return List.of();
  }

  /** Returns the id of the gateway that requests go through, or {@code null} for none. */
  default @Nullable String gateway() {
    return null;
  }

  /** Returns whether the connection goes along when an app that uses it is shared, and why. */
  Sharing sharing();

  /** Returns when the stored credential expires, or {@code null} if that is not known. */
  @Nullable Instant credentialExpiresAt();

  /** Returns when the connection was made. */
  Instant createdAt();

  /** Returns when the connection last changed. */
  Instant updatedAt();

  /** Returns a number that grows with each change of the connection. */
  long version();
}

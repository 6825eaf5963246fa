package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where people make connections, and mend them: pages of the host.
 *
 * <p>Whoever opens a link may be somebody else than the caller, so the page has to know by its own
 * session who that is, and the link holds nothing that signs anybody in.
 */
@FunctionalInterface
public interface SignInLinks {

  /**
   * Returns the link for a caller; empty if there is none.
   *
   * @param connection the caller's own connection that needs mending, or {@code null} if the caller
   *     has none yet
   */
  Optional<URI> link(Caller caller, ConnectorId connector, @Nullable ConnectionId connection);

  /** Returns what a person can do about a missing connection where there is no link. */
  default Optional<String> advice(ConnectorId connector) {
    return Optional.empty();
  }

  /** Returns what knows no link: agents are told in words what is missing. */
  static SignInLinks none() {
    return (caller, connector, connection) -> Optional.empty();
  }
}

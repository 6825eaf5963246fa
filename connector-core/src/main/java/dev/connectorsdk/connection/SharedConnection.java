package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection of somebody else on which a caller has a right.
 *
 * @param id which it is
 * @param connector the connector that it belongs to
 * @param displayName the text by which its owner tells it from others
 * @param account the account at the service, or {@code null} if that is not known
 * @param owner whose it is
 * @param state how it stands
 * @param right the most that the caller may do with it, at least {@link Right#USE}
 */
public record SharedConnection(
    ConnectionId id,
    ConnectorId connector,
    String displayName,
    @Nullable Account account,
    Principal owner,
    State state,
    Right right) {

  /**
   * The first of them.
   *
   * @param connections no more than were asked for
   * @param isWhole whether none before the limit is left out, and each right is the most; {@code
   *     false} if there were more groups than are looked at, or it could not be told of one whether
   *     the caller belongs to it
   */
  public record Page(List<SharedConnection> connections, boolean isWhole) {

    public Page {
      connections = List.copyOf(connections);
    }
  }
}

package dev.connectorsdk.reference;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may know of a connection that a reference leads to: an own one, one of somebody
 * else's that the caller has chosen, or one that a flow uses of which the caller is the owner or a
 * co-owner.
 *
 * @param id which it is, or {@code null} if it is not the caller's own, and no administrator has
 *     asked
 * @param connector the connector that it belongs to
 * @param displayName the text by which its owner tells it from others
 * @param account the account at the service, or {@code null} if that is not known
 */
public record UsedConnection(
    @Nullable ConnectionId id,
    ConnectorId connector,
    String displayName,
    @Nullable Account account) {

  /**
   * Returns by what people know it: the display name, and the account in parentheses unless it is
   * named after that.
   */
  public String names() {
    String name = "'" + displayName + "'";
    return account == null || account.label().equals(displayName)
        ? name
        : name + " (" + account.label() + ")";
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.util.Collection;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The gateways of a host, as far as connections need them. Safe for several threads. */
public interface GatewayAccess {

  /**
   * Returns what secrets for a gateway are sealed with.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if there is no such gateway that the
   *     caller may use, or it has no member yet
   */
  SealingKey sealingKey(Caller caller, String gateway);

  /** Returns whether a caller may make connections through a gateway. */
  boolean mayUse(Caller caller, String gateway);

  /** A connection that goes through a gateway, with its owner, who has to have a right to that. */
  record Through(String gateway, ConnectionId connection, Caller owner) {

    /** Returns it for a connection, or {@code null} if it goes through none. */
    static @Nullable Through of(StoredConnection row) {
      String gateway = row.settings().gateway();
      return gateway == null
          ? null
          : new Through(gateway, row.id(), new Caller(row.owner(), row.environment(), null));
    }
  }

  /**
   * Checks that the owner of a connection may use its gateway. Of a gateway that was removed it
   * says nothing: that has no member.
   *
   * @throws AuthenticationException if not
   * @throws MembershipException if that cannot be told
   */
  void requirePermitted(Through through);

  /**
   * Returns what makes of a client one whose requests go through a gateway, as long as the owner of
   * the connection may use that: what is under way then ends within 5 s.
   *
   * @param sealed the connection's secrets, sealed for the members of the gateway
   */
  UnaryOperator<OkHttpClient> way(Through through, Collection<String> sealed);
}

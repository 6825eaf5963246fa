package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.util.Collection;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;

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

  /**
   * Returns what makes of a client one whose requests go through a gateway.
   *
   * @param connection whose requests they are
   * @param sealed the connection's secrets, sealed for the members of the gateway
   */
  UnaryOperator<OkHttpClient> way(
      String gateway, ConnectionId connection, Collection<String> sealed);
}

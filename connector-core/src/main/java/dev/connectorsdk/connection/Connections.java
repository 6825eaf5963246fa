package dev.connectorsdk.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialExpiring;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import java.time.Duration;
import java.util.List;

/**
 * The connections of a runtime's callers. Safe for use by several threads.
 *
 * <p>A caller sees and changes own connections in the own environment only. Somebody else's
 * connection looks the same as one that does not exist: a {@link NotFoundException}. Reading never
 * shows a secret.
 *
 * <p>All methods use the store, and may throw {@link dev.connectorsdk.api.error.StoreException};
 * those that run the connector's test call the service.
 */
public interface Connections {

  /**
   * Makes a connection that the caller owns, and tests it if its connector has a test.
   *
   * <p>The connection is made even if the test fails: look at its {@linkplain Connection#status
   * status}. With an auth option that needs a sign-in it stays unauthenticated until that is done;
   * see {@link dev.connectorsdk.consent.Consents}.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException naming every parameter that is
   *     missing, unknown or wrong; nothing was stored
   * @throws NotFoundException if there is no such connector or auth option
   */
  Connection create(Caller caller, ConnectionSpec spec);

  /**
   * Gives a connection other values and keeps its id, so that everything that uses it goes on.
   * Secrets that are not given again stay; the other parameters are replaced as a whole.
   *
   * <p>This is also how a broken connection is fixed. It is tested as in {@link #create}.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException as in {@link #create}; or if the
   *     connector is another
   * @throws NotFoundException if the caller has no such connection
   * @throws ConflictException if somebody else kept changing it at the same time
   */
  Connection update(Caller caller, ConnectionId id, ConnectionSpec spec);

  /**
   * Returns one of the caller's connections.
   *
   * @throws NotFoundException if the caller has no such connection
   */
  Connection get(Caller caller, ConnectionId id);

  /** Returns the caller's connections in the caller's environment, oldest first. */
  List<Connection> list(Caller caller);

  /**
   * Runs the connector's test and moves the connection's status accordingly. A service that could
   * not be asked leaves a connected connection as it is.
   *
   * @throws NotFoundException if the caller has no such connection
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread was interrupted
   */
  ConnectionTestResult test(Caller caller, ConnectionId id);

  /**
   * Deletes a connection with all its credentials. References bound to it lead to an error that
   * says so.
   *
   * <p>Before that, the service is asked to end what it issued, if the auth option has a way to
   * (RFC 7009), for at most 10 s. The connection is deleted whatever comes of it; what came of it
   * is told by a {@link CredentialRevoked}.
   *
   * @return whether the caller had such a connection
   */
  boolean delete(Caller caller, ConnectionId id);

  /**
   * Looks after credentials that nobody uses, of all connections of the host: renews what was not
   * renewed for so long, because some services end refresh tokens that lie idle, and tells with a
   * {@link CredentialExpiring} of everything that ends by itself within 14 days, such as a client
   * certificate, at most once a day. Call it now and then, such as once a day from one process, or
   * let {@code RuntimeBuilder.keepAlive} do so; by default the library does not call it by itself.
   *
   * <p>What fails is told by an event, and does not keep the others from their turn.
   *
   * @param unusedFor how long a refresh token may lie idle; less than the service allows
   * @return how many credentials were renewed
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread is interrupted
   */
  int keepAlive(Duration unusedFor);
}

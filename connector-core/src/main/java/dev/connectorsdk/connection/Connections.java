package dev.connectorsdk.connection;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import java.time.Instant;
import java.util.List;

/**
 * The connections of a runtime's callers. Safe for use by several threads.
 *
 * <p>Callers see and change only the connections that they own in their environment, and those that
 * somebody has granted them to {@linkplain Right#MANAGE manage}. Any other connection looks the
 * same as one that does not exist: both lead to a {@link NotFoundException}. No method returns a
 * secret.
 *
 * <p>An {@link Administrator} looks after the connections of an environment, or of all, and neither
 * uses nor tests nor reads one. Each such act that changes something is published as one {@link
 * dev.connectorsdk.api.event.ConnectorEvent.ConnectionChanged}.
 *
 * <p>All methods block. They use the store, and throw {@link
 * dev.connectorsdk.api.error.StoreException} if that fails. Those that run the connector's test
 * call the service as well. No argument may be {@code null}, and no method returns {@code null}.
 */
public interface Connections {

  /**
   * Returns where an auth option sends credentials, and how, to be shown beside a form and handed
   * back by {@link ConnectionSpec#sentTo}: so nobody's credentials are kept for another version of
   * the connector than the one that was shown. It is a text for people, as {@link
   * dev.connectorsdk.definition.DefinitionReport#reach} has it.
   *
   * @return an empty text for a connector of the runtime's builder, which nobody replaces
   * @throws NotFoundException if there is no such connector or auth option
   */
  String reach(Caller caller, ConnectorId connector, String authOption);

  /** Returns where an auth option of the connector with this id sends credentials. */
  default String reach(Caller caller, String connector, String authOption) {
    return reach(caller, ConnectorId.of(connector), authOption);
  }

  /**
   * Returns what the secrets of a connection through a gateway are to be sealed for, before they
   * are entered: its id, where they may go, and how. Nothing is stored.
   *
   * @param spec without secrets, which come by {@link ConnectionSpec#sealed}
   * @throws dev.connectorsdk.api.error.InvalidInputException naming every parameter that is missing
   *     or wrong, or if members of a gateway do not authenticate in this way
   * @throws NotFoundException if there is no such connector or auth option, or no such gateway that
   *     the caller may use
   * @throws IllegalArgumentException if {@code spec} names no gateway
   */
  SealRequest sealRequest(Caller caller, ConnectionSpec spec);

  /**
   * Returns the same for a connection that is to be changed.
   *
   * @throws NotFoundException also if the caller has no such connection
   */
  SealRequest sealRequest(Caller caller, ConnectionId id, ConnectionSpec spec);

  /**
   * Makes a connection that the caller owns, and tests it if its connector has a test.
   *
   * <p>The connection is made even if the test fails: look at its {@linkplain Connection#status
   * status}. With an auth option that needs a sign-in it stays unauthenticated until that is done;
   * see {@link dev.connectorsdk.consent.Consents}.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException naming every parameter that is
   *     missing, unknown or wrong, or that {@link ConnectionSpec#sentTo} is missing; nothing was
   *     stored
   * @throws ConflictException if the connector sends credentials elsewhere than {@link
   *     ConnectionSpec#sentTo} says; nothing was stored
   * @throws NotFoundException if there is no such connector or auth option
   */
  Connection create(Caller caller, ConnectionSpec spec);

  /**
   * Replaces the values of a connection and keeps its id, so that references to it stay valid.
   * Secrets that {@code spec} leaves out stay as they are; all other parameters are replaced.
   *
   * <p>This is also how a broken connection is fixed. It is tested as in {@link #create}.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException as in {@link #create}, and if {@code
   *     spec} names another connector
   * @throws NotFoundException if the caller has no such connection
   * @throws AuthenticationException if an administrator has disabled it
   * @throws ConflictException if somebody else kept changing it at the same time, and as in {@link
   *     #create}
   */
  Connection update(Caller caller, ConnectionId id, ConnectionSpec spec);

  /**
   * Returns one of the caller's connections.
   *
   * @throws NotFoundException if the caller has no such connection
   */
  Connection get(Caller caller, ConnectionId id);

  /**
   * Returns the caller's connections in the caller's environment, oldest first: all at once, so for
   * callers who own few.
   */
  List<Connection> list(Caller caller);

  /**
   * Returns a page of the caller's connections in the caller's environment, whatever owner and
   * environment the query names. Go on with {@link ConnectionQuery#after} until a page is empty. A
   * state is that which is shown, as in {@link #list(Administrator, ConnectionQuery)}.
   */
  List<Connection> list(Caller caller, ConnectionQuery query);

  /**
   * Returns connections of others in the caller's environment on which the caller has a right:
   * first those on which it was granted by name, then those by each group of the caller. Groups are
   * asked about one by one until there are enough, and no more than 100 of those that were granted
   * something in the environment. One of which it cannot be told whether the caller belongs to it
   * is left out, and the page is not whole.
   *
   * @param limit at most so many
   */
  SharedConnection.Page shared(Caller caller, int limit);

  /**
   * Runs the connector's test and sets the connection's status by its result. If the service could
   * not be asked, a connected connection stays connected.
   *
   * @throws NotFoundException if the caller has no such connection
   * @throws AuthenticationException if an administrator has disabled it
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread was interrupted
   */
  ConnectionTestResult test(Caller caller, ConnectionId id);

  /**
   * Deletes a connection with all its credentials. Calls with references that are bound to it fail
   * from then on, and say why.
   *
   * <p>First of all, the callbacks of triggers that were registered with it are removed at the
   * service. What cannot be removed within 10 s is tried again later, by any process of the host
   * that runs triggers, within the time of {@link
   * dev.connectorsdk.runtime.RuntimeBuilder#longestRemoval}: until then the credentials stay in the
   * store for this alone, while the connection is gone for everybody. What is left then is counted
   * by {@link dev.connectorsdk.trigger.Subscription#orphans}, and its URL answers 410.
   *
   * <p>Then the service is asked to revoke the connection's tokens, if the auth option names an
   * endpoint for it (RFC 7009). That takes at most 10 s too. The connection is deleted whatever the
   * service answers; a {@link CredentialRevoked} event says what that was.
   *
   * @return whether the caller had such a connection
   */
  boolean delete(Caller caller, ConnectionId id);

  /**
   * Returns what uses a connection: what to look at before it is deleted, or signed in to with
   * another account. Flows are those of the runtime's {@link
   * dev.connectorsdk.api.spi.FlowDirectory}.
   *
   * @throws NotFoundException if the caller does not own such a connection
   */
  ConnectionUsage usage(Caller caller, ConnectionId id);

  /**
   * Returns the same, but looks at no more than so many flows: for a page to be shown at once,
   * however many use it.
   *
   * @param most how many flows, at least 1
   * @throws IllegalArgumentException if it is less
   * @throws NotFoundException if the caller does not own such a connection
   */
  ConnectionUsage usage(Caller caller, ConnectionId id, int most);

  /**
   * Grants a right on a connection to somebody, until that is taken back. An earlier grant to the
   * same {@code user} ends. Only the owner grants, and whoever was granted {@link Right#OWN} by
   * name; what such a one grants ends with that right, for good.
   *
   * @param user to whom; a group stands for its members
   * @throws NotFoundException if the caller may not grant rights on such a connection
   * @throws IllegalArgumentException if {@code user} is the owner or a flow, or a group and the
   *     runtime knows no groups
   * @throws dev.connectorsdk.api.error.InvalidInputException if the caller is not the owner, and
   *     somebody else has granted a right to {@code user}
   */
  void grant(Caller caller, ConnectionId id, Principal user, Right right);

  /**
   * Grants a right as {@link #grant(Caller, ConnectionId, Principal, Right)} does.
   *
   * @param until the moment from which it no longer holds, by the runtime's clock
   * @throws IllegalArgumentException also if {@code right} is {@link Right#NONE}, which has no end
   */
  void grant(Caller caller, ConnectionId id, Principal user, Right right, Instant until);

  /**
   * Takes back what was granted to somebody, and with it what that one granted. Calls are refused
   * from then on; by other processes that share the store, after the runtime's freshness at the
   * latest.
   *
   * @return whether there was anything
   * @throws NotFoundException if the caller may not grant rights on such a connection
   * @throws dev.connectorsdk.api.error.InvalidInputException if the caller is not the owner, and
   *     somebody else has granted it
   */
  boolean revoke(Caller caller, ConnectionId id, Principal user);

  /**
   * Returns the grants on a connection that hold now.
   *
   * @throws NotFoundException if the caller may not grant rights on such a connection
   */
  List<Grant> grants(Caller caller, ConnectionId id);

  /**
   * Returns whether the caller may grant rights on a connection, as {@link #grant(Caller,
   * ConnectionId, Principal, Right)} decides it. To ask is no attempt: no refusal is recorded.
   *
   * @return {@code false} also if there is no such connection in the caller's environment
   */
  boolean mayGrant(Caller caller, ConnectionId id);

  /**
   * Returns a page of the connections that an administrator looks after, each without its
   * parameters: {@link Connection#parameters} is empty. Go on with {@link ConnectionQuery#after}
   * until a page is empty. No service is asked. A state is that which is shown: a connection that a
   * data policy disables is among the disabled ones, and one whose connector is missing among those
   * with an error. For these two states all connections are gone through.
   *
   * @throws PermissionDeniedException if the query names an environment that the administrator does
   *     not administer
   */
  List<Connection> list(Administrator administrator, ConnectionQuery query);

  /**
   * Returns a connection that an administrator looks after, as {@link #list(Administrator,
   * ConnectionQuery)} shows it: without its parameters. No service is asked.
   *
   * @throws NotFoundException if the administrator looks after no such connection
   */
  Connection get(Administrator administrator, ConnectionId id);

  /**
   * Returns what uses a connection: what to look at before it is disabled, deleted or handed over.
   * All flows are named, whosever they are.
   *
   * @throws NotFoundException if the administrator looks after no such connection
   * @throws dev.connectorsdk.api.error.StoreException if what is stored of it is not understood
   */
  ConnectionUsage usage(Administrator administrator, ConnectionId id);

  /**
   * Returns the same, but looks at no more than so many flows.
   *
   * @param most how many flows, at least 1
   * @throws IllegalArgumentException if it is less
   * @throws NotFoundException if the administrator looks after no such connection
   * @throws dev.connectorsdk.api.error.StoreException if what is stored of it is not understood
   */
  ConnectionUsage usage(Administrator administrator, ConnectionId id, int most);

  /**
   * Disables a connection: from then on nobody uses, tests, changes or signs in for it, on other
   * processes within the runtime's freshness. Calls end with {@link
   * dev.connectorsdk.api.error.ResolutionException.Broken}, its credentials are not renewed, and
   * subscriptions wait, and get nothing of what a service sends meanwhile. Calls that have begun go
   * on without renewing a credential. Its owner sees who did it and why, and may delete it.
   *
   * @param why one sentence for its owner; it takes the place of an earlier one
   * @return the connection, without its parameters
   * @throws IllegalArgumentException if {@code why} is blank
   * @throws NotFoundException if the administrator looks after no such connection
   * @throws dev.connectorsdk.api.error.StoreException if what is stored of it is not understood; it
   *     can be deleted
   * @throws ConflictException if others kept changing it at the same time
   */
  Connection disable(Administrator administrator, ConnectionId id, String why);

  /**
   * Enables a connection that was disabled; it then has the status that it would have had. Does
   * nothing if it is not disabled.
   *
   * @return the connection, without its parameters
   * @throws NotFoundException if the administrator looks after no such connection
   * @throws dev.connectorsdk.api.error.StoreException as {@link #disable} does
   * @throws ConflictException if others kept changing it at the same time
   */
  Connection enable(Administrator administrator, ConnectionId id);

  /**
   * Deletes a connection, as {@link #delete(Caller, ConnectionId)} does for its owner.
   *
   * @return whether the administrator looked after such a connection
   */
  boolean delete(Administrator administrator, ConnectionId id);

  /**
   * Gives a connection to another owner. Its id and its parameters stay, and the embedded
   * references that the former owner has bound to it become the new owner's, with what is granted
   * on them. Not so where the new owner has bound a reference of that name, or has flows that use
   * one which is not bound, since these would begin to use the connection without anybody having
   * been shown that; nor if the runtime's {@link dev.connectorsdk.api.spi.FlowDirectory} fails to
   * say. There the new owner binds it, or an administrator {@linkplain
   * dev.connectorsdk.reference.References#reassign(Administrator, dev.connectorsdk.api.Flow,
   * Principal) gives} the former owner's flow to the new one.
   *
   * <p>Credentials never go along: they are revoked at the service, if the auth option names an
   * endpoint for it, and erased, secret parameters included; callbacks that were registered with
   * them are removed, as in {@link #delete(Caller, ConnectionId)}. The connection is
   * unauthenticated until the new owner has signed in or {@linkplain #update entered} credentials.
   *
   * @param newOwner a user or a service; the administrator, too, gets no credential
   * @return the connection, without its parameters
   * @throws IllegalArgumentException if it cannot own a connection, or owns this one
   * @throws NotFoundException if the administrator looks after no such connection
   * @throws ConflictException if others kept changing it at the same time; its credentials may have
   *     been revoked
   */
  Connection handOver(Administrator administrator, ConnectionId id, Principal newOwner);
}

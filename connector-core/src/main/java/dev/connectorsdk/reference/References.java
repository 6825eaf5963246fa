package dev.connectorsdk.reference;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Binds references to connections, and says which references are ready. Safe for use by several
 * threads. All methods block, use the store, and throw {@link
 * dev.connectorsdk.api.error.StoreException} if that fails.
 *
 * <p>Callers bring own connections into play and no others, and are told of no others: a connection
 * that is somebody else's and one that does not exist lead to the same answer. An {@link
 * Administrator} has a method of its own for that.
 */
public interface References {

  /**
   * Binds a reference to an own connection of the caller in the caller's environment, replacing an
   * earlier binding. An own reference, and an invoker reference, may be bound to a connection of
   * somebody else that the caller {@linkplain dev.connectorsdk.api.Grant.Right#USE may use}, and
   * lead there while that is so.
   *
   * <ul>
   *   <li>An embedded reference of the caller's is bound in all flows that use it. In the flow that
   *       the caller runs, if any, a co-owner's connection that took its place goes.
   *   <li>An embedded reference of somebody else's keeps its binding: the caller, who has to own or
   *       co-own the flow that the caller runs, has the connection take its place in this flow
   *       alone.
   *   <li>An invoker reference is bound for the caller alone: in the flows of the owner of the flow
   *       that the caller runs; without a flow, everywhere else.
   * </ul>
   *
   * @throws ResolutionException if the caller may use no such connection, it does not fit, or the
   *     caller may not change the binding; and if the connection is of a {@linkplain
   *     dev.connectorsdk.runtime.RuntimeBuilder#privileged privileged} account on a sensitive
   *     connector, and the reference did not lead there before, which has to be {@linkplain
   *     #confirmBind confirmed}; nothing changes
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy blocks the connector
   */
  void bind(Caller caller, ConnectionReference reference, ConnectionId connection);

  /**
   * Returns what {@link #bind} would change: in which flows, who gets to use the connection by it,
   * and what else the reference may be bound to. Nothing changes.
   *
   * @throws ResolutionException as {@link #bind} does, but for what has to be confirmed
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy blocks the connector
   */
  ImpactPreview previewBind(Caller caller, ConnectionReference reference, ConnectionId connection);

  /**
   * Binds a reference as {@link #bind} does, and confirms what the preview warns of.
   *
   * @param preview what {@link #previewBind} has returned for the same arguments
   * @throws dev.connectorsdk.api.error.ConflictException if what it shows has changed; nothing
   *     changes
   */
  void confirmBind(
      Caller caller, ConnectionReference reference, ConnectionId connection, ImpactPreview preview);

  /**
   * Takes back what {@link #bind} does in the same place. The owner of an embedded reference who
   * runs a flow in which another connection takes the place of the bound one ends that alone, and
   * the flow uses the bound one again; else the owner takes back the binding in all flows.
   *
   * @return whether there was anything
   * @throws ResolutionException if the caller may not change it
   */
  boolean unbind(Caller caller, ConnectionReference reference);

  /**
   * Returns the own connection of the caller that a reference is bound to; empty if it is bound to
   * none, or to somebody else's.
   */
  Optional<ConnectionId> binding(Caller caller, ConnectionReference reference);

  /**
   * Returns the connections of the reference's connector that the caller may {@link #bind} it to in
   * the caller's environment, own ones first, then those of others that the caller may use; and of
   * those that cannot be used now, or not for this reference, why. Of the groups that were granted
   * something on a connection there, the first 100 are looked at; what was granted to others can be
   * bound by its id all the same.
   *
   * @throws ResolutionException if the caller may not bind the reference
   */
  List<Candidate> choices(Caller caller, ConnectionReference reference);

  /**
   * Returns the first of these, for callers who own or share very many.
   *
   * @param limit at most so many
   * @throws ResolutionException if the caller may not bind the reference
   */
  List<Candidate> choices(Caller caller, ConnectionReference reference, int limit);

  /**
   * Lets the flows of {@code user} use an embedded reference of the caller's in the caller's
   * environment, with the connection that it is bound to, until that is taken back. A flow names it
   * by {@link ConnectionReference#ownedBy}. An earlier grant to the same {@code user} ends.
   *
   * @param user who owns these flows; a group stands for its members
   * @throws ResolutionException if the reference is not the caller's
   * @throws IllegalArgumentException if it is an invoker reference, or {@code user} is the caller
   *     or a flow, or a group and the runtime knows no groups
   */
  void grant(Caller caller, ConnectionReference reference, Principal user);

  /**
   * Grants a reference as {@link #grant(Caller, ConnectionReference, Principal)} does.
   *
   * @param until the moment from which it is refused again, by the runtime's clock
   */
  void grant(Caller caller, ConnectionReference reference, Principal user, Instant until);

  /**
   * Takes a {@linkplain #grant grant} back. Calls are refused from then on; by other processes that
   * share the store, after the runtime's freshness at the latest.
   *
   * @return whether there was one
   * @throws ResolutionException if the reference is not the caller's
   */
  boolean revoke(Caller caller, ConnectionReference reference, Principal user);

  /**
   * Returns the grants of an own reference of the caller that hold now.
   *
   * @throws ResolutionException if the reference is not the caller's
   */
  List<Grant> grants(Caller caller, ConnectionReference reference);

  /**
   * Has the run-only users of the flow that the caller runs use the flow's connection under an
   * embedded reference, as they do if nothing is said. It has no effect on owners, co-owners and
   * triggers, which always use that.
   *
   * @throws ResolutionException if the caller is not the owner of the flow, or it does not declare
   *     the reference
   * @throws IllegalArgumentException if it is an invoker reference, the caller runs no flow, or
   *     runs an app, which is shared by {@link #confirmShare}
   */
  void letRunOnlyUsersUse(Caller caller, ConnectionReference reference);

  /**
   * Says the same as {@link #letRunOnlyUsersUse(Caller, ConnectionReference)}, for a time.
   *
   * @param until the moment from which they bring own connections, by the runtime's clock
   */
  void letRunOnlyUsersUse(Caller caller, ConnectionReference reference, Instant until);

  /**
   * Has each run-only user of the flow or app that the caller runs bring an own connection for an
   * embedded reference: the one that the user {@linkplain #bind bound}, or else the user's only
   * ready one. Whoever has shared a connection with the users of an app may take that back, too.
   *
   * @throws ResolutionException as in {@link #letRunOnlyUsersUse(Caller, ConnectionReference)}
   * @throws IllegalArgumentException if it is an invoker reference, or the caller runs no flow
   */
  void letRunOnlyUsersBringOwn(Caller caller, ConnectionReference reference);

  /**
   * Returns what the run-only users of the flow or app that the caller runs get under each declared
   * reference. Nothing changes.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller is neither owner nor
   *     co-owner of the flow
   */
  ImpactPreview previewShare(Caller caller);

  /**
   * Shares the caller's own connections with the run-only users of the app that the caller runs, as
   * the preview shows them. Users call the shown operations with them and no others, and get no
   * unwrapped client. A connection of another owner or co-owner waits for that one; until then, and
   * once another connection is bound, users bring own ones.
   *
   * @param preview what {@link #previewShare} has returned to the same caller
   * @throws dev.connectorsdk.api.error.ConflictException if what it shows has changed; nothing is
   *     shared
   * @throws IllegalArgumentException if the caller runs no app
   */
  void confirmShare(Caller caller, ImpactPreview preview);

  /**
   * Shares as {@link #confirmShare(Caller, ImpactPreview)} does, for a time.
   *
   * @param until the moment from which users bring own connections, by the runtime's clock
   */
  void confirmShare(Caller caller, ImpactPreview preview, Instant until);

  /**
   * Returns what a change of the flow that the caller runs would bring about, before the host
   * stores it: what the co-owners get that it has more, and which operations it gets to call.
   * Nothing changes.
   *
   * @param caller who changes it, running the flow as it is
   * @param changed the flow as it is to be
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller is neither owner nor
   *     co-owner of the flow
   * @throws ResolutionException if a co-owner adds an embedded reference of somebody else's, and
   *     none of the co-owners has bound it in this flow to an own connection before
   * @throws IllegalArgumentException if {@code changed} has another id or owner, or the caller runs
   *     no flow
   */
  ImpactPreview previewChange(Caller caller, Flow changed);

  /**
   * Confirms a change of the flow that the caller runs, for the host to store it then. Listeners
   * and the audit hear of it, as a {@link dev.connectorsdk.api.event.ConnectorEvent.FlowChanged}. A
   * flow is the host's: a co-owner whom it adds without this gets the same.
   *
   * @param preview what {@link #previewChange} has returned for the same arguments
   * @throws dev.connectorsdk.api.error.ConflictException if what it shows has changed
   * @throws ResolutionException as {@link #previewChange} does
   */
  void confirmChange(Caller caller, Flow changed, ImpactPreview preview);

  /**
   * Returns the connection that a call would use now, without a request to the service: for hosts
   * that log it, or call the service by other means.
   *
   * @throws ResolutionException as {@code ConnectorRuntime.invoke} does
   * @throws dev.connectorsdk.api.error.NotFoundException if the reference's connector is not
   *     registered
   */
  Resolution resolve(Caller caller, ConnectionReference reference);

  /**
   * Binds embedded references as a settings file says, where the caller could {@link #bind} them:
   * all of them, or none if one entry is wrong, or has to be {@linkplain #confirmBind confirmed}.
   *
   * @param references the references that the work declares, matched by logical name
   * @throws InvalidInputException naming every entry that is wrong: an unknown logical name,
   *     another connector, one that a data policy blocks, a connection that the caller does not
   *     have here
   */
  void apply(
      Caller caller, DeploymentSettings settings, Collection<ConnectionReference> references);

  /** Applies a settings file to the references that the caller's flow declares. */
  void apply(Caller caller, DeploymentSettings settings);

  /**
   * Binds the embedded references that a flow declares as a settings file says, for the
   * administrator's environment: all of them, or none if one entry is wrong. A connection is that
   * of the owner or of a co-owner of the flow, who needs to do nothing. A reference of somebody
   * else has to be granted to the owner of the flow, and is bound in this flow alone; the
   * connection that its owner bound it to stands for that binding again.
   *
   * @throws InvalidInputException naming every entry that is wrong, as for a caller, or has to be
   *     {@linkplain #confirmApply confirmed}
   * @throws IllegalArgumentException if the administrator is not of one environment
   */
  void apply(Administrator administrator, Flow flow, DeploymentSettings settings);

  /**
   * Returns what {@link #apply(Administrator, Flow, DeploymentSettings)} would bring about: which
   * connection each reference of the file would stand for, and who gets to use it. It may be shown
   * to the administrator. Nothing changes.
   *
   * @throws InvalidInputException naming every entry that is wrong
   * @throws IllegalArgumentException if the administrator is not of one environment
   */
  ImpactPreview previewApply(Administrator administrator, Flow flow, DeploymentSettings settings);

  /**
   * Applies a settings file as {@link #apply(Administrator, Flow, DeploymentSettings)} does, once
   * somebody has seen what that means.
   *
   * @param preview what {@link #previewApply} has returned for the same arguments
   * @throws dev.connectorsdk.api.error.ConflictException if what it shows has changed; nothing is
   *     bound
   * @throws InvalidInputException naming every entry that is wrong
   * @throws IllegalArgumentException if the administrator is not of one environment
   */
  void confirmApply(
      Administrator administrator, Flow flow, DeploymentSettings settings, ImpactPreview preview);

  /**
   * Gives what a flow uses in the administrator's environment to a new owner, because the former
   * one leaves: to be done before the host stores the flow with its new owner, after the former
   * owner's connections were {@linkplain
   * dev.connectorsdk.connection.Connections#handOver(Administrator, ConnectionId, Principal) handed
   * over}. It may be repeated.
   *
   * <p>What co-owners have bound in this flow goes along, and what its run-only users get, except
   * connections that the former owner has shared with them, which the new one has to confirm. A
   * reference of the former owner's becomes one of the new owner's, bound to the same connection if
   * the new owner may use that and has bound no other; the former owner's other flows keep theirs.
   * Connections and grants stay as they are. Subscriptions of the flow go on by themselves.
   *
   * @param flow the flow with its former owner
   * @return the embedded references that lead nowhere for the new owner, who has to bind them, or
   *     be granted them
   * @throws ResolutionException.Denied if the new owner, or whoever else uses the flow or another
   *     one with the new owner's reference, gets to use a privileged account on a sensitive
   *     connector, which has to be {@linkplain #confirmReassign confirmed}
   * @throws dev.connectorsdk.api.error.ConflictException if somebody binds or shares one of these
   *     references at the same time; nothing is moved
   * @throws IllegalArgumentException if {@code newOwner} cannot own a flow, or owns this one, or
   *     the administrator is not of one environment
   */
  List<ConnectionReference> reassign(Administrator administrator, Flow flow, Principal newOwner);

  /**
   * Returns what {@link #reassign} would bring about: which connection each embedded reference
   * would stand for. It may be shown to the administrator. Nothing changes.
   *
   * @throws IllegalArgumentException as {@link #reassign} does
   */
  ImpactPreview previewReassign(Administrator administrator, Flow flow, Principal newOwner);

  /**
   * Gives a flow to a new owner as {@link #reassign} does, once somebody has seen what that means.
   *
   * @param preview what {@link #previewReassign} has returned for the same arguments
   * @return what {@link #reassign} returns
   * @throws dev.connectorsdk.api.error.ConflictException if what it shows has changed; nothing is
   *     moved
   * @throws IllegalArgumentException as {@link #reassign} does
   */
  List<ConnectionReference> confirmReassign(
      Administrator administrator, Flow flow, Principal newOwner, ImpactPreview preview);

  /**
   * Returns the settings file of the caller's environment: one entry for each embedded reference,
   * with an empty connection where it is not bound to an own connection of the caller.
   */
  DeploymentSettings export(Caller caller, Collection<ConnectionReference> references);

  /** Returns the settings file of the references that the caller's flow declares. */
  DeploymentSettings export(Caller caller);

  /**
   * Returns the settings file of a flow in the administrator's environment, with the connections of
   * all owners.
   *
   * @throws IllegalArgumentException if the administrator is not of one environment
   */
  DeploymentSettings export(Administrator administrator, Flow flow);

  /** Returns for each reference whether the caller could use it now. Services are not asked. */
  List<ReferenceReadiness> readiness(Caller caller, Collection<ConnectionReference> references);

  /** Returns the readiness of the references that the caller's flow declares. */
  List<ReferenceReadiness> readiness(Caller caller);

  /**
   * Returns for each reference that a flow declares whether somebody who runs it in the
   * administrator's environment could use it now, and which connection it leads to, by its id too.
   * Services are not asked. With the owner of the flow it says what the flow uses, and with a
   * run-only user what that one brings.
   *
   * @param user a user or a service, who need not have a part in the flow
   * @throws IllegalArgumentException if {@code user} is a group, or the administrator is not of one
   *     environment
   */
  List<ReferenceReadiness> readiness(Administrator administrator, Flow flow, Principal user);

  /**
   * Checks, before a run begins, that the caller could use every reference that the caller's flow
   * declares. Services are not asked.
   *
   * <p>A run that a person has started uses embedded references and those for which the person
   * brings own connections. A run that nobody has started, {@link Flow#in}, uses embedded ones
   * only, whatever machine it is on; all others are named.
   *
   * @throws InvalidInputException naming every reference that is not ready, and why
   */
  void requireReady(Caller caller);
}

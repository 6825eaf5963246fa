package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ChangeFeed.Change;
import dev.connectorsdk.api.spi.ChangeFeed.ConnectionChange;
import dev.connectorsdk.api.spi.ChangeFeed.GrantsChange;
import dev.connectorsdk.api.spi.ChangeFeed.ReferenceChange;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.reference.Disclosure.Audience;
import dev.connectorsdk.internal.sharing.Grants;
import dev.connectorsdk.internal.sharing.Roles;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the connection behind a reference. Safe for several threads. Bindings, grants and
 * connections come from memory; whether the caller may use them is decided anew each time.
 */
public final class Resolver {

  private static final int NAMED = 100;

  private static final String WAITS =
      ", since no member of its gateway was there; it is tested when one comes";

  /**
   * What a reference leads to for a caller.
   *
   * @param binding what leads there, or {@code null} if it is the only own one
   * @param isChosen whether the caller brings the connection; else the reference is bound to it for
   *     all who use it
   */
  record Found(
      Caller caller,
      ConnectionReference reference,
      OpenConnection connection,
      @Nullable StoredBinding binding,
      boolean isChosen) {

    Connection view() {
      return connection.view();
    }
  }

  /** Everybody may know that, whosever connection it is. */
  private static final List<Candidate> DISABLED =
      List.of(new Candidate(null, "an administrator has disabled it"));

  private final OpenConnections connections;
  private final Clock clock;
  private final StoredReferences references;
  private final FreshCache<ConnectionFilter, List<ConnectionId>> own;
  private final Grants grants;
  private final Roles roles;
  private final Admission admission;
  private final Disclosure disclosure;
  private final RunOnlyUsers runOnly;

  /**
   * Returns a resolver over a store's bindings.
   *
   * @param attendedOnly the connectors that are not for runs that no person has started
   */
  public Resolver(
      ConnectorStore store,
      OpenConnections connections,
      Roles roles,
      Grants grants,
      Set<ConnectorId> attendedOnly,
      Clock clock,
      StoreChanges changes) {
    this.connections = connections;
    this.clock = clock;
    this.grants = grants;
    this.roles = roles;
    this.admission = new Admission(roles, attendedOnly);
    this.disclosure = new Disclosure(roles);
    this.runOnly = new RunOnlyUsers(connections, roles, clock);
    this.references = new StoredReferences(store, changes);
    this.own = new FreshCache<>(changes, connections::own);
  }

  /** Returns who may do what with a flow. */
  public Roles roles() {
    return roles;
  }

  /** Returns whether callers and flows may use references at all. */
  public Admission admission() {
    return admission;
  }

  /** Returns what run-only users get. */
  RunOnlyUsers runOnlyUsers() {
    return runOnly;
  }

  /** Returns what callers may be told. */
  Disclosure disclosure() {
    return disclosure;
  }

  /** Says that what a reference leads to was changed. */
  void bindingsChanged(ReferenceKey key) {
    references.changed(key);
  }

  /** Says that there is one connection more or less. */
  public void connectionsChanged(StoredConnection row) {
    own.forget(new ConnectionFilter(row.environment(), row.owner(), row.connector()));
  }

  /** Has what was changed in the store read again before it is used. */
  public void changed(Change change) {
    if (change instanceof ConnectionChange connection) {
      connections.refresh(connection.id());
      own.forget(connection.list());
    } else if (change instanceof ReferenceChange reference) {
      references.changed(reference.reference());
    } else if (change instanceof GrantsChange granted) {
      grants.changed(granted.on());
    }
  }

  /**
   * Returns the connection that the caller uses under this reference.
   *
   * @throws ResolutionException if there is not exactly one that the caller may use and that is
   *     ready
   */
  public OpenConnection resolve(Caller caller, ConnectionReference reference) {
    return findReady(caller, reference).connection();
  }

  /**
   * Returns the same, and renews the moment if it could not be told from memory; has it know for
   * how long that holds.
   */
  public OpenConnection resolve(Caller caller, ConnectionReference reference, Moment at) {
    return findReady(caller, reference, at).connection();
  }

  /** Returns the connection that {@link #resolve} does, and what led to it. */
  Found findReady(Caller caller, ConnectionReference reference) {
    return findReady(caller, reference, new Moment(clock));
  }

  private Found findReady(Caller caller, ConnectionReference reference, Moment at) {
    Found found = find(caller, reference, at);
    Instant end = found.view().credentialExpiresAt();
    if (end != null) {
      at.changesAt(end.toEpochMilli());
    }
    requireReady(found);
    return found;
  }

  /**
   * Returns the base URL of the connection that {@link #resolve} does, or {@code null} if there is
   * none that can be used now.
   *
   * @throws ConnectorException if that cannot be told
   */
  public @Nullable URI baseUrl(Caller caller, ConnectionReference reference) {
    try {
      return resolve(caller, reference).endpoint().baseUri();
    } catch (StoreException | MembershipException e) {
      throw e;
    } catch (ConnectorException e) {
      return null;
    }
  }

  /**
   * Checks that nobody has taken away what a service sends for the connection under this reference,
   * which need not be ready or there any more.
   *
   * @throws ResolutionException if the caller has no right to it, or an administrator has disabled
   *     it
   */
  public void requireMayReceive(Caller caller, ConnectionReference reference) {
    try {
      Found found = find(caller, reference);
      if (isDisabled(found.view())) {
        requireReady(found);
      }
    } catch (ResolutionException.Unbound | ResolutionException.Deleted e) {
      // Nobody has refused it, and it may be bound again.
    }
  }

  /** Returns whether a failure says that a caller has no right to a connection. */
  public static boolean isRefusal(ConnectorException failure) {
    return failure instanceof ResolutionException.Denied
        || failure instanceof ResolutionException.Foreign
        || failure instanceof ResolutionException.Withdrawn;
  }

  /**
   * Checks that a caller may use a reference, whatever it leads to.
   *
   * @throws ResolutionException.Denied if not
   */
  void requireAdmitted(Caller caller, ConnectionReference reference) {
    admission.require(caller, reference, new Moment(clock));
  }

  /** Returns the connection that {@link #findReady} does, even if it is not ready. */
  Found find(Caller caller, ConnectionReference reference) {
    return find(caller, reference, new Moment(clock));
  }

  private Found find(Caller caller, ConnectionReference reference, Moment at) {
    admission.require(caller, reference, at);
    ReferenceBindings embedded =
        reference.source() == Source.INVOKER ? null : embedded(caller, reference, at);
    if (embedded == null || runOnly.bringOwn(caller, embedded, at)) {
      StoredBinding chosen = chosen(caller, reference, at);
      return chosen == null
          ? new Found(caller, reference, onlyOwn(caller, reference, at), null, true)
          : bound(caller, reference, chosen, true, at);
    }
    StoredBinding shared = embedded.in(caller.flow());
    if (shared == null) {
      throw new ResolutionException.Unbound(reference, caller);
    }
    return bound(caller, reference, shared, false, at);
  }

  private @Nullable StoredBinding chosen(Caller caller, ConnectionReference reference, Moment at) {
    var key =
        new StoredReferences.Key(caller.environment(), caller.principal(), reference.logicalName());
    return references.chosen(key, at).in(caller.flow());
  }

  private ReferenceBindings embedded(Caller caller, ConnectionReference reference, Moment at) {
    Principal owner = Ownership.of(caller, reference);
    Principal user = Ownership.user(caller);
    var key = new StoredReferences.Key(caller.environment(), owner, reference.logicalName());
    if (!owner.equals(user)) {
      if (caller.flow() == null || !isGranted(key, user, at)) {
        throw Ownership.notGranted(caller, reference);
      }
    }
    return references.embedded(key, at);
  }

  /**
   * Checks that a caller may call an operation with the connection that a reference leads to.
   *
   * @param operation its id, or {@code null} for calls of which nobody knows what they do
   * @param at renewed if that could not be told from memory
   * @throws ResolutionException.Denied if the connection is shared with the caller for others alone
   */
  public void requireOperation(
      Caller caller, ConnectionReference reference, @Nullable String operation, Moment at) {
    Flow flow = caller.flow();
    if (flow != null && flow.kind() == Flow.Kind.APP && reference.source() == Source.EMBEDDED) {
      runOnly.requireOperation(caller, reference, embedded(caller, reference, at), operation, at);
    }
  }

  private boolean isGranted(StoredReferences.Key key, Principal user, Moment at) {
    var reference = new GrantSubject(key.environment(), key.principal(), key.logicalName());
    return grants.has(user, Right.USE, key.principal(), reference, at);
  }

  /** Returns why this connection was chosen, and why others of the caller were not. */
  List<Candidate> trail(Found found) {
    Caller caller = found.caller();
    StoredBinding binding = found.binding();
    if (binding != null) {
      return disclosure.trail(
          caller,
          found.view(),
          found.isChosen(),
          binding.key().flow() == null
              ? "is bound to the reference"
              : "takes the place of the bound one in this flow");
    }
    Moment at = new Moment(clock);
    ConnectionFilter mine =
        new ConnectionFilter(
            caller.environment(), caller.principal(), found.reference().connector());
    return open(own.get(mine, at), at).stream()
        .map(
            one ->
                one.id().equals(found.connection().id())
                    ? new Candidate(one.id(), named(one) + "is the only one that is ready")
                    : candidate(one))
        .toList();
  }

  private Found bound(
      Caller caller,
      ConnectionReference reference,
      StoredBinding binding,
      boolean isChosen,
      Moment at) {
    Optional<OpenConnection> present = connections.find(binding.connection(), at);
    if (present.isEmpty()) {
      throw new ResolutionException.Deleted(reference, caller, deleted(caller, binding));
    }
    OpenConnection connection = present.get();
    requireMayBeBrought(caller, reference, binding, connection, at);
    String misfit = misfit(caller.environment(), reference, connection.view());
    if (misfit != null) {
      throw new ResolutionException.Foreign(
          reference, caller, disclosure.trail(caller, connection.view(), isChosen, misfit));
    }
    return new Found(caller, reference, connection, binding, isChosen);
  }

  /** A connection whose row is gone was the caller's if nobody else could have bound it. */
  private static List<Candidate> deleted(Caller caller, StoredBinding binding) {
    boolean own =
        binding.key().flow() == null
            && binding.key().reference().principal().equals(caller.principal());
    return own ? List.of(new Candidate(binding.connection(), "was deleted")) : List.of();
  }

  /** Into a flow of somebody else only its owner brings a connection. */
  private void requireMayBeBrought(
      Caller caller,
      ConnectionReference reference,
      StoredBinding binding,
      OpenConnection connection,
      Moment at) {
    Principal owner = connection.view().owner();
    Flow flow = caller.flow();
    if (binding.key().flow() != null && flow != null) {
      if (!roles.mayChange(flow, owner, at)) {
        throw new ResolutionException.Withdrawn(reference, caller);
      }
    } else if (!mayUse(binding.key().reference().principal(), connection, at)) {
      throw new ResolutionException.Foreign(reference, caller, List.of());
    }
  }

  /** Returns whether somebody may bind a connection to own references. */
  boolean mayUse(Principal principal, OpenConnection connection) {
    return mayUse(principal, connection, new Moment(clock));
  }

  private boolean mayUse(Principal principal, OpenConnection connection, Moment at) {
    return grants.has(principal, Right.USE, connection.view().owner(), connection.subject(), at);
  }

  /** Returns why a connection does not fit a reference, or {@code null} if it does. */
  static @Nullable String misfit(
      Environment environment, ConnectionReference reference, Connection connection) {
    if (!connection.connector().equals(reference.connector())) {
      return "is of connector '"
          + connection.connector()
          + "', not '"
          + reference.connector()
          + "'";
    }
    return connection.environment().equals(environment) ? null : "belongs to another environment";
  }

  private OpenConnection onlyOwn(Caller caller, ConnectionReference reference, Moment at) {
    List<ConnectionId> ids =
        own.get(
            new ConnectionFilter(caller.environment(), caller.principal(), reference.connector()),
            at);
    if (ids.size() == 1) {
      return connections
          .find(ids.get(0), at)
          .orElseThrow(() -> new ResolutionException.ConnectionRequired(reference, caller));
    }
    if (ids.size() >= OpenConnections.MOST_OWN) { // Nobody can see which the only one would be.
      throw new ResolutionException.Ambiguous(
          reference, caller, named(open(ids.subList(0, NAMED + 1), at)));
    }
    List<OpenConnection> own = open(ids, at);
    if (own.isEmpty()) {
      throw new ResolutionException.ConnectionRequired(reference, caller);
    }
    List<OpenConnection> ready = own.stream().filter(c -> problem(c.view()) == null).toList();
    if (ready.size() == 1) {
      return ready.get(0);
    }
    List<Candidate> trail = named(own);
    throw ready.isEmpty()
        ? new ResolutionException.Broken(
            reference, caller, trail, Repairs.oneOfSeveral(reference.connector()))
        : new ResolutionException.Ambiguous(reference, caller, trail);
  }

  /** Names the first of very many. */
  private List<Candidate> named(List<OpenConnection> own) {
    Stream<Candidate> first = own.stream().limit(NAMED).map(this::candidate);
    return own.size() <= NAMED
        ? first.toList()
        : Stream.concat(first, Stream.of(new Candidate(null, "and others"))).toList();
  }

  private List<OpenConnection> open(List<ConnectionId> ids, Moment at) {
    return ids.stream().map(id -> connections.find(id, at)).flatMap(Optional::stream).toList();
  }

  /** The caller's own connections may be told apart by the names that the caller gave them. */
  private Candidate candidate(OpenConnection own) {
    String problem = problem(own.view());
    return new Candidate(own.id(), named(own) + (problem == null ? "fits, as others do" : problem));
  }

  /** Returns a connection that a reference may be bound to, with what is in the way of its use. */
  Candidate choice(OpenConnection connection) {
    String problem = problem(connection.view());
    String verdict = problem == null ? "may be bound" : problem;
    return new Candidate(connection.id(), Disclosure.names(connection.view()) + " " + verdict);
  }

  private static String named(OpenConnection own) {
    return "'" + own.view().displayName() + "' ";
  }

  /**
   * Checks that a connection can be used now.
   *
   * @throws ResolutionException.Broken if it cannot
   */
  private void requireReady(Found found) {
    requireReady(found, this::audience);
  }

  /**
   * Checks the same.
   *
   * @param told who reads what can be done, who need not be the caller
   */
  void requireReady(Found found, Function<Found, Audience> told) {
    String problem = problem(found.view());
    if (problem != null) {
      throw broken(found, problem, told.apply(found));
    }
  }

  /** Returns who a caller is of those who are told of the connection. */
  Audience audience(Found found) {
    return disclosure.audience(found.caller(), found.view(), found.isChosen());
  }

  private ResolutionException.Broken broken(Found found, String problem, Audience told) {
    Caller caller = found.caller();
    Connection connection = found.view();
    List<Candidate> trail = disclosure.trail(caller, connection, found.isChosen(), problem);
    return new ResolutionException.Broken(
        found.reference(),
        caller,
        trail.isEmpty() && isDisabled(connection) ? DISABLED : trail,
        Repairs.of(connection, told));
  }

  private static boolean isDisabled(Connection connection) {
    return connection.status().reason() == ConnectionStatus.Reason.ADMINISTRATOR;
  }

  private static boolean waits(Connection connection) {
    return connection.gateway() != null
        && connection.status().reason() == ConnectionStatus.Reason.NOT_TESTED;
  }

  /** Returns why a connection is not ready for use, or {@code null} if it is. */
  private @Nullable String problem(Connection connection) {
    if (!connection.status().isConnected()) {
      return "is " + connection.status() + (waits(connection) ? WAITS : "");
    }
    Instant end = connection.credentialExpiresAt();
    return end != null && !clock.instant().isBefore(end)
        ? "has a credential that expired at " + end
        : null;
  }
}

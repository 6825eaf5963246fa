package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.reference.BindPreviews.Asked;
import dev.connectorsdk.internal.reference.Binder.Change;
import dev.connectorsdk.internal.reference.Disclosure.Audience;
import dev.connectorsdk.internal.reference.Resolver.Found;
import dev.connectorsdk.internal.sharing.Grants;
import dev.connectorsdk.internal.sharing.RightsLog;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.reference.Resolution;
import dev.connectorsdk.reference.UsedConnection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bindings and grants as rows of the store. */
public final class DefaultReferences implements References {

  private final ConnectorStore store;
  private final Registry registry;
  private final OpenConnections connections;
  private final Resolver resolver;
  private final Grants grants;
  private final RightsLog rights;
  private final Binder binder;
  private final BindingChoices choices;
  private final FlowPreviews flowPreviews;
  private final BindPreviews bindPreviews;
  private final BindingWriter writer;
  private final AdministeredReferences administered;
  private final Shares shares;
  private final RuntimeServices services;
  private final EventHub events;

  public DefaultReferences(
      ConnectorStore store,
      Registry registry,
      OpenConnections connections,
      Resolver resolver,
      Grants grants,
      Impact impact,
      RuntimeServices services,
      EventHub events) {
    this.store = store;
    this.registry = registry;
    this.connections = connections;
    this.resolver = resolver;
    this.grants = grants;
    this.rights = grants.log();
    this.binder = new Binder(store, connections, resolver, grants);
    this.choices = new BindingChoices(store, connections, resolver, binder);
    this.flowPreviews =
        new FlowPreviews(
            connections, resolver, binder, choices, impact.accounts(), services.auditor());
    this.bindPreviews = new BindPreviews(connections, resolver, binder, choices, impact);
    this.writer = new BindingWriter(store, resolver, rights);
    this.administered =
        new AdministeredReferences(
            binder,
            bindPreviews,
            writer,
            new Reassignment(
                store.bindings(), store.shares(), connections, resolver, binder, grants),
            impact,
            resolver.roles(),
            services);
    this.shares =
        new Shares(store.shares(), resolver, binder, flowPreviews, rights, services.auditor());
    this.services = services;
    this.events = events;
  }

  @Override
  public void bind(Caller caller, ConnectionReference reference, ConnectionId connection) {
    writer.write(caller, List.of(unconfirmed(caller, reference, connection)));
  }

  @Override
  public ImpactPreview previewBind(
      Caller caller, ConnectionReference reference, ConnectionId connection) {
    return bindPreviews.of(Asked.by(caller, reference, change(caller, reference, connection)));
  }

  @Override
  public void confirmBind(
      Caller caller,
      ConnectionReference reference,
      ConnectionId connection,
      ImpactPreview preview) {
    Change change = change(caller, reference, connection);
    Shares.requireSame(bindPreviews.of(Asked.by(caller, reference, change)), preview);
    writer.write(caller, List.of(change));
  }

  private Change unconfirmed(
      Caller caller, ConnectionReference reference, ConnectionId connection) {
    Change change = change(caller, reference, connection);
    return attempt(
        Attempt.toChange(caller, reference, Act.BOUND, connection),
        () -> {
          bindPreviews.requireNoWarning(Asked.by(caller, reference, change));
          return change;
        });
  }

  private Change change(Caller caller, ConnectionReference reference, ConnectionId connection) {
    return attempt(
        Attempt.toChange(caller, reference, Act.BOUND, connection),
        () -> {
          services
              .policies()
              .requireUsable(caller.environment(), reference.connector(), caller.flow());
          return binder.change(caller, reference, connection);
        });
  }

  private <T> T attempt(Attempt attempt, Supplier<T> step) {
    return services.auditor().attempt(attempt, step);
  }

  private static Attempt toChange(Caller caller, ConnectionReference reference, Act act) {
    return Attempt.toChange(caller, reference, act, null);
  }

  @Override
  public boolean unbind(Caller caller, ConnectionReference reference) {
    List<BindingKey> keys =
        attempt(toChange(caller, reference, Act.UNBOUND), () -> binder.keys(caller, reference));
    return writer.remove(caller, reference, keys);
  }

  @Override
  public Optional<ConnectionId> binding(Caller caller, ConnectionReference reference) {
    return stored(binder.bindable(caller, reference), caller.flow())
        .flatMap(connections::find)
        .filter(bound -> Disclosure.isOwn(caller, bound.view()))
        .map(OpenConnection::id);
  }

  @Override
  public List<Candidate> choices(Caller caller, ConnectionReference reference) {
    return choices.of(caller, reference);
  }

  @Override
  public List<Candidate> choices(Caller caller, ConnectionReference reference, int limit) {
    return choices.of(caller, reference, limit);
  }

  private Optional<ConnectionId> stored(ReferenceKey key, @Nullable Flow flow) {
    StoredBinding binding = ReferenceBindings.of(store.bindings().findBindings(key)).in(flow);
    return Optional.ofNullable(binding).map(StoredBinding::connection);
  }

  @Override
  public void grant(Caller caller, ConnectionReference reference, Principal user) {
    grant(caller, reference, new Grant(user, Right.USE, caller.principal(), null));
  }

  @Override
  public void grant(Caller caller, ConnectionReference reference, Principal user, Instant until) {
    grant(caller, reference, new Grant(user, Right.USE, caller.principal(), until));
  }

  private void grant(Caller caller, ConnectionReference reference, Grant grant) {
    GrantSubject on =
        attempt(toChange(caller, reference, Act.GRANTED), () -> grantable(caller, reference));
    grants.grant(caller, caller.principal(), reference.connector(), on, grant);
  }

  @Override
  public boolean revoke(Caller caller, ConnectionReference reference, Principal user) {
    GrantSubject on =
        attempt(toChange(caller, reference, Act.REVOKED), () -> grantable(caller, reference));
    return grants.revoke(caller, caller.principal(), reference.connector(), on, user);
  }

  @Override
  public List<Grant> grants(Caller caller, ConnectionReference reference) {
    return grants.list(caller.principal(), grantable(caller, reference));
  }

  @Override
  public void letRunOnlyUsersUse(Caller caller, ConnectionReference reference) {
    shares.use(caller, reference, null);
  }

  @Override
  public void letRunOnlyUsersUse(Caller caller, ConnectionReference reference, Instant until) {
    shares.use(caller, reference, until);
  }

  @Override
  public void letRunOnlyUsersBringOwn(Caller caller, ConnectionReference reference) {
    shares.bringOwn(caller, reference);
  }

  @Override
  public ImpactPreview previewShare(Caller caller) {
    return flowPreviews.ofShare(caller);
  }

  @Override
  public void confirmShare(Caller caller, ImpactPreview preview) {
    shares.confirm(caller, preview, null);
  }

  @Override
  public void confirmShare(Caller caller, ImpactPreview preview, Instant until) {
    shares.confirm(caller, preview, until);
  }

  @Override
  public ImpactPreview previewChange(Caller caller, Flow changed) {
    return flowPreviews.ofChange(caller, new FlowChange(Shares.flow(caller), changed));
  }

  @Override
  public void confirmChange(Caller caller, Flow changed, ImpactPreview preview) {
    FlowChange change = new FlowChange(Shares.flow(caller), changed);
    Shares.requireSame(flowPreviews.ofChange(caller, change), preview);
    rights.requireRoom();
    rights.flowChanged(caller, change.newCoOwners(), change.newOperations());
  }

  private static GrantSubject grantable(Caller caller, ConnectionReference reference) {
    if (reference.source() == Source.INVOKER) {
      throw new IllegalArgumentException(
          "Reference '" + reference.logicalName() + "' has nothing to grant: callers bring theirs");
    }
    ReferenceKey key = Binder.key(caller, reference);
    if (!key.principal().equals(caller.principal())) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "only the owner of a reference grants it.",
          "Have the owner of the reference grant it.");
    }
    return Binder.subject(key);
  }

  @Override
  public Resolution resolve(Caller caller, ConnectionReference reference) {
    registry.connector(caller.environment(), reference.connector());
    Found found =
        attempt(
            Attempt.toUse(caller, reference, "resolve"),
            () -> resolver.findReady(caller, reference));
    return new FoundConnection(
        new FoundConnection.Use(caller, reference, found.connection()),
        resolver.trail(found),
        (operation, effect) ->
            new UnwrappedCalls(
                    resolver,
                    services,
                    events,
                    new UnwrappedCalls.Purpose(caller, reference, operation, effect))
                .client());
  }

  @Override
  public void apply(
      Caller caller, DeploymentSettings settings, Collection<ConnectionReference> references) {
    writer.write(
        caller,
        SettingsFiles.changes(
            caller.environment(),
            settings,
            references,
            (reference, id) -> unconfirmed(caller, reference, id)));
  }

  @Override
  public void apply(Caller caller, DeploymentSettings settings) {
    apply(caller, settings, declared(caller));
  }

  @Override
  public void apply(Administrator administrator, Flow flow, DeploymentSettings settings) {
    administered.apply(administrator, flow, settings);
  }

  @Override
  public ImpactPreview previewApply(
      Administrator administrator, Flow flow, DeploymentSettings settings) {
    return administered.previewApply(administrator, flow, settings);
  }

  @Override
  public void confirmApply(
      Administrator administrator, Flow flow, DeploymentSettings settings, ImpactPreview preview) {
    administered.confirmApply(administrator, flow, settings, preview);
  }

  @Override
  public List<ConnectionReference> reassign(
      Administrator administrator, Flow flow, Principal newOwner) {
    return administered.reassign(administrator, flow, newOwner);
  }

  @Override
  public ImpactPreview previewReassign(Administrator administrator, Flow flow, Principal newOwner) {
    return administered.previewReassign(administrator, flow, newOwner);
  }

  @Override
  public List<ConnectionReference> confirmReassign(
      Administrator administrator, Flow flow, Principal newOwner, ImpactPreview preview) {
    return administered.confirmReassign(administrator, flow, newOwner, preview);
  }

  @Override
  public DeploymentSettings export(Caller caller, Collection<ConnectionReference> references) {
    return SettingsFiles.of(references, reference -> binding(caller, reference));
  }

  @Override
  public DeploymentSettings export(Caller caller) {
    return export(caller, declared(caller));
  }

  @Override
  public DeploymentSettings export(Administrator administrator, Flow flow) {
    Environment environment = administrator.requireEnvironment();
    return SettingsFiles.of(
        flow.references(),
        reference -> stored(Binder.embedded(environment, flow, reference), flow));
  }

  @Override
  public List<ReferenceReadiness> readiness(
      Caller caller, Collection<ConnectionReference> references) {
    return references.stream().map(reference -> explained(caller, reference, toCaller())).toList();
  }

  @Override
  public List<ReferenceReadiness> readiness(
      Administrator administrator, Flow flow, Principal user) {
    Caller running = new Caller(user, administrator.requireEnvironment(), flow);
    return flow.references().stream()
        .map(reference -> explained(running, reference, Told.TO_ADMINISTRATOR))
        .toList();
  }

  @Override
  public List<ReferenceReadiness> readiness(Caller caller) {
    return readiness(caller, declared(caller));
  }

  @Override
  public void requireReady(Caller caller) {
    List<Fault> faults =
        declared(caller).stream()
            .map(
                reference ->
                    readiness(
                        caller,
                        reference,
                        toCaller(),
                        refused(caller, reference),
                        found -> List.of()))
            .filter(one -> !one.isReady())
            .map(
                one ->
                    new Fault(
                        "/flow/references/" + one.reference().logicalName(), one.explanation()))
            .toList();
    if (!faults.isEmpty()) {
      throw new InvalidInputException("a run by " + caller, faults);
    }
  }

  private Consumer<ConnectorException> refused(Caller caller, ConnectionReference reference) {
    return failure -> services.auditor().refused(Attempt.toUse(caller, reference, "run"), failure);
  }

  private static List<ConnectionReference> declared(Caller caller) {
    var flow = caller.flow();
    if (flow == null) {
      throw new IllegalArgumentException("The caller runs no flow; name the references instead");
    }
    return flow.references();
  }

  private Told toCaller() {
    return new Told(
        true,
        found -> resolver.disclosure().used(found.caller(), found.view(), found.isChosen()),
        resolver::audience);
  }

  private ReferenceReadiness explained(Caller caller, ConnectionReference reference, Told told) {
    return readiness(caller, reference, told, failure -> {}, resolver::trail);
  }

  /**
   * What may be told of a connection, and in words for whom. An administrator can do as much about
   * one of others as who co-owns the flow: ask its owner.
   *
   * @param isCaller whether the caller reads it; else what was not found there is somebody's to
   *     bring, who is named
   */
  private record Told(
      boolean isCaller,
      Function<Found, @Nullable UsedConnection> used,
      Function<Found, Audience> to) {

    static final Told TO_ADMINISTRATOR =
        new Told(false, found -> Disclosure.withId(found.view()), found -> Audience.INFORMED);
  }

  /**
   * @param why says why a connection was chosen
   */
  private ReferenceReadiness readiness(
      Caller caller,
      ConnectionReference reference,
      Told told,
      Consumer<ConnectorException> notReady,
      Function<Found, List<Candidate>> why) {
    UsedConnection used = null;
    try {
      resolver.requireAdmitted(caller, reference);
      registry.connector(caller.environment(), reference.connector());
      Found found = resolver.find(caller, reference);
      used = told.used().apply(found);
      resolver.requireReady(found, told.to());
      requireReadable(caller, reference, found.connection());
      services.policies().requireFlow(caller, reference.connector());
      return new ReferenceReadiness(reference, State.READY, used, "", "", why.apply(found));
    } catch (PolicyException
        | ResolutionException
        | MembershipException
        | NotFoundException
        | SecretUnreadableException e) {
      notReady.accept(e);
      String explanation = String.valueOf(e.getMessage());
      String remedy =
          used == null && !told.isCaller() ? caller.principal() + ": " + e.remedy() : e.remedy();
      List<Candidate> trail = e instanceof ResolutionException no ? no.trail() : List.of();
      return new ReferenceReadiness(reference, state(e), used, explanation, remedy, trail);
    }
  }

  private static void requireReadable(
      Caller caller, ConnectionReference reference, OpenConnection found) {
    try {
      found.requireReadable();
    } catch (SecretUnreadableException e) {
      throw ForeignFailures.told(e, caller, reference, found);
    }
  }

  private static State state(ConnectorException e) {
    if (e instanceof PolicyException) {
      return State.SUSPENDED;
    }
    if (e instanceof ResolutionException.Unbound) {
      return State.UNBOUND;
    }
    if (e instanceof ResolutionException.ConnectionRequired) {
      return State.CONNECTION_REQUIRED;
    }
    if (e instanceof ResolutionException.Ambiguous) {
      return State.AMBIGUOUS;
    }
    return e instanceof ResolutionException.Broken
            || e instanceof ResolutionException.Deleted
            || e instanceof NotFoundException
            || e instanceof SecretUnreadableException
        ? State.BROKEN
        : State.DENIED;
  }
}

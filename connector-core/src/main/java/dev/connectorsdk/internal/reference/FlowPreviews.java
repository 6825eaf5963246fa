package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Kind;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.reference.Remarks.Seen;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.ImpactPreview.User;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Previews of what run-only users and new co-owners of a flow get. Writes nothing. */
final class FlowPreviews {

  private static final String EACH_BRINGS = "It is a reference for which each user brings one.";

  private final OpenConnections connections;
  private final Resolver resolver;
  private final Binder binder;
  private final BindingChoices choices;
  private final PrivilegedAccounts accounts;
  private final Auditor auditor;

  FlowPreviews(
      OpenConnections connections,
      Resolver resolver,
      Binder binder,
      BindingChoices choices,
      PrivilegedAccounts accounts,
      Auditor auditor) {
    this.connections = connections;
    this.resolver = resolver;
    this.binder = binder;
    this.choices = choices;
    this.accounts = accounts;
    this.auditor = auditor;
  }

  /** What decides about one embedded reference of a flow. */
  private record Place(
      Caller caller, Flow flow, ConnectionReference reference, ReferenceBindings bindings) {}

  /** Says what somebody gets under a reference, which is bound to a connection or to none. */
  private interface Terms {
    Item of(Place place, @Nullable Connection bound);
  }

  /**
   * Returns what the run-only users of the caller's flow get.
   *
   * @throws NotFoundException if the caller may not change the flow
   */
  ImpactPreview ofShare(Caller caller) {
    Flow flow = Shares.flow(caller);
    requireMayChange(caller, flow);
    List<Seen> seen = seen(caller, flow, this::forRunOnlyUsers);
    List<Principal> users =
        flow.runOnlyUsers().stream()
            .filter(user -> !flow.owner().equals(user) && !flow.coOwners().contains(user))
            .toList();
    Remarks remarks = new Remarks(accounts).on(seen);
    return preview("Sharing ", caller, flow, seen, users, remarks);
  }

  /**
   * Returns what the co-owners get whom a changed flow has more than the caller's.
   *
   * @throws NotFoundException if the caller may not change the flow
   * @throws ResolutionException.Denied if the caller would bring another's connection into it
   */
  ImpactPreview ofChange(Caller caller, FlowChange change) {
    requireMayChange(caller, change.before());
    requireMayAdd(caller, change);
    List<Seen> seen = seen(caller, change.after(), this::forCoOwners);
    Remarks remarks = new Remarks(accounts);
    if (!change.newCoOwners().isEmpty()) {
      remarks.on(seen);
    }
    change.newOperations().forEach(remarks::onNewOperations);
    return preview("Changing ", caller, change.after(), seen, change.newCoOwners(), remarks);
  }

  private void requireMayChange(Caller caller, Flow flow) {
    if (!resolver.roles().mayChange(flow, caller.principal())) {
      var missing = new NotFoundException("flow", flow.id(), "The caller may not change it.");
      auditor.denied(Attempt.toChange(caller, flow), missing);
      throw missing;
    }
  }

  /** The same whether a reference that is added leads to a connection or not. */
  private void requireMayAdd(Caller caller, FlowChange change) {
    for (ConnectionReference reference : change.after().references()) {
      if (reference.source() == Source.EMBEDDED && !mayAdd(caller, change, reference)) {
        var denied =
            new ResolutionException.Denied(
                reference,
                caller,
                "only its owner brings a connection into the flow.",
                "Bind an own connection to the reference in this flow, or have the owner of the"
                    + " reference add it.");
        auditor.refused(Attempt.toChange(caller, change.before()), denied);
        throw denied;
      }
    }
  }

  private boolean mayAdd(Caller caller, FlowChange change, ConnectionReference reference) {
    ReferenceKey key = Binder.embedded(caller.environment(), change.after(), reference);
    return change.after().owner().equals(caller.principal())
        || key.principal().equals(caller.principal())
        || Binder.isInUse(change.before(), key)
        || binder.stored(key).alone(change.after()) != null;
  }

  private static ImpactPreview preview(
      String act,
      Caller caller,
      Flow flow,
      List<Seen> seen,
      Collection<Principal> users,
      Remarks remarks) {
    List<Item> items = seen.stream().map(Seen::item).toList();
    return new ImpactPreview(
        act + flow.id() + " in " + caller.environment(),
        List.of(flow.id()),
        0,
        items,
        users.stream()
            .sorted(Comparator.comparing(Principal::toString))
            .map(user -> user(user, items))
            .toList(),
        remarks.information(),
        remarks.warnings());
  }

  private static User user(Principal user, List<Item> items) {
    return new User(
        user,
        names(items, List.of(Treatment.SHARED)),
        names(items, List.of(Treatment.BRING_OWN, Treatment.WAITING)));
  }

  private static List<String> names(List<Item> items, List<Treatment> treatments) {
    return items.stream()
        .filter(item -> treatments.contains(item.treatment()))
        .map(item -> item.reference().logicalName())
        .toList();
  }

  private List<Seen> seen(Caller caller, Flow flow, Terms terms) {
    return flow.references().stream()
        .map(reference -> seen(caller, flow, reference, terms))
        .toList();
  }

  private Seen seen(Caller caller, Flow flow, ConnectionReference reference, Terms terms) {
    if (reference.source() == Source.INVOKER) {
      return new Seen(
          new Item(reference, Treatment.BRING_OWN, null, EACH_BRINGS, List.of(), List.of()), null);
    }
    ReferenceKey key = Binder.embedded(caller.environment(), flow, reference);
    Place place = new Place(caller, flow, reference, binder.stored(key));
    if (!binder.isGranted(key, flow)) {
      return new Seen(nothing(place, "It is somebody else's, who has not granted it."), null);
    }
    Connection bound = connection(place.bindings().in(flow));
    return new Seen(terms.of(place, bound), bound);
  }

  private @Nullable Connection connection(@Nullable StoredBinding binding) {
    if (binding == null) {
      return null;
    }
    connections.refresh(binding.connection());
    return connections.find(binding.connection()).map(OpenConnection::view).orElse(null);
  }

  private Item nothing(Place place, String why) {
    return item(place, Treatment.NOTHING, null, why, List.of());
  }

  private Item item(
      Place place,
      Treatment treatment,
      @Nullable Connection bound,
      String why,
      List<String> operations) {
    return new Item(
        place.reference(),
        treatment,
        bound == null ? null : resolver.disclosure().used(place.caller(), bound, false),
        why,
        operations,
        choices.offered(place.caller(), place.reference()));
  }

  private Item forCoOwners(Place place, @Nullable Connection bound) {
    return bound == null
        ? nothing(place, "It is bound to no connection.")
        : item(
            place,
            Treatment.SHARED,
            bound,
            "Co-owners use it in this flow for every operation, and see its name and account.",
            List.of());
  }

  private Item forRunOnlyUsers(Place place, @Nullable Connection bound) {
    Flow flow = place.flow();
    if (!flow.startsBy(Start.PERSON)) {
      return nothing(place, "Only triggers start the flow, so it has no run-only users.");
    }
    if (flow.kind() == Kind.APP) {
      return forUsersOfApp(place, bound);
    }
    if (!resolver.runOnlyUsers().areShared(flow, place.bindings())) {
      return brought(place, bound, "The owner of the flow has said so.");
    }
    return bound == null
        ? nothing(place, "It is bound to no connection.")
        : item(place, Treatment.SHARED, bound, "The flow uses it for them.", List.of());
  }

  private Item brought(Place place, @Nullable Connection bound, String why) {
    return item(place, Treatment.BRING_OWN, bound, why, List.of());
  }

  private Item forUsersOfApp(Place place, @Nullable Connection bound) {
    if (bound == null) {
      return brought(place, null, "It is bound to no connection.");
    }
    if (!bound.sharing().isAllowed()) {
      return brought(place, bound, bound.sharing().why());
    }
    List<String> operations =
        List.copyOf(new TreeSet<>(place.flow().operations(place.reference())));
    if (operations.isEmpty()) {
      return brought(place, bound, "The app does not declare which operations it calls.");
    }
    if (Disclosure.isOwn(place.caller(), bound)) {
      return item(
          place, Treatment.SHARED, bound, "It is the caller's, who confirms this.", operations);
    }
    return isConfirmed(place, operations)
        ? item(place, Treatment.SHARED, bound, "Its owner has confirmed it.", operations)
        : item(place, Treatment.WAITING, bound, "Its owner has not confirmed it.", operations);
  }

  private boolean isConfirmed(Place place, List<String> operations) {
    StoredShare share = place.bindings().shareIn(place.flow());
    return share != null
        && resolver.runOnlyUsers().areShared(place.flow(), place.bindings())
        && share.terms().operations().containsAll(operations);
  }
}

package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.reference.Binder.Change;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.ImpactPreview.User;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Previews of what binding a reference changes, and for whom. Writes nothing. */
final class BindPreviews {

  private final OpenConnections connections;
  private final Resolver resolver;
  private final Binder binder;
  private final BindingChoices choices;
  private final Impact impact;

  BindPreviews(
      OpenConnections connections,
      Resolver resolver,
      Binder binder,
      BindingChoices choices,
      Impact impact) {
    this.connections = connections;
    this.resolver = resolver;
    this.binder = binder;
    this.choices = choices;
    this.impact = impact;
  }

  /** A reference before and after it is bound. */
  private record Rebinding(
      Caller caller,
      ConnectionReference reference,
      StoredBinding bound,
      ReferenceBindings before,
      ReferenceBindings after) {

    /** Returns whether another connection is used then in a flow, or without one. */
    boolean changes(@Nullable Flow flow) {
      return bound.equals(after.in(flow)) && !leadsThere(before.in(flow));
    }

    private boolean leadsThere(@Nullable StoredBinding binding) {
      return binding != null && binding.connection().equals(bound.connection());
    }

    boolean isChange() {
      return changes(caller.flow()) || changes(null);
    }

    /** Returns what it takes the place of, or {@code null} if that is nothing the caller knows. */
    @Nullable StoredBinding former() {
      Flow flow = caller.flow();
      ReferenceKey key = bound.key().reference();
      boolean isKnown =
          flow == null || key.principal().equals(caller.principal()) || Binder.isInUse(flow, key);
      return isKnown ? before.in(changes(flow) ? flow : null) : null;
    }
  }

  private Rebinding rebinding(Caller caller, ConnectionReference reference, Change change) {
    ReferenceBindings before = binder.stored(change.reference());
    StoredBinding bound = change.requireBound();
    return new Rebinding(caller, reference, bound, before, before.with(bound, change.removed()));
  }

  /**
   * Checks that a caller may bind a reference without confirming what that means.
   *
   * @throws ResolutionException.Denied if there is a warning to be confirmed
   */
  void requireNoWarning(Caller caller, ConnectionReference reference, Change change) {
    Rebinding rebinding = rebinding(caller, reference, change);
    if (!remarks(rebinding).warnings().isEmpty()) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "the connection is of a privileged account on a sensitive connector, so what it means to"
              + " bind it has to be confirmed.",
          "Show what References.previewBind returns, and hand it back to confirmBind.");
    }
  }

  private Remarks remarks(Rebinding rebinding) {
    Remarks remarks = new Remarks(impact.accounts());
    if (rebinding.isChange()) {
      connection(rebinding.bound())
          .ifPresent(connection -> remarks.onUse(rebinding.reference().displayName(), connection));
    }
    return remarks;
  }

  private Optional<Connection> connection(@Nullable StoredBinding binding) {
    return Optional.ofNullable(binding)
        .flatMap(one -> connections.find(one.connection()))
        .map(OpenConnection::view);
  }

  ImpactPreview of(Caller caller, ConnectionReference reference, Change change) {
    Rebinding rebinding = rebinding(caller, reference, change);
    Remarks remarks = remarks(rebinding);
    Collection<Flow> flows = changed(rebinding);
    List<Flow> visible =
        flows.stream()
            .filter(flow -> resolver.roles().mayChange(flow, caller.principal()))
            .toList();
    return new ImpactPreview(
        "Binding " + reference.logicalName() + " in " + caller.environment(),
        visible.stream().map(Flow::id).toList(),
        flows.size() - visible.size(),
        List.of(item(rebinding)),
        reference.source() == Source.INVOKER ? List.of() : users(rebinding, visible),
        remarks.information(),
        remarks.warnings());
  }

  private Item item(Rebinding rebinding) {
    Caller caller = rebinding.caller();
    ConnectionReference reference = rebinding.reference();
    return new Item(
        reference,
        reference.source() == Source.INVOKER ? Treatment.BRING_OWN : Treatment.SHARED,
        connection(rebinding.bound())
            .map(bound -> resolver.disclosure().used(caller, bound))
            .orElse(null),
        where(rebinding) + insteadOf(rebinding),
        List.of(),
        choices.offered(caller, reference));
  }

  private static String where(Rebinding rebinding) {
    if (rebinding.reference().source() == Source.INVOKER) {
      return "It is bound for the caller alone.";
    }
    return rebinding.bound().key().flow() == null
        ? "It is bound in all flows that use the reference."
        : "It is bound in this flow alone.";
  }

  private String insteadOf(Rebinding rebinding) {
    return rebinding.isChange()
        ? connection(rebinding.former())
            .map(former -> " It takes the place of " + Disclosure.names(former) + ".")
            .orElse("")
        : " It is bound already.";
  }

  /** Returns the flows that use another connection from then on, in order. */
  private Collection<Flow> changed(Rebinding rebinding) {
    Map<String, Flow> flows = new TreeMap<>();
    if (rebinding.reference().source() == Source.EMBEDDED
        && rebinding.bound().key().flow() == null) {
      impact
          .flows()
          .of(rebinding.bound().key().reference(), rebinding.reference().connector())
          .forEach(flow -> flows.put(flow.id(), flow));
    }
    Flow running = rebinding.caller().flow();
    if (running != null) {
      flows.put(running.id(), running);
    }
    return flows.values().stream().filter(rebinding::changes).toList();
  }

  private List<User> users(Rebinding rebinding, List<Flow> flows) {
    Map<String, User> users = new TreeMap<>();
    for (Flow flow : flows) {
      add(rebinding, flow.owner(), true, users);
      flow.coOwners().forEach(user -> add(rebinding, user, true, users));
      if (flow.startsBy(Start.PERSON)) {
        boolean areShared = resolver.runOnlyUsers().areShared(flow, rebinding.after());
        flow.runOnlyUsers().forEach(user -> add(rebinding, user, areShared, users));
      }
    }
    return List.copyOf(users.values());
  }

  /** Who gains it in one flow gains it, whatever the others say. */
  private static void add(
      Rebinding rebinding, Principal user, boolean gains, Map<String, User> users) {
    if (user.equals(rebinding.caller().principal())) {
      return;
    }
    List<String> name = List.of(rebinding.reference().logicalName());
    if (gains) {
      users.put(user.toString(), new User(user, name, List.of()));
    } else {
      users.putIfAbsent(user.toString(), new User(user, List.of(), name));
    }
  }
}

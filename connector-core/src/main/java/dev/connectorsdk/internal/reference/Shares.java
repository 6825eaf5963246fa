package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Kind;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.api.spi.ShareStore.StoredShare.Terms;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.sharing.RightsLog;
import dev.connectorsdk.reference.SharePreview;
import dev.connectorsdk.reference.SharePreview.Item;
import dev.connectorsdk.reference.SharePreview.Treatment;
import dev.connectorsdk.reference.UsedConnection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What run-only users of flows and apps get, as their owners say. */
final class Shares {

  private final ShareStore stored;
  private final OpenConnections connections;
  private final Resolver resolver;
  private final Binder binder;
  private final RightsLog rights;
  private final Auditor auditor;

  Shares(
      ShareStore stored,
      OpenConnections connections,
      Resolver resolver,
      Binder binder,
      RightsLog rights,
      Auditor auditor) {
    this.stored = stored;
    this.connections = connections;
    this.resolver = resolver;
    this.binder = binder;
    this.rights = rights;
    this.auditor = auditor;
  }

  /** Has run-only users of a flow use its connection. */
  void use(Caller caller, ConnectionReference reference, @Nullable Instant until) {
    Flow flow = flow(caller);
    BindingKey in = key(caller, flow, reference);
    requireOwner(caller, flow, reference, Act.SHARED);
    if (flow.kind() == Kind.APP) {
      throw new IllegalArgumentException(
          "What users of app '"
              + flow.id()
              + "' get is shown by a preview, and shared when that is confirmed");
    }
    write(caller, new StoredShare(in, new Terms(true, null, Set.of(), until), caller.principal()));
  }

  /** Has run-only users bring own connections; of an app, whoever has shared one may say so too. */
  void bringOwn(Caller caller, ConnectionReference reference) {
    Flow flow = flow(caller);
    BindingKey in = key(caller, flow, reference);
    StoredShare before = binder.stored(in.reference()).shareIn(flow);
    if (before == null || !before.by().equals(caller.principal())) {
      requireOwner(caller, flow, reference, Act.NOT_SHARED);
    }
    write(caller, new StoredShare(in, new Terms(false, null, Set.of(), null), caller.principal()));
  }

  private void write(Caller caller, StoredShare share) {
    stored.writeShare(share);
    resolver.bindingsChanged(share.in().reference());
    rights.shared(
        caller,
        share.in().reference().logicalName(),
        share.terms().use(),
        share.terms().connection());
  }

  private static Flow flow(Caller caller) {
    Flow flow = caller.flow();
    if (flow == null) {
      throw new IllegalArgumentException("Say for which flow: caller.running(flow)");
    }
    return flow;
  }

  private static BindingKey key(Caller caller, Flow flow, ConnectionReference reference) {
    if (reference.source() == Source.INVOKER) {
      throw new IllegalArgumentException(
          "Reference '" + reference.logicalName() + "' has nothing to share: callers bring theirs");
    }
    Admission.requireDeclared(caller, flow, reference);
    ReferenceKey key = Binder.embedded(caller.environment(), flow, reference);
    return new BindingKey(key, flow.owner(), flow.id());
  }

  private void requireOwner(Caller caller, Flow flow, ConnectionReference reference, Act act) {
    if (!flow.owner().equals(caller.principal())) {
      var denied =
          new ResolutionException.Denied(
              reference,
              caller,
              "only the owner of the flow says what its run-only users get.",
              "Have the owner of the flow say so.");
      auditor.refused(Attempt.toChange(caller, reference, act, null), denied);
      throw denied;
    }
  }

  /**
   * Returns what the run-only users of a flow get.
   *
   * @throws NotFoundException if the caller may not change the flow
   */
  SharePreview preview(Caller caller) {
    Flow flow = flow(caller);
    if (!resolver.roles().mayChange(flow, caller.principal())) {
      var missing = new NotFoundException("flow", flow.id(), "The caller may not change it.");
      auditor.denied(Attempt.toChange(caller, flow), missing);
      throw missing;
    }
    return new SharePreview(
        flow.id(),
        caller.environment(),
        flow.references().stream().map(reference -> item(caller, flow, reference)).toList());
  }

  private Item item(Caller caller, Flow flow, ConnectionReference reference) {
    if (reference.source() == Source.INVOKER) {
      return brought(reference, null, "It is a reference for which each user brings one.");
    }
    ReferenceKey key = Binder.embedded(caller.environment(), flow, reference);
    if (!binder.isGranted(key, flow)) {
      return brought(reference, null, "It is somebody else's, who has not granted it.");
    }
    ReferenceBindings bindings = binder.stored(key);
    Connection bound = connection(bindings.in(flow));
    if (bound == null) {
      return brought(reference, null, "It is bound to no connection.");
    }
    return flow.kind() == Kind.APP
        ? ofApp(caller, flow, reference, bindings, bound)
        : ofFlow(caller, flow, reference, bindings, bound);
  }

  private @Nullable Connection connection(@Nullable StoredBinding binding) {
    if (binding == null) {
      return null;
    }
    connections.refresh(binding.connection());
    return connections.find(binding.connection()).map(OpenConnection::view).orElse(null);
  }

  private static Item brought(
      ConnectionReference reference, @Nullable UsedConnection connection, String why) {
    return new Item(reference, Treatment.BRING_OWN, connection, why, List.of());
  }

  private Item ofFlow(
      Caller caller,
      Flow flow,
      ConnectionReference reference,
      ReferenceBindings bindings,
      Connection bound) {
    UsedConnection used = resolver.disclosure().used(caller, bound);
    return resolver.runOnlyUsers().areShared(flow, bindings)
        ? new Item(reference, Treatment.SHARED, used, "The flow uses it for them.", List.of())
        : brought(reference, used, "The owner of the flow has said so.");
  }

  private Item ofApp(
      Caller caller,
      Flow flow,
      ConnectionReference reference,
      ReferenceBindings bindings,
      Connection bound) {
    UsedConnection used = resolver.disclosure().used(caller, bound);
    if (!bound.sharing().isAllowed()) {
      return brought(reference, used, bound.sharing().why());
    }
    List<String> operations = List.copyOf(new TreeSet<>(flow.operations(reference)));
    if (operations.isEmpty()) {
      return brought(reference, used, "The app does not declare which operations it calls.");
    }
    if (Disclosure.isOwn(caller, bound)) {
      return new Item(
          reference, Treatment.SHARED, used, "It is the caller's, who confirms this.", operations);
    }
    StoredShare share = bindings.shareIn(flow);
    boolean isConfirmed =
        share != null
            && resolver.runOnlyUsers().areShared(flow, bindings)
            && share.terms().operations().containsAll(operations);
    return isConfirmed
        ? new Item(reference, Treatment.SHARED, used, "Its owner has confirmed it.", operations)
        : new Item(
            reference, Treatment.WAITING, used, "Its owner has not confirmed it.", operations);
  }

  /** Shares the caller's connections as a preview has shown. */
  void confirm(Caller caller, SharePreview preview, @Nullable Instant until) {
    Flow flow = flow(caller);
    if (flow.kind() != Kind.APP) {
      throw new IllegalArgumentException("Flow '" + flow.id() + "' is no app");
    }
    if (!preview(caller).equals(preview)) {
      throw new ConflictException("What the preview shows");
    }
    for (Item item : preview.references()) {
      UsedConnection used = item.connection();
      if (item.treatment() == Treatment.SHARED && used != null && used.id() != null) {
        BindingKey in = key(caller, flow, item.reference());
        Terms terms = new Terms(true, used.id(), Set.copyOf(item.operations()), until);
        write(caller, new StoredShare(in, terms, caller.principal()));
      }
    }
  }
}

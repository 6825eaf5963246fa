package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Kind;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.api.spi.ShareStore.StoredShare.Terms;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.sharing.RightsLog;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.UsedConnection;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What run-only users of flows and apps get, as their owners say. */
final class Shares {

  private final ShareStore stored;
  private final Resolver resolver;
  private final Binder binder;
  private final FlowPreviews previews;
  private final RightsLog rights;
  private final Auditor auditor;

  Shares(
      ShareStore stored,
      Resolver resolver,
      Binder binder,
      FlowPreviews previews,
      RightsLog rights,
      Auditor auditor) {
    this.stored = stored;
    this.resolver = resolver;
    this.binder = binder;
    this.previews = previews;
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
    write(
        caller,
        reference,
        new StoredShare(in, new Terms(true, null, Set.of(), until), caller.principal()));
  }

  /** Has run-only users bring own connections; of an app, whoever has shared one may say so too. */
  void bringOwn(Caller caller, ConnectionReference reference) {
    Flow flow = flow(caller);
    BindingKey in = key(caller, flow, reference);
    StoredShare before = binder.stored(in.reference()).shareIn(flow);
    if (before == null || !before.by().equals(caller.principal())) {
      requireOwner(caller, flow, reference, Act.NOT_SHARED);
    }
    write(
        caller,
        reference,
        new StoredShare(in, new Terms(false, null, Set.of(), null), caller.principal()));
  }

  private void write(Caller caller, ConnectionReference reference, StoredShare share) {
    rights.requireRoom();
    writeRecorded(caller, reference, share);
  }

  /** What was let go on is recorded, so that of several shares all are written. */
  private void writeRecorded(Caller caller, ConnectionReference reference, StoredShare share) {
    stored.writeShare(share);
    resolver.bindingsChanged(share.in().reference());
    rights.shared(
        caller,
        reference.connector(),
        reference.logicalName(),
        share.terms().use(),
        share.terms().connection());
  }

  /** Returns the flow that a caller says something about. */
  static Flow flow(Caller caller) {
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

  /** Shares the caller's connections as a preview has shown. */
  void confirm(Caller caller, ImpactPreview preview, @Nullable Instant until) {
    Flow flow = flow(caller);
    if (flow.kind() != Kind.APP) {
      throw new IllegalArgumentException("Flow '" + flow.id() + "' is no app");
    }
    requireSame(previews.ofShare(caller), preview);
    rights.requireRoom();
    for (Item item : preview.references()) {
      UsedConnection used = item.connection();
      if (item.treatment() == Treatment.SHARED && used != null && used.id() != null) {
        BindingKey in = key(caller, flow, item.reference());
        Terms terms = new Terms(true, used.id(), Set.copyOf(item.operations()), until);
        writeRecorded(caller, item.reference(), new StoredShare(in, terms, caller.principal()));
      }
    }
  }

  /** Checks that somebody confirms what is true now. */
  static void requireSame(ImpactPreview present, ImpactPreview confirmed) {
    if (!present.equals(confirmed)) {
      throw new ConflictException("What the preview shows");
    }
  }
}

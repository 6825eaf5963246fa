package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.sharing.Grants;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives what a flow uses to the flow's new owner, as far as that one may use it. It may be
 * repeated. Safe for several threads.
 */
final class Reassignment {

  private final BindingStore bindings;
  private final ShareStore shares;
  private final OpenConnections connections;
  private final Resolver resolver;
  private final Binder binder;
  private final Grants grants;

  Reassignment(
      BindingStore bindings,
      ShareStore shares,
      OpenConnections connections,
      Resolver resolver,
      Binder binder,
      Grants grants) {
    this.bindings = bindings;
    this.shares = shares;
    this.connections = connections;
    this.resolver = resolver;
    this.binder = binder;
    this.grants = grants;
  }

  /** A reference of the flow, as it is the former owner's and as it is the new one's. */
  private record Move(Flow flow, Principal newOwner, ReferenceKey before, ReferenceKey after) {

    static Move of(Caller by, Flow flow, Principal newOwner, ConnectionReference reference) {
      ReferenceKey before = Binder.embedded(by.environment(), flow, reference);
      boolean isOwners = before.principal().equals(flow.owner());
      ReferenceKey after =
          isOwners
              ? new ReferenceKey(
                  before.environment(), newOwner, before.logicalName(), before.source())
              : before;
      return new Move(flow, newOwner, before, after);
    }

    BindingKey inFlow() {
      return new BindingKey(after, newOwner, flow.id());
    }

    boolean isOwners() {
      return !before.equals(after);
    }
  }

  /**
   * Moves what holds in this flow alone, and binds the new owner's references to what the former
   * owner's are bound to, where that one may use it and has bound nothing.
   *
   * @param by who does it, running the flow as it is
   * @return the references that the new owner has to bind or be granted
   */
  List<ConnectionReference> reassign(Caller by, Flow flow, Principal newOwner) {
    if (!newOwner.mayOwn() || flow.owner().equals(newOwner)) {
      throw new IllegalArgumentException(
          "Give flow '" + flow.id() + "' to another user or service than " + newOwner);
    }
    List<ConnectionReference> missing = new ArrayList<>();
    for (ConnectionReference reference : flow.references()) {
      if (reference.source() == Source.EMBEDDED
          && !isMoved(by, Move.of(by, flow, newOwner, reference))) {
        missing.add(reference);
      }
    }
    return List.copyOf(missing);
  }

  private boolean isMoved(Caller by, Move move) {
    ReferenceBindings before = binder.stored(move.before());
    StoredBinding alone = before.alone(move.flow());
    if (alone != null) {
      write(by, rebound(move.inFlow(), alone), List.of(alone.key()));
    }
    moveShare(by, move, before.shareIn(move.flow()));
    if (move.isOwners()) {
      bindNewOwners(by, move, before.everywhere());
    }
    resolver.bindingsChanged(move.before());
    resolver.bindingsChanged(move.after());
    return leadsSomewhere(move);
  }

  private void bindNewOwners(Caller by, Move move, @Nullable StoredBinding everywhere) {
    boolean isFree = binder.stored(move.after()).everywhere() == null;
    if (isFree && everywhere != null && mayUse(move.newOwner(), everywhere)) {
      write(by, rebound(BindingKey.everywhere(move.after()), everywhere), List.of());
    }
  }

  private boolean mayUse(Principal newOwner, StoredBinding binding) {
    return connections
        .find(binding.connection())
        .filter(connection -> resolver.mayUse(newOwner, connection))
        .isPresent();
  }

  private static StoredBinding rebound(BindingKey key, StoredBinding binding) {
    return new StoredBinding(key, binding.connector(), binding.connection());
  }

  private void write(Caller by, StoredBinding binding, List<BindingKey> removed) {
    bindings.writeBindings(List.of(binding), removed);
    grants.log().bound(by, binding.key().reference().logicalName(), binding.connection());
  }

  /** Of an own connection the new owner has confirmed nothing. */
  private void moveShare(Caller by, Move move, @Nullable StoredShare share) {
    if (share == null) {
      return;
    }
    boolean isFormerOwners = share.by().equals(move.flow().owner());
    boolean goesAlong = !isFormerOwners || share.terms().connection() == null;
    if (goesAlong) {
      Principal whose = isFormerOwners ? move.newOwner() : share.by();
      shares.writeShare(new StoredShare(move.inFlow(), share.terms(), whose));
    }
    shares.deleteShare(share.in());
    grants
        .log()
        .shared(
            by,
            share.in().reference().logicalName(),
            goesAlong && share.terms().use(),
            share.terms().connection());
  }

  private boolean leadsSomewhere(Move move) {
    Principal user = move.newOwner();
    Principal owner = move.after().principal();
    boolean isGranted = grants.hasNow(user, Right.USE, owner, Binder.subject(move.after()));
    ReferenceBindings after = binder.stored(move.after());
    StoredBinding alone =
        after.inFlows().stream()
            .filter(one -> one.key().equals(move.inFlow()))
            .findFirst()
            .orElse(null);
    return isGranted
        && (alone == null
            ? after.everywhere() != null
            : !isOf(move.flow().owner(), alone.connection()));
  }

  /** What the former owner has brought into the flow does not stay in that of another. */
  private boolean isOf(Principal owner, ConnectionId connection) {
    return connections
        .find(connection)
        .filter(found -> found.view().owner().equals(owner))
        .isPresent();
  }
}

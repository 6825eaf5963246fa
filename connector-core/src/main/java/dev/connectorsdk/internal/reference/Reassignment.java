package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.sharing.Grants;
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
  private record Move(
      Flow flow,
      Principal newOwner,
      ConnectorId connector,
      ReferenceKey before,
      ReferenceKey after) {

    static Move of(Caller by, Flow flow, Principal newOwner, ConnectionReference reference) {
      ReferenceKey before = Binder.embedded(by.environment(), flow, reference);
      boolean isOwners = before.principal().equals(flow.owner());
      ReferenceKey after =
          isOwners
              ? new ReferenceKey(
                  before.environment(), newOwner, before.logicalName(), before.source())
              : before;
      return new Move(flow, newOwner, reference.connector(), before, after);
    }

    BindingKey inFlow() {
      return new BindingKey(after, newOwner, flow.id());
    }

    boolean isOwners() {
      return !before.equals(after);
    }
  }

  /**
   * What an embedded reference leads to for the new owner.
   *
   * @param connection {@code null} if it leads nowhere
   * @param isNew whether the flow has used another connection until now, or none
   * @param offer what the new owner's reference is bound to besides, or {@code null} if it is not
   */
  record Outcome(
      ConnectionReference reference,
      @Nullable Connection connection,
      boolean isNew,
      @Nullable Offer offer) {}

  /**
   * What a reference of the new owner, which has led nowhere, is bound to wherever nothing else
   * holds.
   *
   * @param bindings where something else does
   */
  record Offer(ReferenceKey reference, ReferenceBindings bindings, Connection connection) {}

  /**
   * Returns what the flow's embedded references will lead to for a new owner. Writes nothing.
   *
   * @throws IllegalArgumentException if {@code newOwner} cannot own a flow, or owns this one
   */
  List<Outcome> foresee(Caller by, Flow flow, Principal newOwner) {
    if (!newOwner.mayOwn() || flow.owner().equals(newOwner)) {
      throw new IllegalArgumentException(
          "Give flow '" + flow.id() + "' to another user or service than " + newOwner);
    }
    return flow.references().stream()
        .filter(reference -> reference.source() == Source.EMBEDDED)
        .map(reference -> foresee(reference, Move.of(by, flow, newOwner, reference)))
        .toList();
  }

  private Outcome foresee(ConnectionReference reference, Move move) {
    Offer offer = offer(move);
    StoredBinding used = isGranted(move) ? used(move) : null;
    if (used == null) {
      return new Outcome(reference, null, false, offer);
    }
    StoredBinding former = binder.stored(move.before()).in(move.flow());
    boolean isKept = former != null && former.connection().equals(used.connection());
    return new Outcome(reference, connection(used), !isKept, offer);
  }

  private @Nullable Offer offer(Move move) {
    ReferenceBindings after = binder.stored(move.after());
    StoredBinding offered = offered(move, binder.stored(move.before()), after);
    Connection connection = offered == null ? null : connection(offered);
    return connection == null ? null : new Offer(move.after(), after, connection);
  }

  private boolean isGranted(Move move) {
    Principal owner = move.after().principal();
    return grants.hasNow(move.newOwner(), Right.USE, owner, Binder.subject(move.after()));
  }

  /** What the former owner has brought into the flow does not stay in that of another. */
  private @Nullable StoredBinding used(Move move) {
    ReferenceBindings before = binder.stored(move.before());
    ReferenceBindings after = binder.stored(move.after());
    StoredBinding alone = before.alone(move.flow());
    if (alone == null) {
      alone = after.find(move.inFlow());
    }
    if (alone != null) {
      return isOf(move.flow().owner(), alone) ? null : alone;
    }
    return after.everywhere() == null ? offered(move, before, after) : after.everywhere();
  }

  /**
   * Returns what a reference of the former owner is bound to, if the new one may use that and has
   * bound nothing.
   */
  private @Nullable StoredBinding offered(
      Move move, ReferenceBindings before, ReferenceBindings after) {
    StoredBinding everywhere = after.everywhere() == null ? before.everywhere() : null;
    return everywhere != null && move.isOwners() && mayUse(move.newOwner(), everywhere)
        ? everywhere
        : null;
  }

  private @Nullable Connection connection(StoredBinding binding) {
    return connections.find(binding.connection()).map(OpenConnection::view).orElse(null);
  }

  private boolean isOf(Principal owner, StoredBinding binding) {
    Connection found = connection(binding);
    return found != null && found.owner().equals(owner);
  }

  /**
   * Moves what holds in this flow alone, and binds the new owner's references to what the former
   * owner's are bound to, where that one may use it and has bound nothing.
   *
   * @param by who does it, running the flow as it is
   */
  void reassign(Caller by, Flow flow, Principal newOwner) {
    for (ConnectionReference reference : flow.references()) {
      if (reference.source() == Source.EMBEDDED) {
        move(by, Move.of(by, flow, newOwner, reference));
      }
    }
  }

  private void move(Caller by, Move move) {
    ReferenceBindings before = binder.stored(move.before());
    StoredBinding alone = before.alone(move.flow());
    if (alone != null) {
      write(by, rebound(move.inFlow(), alone), List.of(alone.key()));
    }
    moveShare(by, move, before.shareIn(move.flow()));
    StoredBinding offered = offered(move, before, binder.stored(move.after()));
    if (offered != null) {
      write(by, rebound(BindingKey.everywhere(move.after()), offered), List.of());
    }
    resolver.bindingsChanged(move.before());
    resolver.bindingsChanged(move.after());
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
    grants
        .log()
        .bound(
            by, binding.connector(), binding.key().reference().logicalName(), binding.connection());
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
            move.connector(),
            share.in().reference().logicalName(),
            goesAlong && share.terms().use(),
            share.terms().connection());
  }
}

package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
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

  /**
   * A reference of the flow, as it is the former owner's and as it is the new one's.
   *
   * @param formerBindings what is stored of the one
   * @param newBindings what is stored of the other
   */
  record Move(
      ConnectionReference reference,
      Flow flow,
      Principal newOwner,
      ReferenceKey formerKey,
      ReferenceKey newKey,
      ReferenceBindings formerBindings,
      ReferenceBindings newBindings) {

    BindingKey inFlow() {
      return new BindingKey(newKey, newOwner, flow.id());
    }

    boolean isOwners() {
      return !formerKey.equals(newKey);
    }
  }

  /**
   * What an embedded reference leads to for the new owner.
   *
   * @param move what that was found out from
   * @param connection {@code null} if it leads nowhere
   * @param isNew whether the flow has used another connection until now, or none
   * @param offer what the new owner's reference is bound to besides, or {@code null} if it is not
   */
  record Outcome(Move move, @Nullable Connection connection, boolean isNew, @Nullable Offer offer) {

    ConnectionReference reference() {
      return move.reference();
    }
  }

  /**
   * What a reference of the new owner, which has led nowhere, is bound to wherever nothing else
   * holds.
   *
   * @param before where something else does
   */
  record Offer(StoredBinding binding, ReferenceBindings before, Connection connection) {}

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
        .map(reference -> outcome(move(by, flow, newOwner, reference)))
        .toList();
  }

  /** Returns a reference as it is stored now. */
  private Move move(Caller by, Flow flow, Principal newOwner, ConnectionReference reference) {
    ReferenceKey former = Binder.embedded(by.environment(), flow, reference);
    ReferenceBindings before = binder.stored(former);
    if (!former.principal().equals(flow.owner())) {
      return new Move(reference, flow, newOwner, former, former, before, before);
    }
    ReferenceKey present = Binder.ofOwner(newOwner, former);
    return new Move(reference, flow, newOwner, former, present, before, binder.stored(present));
  }

  private Outcome outcome(Move move) {
    Offer offer = offer(move);
    StoredBinding used = isGranted(move) ? used(move, offer) : null;
    if (used == null) {
      return new Outcome(move, null, false, offer);
    }
    StoredBinding former = move.formerBindings().in(move.flow());
    boolean isKept = former != null && former.connection().equals(used.connection());
    return new Outcome(move, connection(used), !isKept, offer);
  }

  private boolean isGranted(Move move) {
    Principal owner = move.newKey().principal();
    return grants.hasNow(move.newOwner(), Right.USE, owner, Binder.subject(move.newKey()));
  }

  /**
   * Returns what a reference of the former owner is bound to, if the new one may use that and has
   * bound nothing.
   */
  private @Nullable Offer offer(Move move) {
    ReferenceBindings before = move.newBindings();
    StoredBinding everywhere =
        before.everywhere() == null ? move.formerBindings().everywhere() : null;
    if (everywhere == null || !move.isOwners()) {
      return null;
    }
    return connections
        .find(everywhere.connection())
        .filter(connection -> resolver.mayUse(move.newOwner(), connection))
        .map(
            connection ->
                new Offer(
                    rebound(BindingKey.everywhere(move.newKey()), everywhere),
                    before,
                    connection.view()))
        .orElse(null);
  }

  /** What the former owner has brought into the flow does not stay in that of another. */
  private @Nullable StoredBinding used(Move move, @Nullable Offer offer) {
    StoredBinding alone = move.formerBindings().alone(move.flow());
    if (alone == null) {
      alone = move.newBindings().find(move.inFlow());
    }
    if (alone != null) {
      return isOf(move.flow().owner(), alone) ? null : alone;
    }
    return offer == null ? move.newBindings().everywhere() : offer.binding();
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
   * owner's are bound to, where that one may use it and has bound nothing. What was foreseen is
   * moved, and nothing that was bound since.
   *
   * @param by who does it, running the flow as it is
   * @throws ConflictException if something was bound or shared since; nothing is moved
   */
  void reassign(Caller by, List<Outcome> outcomes) {
    outcomes.forEach(outcome -> requireUnchanged(by, outcome.move()));
    outcomes.forEach(outcome -> move(by, outcome));
  }

  private void requireUnchanged(Caller by, Move move) {
    Move now = move(by, move.flow(), move.newOwner(), move.reference());
    if (!now.formerBindings().isSame(move.formerBindings())
        || !now.newBindings().isSame(move.newBindings())) {
      throw new ConflictException("Reference '" + move.reference().logicalName() + "'");
    }
  }

  private void move(Caller by, Outcome outcome) {
    Move move = outcome.move();
    StoredBinding alone = move.formerBindings().alone(move.flow());
    if (alone != null) {
      write(by, rebound(move.inFlow(), alone), List.of(alone.key()));
    }
    moveShare(by, move, move.formerBindings().shareIn(move.flow()));
    if (outcome.offer() != null) {
      write(by, outcome.offer().binding(), List.of());
    }
    resolver.bindingsChanged(move.formerKey());
    resolver.bindingsChanged(move.newKey());
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
            move.reference().connector(),
            share.in().reference().logicalName(),
            goesAlong && share.terms().use(),
            share.terms().connection());
  }
}

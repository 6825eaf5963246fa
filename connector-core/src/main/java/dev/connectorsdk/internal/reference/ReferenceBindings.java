package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one reference of one principal leads to, and for whom.
 *
 * @param everywhere where nothing else holds
 * @param inFlows what holds in some flows alone
 * @param shares what run-only users of some flows get
 */
record ReferenceBindings(
    @Nullable StoredBinding everywhere, List<StoredBinding> inFlows, List<StoredShare> shares) {

  static ReferenceBindings of(List<StoredBinding> all) {
    return of(all, List.of());
  }

  static ReferenceBindings of(List<StoredBinding> all, List<StoredShare> shares) {
    StoredBinding everywhere = null;
    List<StoredBinding> inFlows = new ArrayList<>();
    for (StoredBinding binding : all) {
      if (binding.key().flowOwner() == null) {
        everywhere = binding;
      } else {
        inFlows.add(binding);
      }
    }
    return new ReferenceBindings(everywhere, List.copyOf(inFlows), List.copyOf(shares));
  }

  /** Returns these bindings with another one, if there is one, and without those that end by it. */
  ReferenceBindings with(@Nullable StoredBinding bound, List<BindingKey> removed) {
    List<StoredBinding> all = new ArrayList<>(all());
    all.removeIf(one -> removed.contains(one.key()));
    if (bound != null) {
      all.removeIf(one -> one.key().equals(bound.key()));
      all.add(bound);
    }
    return of(all, shares);
  }

  /** Returns whether these are the same, in whatever order they were read. */
  boolean isSame(ReferenceBindings other) {
    return Set.copyOf(all()).equals(Set.copyOf(other.all()))
        && Set.copyOf(shares).equals(Set.copyOf(other.shares));
  }

  private List<StoredBinding> all() {
    return Stream.concat(inFlows.stream(), Stream.ofNullable(everywhere)).toList();
  }

  /** Returns what is said about the run-only users of a flow, if anything is. */
  @Nullable StoredShare shareIn(Flow flow) {
    for (int i = 0; i < shares.size(); i++) {
      StoredShare share = shares.get(i);
      if (flow.owner().equals(share.in().flowOwner()) && flow.id().equals(share.in().flow())) {
        return share;
      }
    }
    return null;
  }

  /** Returns what takes the place of the owner's binding in a flow, if anything does. */
  @Nullable StoredBinding alone(Flow flow) {
    return inFlows.stream()
        .filter(one -> flow.owner().equals(one.key().flowOwner()))
        .filter(one -> flow.id().equals(one.key().flow()))
        .findFirst()
        .orElse(null);
  }

  /** Returns the binding that has this key, if there is one. */
  @Nullable StoredBinding find(BindingKey key) {
    return all().stream().filter(one -> one.key().equals(key)).findFirst().orElse(null);
  }

  /** Returns the binding that holds in a flow, or without one. */
  @Nullable StoredBinding in(@Nullable Flow flow) {
    if (flow != null) {
      // By index, because an iterator is an object for each call.
      for (int i = 0; i < inFlows.size(); i++) {
        StoredBinding binding = inFlows.get(i);
        String only = binding.key().flow();
        if (flow.owner().equals(binding.key().flowOwner())
            && (only == null || only.equals(flow.id()))) {
          return binding;
        }
      }
    }
    return everywhere;
  }
}

package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.ConnectorStore.StoredBinding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reference of one principal leads to.
 *
 * @param everywhere where nothing else holds
 * @param inFlows what holds in some flows alone
 */
record ReferenceBindings(@Nullable StoredBinding everywhere, List<StoredBinding> inFlows) {

  static ReferenceBindings of(List<StoredBinding> all) {
    StoredBinding everywhere = null;
    List<StoredBinding> inFlows = new ArrayList<>();
    for (StoredBinding binding : all) {
      if (binding.key().flowOwner() == null) {
        everywhere = binding;
      } else {
        inFlows.add(binding);
      }
    }
    return new ReferenceBindings(everywhere, List.copyOf(inFlows));
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

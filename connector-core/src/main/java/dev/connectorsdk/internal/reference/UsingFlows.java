package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.internal.sharing.HostFlows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which of the host's flows use a reference. Safe for several threads. */
public final class UsingFlows {

  private final HostFlows flows;

  /** Returns what looks among these flows. */
  public UsingFlows(HostFlows flows) {
    this.flows = flows;
  }

  /** Returns the flows that use an embedded reference, in order. */
  List<Flow> of(ReferenceKey key, ConnectorId connector) {
    List<Flow> using = new ArrayList<>();
    forEachWhile(key, connector, using::add);
    return using;
  }

  /** Passes on the flows that use an embedded reference, in order, until no more are wanted. */
  void forEachWhile(ReferenceKey key, ConnectorId connector, Predicate<Flow> consumer) {
    flows.forEachWhile(
        new Filter(connector, key.logicalName(), key.principal(), null),
        flow -> !uses(flow, key, connector) || consumer.test(flow));
  }

  private static boolean uses(Flow flow, ReferenceKey key, ConnectorId connector) {
    return Binder.isDeclared(flow, key)
        && flow.reference(key.logicalName())
            .filter(reference -> reference.connector().equals(connector))
            .isPresent();
  }
}

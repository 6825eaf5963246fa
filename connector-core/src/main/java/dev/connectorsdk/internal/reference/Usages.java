package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.internal.sharing.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what uses a connection. Reads the store and the host's flows; safe for several threads. */
public final class Usages {

  private static final int PAGE = 100;

  private final ConnectorStore store;
  private final AuditStore audit;
  private final @Nullable FlowDirectory directory;
  private final Roles roles;

  /** For the runtime. */
  public Usages(
      ConnectorStore store, AuditStore audit, @Nullable FlowDirectory directory, Roles roles) {
    this.store = store;
    this.audit = audit;
    this.directory = directory;
    this.roles = roles;
  }

  /** A flow that uses the connection, and under which references. */
  private record Use(Flow flow, Set<String> references) {}

  /** Returns what uses a connection, as its owner may know it. */
  public ConnectionUsage of(Caller caller, StoredConnection row) {
    List<ReferenceKey> references = references(row);
    Map<String, Use> uses = new TreeMap<>();
    references.stream()
        .filter(key -> key.source() == Source.EMBEDDED)
        .forEach(key -> addFlows(key, row, uses));
    List<ReferenceKey> own =
        references.stream().filter(key -> key.principal().equals(caller.principal())).toList();
    List<String> visible =
        uses.values().stream()
            .map(Use::flow)
            .filter(flow -> roles.mayChange(flow, caller.principal()))
            .map(Flow::id)
            .toList();
    return new ConnectionUsage(
        own.stream().map(ReferenceKey::logicalName).distinct().toList(),
        references.size() - own.size(),
        visible,
        uses.size() - visible.size(),
        uses.values().stream().mapToInt(use -> subscriptions(use, row)).sum(),
        lastUse(row));
  }

  /** Returns the references that lead to a connection anywhere, in order. */
  private List<ReferenceKey> references(StoredConnection row) {
    return store.bindings().listBindings(row.environment()).stream()
        .filter(binding -> binding.connection().equals(row.id()))
        .map(binding -> binding.key().reference())
        .distinct()
        .toList();
  }

  private void addFlows(ReferenceKey key, StoredConnection row, Map<String, Use> uses) {
    if (directory == null) {
      return;
    }
    var filter = new FlowDirectory.Filter(row.connector(), key.logicalName());
    ReferenceBindings bindings = ReferenceBindings.of(store.bindings().findBindings(key));
    List<Flow> page;
    String after = "";
    do {
      page = directory.list(filter, after, PAGE);
      for (Flow flow : page) {
        after = flow.id();
        if (leadsTo(key, bindings, flow, row)) {
          uses.computeIfAbsent(flow.id(), id -> new Use(flow, new TreeSet<>()))
              .references()
              .add(key.logicalName());
        }
      }
    } while (page.size() == PAGE);
  }

  private static boolean leadsTo(
      ReferenceKey key, ReferenceBindings bindings, Flow flow, StoredConnection row) {
    StoredBinding binding = bindings.in(flow);
    return binding != null
        && binding.connection().equals(row.id())
        && flow.reference(key.logicalName())
            .filter(reference -> isOf(key, flow, reference, row.environment()))
            .isPresent();
  }

  private static boolean isOf(
      ReferenceKey key, Flow flow, ConnectionReference reference, Environment environment) {
    return reference.source() == Source.EMBEDDED
        && Binder.embedded(environment, flow, reference).equals(key);
  }

  private int subscriptions(Use use, StoredConnection row) {
    return use.references().stream()
        .mapToInt(
            reference ->
                subscriptions(
                    new SubscriptionFilter(
                        row.environment(), use.flow().id(), row.connector(), reference)))
        .sum();
  }

  private int subscriptions(SubscriptionFilter filter) {
    int count = 0;
    List<StoredSubscription> page;
    String after = "";
    do {
      page = store.triggers().listSubscriptions(filter, after, PAGE);
      count += page.size();
      after = page.isEmpty() ? after : page.get(page.size() - 1).id();
    } while (page.size() == PAGE);
    return count;
  }

  private @Nullable Instant lastUse(StoredConnection row) {
    var used = new AuditStore.Filter(null, null, null, null, row.id(), false, null);
    return audit.list(used, null, PAGE).stream()
        .filter(record -> record.kind() == AuditRecord.Kind.CALL)
        .findFirst()
        .map(record -> record.position().at())
        .orElse(null);
  }
}

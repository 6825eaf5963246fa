package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.internal.sharing.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what uses a connection. Reads the store and the host's flows; safe for several threads. */
public final class Usages {

  private static final int PAGE = 100;
  private static final int MOST_RECORDS = 1_000;

  private final ConnectorStore store;
  private final AuditStore audit;
  private final UsingFlows flows;
  private final Roles roles;

  /** For the runtime. */
  public Usages(ConnectorStore store, AuditStore audit, UsingFlows flows, Roles roles) {
    this.store = store;
    this.audit = audit;
    this.flows = flows;
    this.roles = roles;
  }

  /** A flow that uses the connection, and under which references. */
  private record Use(Flow flow, Set<String> references) {}

  /**
   * Returns what uses a connection.
   *
   * @param reader who may see flows that the reader may change; {@code null} for an administrator,
   *     who may see all
   * @param most how many flows are looked for
   */
  public ConnectionUsage of(@Nullable Principal reader, StoredConnection row, int most) {
    Principal owner = reader == null ? row.owner() : reader;
    List<ReferenceKey> references = references(row);
    NavigableMap<String, Use> uses = new TreeMap<>();
    references.stream()
        .filter(key -> key.source() == Source.EMBEDDED)
        .forEach(key -> addFlows(key, row, uses, most));
    boolean isWhole = uses.size() <= most;
    while (uses.size() > most) { // Each reference may have added one more.
      uses.pollLastEntry();
    }
    List<ReferenceKey> own =
        references.stream().filter(key -> key.principal().equals(owner)).toList();
    List<String> visible =
        uses.values().stream()
            .map(Use::flow)
            .filter(flow -> reader == null || roles.mayChange(flow, reader))
            .map(Flow::id)
            .toList();
    return new ConnectionUsage(
        own.stream().map(ReferenceKey::logicalName).distinct().toList(),
        references.size() - own.size(),
        visible,
        uses.size() - visible.size(),
        uses.values().stream().mapToInt(use -> subscriptions(use, row)).sum(),
        lastUse(row),
        isWhole);
  }

  /** Returns the references that lead to a connection anywhere, in order. */
  private List<ReferenceKey> references(StoredConnection row) {
    return store.bindings().listBindings(row.environment(), row.id()).stream()
        .map(binding -> binding.key().reference())
        .distinct()
        .toList();
  }

  /** Adds one more than are looked for, by which it is known that there are more. */
  private void addFlows(ReferenceKey key, StoredConnection row, Map<String, Use> uses, int most) {
    ReferenceBindings bindings = ReferenceBindings.of(store.bindings().findBindings(key));
    flows.forEachWhile(
        key,
        row.connector(),
        flow -> {
          StoredBinding binding = bindings.in(flow);
          if (binding != null && binding.connection().equals(row.id())) {
            uses.computeIfAbsent(flow.id(), id -> new Use(flow, new TreeSet<>()))
                .references()
                .add(key.logicalName());
          }
          return uses.size() <= most;
        });
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
    List<AuditRecord> page;
    AuditRecord.Position before = null;
    int limit = 1;
    do { // The last record is a call, or there may be very many others.
      limit = Math.min(limit * 10, MOST_RECORDS);
      page = audit.list(used, before, limit);
      for (AuditRecord record : page) {
        before = record.position();
        if (record.kind() == AuditRecord.Kind.CALL && record.verdict().allowed()) {
          return before.at();
        }
      }
    } while (page.size() == limit);
    return null;
  }
}

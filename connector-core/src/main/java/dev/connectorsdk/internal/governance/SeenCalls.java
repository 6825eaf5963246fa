package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What flows have called lately in an environment, as far as it was recorded. For one thread. */
final class SeenCalls {

  private static final int PAGE = 1_000;
  private static final int MOST = 100_000;

  private final Map<String, Set<Call>> byFlow = new HashMap<>();
  private @Nullable Instant from;

  /** An operation of a connector. */
  record Call(ConnectorId connector, String operation) {}

  /** Returns nothing. */
  static SeenCalls none() {
    return new SeenCalls();
  }

  /** Returns what the latest records say, back to an instant if they are not too many. */
  static SeenCalls since(AuditStore store, Environment environment, Instant since) {
    var seen = new SeenCalls();
    seen.from = since;
    Filter filter = new Filter(environment, null, null, null, null, false, since);
    Position before = null;
    List<AuditRecord> page;
    int count = 0;
    do {
      page = store.list(filter, before, PAGE);
      page.forEach(seen::add);
      count += page.size();
      before = page.isEmpty() ? before : page.get(page.size() - 1).position();
    } while (page.size() == PAGE && count < MOST);
    if (page.size() == PAGE && before != null) {
      seen.from = before.at();
    }
    return seen;
  }

  /** What was refused before a call began has no effect, and may not name an operation. */
  private void add(AuditRecord record) {
    String flow = record.actor().flow();
    ConnectorId connector = record.subject().connector();
    String operation = record.subject().operation();
    boolean isCall = record.kind() == Kind.CALL && record.subject().effect() != null;
    if (isCall && flow != null && connector != null && operation != null) {
      byFlow.computeIfAbsent(flow, f -> new HashSet<>()).add(new Call(connector, operation));
    }
  }

  /** Returns from when on records were looked at, or {@code null} if none were. */
  @Nullable Instant from() {
    return from;
  }

  /** Returns the flows that have called something. */
  Set<String> flows() {
    return byFlow.keySet();
  }

  /** Returns what a flow has called and does not declare. */
  Set<Call> undeclaredBy(Flow flow) {
    Set<Call> called = byFlow.getOrDefault(flow.id(), Set.of());
    return called.isEmpty()
        ? called
        : called.stream()
            .filter(call -> !declares(flow, call))
            .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean declares(Flow flow, Call call) {
    for (ConnectionReference reference : flow.references()) {
      if (reference.connector().equals(call.connector())
          && flow.operations(reference).contains(call.operation())) {
        return true;
      }
    }
    return false;
  }
}

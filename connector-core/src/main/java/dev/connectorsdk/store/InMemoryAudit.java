package dev.connectorsdk.store;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The audit of a store in memory, which forgets the oldest. Safe for several threads. */
final class InMemoryAudit implements AuditStore {

  private static final int MOST = 100_000;

  private final NavigableMap<Position, AuditRecord> records = new TreeMap<>();
  private final Set<Known> known = new HashSet<>();
  private final NavigableMap<String, OpenRun> open = new TreeMap<>();

  private record Known(String run, long number) {

    static Known of(Position position) {
      return new Known(position.run(), position.number());
    }
  }

  @Override
  public synchronized void append(Collection<AuditRecord> added) {
    for (AuditRecord record : added) {
      Position position = record.position();
      if (!known.add(Known.of(position))) {
        continue; // A run that has ended does not begin again.
      }
      records.put(position, record);
      if (record.kind() == Kind.STARTED) {
        open.put(position.run(), new OpenRun(position.run(), position.at()));
      } else if (record.kind() == Kind.ENDED) {
        open.remove(position.run());
      }
    }
    while (records.size() > MOST) {
      known.remove(Known.of(records.pollFirstEntry().getKey()));
    }
  }

  @Override
  public synchronized void seen(String run, Instant at) {
    open.computeIfPresent(run, (id, before) -> new OpenRun(id, at));
  }

  @Override
  public synchronized List<AuditRecord> list(Filter filter, @Nullable Position before, int limit) {
    var some = before == null ? records : records.headMap(before, false);
    return some.descendingMap().values().stream().filter(filter::matches).limit(limit).toList();
  }

  @Override
  public synchronized int forget(Instant before, int limit) {
    int forgotten = 0;
    while (forgotten < limit && !records.isEmpty() && records.firstKey().at().isBefore(before)) {
      known.remove(Known.of(records.pollFirstEntry().getKey()));
      forgotten++;
    }
    open.values()
        .removeIf(
            run ->
                run.seenAt().isBefore(before)
                    && records.keySet().stream().noneMatch(p -> p.run().equals(run.id())));
    return forgotten;
  }

  @Override
  public synchronized List<OpenRun> listOpenRuns(Instant seenBefore, String after, int limit) {
    return open.tailMap(after, false).values().stream()
        .filter(run -> run.seenAt().isBefore(seenBefore))
        .limit(limit)
        .toList();
  }
}

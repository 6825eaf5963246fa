package dev.connectorsdk.store;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The audit of a store in memory, which forgets the oldest: in order of time, and of that also by
 * connection, by who did it, by flow and by whether it was refused. Safe for several threads.
 */
final class InMemoryAudit implements AuditStore {

  private static final int MOST = 100_000;

  private final NavigableMap<Position, AuditRecord> records = new TreeMap<>();
  private final Map<Key, NavigableMap<Position, AuditRecord>> byKey = new HashMap<>();
  private final Set<Known> known = new HashSet<>();
  private final NavigableMap<String, OpenRun> open = new TreeMap<>();

  private record Known(String run, long number) {

    static Known of(Position position) {
      return new Known(position.run(), position.number());
    }
  }

  /** What records can be looked for by, apart from their time. */
  private sealed interface Key {

    record OfConnection(ConnectionId connection) implements Key {}

    record Of(Principal who) implements Key {}

    record OfFlow(String flow) implements Key {}

    record Refused() implements Key {}

    static Stream<Key> of(AuditRecord record) {
      return of(
          record.subject().connection(),
          record.actor().who(),
          record.actor().flow(),
          !record.verdict().allowed());
    }

    static Stream<Key> of(Filter filter) {
      return of(filter.connection(), filter.who(), filter.flow(), filter.refused());
    }

    private static Stream<Key> of(
        @Nullable ConnectionId connection,
        @Nullable Principal who,
        @Nullable String flow,
        boolean refused) {
      return Stream.<@Nullable Key>of(
              connection == null ? null : new OfConnection(connection),
              who == null ? null : new Of(who),
              flow == null ? null : new OfFlow(flow),
              refused ? new Refused() : null)
          .flatMap(Stream::ofNullable);
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
      Key.of(record)
          .forEach(key -> byKey.computeIfAbsent(key, k -> new TreeMap<>()).put(position, record));
      if (record.kind() == Kind.STARTED) {
        open.put(position.run(), new OpenRun(position.run(), position.at()));
      } else if (record.kind() == Kind.ENDED) {
        open.remove(position.run());
      }
    }
    while (records.size() > MOST) {
      forgetFirst();
    }
  }

  private void forgetFirst() {
    AuditRecord forgotten = records.pollFirstEntry().getValue();
    Position position = forgotten.position();
    known.remove(Known.of(position));
    Key.of(forgotten)
        .forEach(
            key ->
                byKey.computeIfPresent(
                    key,
                    (k, some) -> {
                      some.remove(position);
                      return some.isEmpty() ? null : some;
                    }));
  }

  @Override
  public synchronized void seen(String run, Instant at) {
    open.computeIfPresent(run, (id, before) -> new OpenRun(id, at));
  }

  @Override
  public synchronized List<AuditRecord> list(Filter filter, @Nullable Position before, int limit) {
    NavigableMap<Position, AuditRecord> fewest =
        Key.of(filter)
            .map(key -> byKey.getOrDefault(key, Collections.emptyNavigableMap()))
            .min(comparing(Map::size))
            .orElse(records);
    NavigableSet<Position> places = fewest.navigableKeySet();
    // Values of a part of a map would first be counted.
    return (before == null ? places : places.headSet(before, false))
        .descendingSet().stream()
            .map(fewest::get)
            .flatMap(Stream::ofNullable)
            .filter(filter::matches)
            .limit(limit)
            .toList();
  }

  @Override
  public synchronized int forget(Instant before, int limit) {
    int forgotten = 0;
    while (forgotten < limit && !records.isEmpty() && records.firstKey().at().isBefore(before)) {
      forgetFirst();
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

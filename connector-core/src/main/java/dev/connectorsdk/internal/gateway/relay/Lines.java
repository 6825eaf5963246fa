package dev.connectorsdk.internal.gateway.relay;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lines of this process that carry requests. Safe for several threads. */
final class Lines {

  private record Held(LineMember member, HostLine line) {}

  private final Map<String, List<Held>> byGateway = new ConcurrentHashMap<>();

  private List<Held> all(String gateway) {
    return byGateway.getOrDefault(gateway, List.of());
  }

  /** Returns the line that a member holds, or {@code null} if it holds none. */
  @Nullable HostLine of(LineMember member) {
    return all(member.gateway()).stream()
        .filter(held -> held.member().id().equals(member.id()))
        .map(Held::line)
        .findFirst()
        .orElse(null);
  }

  /** Adds a line, unless its member holds one already. */
  boolean add(LineMember member, HostLine line) {
    List<Held> now =
        byGateway.compute(
            member.gateway(),
            (gateway, before) -> {
              List<Held> held = before == null ? List.of() : before;
              return held.stream().anyMatch(one -> one.member().id().equals(member.id()))
                  ? held
                  : Stream.concat(held.stream(), Stream.of(new Held(member, line)))
                      .sorted(Comparator.comparingInt(one -> one.member().order()))
                      .toList();
            });
    return now.stream().anyMatch(one -> one.line() == line);
  }

  /** Notes what is now known of a member whose line is here. */
  void renew(LineMember member, HostLine line) {
    byGateway.computeIfPresent(
        member.gateway(),
        (gateway, held) ->
            held.stream()
                .map(one -> one.line() == line ? new Held(member, line) : one)
                .sorted(Comparator.comparingInt(one -> one.member().order()))
                .toList());
  }

  /** Removes a line. Returns whether it was here. */
  boolean remove(LineMember member, HostLine line) {
    boolean wasHere = all(member.gateway()).stream().anyMatch(one -> one.line() == line);
    byGateway.computeIfPresent(
        member.gateway(),
        (gateway, held) -> {
          List<Held> left = held.stream().filter(one -> one.line() != line).toList();
          return left.isEmpty() ? null : left;
        });
    return wasHere;
  }

  /**
   * Returns the line that the next request of a gateway goes to, or {@code null} if there is none:
   * the one of its first member, or where they share the requests the one with the fewest.
   */
  @Nullable HostLine next(String gateway) {
    List<Held> ready = all(gateway).stream().filter(held -> held.line().mayBegin()).toList();
    if (ready.isEmpty()) {
      return null;
    }
    return ready.get(0).member().spread()
        ? ready.stream()
            .map(Held::line)
            .min(Comparator.comparingInt(HostLine::inFlight))
            .orElseThrow()
        : ready.get(0).line();
  }
}

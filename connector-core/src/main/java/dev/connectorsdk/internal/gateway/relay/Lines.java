package dev.connectorsdk.internal.gateway.relay;

import dev.connectorsdk.internal.http.GatewayFailure;
import dev.connectorsdk.internal.http.GatewayFailure.What;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/** The lines of this process that carry requests. Safe for several threads. */
final class Lines {

  private static final String NOBODY = "no member of the gateway is connected";

  /** How often whoever waits looks whether the gateway still has members. */
  private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

  private final LineDirectory directory;
  private final LongSupplier nanos;
  private final long patience;
  private final long begun;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Long> lastEnds = new ConcurrentHashMap<>();

  private record Held(LineMember member, HostLine line) {}

  private final Map<String, List<Held>> byGateway = new ConcurrentHashMap<>();

  Lines(LineDirectory directory, RelaySettings settings) {
    this.directory = directory;
    this.nanos = settings.line().nanos();
    this.patience = settings.patience().toNanos();
    this.begun = nanos.getAsLong();
  }

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
    signal();
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
    if (wasHere) {
      lastEnds.put(member.gateway(), nanos.getAsLong());
    }
    byGateway.computeIfPresent(
        member.gateway(),
        (gateway, held) -> {
          List<Held> left = held.stream().filter(one -> one.line() != line).toList();
          return left.isEmpty() ? null : left;
        });
    return wasHere;
  }

  /** Notes that nothing more is to begin on a line. */
  void leaving(HostLine line) {
    byGateway.forEach(
        (gateway, held) -> {
          if (held.stream().anyMatch(one -> one.line() == line)) {
            lastEnds.put(gateway, nanos.getAsLong());
          }
        });
  }

  /**
   * Returns the line that the next request of a gateway goes to. If there is none it waits for one,
   * as long as a member is likely to dial just now.
   *
   * @param call ends the wait when it is cancelled
   * @param tried lines that have turned the request away
   * @throws GatewayFailure if there is none
   * @throws InterruptedIOException if the thread is interrupted
   */
  HostLine await(String gateway, Call call, Set<HostLine> tried) throws IOException {
    HostLine ready = next(gateway, tried);
    if (ready != null) {
      return ready;
    }
    endWith(call);
    lock.lock();
    try {
      while (true) {
        HostLine next = next(gateway, tried);
        if (next != null) {
          return next;
        }
        long left = left(gateway);
        if (left <= 0 || call.isCanceled()) {
          throw new GatewayFailure(What.NO_MEMBER, NOBODY);
        }
        changed.awaitNanos(Math.min(left, LOOK));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private void endWith(Call call) {
    call.addEventListener(
        new EventListener() {
          @Override
          public void canceled(Call cancelled) {
            signal();
          }
        });
  }

  /** Returns for how much longer it is worth waiting. */
  private long left(String gateway) {
    long since = lastEnds.getOrDefault(gateway, begun);
    long left = since + patience - nanos.getAsLong();
    return left > 0 && directory.hasMembers(gateway) ? left : 0;
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the line that the next request of a gateway goes to, or {@code null} if there is none:
   * the one of its first member, or where they share the requests the one with the fewest.
   */
  private @Nullable HostLine next(String gateway, Set<HostLine> tried) {
    List<Held> ready =
        all(gateway).stream()
            .filter(held -> held.line().mayBegin() && !tried.contains(held.line()))
            .toList();
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

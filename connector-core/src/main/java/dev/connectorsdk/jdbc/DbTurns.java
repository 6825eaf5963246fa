package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.internal.trigger.ScheduledStore.Taker;
import dev.connectorsdk.jdbc.TaskTable.Next;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Takes the turns of subscriptions whose tasks were picked. Safe for several threads. */
final class DbTurns {

  /** How long somebody else may take the turn of a handler that is not registered here. */
  private static final Duration NOT_HERE = Duration.ofMinutes(1);

  /** No turn goes on for longer, whatever the code in it does. */
  private static final long LONGEST_MINUTES = 6;

  private final TaskTable tasks;
  private final Set<String> handlers;
  private final JoinedClaims<Claim> claims;
  private final Taker taker;
  private volatile boolean paused;

  DbTurns(TaskTable tasks, Set<String> handlers, Duration lease, Taker taker) {
    this.tasks = tasks;
    this.handlers = Set.copyOf(handlers);
    this.claims = new JoinedClaims<>(ids -> tasks.claim(ids, this.handlers, lease));
    this.taker = taker;
  }

  Set<String> handlers() {
    return handlers;
  }

  /** Has nothing begin any more: what was picked is due at once, for somebody else. */
  void pause() {
    paused = true;
  }

  /**
   * Takes the turn of a subscription, if it is due and nobody else takes it.
   *
   * @return how long it is until its next turn; {@code null} if there is none
   */
  @Nullable Duration take(String id) throws InterruptedException {
    Optional<Claim> claim = paused ? Optional.empty() : claims.claim(id);
    Optional<Duration> next = claim.isEmpty() ? Optional.empty() : taken(claim.get());
    return next.isPresent() ? next.get() : stored(id);
  }

  private Optional<Duration> taken(Claim claim) throws InterruptedException {
    try {
      return taker.take(claim).get(LONGEST_MINUTES, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Duration stored(String id) {
    Next next = tasks.next(id, handlers);
    if (next == null) {
      return null;
    }
    return next.isKnown() || next.in().compareTo(NOT_HERE) > 0 ? next.in() : NOT_HERE;
  }
}

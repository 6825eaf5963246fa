package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.internal.trigger.ScheduledStore.Taker;
import dev.connectorsdk.jdbc.TaskTable.Next;
import dev.connectorsdk.jdbc.TaskTable.PickedTask;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  /** What is to be done with the task of a turn that has ended. */
  sealed interface After {

    /** Nothing: it waits for the next turn already. */
    record Moved() implements After {}

    /** It waits for the next turn, from now. */
    record Next(Duration in) implements After {}

    /** It goes: there is no next turn. */
    record Gone() implements After {}
  }

  /**
   * Takes the turn of a subscription, if it is due and nobody else takes it.
   *
   * @param version of the row of its task
   */
  After take(String id, long version) throws InterruptedException {
    Optional<Claim> claim = paused ? Optional.empty() : claims.claim(id);
    return claim.isEmpty() ? stored(id) : taken(claim.get(), version);
  }

  private After taken(Claim claim, long version) throws InterruptedException {
    PickedTask task = tasks.begin(claim, version);
    try {
      Optional<Duration> next = taker.take(claim).get(LONGEST_MINUTES, TimeUnit.MINUTES);
      if (task.isMoved()) {
        return new After.Moved();
      }
      return next.isPresent() ? new After.Next(next.get()) : stored(claim.subscription().id());
    } catch (TimeoutException e) {
      return stored(claim.subscription().id());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      tasks.end(task);
    }
  }

  private After stored(String id) {
    Next next = tasks.next(id, handlers);
    if (next == null) {
      return new After.Gone();
    }
    boolean isLate = next.isKnown() || next.in().compareTo(NOT_HERE) > 0;
    return new After.Next(isLate ? next.in() : NOT_HERE);
  }
}

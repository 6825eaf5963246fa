package dev.connectorsdk.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Claims by one statement what several threads want while the statement before still runs. Safe for
 * several threads; the object's monitor guards who is joined next.
 *
 * @param <T> a claim
 */
final class JoinedClaims<T> {

  private final Function<List<String>, Map<String, T>> statement;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Group<T> next;

  /** What is claimed together: each id by one thread. */
  private record Group<T>(List<String> ids, CompletableFuture<Map<String, T>> claims) {}

  /**
   * @param statement claims what it can of these ids; run by one thread at a time
   */
  JoinedClaims(Function<List<String>, Map<String, T>> statement) {
    this.statement = statement;
  }

  /** Claims one, if it can be claimed. Of several threads that want it at once one gets it. */
  Optional<T> claim(String id) {
    Group<T> mine;
    boolean leads;
    synchronized (this) {
      Group<T> waiting = next;
      leads = waiting == null;
      mine = waiting == null ? new Group<>(new ArrayList<>(), new CompletableFuture<>()) : waiting;
      next = mine;
      mine.ids().add(id);
    }
    if (leads) {
      run(mine);
    }
    try {
      return Optional.ofNullable(mine.claims().join().remove(id));
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /** Returns how many threads wait for the next statement. */
  synchronized int joined() {
    return next == null ? 0 : next.ids().size();
  }

  private void run(Group<T> group) {
    turn.lock();
    try {
      synchronized (this) {
        next = null;
      }
      group.claims().complete(new ConcurrentHashMap<>(statement.apply(group.ids())));
    } catch (Throwable e) { // All of them wait for this one.
      group.claims().completeExceptionally(e);
    } finally {
      turn.unlock();
    }
  }
}

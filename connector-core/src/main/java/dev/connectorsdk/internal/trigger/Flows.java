package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.sharing.Roles;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The host's flows, from memory where possible. Safe for several threads. */
final class Flows {

  static final String KIND = "flow";

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private final @Nullable FlowDirectory directory;
  private final Roles roles;
  private final Auditor auditor;
  private final Executor workers;
  private final Duration longestWait;
  private final FreshCache<String, Optional<Flow>> known;

  Flows(
      @Nullable FlowDirectory directory,
      Roles roles,
      RuntimeServices services,
      Duration freshness) {
    this.directory = directory;
    this.roles = roles;
    this.auditor = services.auditor();
    this.workers = services.workers();
    this.longestWait = freshness.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : freshness;
    this.known = new FreshCache<>(services.clock(), freshness, this::read);
  }

  private Optional<Flow> read(String id) {
    if (directory == null) {
      throw new IllegalStateException(
          "The runtime knows no flows: give its builder a directory of them, flows(directory)");
    }
    try {
      return directory.find(id);
    } catch (RuntimeException e) {
      throw new ActionFailedException(
          "The directory of flows failed with " + e.getClass().getName(), e);
    }
  }

  private Optional<Flow> lately(String id) {
    try {
      return known.get(id);
    } catch (StoreException e) {
      throw new ActionFailedException("The directory of flows is too slow. " + e.getMessage(), e);
    }
  }

  /**
   * Returns a flow as it is now; none if the host has no directory of them. A directory that hangs
   * is not waited for.
   *
   * @throws ActionFailedException if the directory fails, or takes longer than what it says holds,
   *     or the thread is interrupted, which it still is then
   */
  Optional<Flow> find(String id) {
    if (directory == null) {
      return Optional.empty();
    }
    var asked = new FutureTask<>(() -> lately(id));
    try {
      workers.execute(asked);
      return asked.get(longestWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new ActionFailedException("The directory of flows failed", e.getCause());
    } catch (TimeoutException | RejectedExecutionException e) {
      throw new ActionFailedException("The directory of flows does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionFailedException("The directory of flows was not waited for", e);
    } finally {
      asked.cancel(true);
    }
  }

  /**
   * Returns a flow as it is now.
   *
   * @throws NotFoundException of the kind {@link #KIND} if there is none
   * @throws ActionFailedException if the directory fails, or takes longer than what it says holds
   */
  Flow present(String id) {
    return lately(id).orElseThrow(() -> unknown(id));
  }

  /**
   * Returns the flow that a caller runs, as it is now.
   *
   * @throws NotFoundException if there is none, or the caller may not change it
   */
  Flow changeableBy(Caller caller) {
    Flow named = caller.flow();
    if (named == null) {
      throw new IllegalArgumentException("Say for which flow: caller.running(flow)");
    }
    Flow flow = present(named.id());
    if (!roles.mayChange(flow, caller.principal())) {
      NotFoundException unknown = unknown(named.id());
      auditor.denied(Attempt.toChange(caller, flow), unknown);
      throw unknown;
    }
    return flow;
  }

  private static NotFoundException unknown(String id) {
    return new NotFoundException(
        KIND, id, "The host's directory does not have it, or the caller may not change it.");
  }
}

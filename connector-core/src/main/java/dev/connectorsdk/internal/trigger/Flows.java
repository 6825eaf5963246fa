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
import dev.connectorsdk.internal.sharing.Roles;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host's flows, from memory where possible. Safe for several threads. */
final class Flows {

  static final String KIND = "flow";

  private final @Nullable FlowDirectory directory;
  private final Roles roles;
  private final Auditor auditor;
  private final FreshCache<String, Optional<Flow>> known;

  Flows(
      @Nullable FlowDirectory directory,
      Roles roles,
      Auditor auditor,
      Clock clock,
      Duration freshness) {
    this.directory = directory;
    this.roles = roles;
    this.auditor = auditor;
    this.known = new FreshCache<>(clock, freshness, this::read);
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
   * Returns a flow as it is now; none if the host has no directory of them.
   *
   * @throws ActionFailedException if the directory fails, or takes longer than what it says holds
   */
  Optional<Flow> find(String id) {
    return directory == null ? Optional.empty() : lately(id);
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

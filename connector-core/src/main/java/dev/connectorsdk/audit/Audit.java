package dev.connectorsdk.audit;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into the records that are kept. Safe for use by several threads. */
public interface Audit {

  /**
   * Returns records, the latest first. An administrator of one environment gets those of that
   * environment alone.
   *
   * @param before only those before this position, for the next page; {@code null} for the latest
   * @param limit at most so many, from 1 to 10,000
   * @throws PermissionDeniedException if the filter names an environment that is not the
   *     administrator's
   * @throws IllegalArgumentException if the limit is another
   * @throws dev.connectorsdk.api.error.StoreException if they cannot be read
   */
  List<AuditRecord> list(
      Administrator administrator, Filter filter, @Nullable Position before, int limit);

  /**
   * Returns what a user or a service can reach now in the administrator's environment, as far as
   * this process knows within the runtime's freshness: own connections, those that may be bound by
   * a grant, and those that flows of the host's directory use for the user, each with the way
   * there. It goes through all grants of the environment and all flows.
   *
   * @return own connections first, then by grant, then by flow in the order of their ids
   * @throws IllegalArgumentException if the administrator is that of the whole runtime: say in
   *     which environment, {@code administrator.in(environment)}; or if {@code user} is a group
   * @throws dev.connectorsdk.api.error.MembershipException if nobody can tell which groups the user
   *     belongs to
   * @throws dev.connectorsdk.api.error.StoreException if something cannot be read
   */
  List<Reach> reachOf(Administrator administrator, Principal user);

  /**
   * A way on which somebody reaches a connection.
   *
   * @param connection its id
   * @param connector of the connection
   * @param owner whose it is
   * @param grant what was granted on it, to the user or a group of his, if that is the way; else
   *     {@code null}
   * @param flow the id of the flow that uses it for the user, if that is the way; else {@code null}
   * @param reference the logical name of the reference under which the flow does so, or {@code
   *     null}
   */
  record Reach(
      ConnectionId connection,
      ConnectorId connector,
      Principal owner,
      @Nullable Grant grant,
      @Nullable String flow,
      @Nullable String reference) {}

  /**
   * Returns which runtimes ended without being closed, such as by {@code kill -9}, or cannot reach
   * the store: what they did after this instant may lack the records of up to a second. Records
   * that were left out for want of room are records themselves: {@link AuditRecord.Kind#LEFT_OUT}.
   *
   * @param administrator of the whole runtime
   * @throws PermissionDeniedException if the administrator is that of one environment
   */
  List<Gap> gaps(Administrator administrator);

  /**
   * Where records may be missing.
   *
   * @param run the run of a runtime, as in {@link Position#run}
   * @param from up to when all of its records are stored
   */
  record Gap(String run, Instant from) {}
}

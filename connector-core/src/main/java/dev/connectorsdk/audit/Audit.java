package dev.connectorsdk.audit;

import dev.connectorsdk.api.Administrator;
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
   * @throws IllegalArgumentException if the filter names an environment that is not the
   *     administrator's, or the limit is another
   * @throws dev.connectorsdk.api.error.StoreException if they cannot be read
   */
  List<AuditRecord> list(
      Administrator administrator, Filter filter, @Nullable Position before, int limit);

  /**
   * Returns which runtimes ended without being closed, such as by {@code kill -9}, or cannot reach
   * the store: what they did after this instant may lack the records of up to a second. Records
   * that were left out for want of room are records themselves: {@link AuditRecord.Kind#LEFT_OUT}.
   *
   * @param administrator of the whole runtime
   * @throws IllegalArgumentException if the administrator is that of one environment
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

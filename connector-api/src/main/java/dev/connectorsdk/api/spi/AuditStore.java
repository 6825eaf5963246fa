package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Position;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps audit records. They are added, never changed, and forgotten when they are old.
 *
 * <p>Texts and instants are kept as {@link ConnectorStore} says. When a method that writes returns,
 * what it wrote outlives the end of the process, or it throws. Safe for use by several threads and
 * processes; every method may throw {@link dev.connectorsdk.api.error.StoreException}.
 */
public interface AuditStore {

  /**
   * Adds records, all or none. One whose run and number are known stays as it was stored first.
   * With {@link AuditRecord.Kind#STARTED} a run begins, and is seen; with {@link
   * AuditRecord.Kind#ENDED} it ends.
   */
  void append(Collection<AuditRecord> records);

  /** Notes that all records of a run up to an instant are stored. A run that is unknown is not. */
  void seen(String run, Instant at);

  /**
   * Returns records, the latest first.
   *
   * @param before only those whose position is before this one; {@code null} for the latest of all
   * @param limit at most so many
   */
  List<AuditRecord> list(Filter filter, @Nullable Position before, int limit);

  /**
   * Forgets the oldest records that ended before an instant, at most so many; and runs that were
   * last seen before it, once none of their records is left.
   *
   * @return how many records were forgotten
   */
  int forget(Instant before, int limit);

  /**
   * Returns runs that have begun and not ended, in order of their ids.
   *
   * @param seenBefore only those that were last seen before this instant
   * @param after only those whose id is greater; the empty text for the first page
   * @param limit at most so many
   */
  List<OpenRun> listOpenRuns(Instant seenBefore, String after, int limit);

  /**
   * A run of a runtime that has not ended, as far as is known.
   *
   * @param id names it
   * @param seenAt up to when its records are stored
   */
  record OpenRun(String id, Instant seenAt) {

    public OpenRun {
      Storable.requireKey("Run", id, 100);
      seenAt = Storable.instant(seenAt);
    }
  }

  /**
   * Which records to list. A {@code null} matches all.
   *
   * @param environment where it was done
   * @param who who did it
   * @param flow the id of the flow that ran
   * @param connector of the connection
   * @param connection which connection was used
   * @param refused {@code true} for what was not allowed alone
   * @param since only from this instant on
   * @param gateway the id of the gateway that it went through, or that was changed
   */
  record Filter(
      @Nullable Environment environment,
      @Nullable Principal who,
      @Nullable String flow,
      @Nullable ConnectorId connector,
      @Nullable ConnectionId connection,
      boolean refused,
      @Nullable Instant since,
      @Nullable String gateway) {

    /** Whatever the gateway. */
    public Filter(
        @Nullable Environment environment,
        @Nullable Principal who,
        @Nullable String flow,
        @Nullable ConnectorId connector,
        @Nullable ConnectionId connection,
        boolean refused,
        @Nullable Instant since) {
      this(environment, who, flow, connector, connection, refused, since, null);
    }

    /** All records. */
    public static final Filter ALL = new Filter(null, null, null, null, null, false, null);

    public Filter {
      since = Optional.ofNullable(since).map(Storable::instant).orElse(null);
    }

    /** Returns those among these that have to do with a gateway. */
    public Filter through(String gateway) {
      return new Filter(environment, who, flow, connector, connection, refused, since, gateway);
    }

    /** Returns whether a record is one of these. */
    public boolean matches(AuditRecord record) {
      return isOrAny(environment, record.actor().environment())
          && isOrAny(who, record.actor().who())
          && isOrAny(flow, record.actor().flow())
          && isOrAny(connector, record.subject().connector())
          && isOrAny(connection, record.subject().connection())
          && isOrAny(gateway, record.subject().gateway())
          && !(refused && record.verdict().allowed())
          && (since == null || !record.position().at().isBefore(since));
    }

    private static boolean isOrAny(@Nullable Object wanted, @Nullable Object present) {
      return wanted == null || Objects.equals(wanted, present);
    }
  }
}

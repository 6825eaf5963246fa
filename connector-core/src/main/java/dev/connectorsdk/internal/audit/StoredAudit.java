package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.api.spi.AuditStore.OpenRun;
import dev.connectorsdk.audit.Audit;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The records in a store, as administrators see them. */
public final class StoredAudit implements Audit {

  private static final int MOST = 10_000;
  private static final int PAGE = 100;

  /** Several signs of life are missing. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final AuditStore store;
  private final Auditor auditor;
  private final Clock clock;
  private final BiFunction<Environment, Principal, List<Reach>> reaches;

  /**
   * Returns what a store holds.
   *
   * @param auditor records what administrators were refused
   * @param reaches says what somebody reaches in an environment
   */
  public StoredAudit(
      AuditStore store,
      Auditor auditor,
      Clock clock,
      BiFunction<Environment, Principal, List<Reach>> reaches) {
    this.store = store;
    this.auditor = auditor;
    this.clock = clock;
    this.reaches = reaches;
  }

  @Override
  public List<AuditRecord> list(
      Administrator administrator, Filter filter, @Nullable Position before, int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("1 to " + MOST + " records, not " + limit);
    }
    Filter permitted = attempt(administrator, () -> within(administrator, filter));
    return store.list(permitted, before, limit);
  }

  private <T> T attempt(Administrator administrator, Supplier<T> step) {
    return auditor.attempt(Attempt.toAdminister(administrator, "audit read"), step);
  }

  private static Filter within(Administrator administrator, Filter filter) {
    Environment wanted = filter.environment();
    if (wanted != null) {
      administrator.in(wanted);
      return filter;
    }
    return new Filter(
        administrator.environment().orElse(null),
        filter.who(),
        filter.flow(),
        filter.connector(),
        filter.connection(),
        filter.refused(),
        filter.since(),
        filter.gateway());
  }

  @Override
  public List<Reach> reachOf(Administrator administrator, Principal user) {
    Environment environment = administrator.requireEnvironment();
    if (user.isGroup()) {
      throw new IllegalArgumentException(user + " reaches nothing itself: name a member");
    }
    return reaches.apply(environment, user);
  }

  private static Administrator requireWhole(Administrator administrator) {
    if (administrator.environment().isPresent()) {
      throw new PermissionDeniedException(administrator, "see the gaps of all environments", null);
    }
    return administrator;
  }

  @Override
  public List<Gap> gaps(Administrator administrator) {
    attempt(administrator, () -> requireWhole(administrator));
    Instant seenBefore = clock.instant().minus(SILENCE);
    List<Gap> all = new ArrayList<>();
    List<OpenRun> page;
    String after = "";
    do {
      page = store.listOpenRuns(seenBefore, after, PAGE);
      for (OpenRun run : page) {
        all.add(new Gap(run.id(), run.seenAt()));
        after = run.id();
      }
    } while (page.size() == PAGE);
    return List.copyOf(all);
  }
}

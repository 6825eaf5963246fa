package dev.connectorsdk.runtime;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.spi.AuditStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records in a store that can be away. */
final class SwitchedAudit implements AuditStore {

  private final AuditStore store;
  volatile boolean isAway;
  volatile boolean keepsAll;

  SwitchedAudit(AuditStore store) {
    this.store = store;
  }

  private void requireHere() {
    if (isAway) {
      throw new StoreException("The database is away", true, null);
    }
  }

  @Override
  public void append(Collection<AuditRecord> records) {
    requireHere();
    store.append(records);
  }

  @Override
  public void seen(String run, Instant at) {
    requireHere();
    store.seen(run, at);
  }

  @Override
  public List<AuditRecord> list(Filter filter, @Nullable Position before, int limit) {
    return store.list(filter, before, limit);
  }

  @Override
  public int forget(Instant before, int limit) {
    requireHere();
    if (keepsAll) {
      throw new StoreException("Nothing may be deleted", false, null);
    }
    return store.forget(before, limit);
  }

  @Override
  public List<OpenRun> listOpenRuns(Instant seenBefore, String after, int limit) {
    return store.listOpenRuns(seenBefore, after, limit);
  }
}

package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A vault in memory, which can be told to fail and counts what is asked of it. */
final class TestVault implements CredentialVault {

  private static final long NO_MARK = -1;

  private Credentials stored = new Credentials(0, Map.of());
  private boolean readOnly;
  private boolean down;
  private boolean gone;
  private @Nullable Lease holder;
  private long mark = NO_MARK;
  private int failingWrites;
  private boolean forGood;
  private int lostConfirmations;
  private Runnable beforeLease = () -> {};
  private Runnable afterRead = () -> {};
  int reads;
  int leases;
  int writes;

  @Override
  public synchronized Credentials read() {
    reads++;
    if (down) {
      throw new StoreException("The test vault is down", !forGood, null);
    }
    Credentials read = stored;
    afterRead.run();
    return read;
  }

  @Override
  public synchronized boolean replace(long expectedVersion, Map<String, Secret> values) {
    if (readOnly || down) {
      throw new StoreException("The test vault cannot be written", true, null);
    }
    if (gone || expectedVersion != stored.version()) {
      return false;
    }
    writes++;
    stored = new Credentials(stored.version() + 1, values);
    return true;
  }

  /** A lease as a store would give it, which refuses at once where a store would wait. */
  @Override
  public synchronized Optional<Lease> lease(long version, Duration atMost) {
    Runnable first = beforeLease;
    beforeLease = () -> {};
    first.run();
    if (readOnly || down) {
      throw new StoreException("The test vault cannot be written", true, null);
    }
    if (gone) {
      throw new NotFoundException("connection", "c1", "It was deleted in the meantime.");
    }
    if (version != stored.version()) {
      return Optional.empty();
    }
    if (holder != null) {
      throw new AuthenticationException(
          ConnectionId.of("c1"), Reason.TEMPORARY, "another process has the lease");
    }
    TestLease lease = new TestLease(mark == version);
    holder = lease;
    mark = version;
    leases++;
    return Optional.of(lease);
  }

  private final class TestLease implements Lease {
    private final boolean inherited;
    private boolean leavesMark;

    TestLease(boolean inherited) {
      this.inherited = inherited;
    }

    @Override
    public void leaveMark() {
      leavesMark = true;
    }

    @Override
    public boolean isInherited() {
      return inherited;
    }

    @Override
    public boolean replace(long expectedVersion, Map<String, Secret> values) {
      synchronized (TestVault.this) {
        if (failingWrites > 0) {
          failingWrites--;
          throw new StoreException("The test vault cannot be written for now", !forGood, null);
        }
        boolean replaced = holder == this && TestVault.this.replace(expectedVersion, values);
        if (replaced && lostConfirmations > 0) {
          lostConfirmations--;
          throw new StoreException("The test vault did not confirm", true, null);
        }
        return replaced;
      }
    }

    @Override
    public boolean confirm(long version) {
      synchronized (TestVault.this) {
        if (readOnly || down) {
          throw new StoreException("The test vault cannot be written", !forGood, null);
        }
        return holder == this && !gone && stored.version() == version;
      }
    }

    @Override
    public void close() {
      synchronized (TestVault.this) {
        if (holder == this) {
          holder = null;
          mark = leavesMark ? mark : NO_MARK;
        }
      }
    }
  }

  /** Has something happen between the look at the version and the lease. */
  synchronized void beforeLease(Runnable once) {
    beforeLease = once;
  }

  synchronized boolean isLeased() {
    return holder != null;
  }

  /** Has the lease run out and be taken by another process, which then ends without a trace. */
  synchronized void loseLease() {
    holder = null;
  }

  /** Has failures look as if no later attempt could mend them. */
  synchronized void failForGood() {
    forGood = true;
  }

  /** Has so many writes under a lease be done, and then fail. */
  synchronized void loseConfirmations(int count) {
    lostConfirmations = count;
  }

  /** Has something happen after each time that somebody reads. */
  synchronized void afterRead(Runnable happening) {
    afterRead = happening;
  }

  /** Has so many writes fail that come after a lease was given. */
  synchronized void failWrites(int count) {
    failingWrites = count;
  }

  synchronized void readOnly(boolean readOnly) {
    this.readOnly = readOnly;
  }

  synchronized void down(boolean down) {
    this.down = down;
  }

  /** Behaves as if its connection had been deleted. */
  synchronized void delete() {
    gone = true;
    stored = new Credentials(0, Map.of());
  }

  /** Stores as another process would. */
  synchronized void put(TokenSet tokens) {
    put(tokens.toValues());
  }

  synchronized void put(Map<String, Secret> values) {
    stored = new Credentials(stored.version() + 1, values);
  }

  synchronized long version() {
    return stored.version();
  }

  /** Returns what is stored, readable. */
  synchronized Map<String, String> contents() {
    Map<String, String> contents = new LinkedHashMap<>();
    stored.values().forEach((name, value) -> contents.put(name, value.reveal()));
    return contents;
  }

  String get(String name) {
    return contents().getOrDefault(name, "(none)");
  }
}

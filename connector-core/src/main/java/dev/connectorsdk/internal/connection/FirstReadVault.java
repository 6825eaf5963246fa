package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers which credentials were there when they were first read. */
final class FirstReadVault implements CredentialVault {

  private static final long UNREAD = -1;

  private final CredentialVault vault;
  private final AtomicLong first = new AtomicLong(UNREAD);

  FirstReadVault(CredentialVault vault) {
    this.vault = vault;
  }

  /** Returns whether credentials were stored before, by somebody else or by an earlier opening. */
  boolean wasFound(long version) {
    return first.get() == version;
  }

  @Override
  public Credentials read() {
    Credentials stored = vault.read();
    first.compareAndSet(UNREAD, stored.version());
    return stored;
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    return vault.replace(expectedVersion, values);
  }

  @Override
  public Optional<Lease> lease(long version, Duration atMost) {
    return vault.lease(version, atMost);
  }
}

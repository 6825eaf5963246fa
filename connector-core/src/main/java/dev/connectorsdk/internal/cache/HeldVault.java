package dev.connectorsdk.internal.cache;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import java.util.Map;

/**
 * Credentials in the memory of this process alone. Begins without any. Safe for several threads.
 */
public final class HeldVault implements CredentialVault {

  private Credentials held = new Credentials(0, Map.of()); // guarded by this

  @Override
  public synchronized Credentials read() {
    return held;
  }

  @Override
  public synchronized boolean replace(long expectedVersion, Map<String, Secret> values) {
    if (held.version() != expectedVersion) {
      return false;
    }
    held = new Credentials(expectedVersion + 1, values);
    return true;
  }
}

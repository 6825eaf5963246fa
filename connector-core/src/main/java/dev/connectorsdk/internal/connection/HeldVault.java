package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import java.util.Map;

/** Holds what a sign-in brought until it is known whose it is. Begins empty. */
final class HeldVault implements CredentialVault {

  private Credentials held = new Credentials(0, Map.of());

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

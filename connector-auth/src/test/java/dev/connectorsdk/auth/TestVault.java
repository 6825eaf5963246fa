package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A vault in memory, which can be told to fail and counts what is asked of it. */
final class TestVault implements CredentialVault {

  private Credentials stored = new Credentials(0, Map.of());
  private boolean readOnly;
  private boolean down;
  private boolean gone;
  int reads;
  int writes;

  @Override
  public synchronized Credentials read() {
    reads++;
    if (down) {
      throw new StoreException("The test vault is down", true, null);
    }
    return stored;
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

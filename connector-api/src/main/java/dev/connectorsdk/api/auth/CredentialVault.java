package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.util.Map;

/**
 * Keeps the credentials that a strategy acquired for one connection, shared by all processes that
 * use the same store. Reading and writing are I/O. Safe for use by several threads.
 */
public interface CredentialVault {

  /**
   * Reads what is stored now.
   *
   * @throws dev.connectorsdk.api.error.StoreException if the store cannot be read
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if it cannot be decrypted
   */
  Credentials read();

  /**
   * Stores {@code values} if nobody has stored anything since {@code expectedVersion} was read.
   *
   * @return whether they were stored
   * @throws dev.connectorsdk.api.error.StoreException if the store cannot be written
   */
  boolean replace(long expectedVersion, Map<String, Secret> values);

  /**
   * What is stored.
   *
   * @param version 0 if nothing is stored yet; grows with each write
   * @param values by name; empty if nothing is stored
   */
  record Credentials(long version, Map<String, Secret> values) {

    public Credentials {
      values = Map.copyOf(values);
    }
  }
}

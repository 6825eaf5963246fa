package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
   * Waits for the sole right to replace what is stored, among all processes that share the store.
   * Take it before doing what must not be done twice, such as spending a refresh token.
   *
   * <p>It is a lease of 15 s, by the clock of the store, which is renewed until it is closed, but
   * not for longer than 90 s. Taking it is a write, so whoever has it knows that the store can be
   * written. Nothing else is held meanwhile, neither a transaction nor a database connection.
   *
   * <pre>{@code
   * Credentials stored = vault.read();
   * Optional<Lease> lease = vault.lease(stored.version(), Duration.ofSeconds(35));
   * if (lease.isPresent()) {
   *   try (Lease held = lease.get()) {
   *     held.replace(stored.version(), spend(stored.values()));
   *   }
   * }
   * stored = vault.read(); // what is stored counts, whoever stored it
   * }</pre>
   *
   * <p>By default nobody else is reckoned with.
   *
   * @param version the version that was read and is to be replaced
   * @param atMost how long to wait while somebody else has the lease
   * @return the lease; empty if what is stored has another version by now, so that it is to be read
   *     again
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code TEMPORARY} if
   *     somebody else had it all the time
   * @throws dev.connectorsdk.api.error.NotFoundException if the connection was deleted
   * @throws dev.connectorsdk.api.error.StoreException if the store cannot be written
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread is interrupted while it
   *     waits
   */
  default Optional<Lease> lease(long version, Duration atMost) {
    return Optional.of(this::replace);
  }

  /** The sole right to replace what is stored. Used by one thread; close it. */
  @FunctionalInterface
  interface Lease extends AutoCloseable {

    /**
     * Stores {@code values} like {@link CredentialVault#replace}, if nobody else has taken this
     * lease after it had run out.
     *
     * @return whether they were stored
     * @throws dev.connectorsdk.api.error.StoreException if the store cannot be written
     */
    boolean replace(long expectedVersion, Map<String, Secret> values);

    /**
     * Returns whether somebody before had this lease for the same version, and it is not known what
     * became of that: a process that ended, or one that called {@link #leaveMark}.
     */
    default boolean isInherited() {
      return false;
    }

    /** Has the next one who takes the lease for the same version learn that it is inherited. */
    default void leaveMark() {}

    /** Gives the lease back. If that fails it runs out by itself. */
    @Override
    default void close() {}
  }

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

package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Stores the credentials that a strategy acquired for one connection. All processes that use the
 * same store share it. Reading and writing are I/O. Safe for use by several threads.
 */
public interface CredentialVault {

  /**
   * Reads the stored credentials.
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
   * Waits for the lease on this vault, which one holder has at a time among all processes that
   * share the store. Take it before doing what must not be done twice, such as using a refresh
   * token.
   *
   * <p>A lease lasts 15 s, by the clock of the store. It is renewed until it is closed, for at most
   * 90 s. Taking it is a write, so the holder knows that the store can be written. It holds neither
   * a transaction nor a database connection.
   *
   * <pre>{@code
   * Credentials stored = vault.read();
   * Optional<Lease> lease = vault.lease(stored.version(), Duration.ofSeconds(35));
   * if (lease.isPresent()) {
   *   try (Lease held = lease.get()) {
   *     if (held.confirm(stored.version())) {
   *       held.replace(stored.version(), spend(stored.values()));
   *     }
   *   }
   * }
   * stored = vault.read(); // what is stored counts, whoever stored it
   * }</pre>
   *
   * <p>A store that fails for a moment while another holder is waited for, such as a database that
   * is restarted, does not end the wait.
   *
   * <p>The default is for a single process: it grants the lease at once.
   *
   * @param version the version that was read and is to be replaced
   * @param atMost how long to wait while another holder has the lease
   * @return the lease; empty if the stored version is another by now: read it again
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code TEMPORARY} if
   *     another holder kept the lease for all of {@code atMost}
   * @throws dev.connectorsdk.api.error.NotFoundException if the connection was deleted
   * @throws dev.connectorsdk.api.error.StoreException if the store cannot be written
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread is interrupted while it
   *     waits
   */
  default Optional<Lease> lease(long version, Duration atMost) {
    return Optional.of(this::replace);
  }

  /** The right to replace the stored credentials. Used by one thread; close it. */
  @FunctionalInterface
  interface Lease extends AutoCloseable {

    /**
     * Stores {@code values} like {@link CredentialVault#replace}, unless the lease ran out and
     * another holder took it.
     *
     * @return whether they were stored
     * @throws dev.connectorsdk.api.error.StoreException if the store cannot be written
     */
    boolean replace(long expectedVersion, Map<String, Secret> values);

    /**
     * Has the lease last longer, and checks that nobody else has used what is about to be used.
     * Call it right before each request that must not be sent twice, a repetition too: a process
     * can be held up anywhere for longer than its lease lasts.
     *
     * <p>The default, for a single process, returns {@code true}.
     *
     * @param version the version that is to be replaced
     * @return whether the lease is still this holder's and the stored version still this one; if
     *     not, send nothing and read again
     * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code GRANT_ENDED} if
     *     another holder has reported that these credentials cannot be renewed any more
     * @throws dev.connectorsdk.api.error.StoreException if the store cannot be written
     */
    default boolean confirm(long version) {
      return true;
    }

    /**
     * Returns whether an earlier holder had this lease for the same version, and the outcome of
     * what it did is unknown: its process ended, or it called {@link #leaveMark}.
     */
    default boolean isInherited() {
      return false;
    }

    /**
     * Records that the outcome of what this holder did is unknown. The next holder for the same
     * version finds the lease inherited.
     */
    default void leaveMark() {}

    /** Gives the lease back. If that fails it runs out by itself. */
    @Override
    default void close() {}
  }

  /**
   * The stored credentials.
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

package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what exists nowhere else: tokens whose predecessors are spent. It does not give up at the
 * first failure of the store, nor because a lease was lost meanwhile.
 */
final class PatientVault {

  private static final Logger log = LoggerFactory.getLogger(PatientVault.class);

  /** How long to wait while another process has the lease. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(35);

  private static final int MOST_PASSES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /** How long storing is tried again. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final AuthContext context;
  private final CredentialVault vault;

  PatientVault(AuthContext context) {
    this.context = context;
    this.vault = context.vault();
  }

  /**
   * Stores tokens unless somebody else has stored others since {@code read}. A write that only
   * encrypted the same values anew must not cost the grant.
   *
   * @return whether they are stored
   * @throws NotFoundException if the connection is gone, and its vault with it
   * @throws StoreException if the store cannot be written for 30 s
   */
  boolean store(TokenSet tokens, Credentials read, Lease lease) {
    return store(tokens.toValues(), read, read, lease, MOST_PASSES);
  }

  /**
   * Reads the vault, where others have waited for what it holds.
   *
   * @throws StoreException if that cannot help, or the store fails for 30 s
   */
  Credentials read() {
    return patiently(vault::read, false);
  }

  /**
   * Confirms a lease; see {@link Lease#confirm}.
   *
   * @throws StoreException if that cannot help, or the store fails for 30 s
   */
  boolean confirm(Lease lease, long version) {
    return patiently(() -> lease.confirm(version), false);
  }

  private boolean store(
      Map<String, Secret> values, Credentials read, Credentials base, Lease lease, int passes) {
    if (patiently(() -> lease.replace(base.version(), values), true)) {
      return true;
    }
    Credentials present = patiently(vault::read, true);
    if (present.values().equals(values)) {
      // Stored by an attempt whose confirmation was lost.
      return true;
    }
    requireThere(present, base);
    if (!present.values().equals(read.values())) {
      return false;
    }
    if (passes == 0) {
      throw new ConflictException(
          "The stored credential of connection '" + context.connection() + "'");
    }
    return present.version() > base.version()
        ? store(values, read, present, lease, passes - 1)
        : storeAnew(values, read, present, lease, passes - 1);
  }

  private void requireThere(Credentials present, Credentials base) {
    if (present.version() < base.version()) {
      throw new NotFoundException(
          "connection", context.connection().value(), "It was deleted in the meantime.");
    }
  }

  /**
   * The lease ran out and somebody else has taken it. They have their turn first: if they get other
   * tokens these are newer, and if they get none ours are still good.
   */
  private boolean storeAnew(
      Map<String, Secret> values, Credentials read, Credentials present, Lease lost, int passes) {
    log.debug(
        "Connection {}: the lease was lost before the token was stored", context.connection());
    Optional<Lease> again = vault.lease(present.version(), LONGEST_WAIT);
    if (again.isEmpty()) {
      return store(values, read, present, lost, passes);
    }
    try (Lease held = again.get()) {
      return store(values, read, present, held, passes);
    }
  }

  /**
   * @param always whether a failure that no later attempt seems to mend is no reason to give up
   */
  private <T> T patiently(Supplier<T> work, boolean always) {
    long began = context.clock().millis();
    Duration paused = Duration.ZERO;
    for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
      try {
        return work.get();
      } catch (StoreException e) {
        long elapsed = context.clock().millis() - began;
        Duration spent = Duration.ofMillis(Math.max(paused.toMillis(), elapsed)).plus(pause);
        if (spent.compareTo(LONGEST) > 0 || !(always || e.isRetryable())) {
          throw e;
        }
        log.warn(
            "Connection {}: the store failed while a token is replaced, next attempt in {} ms: {}",
            context.connection(),
            pause.toMillis(),
            e.getMessage());
      }
      Pauses.sleep(context, pause);
      paused = paused.plus(pause);
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }
}

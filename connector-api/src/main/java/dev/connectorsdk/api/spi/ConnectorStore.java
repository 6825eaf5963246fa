package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps connections, their encrypted credentials and leases on these, and hands out what keeps the
 * rest. What is said here holds for all of it.
 *
 * <p>Where rows have a version, every write says which version it replaces: a write whose
 * expectation is not met changes nothing and returns {@code false}. A method that writes several
 * rows writes all or none. Credentials arrive encrypted; a store never sees a secret.
 *
 * <p>What is read equals what was written. So that this holds in every database, the records of
 * these interfaces take only well-formed Unicode without U+0000, at most 1,000,000 characters for
 * each text, and throw {@link IllegalArgumentException} otherwise; and they keep instants to the
 * microsecond, from the year 1 to 9999: what is finer is cut off, what lies outside becomes the
 * first or last of these.
 *
 * <p>When a method that writes returns, what it wrote outlives the end of the process, or it
 * throws.
 *
 * <p>A later version of this library may share the store, and write what this version cannot
 * express. A connection with a status that is not known is read with the reason {@link
 * ConnectionStatus.Reason#NOT_UNDERSTOOD}, and not replaced; one whose connector, environment or
 * owner is not known is left out of lists, and is a {@code StoreException} where it is looked for
 * by its id. Both can be deleted.
 *
 * <p>Safe for use by several threads, and by several processes where the store is shared. Every
 * method may throw {@link dev.connectorsdk.api.error.StoreException}. A thread that was interrupted
 * before still gets done what it asks for, and the interrupt flag stays set; one that is
 * interrupted while it waits may be thrown that exception, with the flag set.
 *
 * <p>Whoever writes a store tests it with {@code ConnectorStoreContract} in connector-fixtures.
 */
public interface ConnectorStore extends AutoCloseable {

  /**
   * Adds a connection with its credentials.
   *
   * @return {@code false} if there is a connection with this id
   * @throws IllegalArgumentException if a credential belongs to another connection, or two are for
   *     one slot
   */
  boolean insertConnection(StoredConnection connection, Collection<StoredCredential> credentials);

  /**
   * Returns the connection with this id, unless it {@linkplain StoredConnection#isDeleted is
   * deleted}.
   */
  Optional<StoredConnection> findConnection(ConnectionId id);

  /**
   * Returns the connection with this id and its credentials, as they are at one moment, unless it
   * {@linkplain StoredConnection#isDeleted is deleted}.
   */
  Optional<ConnectionWithCredentials> findWithCredentials(ConnectionId id);

  /**
   * Returns the connections that match and are not deleted, ordered by id as {@link
   * String#compareTo} does.
   */
  List<StoredConnection> listConnections(ConnectionFilter filter);

  /**
   * Returns the connections that {@linkplain StoredConnection#isDeleted are deleted} and still
   * kept, in no order.
   */
  List<StoredConnection> listDeletedConnections();

  /**
   * Returns a page of the connections that match, in the order of the query. Fewer than its limit
   * do not mean that there are no more; none at all do.
   *
   * @param query whose state is compared with {@link StoredConnection#status}
   */
  List<StoredConnection> listConnections(ConnectionQuery query);

  /**
   * Returns a page of the connections through a gateway that are not deleted and whose test has not
   * been run yet, by {@link StoredConnection#status}, in the order of their ids as the store
   * compares them. None at all say that there are no more. Asked for often: a store of many
   * connections finds them by their gateway.
   *
   * @param gateway the id of the gateway
   * @param after only those whose id is greater; the empty text for the first page
   * @param limit at most so many
   */
  List<StoredConnection> listUntestedConnections(String gateway, String after, int limit);

  /**
   * Replaces a connection, and each of {@code credentials} under its slot. Other slots stay as they
   * are. One that is deleted thereby is gone for {@link #findConnection}, {@link #listConnections}
   * and this method; its id stays taken, and its credentials and leases stay as usable as before,
   * until {@link #deleteConnection}.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param credentials each with a version above the stored one of its slot
   * @return {@code false}, and nothing is replaced, if the stored version is not {@code
   *     expectedVersion}, there is none, it is deleted, its stored status is not understood, or a
   *     credential is not newer than the one in its slot
   * @throws IllegalArgumentException if the version of {@code next} is another, or a credential
   *     belongs to another connection, or two are for one slot
   */
  boolean updateConnection(
      StoredConnection next, long expectedVersion, Collection<StoredCredential> credentials);

  /**
   * Deletes a connection, all its credentials and the grants on it. Bindings stay, and lead to
   * nothing.
   *
   * @return {@code false} if there was no such connection
   */
  boolean deleteConnection(ConnectionId id);

  /** Returns what is stored in a slot of a connection. */
  Optional<StoredCredential> findCredential(ConnectionId connection, String slot);

  /** Returns what is stored in all slots of a connection, ordered by slot. */
  List<StoredCredential> listCredentials(ConnectionId connection);

  /**
   * Stores a credential.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param expectedVersion the version that it replaces, or 0 if there must be none
   * @return {@code false} if the stored version is another, or the connection is gone
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean writeCredential(StoredCredential next, long expectedVersion);

  /**
   * Stores a credential while a lease on its slot is held.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param expectedVersion the version that it replaces, or 0 if there must be none
   * @param owner as it was given to {@link #acquireLease}
   * @return {@code false} if the stored version is another, the connection is gone, or the lease is
   *     no longer this owner's; one that has run out and was taken by nobody is still the owner's
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean writeCredential(StoredCredential next, long expectedVersion, String owner);

  /**
   * Notes, beside a credential, whether it has to be renewed.
   *
   * @param version of the credential that was looked at
   * @return {@code false} if there is none with this version
   */
  boolean noteRenewal(ConnectionId connection, String slot, long version, Renewal renewal);

  /**
   * Returns a page of the credentials in a slot that were renewed before an instant or of which
   * nobody has said whether they are, of connections whose stored status is connected: the unknown
   * ones first, then the longest not renewed; ids decide where that is the same. What it takes
   * depends on how many there are, not on how many connections are stored.
   *
   * @param before only those that were last renewed before it
   * @param after only what comes after this in that order, or {@code null} for all
   * @param limit how many at most; none at all is the end
   */
  List<CareDue> listUnrenewed(String slot, Instant before, @Nullable CareDue after, int limit);

  /**
   * Returns a page of the connections that are not deleted and whose {@linkplain
   * StoredConnection.Settings#credentialExpiresAt credential ends} after {@code from} and before
   * {@code until}, ordered by that, then by id. What it takes depends on how many there are.
   *
   * @param after only what comes after this in that order, or {@code null} for all
   * @param limit how many at most; none at all is the end
   */
  List<CareDue> listExpiring(Instant from, Instant until, @Nullable CareDue after, int limit);

  /**
   * Tries to take the lease on a slot of a connection: the right to replace the credential in it,
   * which one process has at a time. There need not be a credential yet.
   *
   * <p>A lease runs out by itself, by the one clock that all processes share, which is the store's.
   * A holder that has ended without releasing it leaves its mark: the version that it was about to
   * replace.
   *
   * @param version the version of the credential that is to be replaced, or 0 if there is none;
   *     left as a mark
   * @param owner what tells this holder from all others, for every lease anew; 1 to 100 characters
   * @param duration how long it lasts if it is not renewed
   */
  LeaseAttempt acquireLease(
      ConnectionId connection, String slot, long version, String owner, Duration duration);

  /**
   * Has a lease last for {@code duration} from now.
   *
   * @return {@code false} if it is no longer this owner's
   */
  boolean renewLease(ConnectionId connection, String slot, String owner, Duration duration);

  /**
   * Gives a lease back. Does nothing if it is no longer this owner's.
   *
   * @param leaveMark whether the outcome of what this holder did is unknown; the next holder for
   *     the same version then learns that its lease is inherited
   */
  void releaseLease(ConnectionId connection, String slot, String owner, boolean leaveMark);

  /** Returns at most {@code limit} credentials that are encrypted with another key than this. */
  List<StoredCredential> listCredentialsNotUnder(String keyId, int limit);

  /** Returns how many credentials are encrypted with each key. */
  Map<String, Long> countCredentialsByKey();

  /** Returns the check value by which a wrong key ring is noticed. */
  Optional<String> findKeyCheck();

  /**
   * Stores the first check value.
   *
   * @return {@code false} if there is one
   */
  boolean insertKeyCheck(String check);

  /**
   * Replaces the check value, so that the key it was made with can be retired.
   *
   * @return {@code false} if the stored one is not {@code expected}
   */
  boolean replaceKeyCheck(String expected, String next);

  /** Returns what keeps the bindings of references, in the same place. */
  BindingStore bindings();

  /** Returns what keeps rights on connections and references, in the same place. */
  GrantStore grants();

  /** Returns what keeps what run-only users get, in the same place. */
  ShareStore shares();

  /** Returns what keeps pending sign-ins, in the same place. */
  TicketStore tickets();

  /** Returns what keeps connectors that are data, in the same place. */
  DefinitionStore definitions();

  /** Returns what keeps data policies, in the same place. */
  PolicyStore policies();

  /** Returns what keeps gateways, in the same place. */
  GatewayStore gateways();

  /** Returns what keeps triggers, in the same place. */
  TriggerStore triggers();

  /** Returns what keeps the audit, in the same store. */
  AuditStore audit();

  /**
   * Returns a new reader of what is changed, or nothing if this store has none: then what was read
   * is asked for again, each by itself. By default it has none.
   */
  default Optional<ChangeFeed> changes() {
    return Optional.empty();
  }

  /**
   * Runs {@code then} once what the calling thread has written last is committed: at once, unless
   * it has joined a transaction that the caller has open. It never runs if that is rolled back.
   */
  default void whenCommitted(Runnable then) {
    then.run();
  }

  /** Releases what the store itself opened. */
  @Override
  void close();

  /**
   * Which connections to list. A {@code null} matches all.
   *
   * @param environment only in this environment
   * @param owner only of this owner
   * @param connector only of this connector
   */
  record ConnectionFilter(
      @Nullable Environment environment,
      @Nullable Principal owner,
      @Nullable ConnectorId connector) {

    public ConnectionFilter {
      if (owner != null) {
        Storable.requireText("Owner", owner.id());
      }
    }

    // Written out: what the JVM makes for records costs a part of each start.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ConnectionFilter that
          && Objects.equals(that.environment, environment)
          && Objects.equals(that.owner, owner)
          && Objects.equals(that.connector, connector);
    }

    @Override
    public int hashCode() {
      int hash = 31 * Objects.hashCode(environment) + Objects.hashCode(owner);
      return 31 * hash + Objects.hashCode(connector);
    }
  }

  /**
   * A connection and its credentials, as they were at one moment.
   *
   * @param credentials what is stored in its slots, in no order
   */
  record ConnectionWithCredentials(
      StoredConnection connection, List<StoredCredential> credentials) {

    public ConnectionWithCredentials {
      Objects.requireNonNull(connection, "connection");
      credentials = List.copyOf(credentials);
    }

    /** Returns what is stored in a slot, or {@code null} if that is nothing. */
    public @Nullable StoredCredential credential(String slot) {
      for (StoredCredential credential : credentials) {
        if (credential.slot().equals(slot)) {
          return credential;
        }
      }
      return null;
    }
  }

  /**
   * A connection as it is stored.
   *
   * @param identity which connection it is
   * @param settings what its owner chose and entered
   * @param access whether and as whom it gets access to the service
   * @param revision which of its versions this is
   */
  record StoredConnection(Identity identity, Settings settings, Access access, Revision revision) {

    public StoredConnection {
      Objects.requireNonNull(identity, "identity");
      Objects.requireNonNull(settings, "settings");
      Objects.requireNonNull(access, "access");
      Objects.requireNonNull(revision, "revision");
    }

    /** Returns the id, which is unique. */
    public ConnectionId id() {
      return identity.id();
    }

    /** Returns the connector that it belongs to. */
    public ConnectorId connector() {
      return identity.connector();
    }

    /** Returns the environment that it lives in. */
    public Environment environment() {
      return identity.environment();
    }

    /** Returns whose it is. */
    public Principal owner() {
      return identity.owner();
    }

    /** Returns the id of the chosen auth option. */
    public String authOption() {
      return settings.authOption();
    }

    /** Returns the parameters that are not secret, as a JSON object. */
    public String parameters() {
      return settings.parameters();
    }

    /** Returns whether it can be used: that it is disabled, or else {@link Access#status}. */
    public ConnectionStatus status() {
      ConnectionStatus disabled = access.disabled();
      return disabled == null ? access.status() : disabled;
    }

    /**
     * Returns whether its owner has deleted it, and it is kept only until what was registered with
     * it is removed at the service.
     */
    public boolean isDeleted() {
      return status().reason() == ConnectionStatus.Reason.DELETED;
    }

    /** Returns the version: 1 at first, then one more with each change. */
    public long version() {
      return revision.version();
    }

    /** Returns the same version with another owner. */
    public StoredConnection ownedBy(Principal other) {
      return new StoredConnection(
          new Identity(id(), connector(), environment(), other), settings, access, revision);
    }

    /** Returns the same version with other settings. */
    public StoredConnection with(Settings other) {
      return new StoredConnection(identity, other, access, revision);
    }

    /** Returns the same version with another access. */
    public StoredConnection with(Access other) {
      return new StoredConnection(identity, settings, other, revision);
    }

    /** Returns the next version, unchanged otherwise. */
    public StoredConnection next(Instant now) {
      return new StoredConnection(identity, settings, access, revision.next(now));
    }

    /**
     * Which connection it is: what the connection keeps when its owner changes it. An administrator
     * may give it to another owner.
     *
     * @param id unique
     * @param connector the connector that it belongs to
     * @param environment the environment that it lives in
     * @param owner whose it is; not a group
     */
    public record Identity(
        ConnectionId id, ConnectorId connector, Environment environment, Principal owner) {

      public Identity {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(connector, "connector");
        Objects.requireNonNull(environment, "environment");
        Storable.requireText("Owner", owner.id());
        if (!owner.mayOwn()) {
          throw new IllegalArgumentException(
              "A connection cannot belong to " + owner + ": it is one user's or one service's");
        }
      }
    }

    /**
     * What the owner of a connection chose and entered, without secrets, and what the service added
     * to the parameters.
     *
     * @param displayName by which people tell their connections apart
     * @param authOption the id of the chosen auth option
     * @param parameters the parameters that are not secret, as a JSON object
     * @param credentialExpiresAt when the credential ends by itself, or {@code null} if that is not
     *     known
     * @param gateway the id of the gateway that its requests go through, or {@code null} for none
     */
    public record Settings(
        String displayName,
        String authOption,
        String parameters,
        @Nullable Instant credentialExpiresAt,
        @Nullable String gateway) {

      public Settings {
        Storable.requireText("Display name", Objects.requireNonNull(displayName, "displayName"));
        Storable.requireText("Auth option", Objects.requireNonNull(authOption, "authOption"));
        Storable.requireText("Parameters", Objects.requireNonNull(parameters, "parameters"));
        if (credentialExpiresAt != null) {
          credentialExpiresAt = Storable.instant(credentialExpiresAt);
        }
        if (gateway != null) {
          Storable.requireKey("Gateway", gateway, 100);
        }
      }

      /** Makes the settings of a connection whose requests go through no gateway. */
      public Settings(
          String displayName,
          String authOption,
          String parameters,
          @Nullable Instant credentialExpiresAt) {
        this(displayName, authOption, parameters, credentialExpiresAt, null);
      }

      /** Returns these settings with another display name. */
      public Settings withDisplayName(String other) {
        return new Settings(other, authOption, parameters, credentialExpiresAt, gateway);
      }

      /** Returns these settings with other parameters. */
      public Settings withParameters(String other) {
        return new Settings(displayName, authOption, other, credentialExpiresAt, gateway);
      }

      /** Returns these settings with another end of the credential. */
      public Settings withCredentialExpiresAt(@Nullable Instant other) {
        return new Settings(displayName, authOption, parameters, other, gateway);
      }
    }

    /**
     * Whether a connection gets access to the service, as whom and to what.
     *
     * @param status whether the connection can be used, and why not, if nobody has disabled it
     * @param account the account at the service, or {@code null} if it is not known
     * @param grantedScopes what the service granted when somebody signed in, in order; a scope is
     *     neither empty nor holds blanks
     * @param disabled that an administrator has disabled the connection, or {@code null}; made by
     *     {@link ConnectionStatus#disabled}
     */
    public record Access(
        ConnectionStatus status,
        @Nullable Account account,
        List<String> grantedScopes,
        @Nullable ConnectionStatus disabled) {

      public Access {
        status = storable(status);
        if (disabled != null) {
          Objects.requireNonNull(disabled.by(), "who disabled it");
          disabled = storable(disabled);
        }
        if (account != null) {
          Storable.requireText("Account id", Objects.requireNonNull(account.id(), "account id"));
          Storable.requireText("Account name", account.displayName());
        }
        grantedScopes = List.copyOf(grantedScopes);
        for (String scope : grantedScopes) {
          if (scope.isEmpty() || scope.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("A scope must not be empty or hold blanks");
          }
          Storable.requireText("Scope", scope);
        }
      }

      private static ConnectionStatus storable(ConnectionStatus status) {
        Storable.requireText("Status message", status.message());
        Principal by = status.by();
        if (by != null) {
          Storable.requireText("Administrator", by.id());
        }
        return new ConnectionStatus(
            status.state(),
            status.reason(),
            status.message(),
            Storable.instant(status.since()),
            by);
      }

      /** Returns the access of a connection of which nothing else is known. */
      public static Access of(ConnectionStatus status) {
        return new Access(status, null, List.of(), null);
      }

      /** Returns this with another status below. */
      public Access withStatus(ConnectionStatus other) {
        return new Access(other, account, grantedScopes, disabled);
      }

      /** Returns this with another account. */
      public Access withAccount(@Nullable Account other) {
        return new Access(status, other, grantedScopes, disabled);
      }

      /** Returns this with what was granted. */
      public Access withGrantedScopes(List<String> other) {
        return new Access(status, account, other, disabled);
      }

      /** Returns this disabled, or, with {@code null}, no longer so. */
      public Access withDisabled(@Nullable ConnectionStatus other) {
        return new Access(status, account, grantedScopes, other);
      }
    }

    /**
     * Which version of a connection this is.
     *
     * @param version 1 at first, then one more with each change
     * @param createdAt when the connection was made
     * @param updatedAt when this version was made
     */
    public record Revision(long version, Instant createdAt, Instant updatedAt) {

      public Revision {
        createdAt = Storable.instant(createdAt);
        updatedAt = Storable.instant(updatedAt);
      }

      /** Returns the first version. */
      public static Revision first(Instant now) {
        return new Revision(1, now, now);
      }

      /** Returns the version after this one. */
      public Revision next(Instant now) {
        return new Revision(version + 1, createdAt, now);
      }
    }
  }

  /**
   * Encrypted credentials of a connection.
   *
   * @param slot which of its credentials: what the owner entered, what a strategy acquired; 1 to
   *     200 characters
   * @param version 1 at first, then one more with each write
   * @param keyId the key that it is encrypted with, 1 to 100 characters
   * @param ciphertext what {@link #encrypt} made of a JSON object that has a text for each name
   * @param renewal whether it has to be renewed; kept beside the ciphertext, and unknown again once
   *     an earlier version of this library, which does not know of it, has replaced the credential
   */
  record StoredCredential(
      ConnectionId connection,
      String slot,
      long version,
      String keyId,
      String ciphertext,
      Renewal renewal) {

    public StoredCredential {
      Objects.requireNonNull(connection, "connection");
      Storable.requireKey("Slot", slot, 200);
      Storable.requireKey("Key id", keyId, 100);
      Storable.requireText("Ciphertext", Objects.requireNonNull(ciphertext, "ciphertext"));
      renewal = storable(renewal);
    }

    private static Renewal storable(Renewal renewal) {
      Instant since = renewal.since();
      return since == null ? renewal : Renewal.at(Storable.instant(since));
    }

    /** Makes a credential of which nobody has said whether it has to be renewed. */
    public StoredCredential(
        ConnectionId connection, String slot, long version, String keyId, String ciphertext) {
      this(connection, slot, version, keyId, ciphertext, Renewal.UNKNOWN);
    }

    /** Returns the same with another note of whether it has to be renewed. */
    public StoredCredential with(Renewal other) {
      return new StoredCredential(connection, slot, version, keyId, ciphertext, other);
    }

    /**
     * Encrypts a secret with the current key.
     *
     * @param context what it is bound to besides the other parts, without a line break; empty for
     *     nothing
     */
    public static StoredCredential encrypt(
        SecretCipher cipher,
        ConnectionId connection,
        String slot,
        long version,
        String context,
        Secret secret) {
      var place = new SecretCipher.Place(connection.value(), slot, version, context);
      String encrypted = cipher.encrypt(secret, place);
      return new StoredCredential(
          connection,
          slot,
          version,
          cipher.currentKeyId(),
          context.isEmpty() ? encrypted : context + "\n" + encrypted);
    }

    /**
     * Decrypts the secret.
     *
     * @throws dev.connectorsdk.api.error.SecretUnreadableException as {@link SecretCipher#decrypt}
     *     says
     */
    public Secret decrypt(SecretCipher cipher) {
      return cipher.decrypt(ciphertext.substring(ciphertext.indexOf('\n') + 1), place());
    }

    /** Returns what the ciphertext is bound to, as it says itself. */
    public SecretCipher.Place place() {
      return new SecretCipher.Place(connection.value(), slot, version, context());
    }

    /** Returns the context that it was encrypted in, as it says itself; empty for none. */
    public String context() {
      return ciphertext.substring(0, Math.max(0, ciphertext.indexOf('\n')));
    }

    /** Returns where it belongs, without the content. */
    @Override
    public String toString() {
      return "StoredCredential[" + connection + ", " + slot + ", version " + version + "]";
    }
  }

  /**
   * A connection whose credential may need care.
   *
   * @param at when it was last renewed, or will end; the first of all instants if it is not known
   */
  record CareDue(ConnectionId connection, Instant at) {

    /** Stands for an unknown time, before all others. */
    public static final Instant UNKNOWN = Storable.EARLIEST;

    public CareDue {
      Objects.requireNonNull(connection, "connection");
      at = Storable.instant(at);
    }
  }

  /** What came of trying to take a lease. */
  enum LeaseAttempt {
    /** It is the owner's now. */
    ACQUIRED,
    /**
     * It is the owner's now; somebody was about to replace the same version, and what came of that
     * is not known.
     */
    INHERITED,
    /** Somebody else has it. */
    HELD,
    /** What is stored has another version. */
    OUTDATED,
    /** There is no such connection. */
    GONE
  }
}

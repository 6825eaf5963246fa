package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps connections, their encrypted credentials, bindings of references, and pending sign-ins.
 *
 * <p>Every row has a version, and every write says which version it replaces: a write whose
 * expectation is not met changes nothing and returns {@code false}. A method that writes several
 * rows writes all or none. Credentials arrive encrypted; a store never sees a secret.
 *
 * <p>Safe for use by several threads, and by several processes where the store is shared. Every
 * method may throw {@link dev.connectorsdk.api.error.StoreException}; an implementation that is
 * interrupted throws it with the interrupt flag set.
 */
public interface ConnectorStore extends AutoCloseable {

  /**
   * Adds a connection with its credentials.
   *
   * @return {@code false} if there is a connection with this id
   */
  boolean insertConnection(StoredConnection connection, Collection<StoredCredential> credentials);

  /** Returns the connection with this id. */
  Optional<StoredConnection> findConnection(ConnectionId id);

  /** Returns the connections that match, ordered by id. */
  List<StoredConnection> listConnections(ConnectionFilter filter);

  /**
   * Replaces a connection, and each of {@code credentials} under its slot whatever was there. Other
   * slots stay as they are.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @return {@code false} if the stored version is not {@code expectedVersion}, or there is none
   */
  boolean updateConnection(
      StoredConnection next, long expectedVersion, Collection<StoredCredential> credentials);

  /**
   * Deletes a connection and all its credentials. Bindings stay, and lead to nothing.
   *
   * @return {@code false} if there was no such connection
   */
  boolean deleteConnection(ConnectionId id);

  /** Returns what is stored in a slot of a connection. */
  Optional<StoredCredential> findCredential(ConnectionId connection, String slot);

  /**
   * Stores a credential.
   *
   * @param expectedVersion the version that it replaces, or 0 if there must be none
   * @return {@code false} if the stored version is another, or the connection is gone
   */
  boolean writeCredential(StoredCredential next, long expectedVersion);

  /** Returns at most {@code limit} credentials that are encrypted with another key than this. */
  List<StoredCredential> listCredentialsNotUnder(String keyId, int limit);

  /** Returns how many credentials are encrypted with each key. */
  Map<String, Long> countCredentialsByKey();

  /** Returns the binding of a reference. */
  Optional<StoredBinding> findBinding(BindingKey key);

  /** Returns all bindings in an environment, ordered by logical name, then principal. */
  List<StoredBinding> listBindings(Environment environment);

  /** Stores a binding, whatever was there. */
  void writeBinding(StoredBinding binding);

  /**
   * Removes a binding.
   *
   * @return {@code false} if there was none
   */
  boolean deleteBinding(BindingKey key);

  /**
   * Adds something that can be taken once.
   *
   * @return {@code false} if there is one with this id
   */
  boolean insertTicket(StoredTicket ticket);

  /**
   * Returns a ticket and removes it, so that of several callers exactly one gets it. One that has
   * expired may be returned: the caller compares {@link StoredTicket#expiresAt}.
   */
  Optional<StoredTicket> takeTicket(String id);

  /** Removes all tickets that expired before {@code now}. */
  void deleteExpiredTickets(Instant now);

  /** Returns the check value that was stored with {@link #insertKeyCheck}. */
  Optional<String> findKeyCheck();

  /**
   * Stores the check value by which a wrong key ring is noticed.
   *
   * @return {@code false} if there is one
   */
  boolean insertKeyCheck(String ciphertext);

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
      @Nullable ConnectorId connector) {}

  /**
   * A connection as it is stored.
   *
   * @param id unique
   * @param parameters the parameters that are not secret, as a JSON object
   * @param credentialExpiresAt when the credential ends by itself, or {@code null}
   * @param version 1 at first, then one more with each change
   */
  record StoredConnection(
      ConnectionId id,
      ConnectorId connector,
      Environment environment,
      Principal owner,
      String displayName,
      String authOption,
      String parameters,
      dev.connectorsdk.api.ConnectionStatus status,
      dev.connectorsdk.api.@Nullable Account account,
      @Nullable Instant credentialExpiresAt,
      Instant createdAt,
      Instant updatedAt,
      long version) {}

  /**
   * Encrypted credentials of a connection.
   *
   * @param slot which of its credentials: what the owner entered, what a strategy acquired
   * @param version 1 at first, then one more with each write
   * @param keyId the key that it is encrypted with
   * @param ciphertext as {@link SecretCipher} made it, for this connection, slot and version
   */
  record StoredCredential(
      ConnectionId connection, String slot, long version, String keyId, String ciphertext) {

    /** Returns where it belongs. */
    @Override
    public String toString() {
      return "StoredCredential[" + connection + ", " + slot + ", version " + version + "]";
    }
  }

  /**
   * What a binding is for.
   *
   * @param environment where it holds
   * @param logicalName of the reference
   * @param principal for whom it holds, or {@code null} for everybody: an embedded reference
   */
  record BindingKey(Environment environment, String logicalName, @Nullable Principal principal) {}

  /** The connection that a reference stands for. */
  record StoredBinding(BindingKey key, ConnectorId connector, ConnectionId connection) {}

  /**
   * Something that can be taken once, such as a pending sign-in.
   *
   * @param id a hash, so that reading the store does not let anybody use it
   * @param ciphertext as {@link SecretCipher} made it, for this id
   * @param expiresAt when it is no longer valid
   */
  record StoredTicket(String id, String ciphertext, Instant expiresAt) {

    /** Returns a text without the content. */
    @Override
    public String toString() {
      return "StoredTicket[expires " + expiresAt + "]";
    }
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.internal.http.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection in memory, ready for calls. Its secrets are decrypted when the first call needs
 * them.
 *
 * <p>All readings of one connection share what is opened, so that its authenticator is made once
 * for each configuration. The monitor of what they share guards {@code opened}; it is held while
 * the secrets are read, once in the life of this object.
 */
public final class OpenConnection {

  private final ConnectionOpener opener;
  private final StoredConnection row;
  private final ConnectionSnapshot snapshot;
  private final GrantSubject subject;
  private final Shared shared;
  private volatile @Nullable Opened opened; // written under shared

  private static final class Shared {
    private final @Nullable Connector connector;
    private final boolean isReplaceable;
    private @Nullable Opened latest;

    Shared(@Nullable Connector connector, boolean isReplaceable) {
      this.connector = connector;
      this.isReplaceable = isReplaceable;
    }
  }

  /** What was made for a connection's present configuration. */
  record Opened(Fit fit, Endpoint endpoint, ConnectionAuth<?> values) {}

  /** Reads a connection; its connector comes first, so that it is not newer than what is read. */
  OpenConnection(ConnectionOpener opener, StoredConnection row) {
    this(opener, row, new Shared(opener.connector(row), opener.isReplaceable(row)));
  }

  private OpenConnection(ConnectionOpener opener, StoredConnection row, Shared shared) {
    this(opener, row, opener.snapshot(row), shared);
  }

  private OpenConnection(
      ConnectionOpener opener, StoredConnection row, ConnectionSnapshot snapshot, Shared shared) {
    this.opener = opener;
    this.row = row;
    this.snapshot = snapshot;
    this.subject = GrantSubject.of(row);
    this.shared = shared;
  }

  /** Returns a connection that is open already, and belongs to nobody else. */
  static OpenConnection ready(ConnectionOpener opener, StoredConnection row, Opened opened) {
    OpenConnection connection = new OpenConnection(opener, row);
    connection.opened = opened;
    return connection;
  }

  /** Returns the one of two readings to go on with, so that an authenticator is not made twice. */
  @SuppressWarnings("ReferenceEquality") // an equal connector that was loaded anew is another one
  static OpenConnection newer(OpenConnection before, OpenConnection read) {
    if (before.shared.connector != read.shared.connector) {
      return read;
    }
    return before.row.version() >= read.row.version()
        ? before
        : new OpenConnection(read.opener, read.row, read.snapshot, before.shared);
  }

  /** Returns what rights on this connection are granted on. */
  public GrantSubject subject() {
    return subject;
  }

  /** Returns the id. */
  public ConnectionId id() {
    return row.id();
  }

  /** Returns what hosts and connectors may see. */
  public Connection view() {
    return snapshot;
  }

  StoredConnection row() {
    return row;
  }

  /**
   * Returns where requests go and what authenticates them.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if the secrets cannot be decrypted
   * @throws dev.connectorsdk.api.error.NotFoundException if the connection was deleted meanwhile
   */
  public Endpoint endpoint() {
    return opened().endpoint();
  }

  /**
   * Checks that an action may have the connection's credentials: that it is of the version of the
   * connector which they are for.
   *
   * @throws ConflictException if the connector was replaced since the action was found
   */
  public void requireOwn(Action<?, ?> action) {
    if (shared.isReplaceable) {
      requireSame(action, opened().values().offeredBy().action(action.id()));
    }
  }

  /**
   * Checks the same of a trigger.
   *
   * @throws ConflictException if the connector was replaced since the trigger was found
   */
  public void requireOwn(Trigger<?, ?> trigger) {
    if (shared.isReplaceable) {
      requireSame(trigger, opened().values().offeredBy().trigger(trigger.id()));
    }
  }

  /**
   * Checks the same of a test.
   *
   * @throws ConflictException if the connector was replaced since the test was found
   */
  void requireOwn(ConnectionTest test) {
    if (shared.isReplaceable) {
      requireSame(test, opened().values().offeredBy().connectionTest());
    }
  }

  /**
   * Checks that what is stored of the connection is for its connector as it is now, if somebody may
   * have replaced that.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if it is for another version
   */
  public void requireReadable() {
    if (shared.isReplaceable) {
      opened();
    }
  }

  /**
   * Checks that its owner may use the gateway that it goes through, if it does. Requests are
   * refused without that, too.
   *
   * @throws dev.connectorsdk.api.error.AuthenticationException if not
   * @throws dev.connectorsdk.api.error.MembershipException if that cannot be told
   */
  public void requireGateway() {
    opener.requireGateway(row);
  }

  private void requireSame(Object code, Optional<?> own) {
    if (own.filter(code::equals).isEmpty()) {
      throw new ConflictException("Connector '" + row.connector() + "'");
    }
  }

  /** Returns the same connection for requests that end access, which fewer data policies refuse. */
  public OpenConnection toEndAccess() {
    return opener.toEndAccess(row);
  }

  /**
   * Returns a parameter of the connection as text, secrets included.
   *
   * @param name without regard to case
   * @return {@code null} if there is none
   * @throws InvalidInputException if it is a secret that is sealed for the members of a gateway
   */
  public @Nullable String parameter(String name) {
    AuthContext values = opened().values();
    String plain = values.parameter(name);
    if (plain != null) {
      return plain;
    }
    Secret secret = values.secret(name);
    if (secret != null && row.settings().gateway() != null) {
      throw new InvalidInputException(
          "a connection through a gateway",
          JsonPointers.child("", name),
          "is sealed, and read by members of the gateway alone");
    }
    return secret == null ? null : secret.reveal();
  }

  /** Returns the secrets of the webhooks of the application whose client it uses. */
  public List<Secret> webhookSecrets() {
    return opened().values().client().map(ClientRegistration::webhookSecrets).orElse(List.of());
  }

  /** Returns whether it uses the host's client; that it may, if it could not be opened. */
  boolean usesClientOfHost() {
    Opened present = opened;
    return present == null ? opener.mayUseClientOfHost(row) : present.values().usesClientOfHost();
  }

  /** Says that the service has refused the connection's credentials for good. */
  void credentialsRejected() {
    opener.credentialsRejected(id(), opened().fit());
  }

  /**
   * Follows a failure of a call: if the service has refused the credential, the connector's test
   * decides about the connection's status.
   *
   * @param by who called
   * @param left how long that may take; if no time is left, the next refusal is followed
   * @return what the caller gets
   */
  public ConnectorException followed(ConnectorException failure, Caller by, Duration left) {
    return opener.rejections().followed(this, failure, by, left);
  }

  /** Has what was acquired for it renewed if that is due; see {@link Authenticator#keepAlive}. */
  boolean keepAlive(Instant lastUsedBefore) {
    Authenticator authenticator = endpoint().authenticator();
    return authenticator != null && authenticator.keepAlive(lastUsedBefore);
  }

  /** Notes when what was acquired for it was last renewed, where the strategy can tell. */
  void noteRenewal(ConnectorStore store) {
    ConnectionAuth<?> auth = opened().values();
    Credentials acquired = auth.vault().read();
    Renewal renewal = auth.renewal(acquired.values());
    if (renewal.isKnown()) {
      store.noteRenewal(id(), StoredVault.ACQUIRED, acquired.version(), renewal);
    }
  }

  /** Returns what its authenticator was made for. */
  Fit fit() {
    return opened().fit();
  }

  private Opened opened() {
    Opened present = opened;
    return present == null ? open() : present;
  }

  private Opened open() {
    synchronized (shared) {
      Opened present = opened;
      if (present == null) {
        present = opener.open(row, shared.latest);
        shared.latest = present;
        opened = present;
      }
      return present;
    }
  }
}

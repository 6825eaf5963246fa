package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encrypts and decrypts the credentials of one connection, as its row is. */
final class ConnectionBox {

  private final CredentialBox box;
  private final Binding binding;
  private final Map<String, Secret> entered;
  private final boolean lost;

  /**
   * @param entered what its owner entered that is secret
   * @param lost whether that cannot be read any more
   */
  ConnectionBox(CredentialBox box, Binding binding, Map<String, Secret> entered, boolean lost) {
    this.box = box;
    this.binding = binding;
    this.entered = Map.copyOf(entered);
    this.lost = lost;
  }

  /** Returns whether what its owner entered cannot be read any more. */
  boolean isLost() {
    return lost;
  }

  /**
   * Checks that the credentials here are for a connector that sends them so: it may have been
   * replaced since they were read.
   *
   * @param reach of the connector that is to get them; see {@link RegisteredOption#reach}
   * @throws SecretUnreadableException if they are not
   */
  void requireSentTo(String reach) {
    if (!isSentTo(reach)) {
      throw notBound(binding.row().id(), ConnectionOpener.ENTERED);
    }
  }

  /** Returns whether the credentials here are for a connector that sends them so. */
  boolean isSentTo(String reach) {
    return binding.reach().equals(reach);
  }

  /** Returns what its owner entered that is secret. */
  Map<String, Secret> entered() {
    return entered;
  }

  /** Returns what its owner entered, encrypted for the row as it is here. */
  StoredCredential sealEntered(long version) {
    return seal(ConnectionOpener.ENTERED, version, entered);
  }

  /** Encrypts what no strategy renews. */
  StoredCredential seal(String slot, long version, Map<String, Secret> values) {
    return box.seal(binding.row().id(), slot, version, binding.context(slot), values)
        .with(Renewal.NEVER);
  }

  /** Encrypts what a strategy acquired, and what it says of its renewal. */
  StoredCredential sealAcquired(long version, Map<String, Secret> values, Renewal renewal) {
    return seal(StoredVault.ACQUIRED, version, values).with(renewal);
  }

  /**
   * Decrypts what {@link #seal} made.
   *
   * @throws SecretUnreadableException if it was changed, or the connection was since
   */
  Map<String, Secret> open(StoredCredential row) {
    if (!row.context().equals(binding.context(row.slot()))) {
      throw notBound(binding.row().id(), row.slot());
    }
    return box.open(row);
  }

  /** Returns whether what is bound like this opens what was acquired for the connection here. */
  boolean keepsAcquired(@Nullable Binding other) {
    String slot = StoredVault.ACQUIRED;
    return other != null && binding.context(slot).equals(other.context(slot));
  }

  /**
   * Returns the box of the same connection with other parameters, which keeps what was acquired.
   */
  ConnectionBox with(StoredConnection next) {
    return new ConnectionBox(
        box, new Binding(next, binding.since(), binding.reach()), entered, lost);
  }

  /** Returns the box of the same connection, which keeps nothing that was acquired. */
  ConnectionBox anew(StoredConnection next, long since) {
    return new ConnectionBox(box, new Binding(next, since, binding.reach()), entered, false);
  }

  static SecretUnreadableException notBound(ConnectionId connection, String slot) {
    return new SecretUnreadableException(
        "The credentials in slot '"
            + slot
            + "' of '"
            + connection
            + "' were not stored for the connection as it is now: its owner, connector, auth option"
            + " or parameters were changed in the store, another version of its connector sends them"
            + " elsewhere, or an earlier version stored them, which"
            + " RuntimeBuilder.bindFormerCredentials brings up to date.");
  }
}

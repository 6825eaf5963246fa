package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Connections that their owners have deleted. One that has something registered at its service is
 * kept, for nobody else to find, until that is removed. Safe for several threads.
 */
public final class Deletions {

  /** A slot without a credential, whose lease says who goes on with a deletion, and when. */
  private static final String SLOT = "deletion";

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final ConnectionOpener opener;
  private final CredentialRevoker revoker;
  private final ConnectionChanges changes;
  private final RuntimeServices services;

  Deletions(
      ConnectorStore store,
      ConnectionOpener opener,
      CredentialRevoker revoker,
      ConnectionChanges changes,
      RuntimeServices services) {
    this.store = store;
    this.opener = opener;
    this.revoker = revoker;
    this.changes = changes;
    this.services = services;
  }

  /** The deletion of a connection, which one process at a time goes on with. */
  public record Claim(StoredConnection connection, String owner) {}

  /**
   * Deletes a connection, or keeps it for as long as there is something registered with it.
   *
   * @param by who deletes it
   * @return {@code false} if somebody else has deleted it meanwhile
   */
  boolean delete(StoredConnection row, Principal by) {
    changes.requireRoom();
    boolean isFree = changes.deleting(row) || row.status().reason() == Reason.NOT_UNDERSTOOD;
    boolean deleted = isFree ? isEnded(row) : isKept(row);
    if (deleted) {
      changes.deleted(row, by);
    }
    return deleted;
  }

  /**
   * Has a connection lose what it has at its service: what was registered with it, and its
   * credentials. Does its best.
   */
  void release(StoredConnection row) {
    changes.deleting(row);
    revoker.revoke(row);
  }

  private boolean isEnded(StoredConnection row) {
    revoker.revoke(row);
    return store.deleteConnection(row.id());
  }

  private boolean isKept(StoredConnection row) {
    Optional<StoredConnection> present = Optional.of(row);
    for (int i = 0; i < TRIES && present.isPresent(); i++) {
      StoredConnection before = present.get();
      if (store.updateConnection(deleted(before), before.version(), List.of())) {
        return true;
      }
      present = store.findConnection(row.id());
    }
    if (present.isPresent()) {
      throw new ConflictException("Connection '" + row.id() + "'");
    }
    return false;
  }

  private StoredConnection deleted(StoredConnection row) {
    Instant now = clock().instant();
    var status =
        ConnectionStatus.notConnected(
            State.ERROR, Reason.DELETED, "What was registered with it is being removed", now);
    return row.next(now).with(row.access().withStatus(status).withDisabled(null));
  }

  /** Returns a connection that is deleted and still kept. */
  public Optional<OpenConnection> find(ConnectionId id) {
    return store.listDeletedConnections().stream()
        .filter(row -> row.id().equals(id))
        .findAny()
        .map(row -> new OpenConnection(opener, row));
  }

  /**
   * Claims deletions that it is time to go on with.
   *
   * @param lease how long a claim lasts that nobody extends
   */
  public List<Claim> claim(int limit, Duration lease) {
    List<Claim> claims = new ArrayList<>();
    for (StoredConnection row : store.listDeletedConnections()) {
      if (claims.size() < limit) {
        claim(row, lease).ifPresent(claims::add);
      }
    }
    return claims;
  }

  private Optional<Claim> claim(StoredConnection row, Duration lease) {
    String owner = StoredVault.newOwner(services.random());
    LeaseAttempt attempt = store.acquireLease(row.id(), SLOT, 0, owner, lease);
    return attempt == LeaseAttempt.ACQUIRED || attempt == LeaseAttempt.INHERITED
        ? Optional.of(new Claim(row, owner))
        : Optional.empty();
  }

  /**
   * Has a claim last for some time from now, so that nobody goes on before.
   *
   * @return {@code false} if it is somebody else's
   */
  public boolean extend(Claim claim, Duration time) {
    return store.renewLease(claim.connection().id(), SLOT, claim.owner(), time);
  }

  /** Has the credentials of a connection revoked, and deletes it for good. */
  public void end(Claim claim) {
    StoredConnection row = claim.connection();
    if (isEnded(row)) {
      changes.outdated(row.id());
    }
  }

  private Clock clock() {
    return services.clock();
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionTestResult;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Decides whether a sign-in counts, and if so stores all that it brought: credentials, told
 * parameters, granted scopes, and whose it is.
 */
final class SignIns {

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final CredentialBox box;
  private final OpenConnections open;
  private final ConnectionTester tester;
  private final StatusKeeper statusKeeper;
  private final Clock clock;

  SignIns(
      ConnectorStore store,
      CredentialBox box,
      OpenConnections open,
      ConnectionTester tester,
      StatusKeeper statusKeeper,
      Clock clock) {
    this.store = store;
    this.box = box;
    this.open = open;
    this.tester = tester;
    this.statusKeeper = statusKeeper;
    this.clock = clock;
  }

  /** Returns the scopes that the last sign-in asked for, and what it was granted besides. */
  List<String> askedBefore(ConnectionId id) {
    return known(id).scopes();
  }

  private SignInRecord known(ConnectionId id) {
    return store
        .findCredential(id, SignInRecord.SLOT)
        .map(this::read)
        .orElseGet(() -> SignInRecord.read(Map.of()));
  }

  private SignInRecord read(StoredCredential stored) {
    try {
      return SignInRecord.read(box.open(stored));
    } catch (SecretUnreadableException e) {
      // The tokens beside it are just as lost: whoever signs in now begins anew.
      return SignInRecord.read(Map.of());
    }
  }

  /**
   * Stores what a sign-in brought, if it is of the account that the connection is of.
   *
   * @throws ConsentException if it is of another account, or the connection was changed meanwhile
   */
  void keep(Candidate candidate, ConsentResult result, List<String> asked, boolean mayBeAnother) {
    ConnectionTestResult test = tester.test(candidate, open);
    Account tested = test.account();
    SignInRecord arrived = SignInRecord.of(result, tested, asked);
    Account account = tested == null ? result.account() : tested;
    for (int i = 0; i < TRIES; i++) {
      StoredConnection row = present(candidate);
      SignInRecord known = known(row.id());
      boolean differs = arrived.mayDifferFrom(known);
      if (differs && !mayBeAnother) {
        throw ConsentException.accountChanged(account(row, known), account);
      }
      StoredConnection next =
          row.next(clock.instant())
              .with(row.settings().withParameters(candidate.row().parameters()))
              .with(
                  new Access(
                      status(test, row),
                      account == null && !differs ? row.access().account() : account,
                      result.grantedScopes().isEmpty() ? asked : result.grantedScopes()));
      if (store.updateConnection(next, row.version(), credentials(candidate, arrived))) {
        open.forget(row.id());
        statusKeeper.announce(row, next);
        return;
      }
    }
    throw new ConflictException("Connection '" + candidate.id() + "'");
  }

  private StoredConnection present(Candidate candidate) {
    StoredConnection base = candidate.base();
    StoredConnection row =
        store
            .findConnection(base.id())
            .orElseThrow(() -> new NotFoundException("connection", base.id().value(), "Deleted."));
    if (!row.parameters().equals(base.parameters())
        || !row.authOption().equals(base.authOption())) {
      throw new ConsentException(
          ConsentException.Reason.STATE_UNKNOWN,
          "The connection was changed since its sign-in began");
    }
    return row;
  }

  private static Account account(StoredConnection row, SignInRecord known) {
    Account account = row.access().account();
    return account == null ? Account.of(String.valueOf(known.subject())) : account;
  }

  /**
   * The tokens skip a version: if a renewal of the old ones is stored at this very moment, nobody
   * takes the new ones for its result.
   */
  private List<StoredCredential> credentials(Candidate candidate, SignInRecord arrived) {
    ConnectionId id = candidate.id();
    return List.of(
        box.seal(
            id,
            StoredVault.ACQUIRED,
            Slots.version(store, id, StoredVault.ACQUIRED) + 2,
            candidate.credentials()),
        box.seal(
            id,
            SignInRecord.SLOT,
            Slots.version(store, id, SignInRecord.SLOT) + 1,
            arrived.values()));
  }

  private ConnectionStatus status(ConnectionTestResult test, StoredConnection row) {
    return switch (test.outcome()) {
      case OK, NO_TEST ->
          row.status().isConnected() ? row.status() : ConnectionStatus.connected(clock.instant());
      case NOT_AUTHENTICATED ->
          notConnected(
              State.UNAUTHENTICATED,
              Reason.CREDENTIALS_REJECTED,
              "The service did not accept the credentials");
      case NOT_REACHABLE ->
          row.status().isConnected()
              ? row.status()
              : notConnected(State.ERROR, Reason.TEST_FAILED, "The service could not be asked");
      case FAILED ->
          notConnected(State.ERROR, Reason.TEST_FAILED, "The test of the connection failed");
    };
  }

  private ConnectionStatus notConnected(State state, Reason reason, String message) {
    return ConnectionStatus.notConnected(state, reason, message, clock.instant());
  }
}

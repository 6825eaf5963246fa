package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.connection.ConnectionTester.Tested;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a sign-in counts, and if so stores all that it brought: credentials, captured
 * parameters, granted scopes, and whose it is.
 */
final class SignIns {

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final ConnectionAccess rights;
  private final ConnectionOpener opener;
  private final ConnectionTester tester;
  private final StatusKeeper statusKeeper;
  private final ConnectionChanges changes;
  private final Clock clock;

  SignIns(
      ConnectorStore store,
      ConnectionAccess rights,
      ConnectionOpener opener,
      ConnectionTester tester,
      StatusKeeper statusKeeper,
      ConnectionChanges changes,
      Clock clock) {
    this.store = store;
    this.rights = rights;
    this.opener = opener;
    this.tester = tester;
    this.statusKeeper = statusKeeper;
    this.changes = changes;
    this.clock = clock;
  }

  /** Returns the scopes that the last sign-in asked for, and what it was granted besides. */
  List<String> askedBefore(ConnectionId id) {
    Configured configured = Configured.read(store, id);
    SignInRecord known = known(opener.forSignIn(configured), id);
    return known == null ? List.of() : known.scopes();
  }

  /** Returns who signed in last, nobody for none, or {@code null} if that cannot be read. */
  private @Nullable SignInRecord known(ConnectionBox own, ConnectionId id) {
    Map<String, Secret> values = Map.of();
    try {
      values = store.findCredential(id, SignInRecord.SLOT).map(own::open).orElse(values);
    } catch (SecretUnreadableException e) {
      return null;
    }
    return SignInRecord.read(values);
  }

  /**
   * Stores what a sign-in brought, if it is of the account that the connection is of, and the
   * caller may change that still.
   *
   * @throws ConsentException if it is of another account, or the connection was changed meanwhile
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller has no such connection any
   *     more
   * @throws dev.connectorsdk.api.error.AuthenticationException if it is disabled by now
   */
  void keep(
      Caller caller,
      Candidate candidate,
      ConsentResult result,
      List<String> asked,
      boolean mayBeAnother) {
    requireStill(caller, candidate, Stored.connection(store, candidate.base().id()));
    Tested test = tester.test(candidate, opener, caller.principal());
    Account tested = test.account();
    SignInRecord arrived = SignInRecord.of(result, tested, asked);
    Account account = tested == null ? result.account() : tested;
    boolean isReleased = false;
    for (int i = 0; i < TRIES; i++) {
      Configured configured = Configured.read(store, candidate.base().id());
      StoredConnection row = configured.row();
      requireStill(caller, candidate, row);
      ConnectionBox own = opener.forSignIn(configured);
      SignInRecord known = known(own, row.id());
      boolean differs =
          known == null ? isAnother(row.access().account(), account) : arrived.mayDifferFrom(known);
      if (differs && !mayBeAnother) {
        throw ConsentException.accountChanged(account(row, known), account);
      }
      if (differs && !isReleased) {
        changes.deleting(row); // With the former credentials, as long as they are there.
        isReleased = true;
      }
      Access access =
          row.access()
              .withStatus(status(test, row))
              .withAccount(account == null && !differs ? row.access().account() : account)
              .withGrantedScopes(result.grantedScopes().isEmpty() ? asked : result.grantedScopes());
      Settings settings = row.settings().withParameters(candidate.row().parameters());
      StoredConnection next = row.next(clock.instant()).with(settings).with(access);
      List<StoredCredential> credentials = credentials(candidate, arrived, own, next, configured);
      if (store.updateConnection(next, row.version(), credentials)) {
        changes.outdated(row.id());
        statusKeeper.announce(row, next);
        return;
      }
    }
    throw new ConflictException("Connection '" + candidate.id() + "'");
  }

  /** Returns one of the caller's connections, for which a sign-in is to begin. */
  Connection shown(Caller caller, ConnectionId id) {
    return opener.shown(rights.require(caller, id, ConnectionAct.SIGN_IN));
  }

  /** Returns one of the caller's connections as a sign-in may make it. */
  Candidate candidate(Caller caller, ConnectionId id) {
    rights.requireUsable(caller, id, ConnectionAct.SIGN_IN);
    return opener.candidate(caller, id);
  }

  /** A sign-in takes minutes, and its test asks the service. */
  private void requireStill(Caller caller, Candidate candidate, StoredConnection row) {
    requireUnchanged(candidate.base(), row);
    rights.requireUsable(caller, row.id(), ConnectionAct.SIGN_IN);
  }

  private static void requireUnchanged(StoredConnection base, StoredConnection row) {
    if (base.status().reason() == ConnectionStatus.Reason.CONSENT_PENDING
        && row.status().isConnected()) {
      throw new ConsentException(
          ConsentException.Reason.STATE_UNKNOWN,
          "Another sign-in for the same new connection was completed before");
    }
    if (!row.identity().equals(base.identity())
        || !row.parameters().equals(base.parameters())
        || !row.authOption().equals(base.authOption())) {
      throw new ConsentException(
          ConsentException.Reason.STATE_UNKNOWN,
          "The connection was changed since its sign-in began");
    }
  }

  /** What is shown of a connection says whose it was where nothing better can be read. */
  private static boolean isAnother(@Nullable Account shown, @Nullable Account arrived) {
    return shown != null && (arrived == null || !shown.id().equals(arrived.id()));
  }

  private static Account account(StoredConnection row, @Nullable SignInRecord known) {
    Account account = row.access().account();
    String subject = known == null ? null : known.subject();
    return account == null ? Account.of(String.valueOf(subject)) : account;
  }

  /**
   * Returns what is to be stored. The tokens skip a version: if a renewal of the old ones is stored
   * at this very moment, nobody takes the new ones for its result.
   */
  private List<StoredCredential> credentials(
      Candidate candidate,
      SignInRecord arrived,
      ConnectionBox own,
      StoredConnection next,
      Configured configured) {
    ConnectionId id = next.id();
    long version = configured.enteredVersion() + 1;
    ConnectionBox following = own.isLost() ? own.anew(next, version) : own.with(next);
    List<StoredCredential> credentials = new ArrayList<>();
    credentials.add(
        following.sealAcquired(
            Stored.version(store, id, StoredVault.ACQUIRED) + 2,
            candidate.credentials(),
            candidate.auth().renewal(candidate.credentials())));
    credentials.add(
        following.seal(
            SignInRecord.SLOT, Stored.version(store, id, SignInRecord.SLOT) + 1, arrived.values()));
    if (own.isLost() || !next.parameters().equals(configured.row().parameters())) {
      credentials.add(following.sealEntered(version));
    }
    if (own.isLost()) {
      credentials.addAll(client(own, following, id));
    }
    return credentials;
  }

  /** Returns the client that was registered for the connection, if any, to be kept. */
  private List<StoredCredential> client(
      ConnectionBox own, ConnectionBox following, ConnectionId id) {
    Credentials client = new ClientVault(store, own, id).read();
    return client.version() == 0
        ? List.of()
        : List.of(following.seal(ClientVault.SLOT, client.version() + 1, client.values()));
  }

  private ConnectionStatus status(Tested test, StoredConnection row) {
    ConnectionStatus before = row.access().status();
    ConnectionStatus unlessFailed =
        before.isConnected() ? before : ConnectionStatus.connected(clock.instant());
    return tester.statusAfter(test, before).orElse(unlessFailed);
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/** The connections of a runtime, as hosts see them and as calls and sign-ins use them. */
public final class ConnectionModule {

  private final Registry registry;
  private final Connections connections;
  private final ConnectionOpener opener;
  private final OpenConnections open;
  private final SignIns signIns;
  private final CredentialCare care;
  private final ConnectionChanges changes;
  private final Deletions deletions;
  private final SealedRows sealedRows;
  private final FirstTests firstTests;

  /** For the runtime. */
  public ConnectionModule(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      JsonMapper mapper,
      RuntimeServices services,
      EventHub events,
      ConnectionAccess access,
      StoreChanges stored) {
    Clock clock = services.clock();
    this.registry = registry;
    this.changes = new ConnectionChanges(events, clock);
    var json = new ParameterJson(mapper);
    var statusKeeper = new StatusKeeper(store, registry, clock, events, changes);
    var tester = new ConnectionTester(registry, services, statusKeeper);
    var rejections = new Rejections(registry, tester, clock);
    this.opener =
        new ConnectionOpener(
            store, registry, box, json, statusKeeper, changes, services, rejections);
    this.open = new OpenConnections(store, opener, stored);
    changes.onChange(open::refresh);
    changes.onOutdated(open::forget);
    changes.onOutdated(services.transport()::endIdle);
    changes.onConnectionsChanged(row -> statusKeeper.forget(row.id()));
    this.signIns = new SignIns(store, access, opener, tester, statusKeeper, changes, clock);
    this.care = new CredentialCare(store, open, events, clock);
    var revoker = new CredentialRevoker(store, opener, events, clock);
    this.sealedRows = new SealedRows(store, box, changes, clock);
    this.deletions = new Deletions(store, opener, revoker, changes, services);
    this.firstTests = new FirstTests(store, open, tester, services);
    this.connections =
        new DefaultConnections(
            store,
            access,
            new ConnectionDrafts(store, registry, box, json, opener, services),
            opener,
            open,
            tester,
            firstTests,
            deletions,
            changes);
  }

  /** Binds what an earlier version stored; see {@link FormerCredentials}. */
  public static void bindFormer(ConnectorStore store, CredentialBox box, Clock clock) {
    new FormerCredentials(store, box, clock).bind();
  }

  /** Returns what hosts use. */
  public Connections connections() {
    return connections;
  }

  /** Returns the connections as calls use them. */
  public OpenConnections open() {
    return open;
  }

  /** Returns what looks after credentials that nobody uses. */
  public CredentialCare care() {
    return care;
  }

  /** Returns the secrets that are sealed for the members of gateways. */
  public SealedRows sealedRows() {
    return sealedRows;
  }

  /**
   * Tests the connections through a gateway that could not be tested when they were made, one after
   * another, each as its owner. Returns when all are tested, or no member of the gateway is there.
   */
  public void testThrough(String gateway) {
    firstTests.testThrough(gateway);
  }

  /** Adds who is told that what was made of a connection's credentials fits it no more. */
  public void onOutdated(Consumer<ConnectionId> listener) {
    changes.onOutdated(listener);
  }

  /** Adds who is told that an owner has one connection more or less. */
  public void onConnectionsChanged(Consumer<StoredConnection> listener) {
    changes.onConnectionsChanged(listener);
  }

  /** Returns the connections that are deleted and still kept. */
  public Deletions deletions() {
    return deletions;
  }

  /**
   * Adds who is told that a connection is about to be deleted, while it can still be used, and says
   * whether it needs the connection no more.
   */
  public void beforeDeletion(Predicate<StoredConnection> listener) {
    changes.beforeDeletion(listener);
  }

  /** Adds who is told that a connection is about to be given to a new owner. */
  public void beforeHandOver(BiConsumer<StoredConnection, Principal> listener) {
    changes.beforeHandOver(listener);
  }

  /**
   * Checks that connections of this kind are made by a sign-in.
   *
   * @throws IllegalArgumentException if they are not
   */
  public void requireSignIn(Caller caller, ConnectionSpec spec) {
    if (!registry
        .option(caller.environment(), spec.connector(), spec.authOption())
        .scheme()
        .needsConsent()) {
      throw new IllegalArgumentException(
          "Auth option '"
              + spec.authOption()
              + "' of connector '"
              + spec.connector()
              + "' has no sign-in; make the connection with connections().create");
    }
  }

  /**
   * Returns one of the caller's connections, for which a sign-in is to begin.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller has no such connection
   */
  public Connection toSignIn(Caller caller, ConnectionId id) {
    return signIns.shown(caller, id);
  }

  /**
   * Returns one of the caller's connections as a sign-in may make it.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller has no such connection
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if what its owner entered cannot
   *     be read, and a sign-in does not make up for it
   */
  public Candidate candidate(Caller caller, ConnectionId id) {
    return signIns.candidate(caller, id);
  }

  /** Returns the scopes that the last sign-in for a connection asked for; empty if none did. */
  public List<String> scopesAskedBefore(ConnectionId id) {
    return signIns.askedBefore(id);
  }

  /**
   * Tests what a sign-in brought, and stores it if it is of the connection's account.
   *
   * @param asked the scopes that were asked for
   * @param mayBeAnother whether it may be of another account
   * @throws dev.connectorsdk.api.error.ConsentException if it is of another account and may not be,
   *     or the connection was changed meanwhile; nothing was stored
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller has no such connection any
   *     more; nothing was stored
   * @throws dev.connectorsdk.api.error.AuthenticationException if it is disabled by now; nothing
   *     was stored
   */
  public Connection signedIn(
      Caller caller,
      Candidate candidate,
      ConsentResult result,
      List<String> asked,
      boolean mayBeAnother) {
    signIns.keep(caller, candidate, result, asked, mayBeAnother);
    return connections.get(caller, candidate.id());
  }
}

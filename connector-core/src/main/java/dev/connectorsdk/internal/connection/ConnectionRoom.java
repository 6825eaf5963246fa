package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.http.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;

/** What this room offers to the runtime's other rooms. Hosts see only {@link #connections}. */
public final class ConnectionRoom {

  private final Registry registry;
  private final Connections connections;
  private final OpenConnections open;
  private final SignIns signIns;
  private final List<Consumer<StoredConnection>> listeners = new CopyOnWriteArrayList<>();

  /** Furnishes the room. */
  public ConnectionRoom(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      JsonMapper mapper,
      Transport transport,
      Workers workers,
      EventHub events,
      Clock clock,
      RandomGenerator random,
      Duration freshness) {
    this.registry = registry;
    var parameterJson = new ParameterJson(mapper);
    var statusKeeper = new StatusKeeper(store, clock, events);
    this.open =
        new OpenConnections(
            store,
            registry,
            box,
            parameterJson,
            statusKeeper,
            transport,
            workers,
            clock,
            random,
            freshness);
    statusKeeper.onChange(open::refresh, open::forget);
    var tester = new ConnectionTester(registry, transport, clock);
    this.signIns = new SignIns(store, box, open, tester, statusKeeper, clock);
    this.connections =
        new DefaultConnections(
            store,
            registry,
            box,
            parameterJson,
            statusKeeper,
            open,
            tester,
            events,
            clock,
            random,
            row -> listeners.forEach(listener -> listener.accept(row)));
  }

  /** Returns what hosts use. */
  public Connections connections() {
    return connections;
  }

  /** Returns the connections as calls use them. */
  public OpenConnections open() {
    return open;
  }

  /** Says who is told that a caller has one connection more or less. */
  public void onCameOrWent(Consumer<StoredConnection> listener) {
    listeners.add(listener);
  }

  /**
   * Checks that connections of this kind are made by a sign-in.
   *
   * @throws IllegalArgumentException if they are not
   */
  public void requireSignIn(ConnectionSpec spec) {
    Connector connector = registry.connector(spec.connector());
    if (!registry.authOption(connector, spec.authOption()).scheme().needsConsent()) {
      throw new IllegalArgumentException(
          "Auth option '"
              + spec.authOption()
              + "' of connector '"
              + spec.connector()
              + "' has no sign-in; make the connection with connections().create");
    }
  }

  /**
   * Returns one of the caller's connections as a sign-in may make it.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller has no such connection
   */
  public Candidate candidate(Caller caller, ConnectionId id) {
    connections.get(caller, id);
    return open.candidate(id);
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
   */
  public Connection signedIn(
      Caller caller,
      Candidate candidate,
      ConsentResult result,
      List<String> asked,
      boolean mayBeAnother) {
    signIns.keep(candidate, result, asked, mayBeAnother);
    return connections.get(caller, candidate.id());
  }
}

package dev.connectorsdk.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.event.EventHub;
import dev.connectorsdk.http.Transport;
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
  private final List<Consumer<StoredConnection>> listeners = new CopyOnWriteArrayList<>();

  /** Furnishes the room. */
  public ConnectionRoom(
      ConnectorStore store,
      Registry registry,
      CredentialBox box,
      JsonMapper mapper,
      Transport transport,
      EventHub events,
      Clock clock,
      RandomGenerator random,
      Duration freshness) {
    this.registry = registry;
    var parameterJson = new ParameterJson(mapper);
    var statusKeeper = new StatusKeeper(store, clock, events);
    this.open =
        new OpenConnections(
            store, registry, box, parameterJson, statusKeeper, transport, clock, random, freshness);
    statusKeeper.onChange(open::refresh);
    this.connections =
        new Connections(
            store,
            registry,
            box,
            parameterJson,
            statusKeeper,
            open,
            new ConnectionTester(registry, transport, clock),
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
   * Has a connection whose sign-in has just succeeded opened anew, tested and connected.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller has no such connection
   */
  public Connection signedIn(Caller caller, ConnectionId id) {
    return connections.signedIn(caller, id);
  }
}

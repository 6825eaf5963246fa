package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The connectors of a runtime, and the strategies and clients that go with them. Immutable. */
public final class Registry {

  private final Map<ConnectorId, Connector> connectors;
  private final Map<Class<?>, AuthStrategy<?>> strategies;
  private final Map<ClientKey, ClientRegistration> clients;
  private final @Nullable String clientName;

  /** For which connector and auth option a client is registered. */
  public record ClientKey(ConnectorId connector, String authOption) {}

  /**
   * @param clientName of clients that register themselves; {@code null} for the connector's title
   * @param strategies a later one replaces an earlier one for the same type of scheme
   * @throws IllegalArgumentException if two connectors have the same id
   */
  public Registry(
      Collection<Connector> connectors,
      Collection<AuthStrategy<?>> strategies,
      Map<ClientKey, ClientRegistration> clients,
      @Nullable String clientName) {
    this.connectors = byId(connectors);
    this.strategies =
        strategies.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    AuthStrategy::schemeType, Function.identity(), (earlier, later) -> later));
    this.clients = Map.copyOf(clients);
    this.clientName = clientName;
  }

  private static Map<ConnectorId, Connector> byId(Collection<Connector> connectors) {
    Map<ConnectorId, Connector> byId = new LinkedHashMap<>();
    for (Connector connector : connectors) {
      if (byId.putIfAbsent(connector.id(), connector) != null) {
        throw new IllegalArgumentException(
            "Two connectors have the id '" + connector.id() + "'; register one of them");
      }
    }
    return Map.copyOf(byId);
  }

  /** Returns the registered clients. */
  public Map<ClientKey, ClientRegistration> clients() {
    return clients;
  }

  /** Returns the registered clients that no connector and auth option asks for. */
  public List<ClientKey> unusedClients() {
    return clients.keySet().stream().filter(key -> !isAskedFor(key)).toList();
  }

  private boolean isAskedFor(ClientKey key) {
    Connector connector = connectors.get(key.connector());
    return connector != null && connector.authOption(key.authOption()).isPresent();
  }

  /** Returns all connectors, in no order. */
  public Collection<Connector> connectors() {
    return connectors.values();
  }

  /** Returns the connector with this id, if there is one. */
  public Optional<Connector> find(ConnectorId id) {
    return Optional.ofNullable(connectors.get(id));
  }

  /**
   * Returns a connector.
   *
   * @throws NotFoundException if none has this id
   */
  public Connector connector(ConnectorId id) {
    Connector connector = connectors.get(id);
    if (connector == null) {
      throw new NotFoundException(
          "connector",
          id.value(),
          "Registered: "
              + connectors.keySet().stream().map(ConnectorId::value).sorted().toList()
              + ". Was it passed to the runtime's builder, or is its jar on the class path?");
    }
    return connector;
  }

  /**
   * Returns the auth option of a connection, with what is registered for it.
   *
   * @throws NotFoundException as {@link #option(ConnectorId, String)} says
   */
  RegisteredOption<?> option(StoredConnection row) {
    return option(row.connector(), row.authOption());
  }

  /**
   * Returns an auth option with what is registered for it.
   *
   * @throws NotFoundException if there is no such connector, the connector has no such option, or
   *     there is no strategy for its scheme
   */
  RegisteredOption<?> option(ConnectorId id, String authOption) {
    Connector connector = connector(id);
    AuthOption option =
        connector
            .authOption(authOption)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "auth option",
                        authOption,
                        "Connector '" + id + "' offers " + connector.authOptions() + "."));
    return registered(connector, option, option.scheme());
  }

  private <S extends AuthScheme> RegisteredOption<S> registered(
      Connector connector, AuthOption option, S scheme) {
    return new RegisteredOption<>(
        connector,
        option,
        scheme,
        strategy(scheme),
        client(connector.id(), option.id()),
        clientName == null ? connector.title() : clientName);
  }

  @SuppressWarnings("unchecked") // A strategy is filed under the type of its scheme.
  private <S extends AuthScheme> AuthStrategy<S> strategy(S scheme) {
    AuthStrategy<?> strategy = strategies.get(scheme.getClass());
    if (strategy == null) {
      throw new NotFoundException(
          "auth strategy for",
          scheme.getClass().getName(),
          "Pass the strategy to the runtime's builder, or have the plugin's provider return it.");
    }
    return (AuthStrategy<S>) strategy;
  }

  /** Returns the client that the host registered for a connector's auth option. */
  public Optional<ClientRegistration> client(ConnectorId connector, String authOption) {
    return Optional.ofNullable(clients.get(new ClientKey(connector, authOption)));
  }
}

package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.auth.AuthStrategies;
import dev.connectorsdk.internal.cache.Moment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connectors of a runtime, and the strategies and clients that go with them. Safe for several
 * threads.
 */
public final class Registry {

  /** What is missing where there is no such connector; see {@link NotFoundException#kind}. */
  public static final String CONNECTOR = "connector";

  private static final int MOST_LISTED = 50;

  private final PresentConnectors connectors;
  private final AuthStrategies standard = new AuthStrategies();
  private final Map<Class<?>, AuthStrategy<?>> strategies;
  private final Map<ClientKey, ClientRegistration> clients;
  private final @Nullable String clientName;

  /**
   * For which connector and auth option a client is registered.
   *
   * @param environment of a custom connector; {@code null} for a public one, so that no custom
   *     connector ever gets the client of a public one
   */
  public record ClientKey(
      @Nullable Environment environment, ConnectorId connector, String authOption) {

    /** Returns for what the client is, as messages name it. */
    @Override
    public String toString() {
      return "auth option '"
          + authOption
          + "' of connector '"
          + connector
          + (environment == null ? "'" : "' in environment '" + environment + "'");
    }
  }

  /**
   * @param clientName of clients that register themselves; {@code null} for the connector's title
   * @param strategies besides the standard ones; a later one replaces an earlier one for the same
   *     type of scheme, and each replaces a standard one
   */
  public Registry(
      PresentConnectors connectors,
      Collection<AuthStrategy<?>> strategies,
      Map<ClientKey, ClientRegistration> clients,
      @Nullable String clientName) {
    this.connectors = connectors;
    Map<Class<?>, AuthStrategy<?>> byType = new HashMap<>();
    for (AuthStrategy<?> strategy : strategies) {
      byType.put(strategy.schemeType(), strategy);
    }
    this.strategies = Map.copyOf(byType);
    this.clients = Map.copyOf(clients);
    this.clientName = clientName;
  }

  /** Returns the registered clients. */
  public Map<ClientKey, ClientRegistration> clients() {
    return clients;
  }

  /** Returns the registered clients that no connector and auth option asks for. */
  public List<ClientKey> unusedClients() {
    List<ClientKey> unused = new ArrayList<>();
    for (ClientKey key : clients.keySet()) {
      if (!isAskedFor(key)) {
        unused.add(key);
      }
    }
    return List.copyOf(unused);
  }

  private boolean isAskedFor(ClientKey key) {
    return find(key).flatMap(connector -> connector.authOption(key.authOption())).isPresent();
  }

  /** Returns the connector that a client is for, if there is one. */
  public Optional<Connector> find(ClientKey key) {
    Environment environment = key.environment();
    if (environment == null) {
      return Optional.ofNullable(connectors.all().findPublic(key.connector()));
    }
    return isPublic(key.connector())
        ? Optional.empty()
        : Optional.ofNullable(connectors.all().find(environment, key.connector()));
  }

  /** Returns whether an id is the one of a connector that is available everywhere. */
  public boolean isPublic(ConnectorId id) {
    Connectors fixed = connectors.fixed();
    // An id is of one kind wherever it is used: what is stored need not be read for a fixed one.
    return fixed.findPublic(id) != null
        || (fixed.environments(id).isEmpty() && connectors.all().findPublic(id) != null);
  }

  /** Returns where a custom connector with this id is; nowhere if the id is of a public one. */
  public Set<Environment> environments(ConnectorId id) {
    Connectors fixed = connectors.fixed();
    if (fixed.findPublic(id) != null) {
      return Set.of();
    }
    // As in isPublic.
    Set<Environment> there = fixed.environments(id);
    return there.isEmpty() ? connectors.all().environments(id) : there;
  }

  /** Returns whether there is no connector with this id anywhere. */
  public boolean isUnknown(ConnectorId id) {
    return !isPublic(id) && environments(id).isEmpty();
  }

  /** Returns all connectors, wherever they are, in no order. */
  public Collection<Connector> all() {
    return connectors.all().all();
  }

  /** Returns the connectors of an environment, public and custom ones, in no order. */
  public Collection<Connector> connectors(Environment environment) {
    return connectors.all().in(environment);
  }

  /**
   * Returns the connector that has this id in an environment.
   *
   * @throws NotFoundException if the environment has none
   */
  public Connector connector(Environment environment, ConnectorId id) {
    return require(find(environment, id), environment, id);
  }

  private Connector require(
      @Nullable Connector connector, Environment environment, ConnectorId id) {
    if (connector == null) {
      throw new NotFoundException(CONNECTOR, id.value(), available(environment));
    }
    return connector;
  }

  /** Returns the connector that has this id in an environment, or {@code null}. */
  public @Nullable Connector find(Environment environment, ConnectorId id) {
    Connector connector = connectors.fixed().find(environment, id);
    return connector == null ? connectors.all().find(environment, id) : connector;
  }

  /** Returns whether somebody may replace the connector with this id, or there may come one. */
  public boolean isReplaceable(Environment environment, ConnectorId id) {
    return connectors.fixed().find(environment, id) == null;
  }

  /**
   * Has those that may be replaced be the ones of at most the freshness ago, so that whoever keeps
   * something of another one is told.
   *
   * @throws dev.connectorsdk.api.error.StoreException if that cannot be told
   */
  public void refresh() {
    connectors.all();
  }

  /** Does the same, and has the moment know until when. */
  public void refresh(Moment at) {
    connectors.all(at);
  }

  /** Returns those among which a connector is, if there is one: all of one moment. */
  private Connectors among(Environment environment, ConnectorId id) {
    Connectors fixed = connectors.fixed();
    return fixed.find(environment, id) == null ? connectors.all() : fixed;
  }

  private String available(Environment environment) {
    return "Environment '"
        + environment
        + "' has "
        + ids(connectors.all().in(environment))
        + ". Was it passed to the runtime's builder, for this environment or for all, or is its jar"
        + " on the class path?";
  }

  /**
   * Returns where the credentials of a connection go, and how, if somebody may replace its
   * connector while the runtime runs; else an empty text.
   */
  public String reach(StoredConnection row) {
    Connectors among = among(row.environment(), row.connector());
    Connector connector = among.find(row.environment(), row.connector());
    return connector == null ? "" : among.reach(connector, row.authOption());
  }

  /** Returns the ids of some connectors, for messages. */
  public static String ids(Collection<Connector> connectors) {
    List<String> some =
        connectors.stream().map(one -> one.id().value()).sorted().limit(MOST_LISTED).toList();
    int more = connectors.size() - some.size();
    return more == 0 ? some.toString() : some + " and " + more + " more";
  }

  /**
   * Returns the auth option of a connection, with what is registered for it.
   *
   * @throws NotFoundException as {@link #option(Environment, ConnectorId, String)} says
   */
  RegisteredOption<?> option(StoredConnection row) {
    return option(row.environment(), row.connector(), row.authOption());
  }

  /**
   * Returns an auth option with what is registered for it.
   *
   * @throws NotFoundException if there is no such connector, the connector has no such option, or
   *     there is no strategy for its scheme
   */
  RegisteredOption<?> option(Environment environment, ConnectorId id, String authOption) {
    Connectors among = among(environment, id);
    Connector connector = require(among.find(environment, id), environment, id);
    Optional<AuthOption> found = connector.authOption(authOption);
    if (found.isEmpty()) {
      throw new NotFoundException(
          "auth option",
          authOption,
          "Connector '" + id + "' offers " + connector.authOptions() + ".");
    }
    AuthOption option = found.get();
    String reach = among.reach(connector, authOption);
    return registered(environment, connector, option, option.scheme(), reach);
  }

  private <S extends AuthScheme> RegisteredOption<S> registered(
      Environment environment, Connector connector, AuthOption option, S scheme, String reach) {
    return new RegisteredOption<>(
        connector,
        option,
        scheme,
        strategy(scheme),
        client(environment, connector.id(), option.id()),
        reach,
        clientName == null ? connector.title() : clientName);
  }

  @SuppressWarnings("unchecked") // A strategy is filed under the type of its scheme.
  private <S extends AuthScheme> AuthStrategy<S> strategy(S scheme) {
    AuthStrategy<?> given = strategies.get(scheme.getClass());
    Optional<AuthStrategy<?>> strategy =
        given == null ? standard.find(scheme.getClass()) : Optional.of(given);
    if (strategy.isEmpty()) {
      throw new NotFoundException(
          "auth strategy for",
          scheme.getClass().getName(),
          "Pass the strategy to the runtime's builder, or have the plugin's provider return it.");
    }
    return (AuthStrategy<S>) strategy.get();
  }

  /** Returns the client that the host registered for a connector's auth option. */
  public Optional<ClientRegistration> client(
      Environment environment, ConnectorId connector, String authOption) {
    return Optional.ofNullable(clients.get(clientKey(environment, connector, authOption)));
  }

  /** Returns under which key a client for a connector's auth option is registered. */
  public ClientKey clientKey(Environment environment, ConnectorId connector, String authOption) {
    return new ClientKey(isPublic(connector) ? null : environment, connector, authOption);
  }
}

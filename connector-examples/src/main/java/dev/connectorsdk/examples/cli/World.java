package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Flows and connections as a file describes them, in a runtime in memory. There are no credentials
 * in it, and no service is asked.
 */
final class World implements AutoCloseable {

  private static final int LARGEST = 5 * 1024 * 1024;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Environment environment;
  private final Map<String, Flow> flows = new LinkedHashMap<>();
  private final Map<String, StoredConnection> connections = new LinkedHashMap<>();
  private final Set<ConnectionId> privileged = new HashSet<>();
  private final ConnectorRuntime runtime;

  private record File(
      @Nullable String environment,
      @Nullable Map<String, FlowEntry> flows,
      @Nullable Map<String, ConnectionEntry> connections) {}

  private record FlowEntry(
      Flow.@Nullable Kind kind,
      @Nullable String owner,
      @Nullable List<String> coOwners,
      @Nullable List<String> users,
      @Nullable Map<String, ReferenceEntry> references) {

    Flow toFlow(String id) {
      Principal whose = Principal.parse(required(owner, "flow '" + id + "' has no owner"));
      Flow flow = (kind == Flow.Kind.APP ? Flow.app(id, whose) : Flow.of(id, whose));
      flow = flow.coOwnedBy(principals(coOwners)).runnableBy(principals(users));
      for (Map.Entry<String, ReferenceEntry> entry : orEmpty(references).entrySet()) {
        ReferenceEntry reference = entry.getValue();
        flow =
            flow.calling(
                reference.toReference(entry.getKey()),
                orEmpty(reference.operations).toArray(String[]::new));
      }
      return flow;
    }

    private static Principal[] principals(@Nullable List<String> names) {
      return orEmpty(names).stream().map(Principal::parse).toArray(Principal[]::new);
    }
  }

  private record ReferenceEntry(
      @Nullable String connector,
      @Nullable Source source,
      @Nullable List<String> operations,
      @Nullable String connection) {

    ConnectionReference toReference(String name) {
      String of = required(connector, "reference '" + name + "' has no connector");
      return source == Source.INVOKER
          ? ConnectionReference.invoker(name, of)
          : ConnectionReference.embedded(name, of);
    }
  }

  private record ConnectionEntry(
      @Nullable String connector,
      @Nullable String owner,
      @Nullable String auth,
      @Nullable String account,
      boolean privileged) {

    /**
     * @param connectors those whose definitions are there
     */
    StoredConnection toRow(
        ConnectionId id, String name, Environment environment, Collection<Connector> connectors) {
      String of = required(connector, "connection '" + name + "' has no connector");
      String whose = required(owner, "connection '" + name + "' has no owner");
      Instant now = Instant.EPOCH;
      var access = StoredConnection.Access.of(ConnectionStatus.connected(now));
      return new StoredConnection(
          new StoredConnection.Identity(
              id, ConnectorId.of(of), environment, Principal.parse(whose)),
          new StoredConnection.Settings(name, auth(connectors), "{}", null),
          account == null ? access : access.withAccount(Account.of(account)),
          StoredConnection.Revision.first(now));
    }

    /** Unless it is said, the first that the connector offers. */
    private String auth(Collection<Connector> connectors) {
      return auth == null
          ? connectors.stream()
              .filter(one -> one.id().value().equals(connector))
              .flatMap(one -> one.authOptions().stream())
              .map(AuthOption::id)
              .findFirst()
              .orElse("unknown")
          : auth;
    }
  }

  private static String required(@Nullable String value, String problem) {
    if (value == null) {
      throw new UsageException(problem);
    }
    return value;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> some) {
    return some == null ? List.of() : some;
  }

  private static <T> Map<String, T> orEmpty(@Nullable Map<String, T> some) {
    return some == null ? Map.of() : some;
  }

  private World(File file, DefinitionCatalogue catalogue) {
    this.environment = Environment.of(file.environment == null ? "default" : file.environment);
    InMemoryStore store = new InMemoryStore();
    orEmpty(file.connections)
        .forEach((name, entry) -> add(store, name, entry, catalogue.connectors()));
    orEmpty(file.flows).forEach((id, entry) -> flows.put(id, entry.toFlow(id)));
    this.runtime =
        ConnectorRuntime.builder()
            .connectors(catalogue.connectors())
            .store(store, KeyRing.random())
            .flows(FlowDirectory.of(flows.values().toArray(Flow[]::new)))
            .memberships((group, member) -> false)
            .privileged(connection -> privileged.contains(connection.id()))
            .build();
    orEmpty(file.flows).forEach(this::bind);
  }

  private void add(
      InMemoryStore store, String name, ConnectionEntry entry, Collection<Connector> connectors) {
    ConnectionId id = ConnectionId.of("connection-" + (connections.size() + 1));
    StoredConnection row = entry.toRow(id, name, environment, connectors);
    connections.put(name, row);
    if (entry.privileged) {
      privileged.add(id);
    }
    store.insertConnection(row, List.of());
  }

  private void bind(String id, FlowEntry entry) {
    orEmpty(entry.references)
        .forEach(
            (name, reference) -> {
              if (reference.connection != null) {
                bind(flow(id), reference.toReference(name), connection(reference.connection));
              }
            });
  }

  /** What the file says is there already, so that nobody has to confirm it. */
  private void bind(Flow flow, ConnectionReference reference, StoredConnection connection) {
    References references = runtime.references();
    Caller owner = connection.owner().in(environment).running(flow);
    references.confirmBind(
        owner,
        reference,
        connection.id(),
        references.previewBind(owner, reference, connection.id()));
  }

  /**
   * Reads a file.
   *
   * @param connectors folders with definitions of the connectors, as far as there are any
   * @throws UsageException if it does not describe flows and connections that fit
   */
  static World read(Path file, List<Path> connectors) {
    connectors.forEach(DefinitionSource::requireFolder);
    DefinitionCatalogue catalogue = DefinitionCatalogue.load(connectors.toArray(Path[]::new));
    try {
      File read = MAPPER.readValue(InputFile.read(file, LARGEST), File.class);
      return new World(read, catalogue);
    } catch (JacksonException e) {
      throw new UsageException(
          file + " does not describe flows and connections: " + e.getOriginalMessage());
    } catch (ConnectorException | IllegalArgumentException e) {
      throw new UsageException(file + ": " + e.getMessage());
    }
  }

  Environment environment() {
    return environment;
  }

  ConnectorRuntime runtime() {
    return runtime;
  }

  /** Returns the owner of a flow, running it. */
  Caller ownerOf(String flow) {
    Flow found = flow(flow);
    return found.owner().in(environment).running(found);
  }

  private Flow flow(String id) {
    Flow flow = flows.get(id);
    if (flow == null) {
      throw new UsageException("no flow '" + id + "'; there are " + flows.keySet());
    }
    return flow;
  }

  StoredConnection connection(String name) {
    StoredConnection row = connections.get(name);
    if (row == null) {
      throw new UsageException("no connection '" + name + "'; there are " + connections.keySet());
    }
    return row;
  }

  @Override
  public void close() {
    runtime.close();
  }
}

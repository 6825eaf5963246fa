package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.examples.cli.WorldFile.ConnectionEntry;
import dev.connectorsdk.examples.cli.WorldFile.FlowEntry;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Flows and connections as a file describes them, in a runtime in memory. There are no credentials
 * in it, and no service is asked.
 */
final class World implements AutoCloseable {

  private final Environment environment;
  private final Map<String, Flow> flows = new LinkedHashMap<>();
  private final Map<String, StoredConnection> connections = new LinkedHashMap<>();
  private final Set<ConnectionId> privileged = new HashSet<>();
  private final ConnectorRuntime runtime;

  private World(WorldFile file, DefinitionCatalogue catalogue) {
    this.environment = Environment.of(file.environment() == null ? "default" : file.environment());
    InMemoryStore store = new InMemoryStore();
    WorldFile.orEmpty(file.connections())
        .forEach((name, entry) -> add(store, name, entry, catalogue.connectors()));
    WorldFile.orEmpty(file.flows()).forEach((id, entry) -> flows.put(id, entry.toFlow(id)));
    this.runtime =
        ConnectorRuntime.builder()
            .connectors(catalogue.connectors())
            .store(store, KeyRing.random())
            .flows(FlowDirectory.of(flows.values().toArray(Flow[]::new)))
            .memberships((group, member) -> false)
            .privileged(connection -> privileged.contains(connection.id()))
            .build();
    WorldFile.orEmpty(file.flows()).forEach(this::bind);
  }

  private void add(
      InMemoryStore store, String name, ConnectionEntry entry, Collection<Connector> connectors) {
    ConnectionId id = ConnectionId.of("connection-" + (connections.size() + 1));
    StoredConnection row = entry.toRow(id, name, environment, connectors);
    connections.put(name, row);
    if (entry.privileged()) {
      privileged.add(id);
    }
    store.insertConnection(row, List.of());
  }

  private void bind(String id, FlowEntry entry) {
    WorldFile.orEmpty(entry.references())
        .forEach(
            (name, reference) -> {
              String connection = reference.connection();
              if (connection != null) {
                bind(flow(id), reference.toReference(name), connection(connection));
              }
              if (reference.usersBringOwn()) {
                runtime
                    .references()
                    .letRunOnlyUsersBringOwn(ownerOf(id), reference.toReference(name));
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
   * @param connectors of the definitions that are there
   * @throws UsageException if it does not describe flows and connections that fit
   */
  static World read(Path file, DefinitionCatalogue connectors) {
    WorldFile read = WorldFile.read(file);
    try {
      return new World(read, connectors);
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

package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialExpiring;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.audit.Audit;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.definition.Definitions;
import dev.connectorsdk.gateway.Gateways;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.cache.ChangeWatch;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.connection.ConnectionAccess;
import dev.connectorsdk.internal.connection.ConnectionModule;
import dev.connectorsdk.internal.connection.CredentialBox;
import dev.connectorsdk.internal.connection.CredentialCare;
import dev.connectorsdk.internal.connection.PresentConnectors;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.connection.Workers;
import dev.connectorsdk.internal.consent.RedirectUris;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.gateway.GatewayModule;
import dev.connectorsdk.internal.gateway.line.LineSettings;
import dev.connectorsdk.internal.gateway.relay.LineDirectory;
import dev.connectorsdk.internal.gateway.relay.Relay;
import dev.connectorsdk.internal.gateway.relay.RelaySettings;
import dev.connectorsdk.internal.governance.GovernanceModule;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.invocation.Invoker;
import dev.connectorsdk.internal.reference.HandedOverReferences;
import dev.connectorsdk.internal.reference.Resolver;
import dev.connectorsdk.internal.reference.Usages;
import dev.connectorsdk.internal.reference.UsingFlows;
import dev.connectorsdk.internal.registration.DefaultDefinitions;
import dev.connectorsdk.internal.registration.StoredDefinitions;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.internal.sharing.Grants;
import dev.connectorsdk.internal.sharing.Groups;
import dev.connectorsdk.internal.sharing.RightsLog;
import dev.connectorsdk.internal.sharing.Roles;
import dev.connectorsdk.internal.trigger.TriggerModule;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.invocation.Forms;
import dev.connectorsdk.plugin.PluginDiscovery;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.secret.KeyMaintenance;
import dev.connectorsdk.trigger.Triggers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs connectors on behalf of a host's users. Safe for use by several threads: build one per
 * application, share it, and close it when the application stops.
 *
 * <pre>{@code
 * try (var runtime = ConnectorRuntime.builder().connector(weather).build()) {
 *   Caller ada = Principal.user("ada").in("dev");
 *   runtime.connections().create(ada, ConnectionSpec.of("weather", "apiKey").secret("api_key", key));
 *   Forecast forecast = runtime.invoke(ada, reference, FORECAST, new City("Oslo"));
 * }
 * }</pre>
 *
 * <p>A runtime holds nothing in static fields, so several can live in one JVM. Without any setting
 * it keeps everything in memory and starts no thread before the first call.
 */
public final class ConnectorRuntime implements AutoCloseable {

  /** A line that carries nothing for two of these is given up. */
  private static final Duration LINE_PING = Duration.ofSeconds(10);

  private static final int LINE_STREAMS = 1_000;

  private final ConnectorStore store;
  private final GatewayModule gateways;
  private final Registry registry;
  private final List<PluginDiscovery.Problem> pluginProblems;
  private final Transport transport;
  private final Workers workers = new Workers();
  private final Schemas schemas;
  private final Connections connections;
  private final CredentialCare care;
  private final Auditor auditor;
  private final GovernanceModule governance;
  private final @Nullable Definitions definitions;
  private final Invoker invoker;
  private final HostParts parts;
  private final @Nullable KeepAlive keepAlive;
  private volatile boolean closed;

  ConnectorRuntime(RuntimeBuilder builder, Plugins plugins) {
    this.store = builder.store();
    SecretCipher cipher = builder.cipher();
    if (!builder.isStoreNew()) {
      KeyMaintenance.checkKeys(store, cipher);
    }
    StoredDefinitions stored = builder.storedDefinitions(store.definitions(), plugins.connectors());
    this.registry = registry(builder, plugins, stored);
    this.pluginProblems = plugins.problemsWith(registry, stored != null);
    JsonMapper mapper = JsonSettings.newMapper();
    this.schemas = new Schemas(mapper);
    this.auditor = builder.auditor(store, mapper);
    var events = new EventHub(auditor, builder.listeners());
    this.transport = builder.transport(mapper, events);
    Duration freshness = builder.freshness();
    var changes = new StoreChanges(store.changes(), builder.clock(), freshness);
    var governance =
        new GovernanceModule(
            store.policies(),
            builder.auditStore(store),
            registry,
            builder.clock(),
            changes,
            events,
            transport.observations(),
            builder.governance());
    this.governance = governance;
    this.definitions =
        stored == null
            ? null
            : new DefaultDefinitions(store.definitions(), stored, events, builder.clock());
    var groups = new Groups(builder.memberships(), builder.clock(), freshness);
    this.gateways =
        new GatewayModule(
            store,
            new Groups(
                builder.memberships(), builder.clock(), GatewayModule.memberships(freshness)),
            events,
            builder.clock(),
            builder.random(),
            transport.sleeper(),
            workers,
            directory -> relay(directory, builder, mapper));
    var services =
        new RuntimeServices(
            transport,
            workers,
            builder.clock(),
            builder.ticker(),
            builder.random(),
            auditor,
            governance.gate(),
            gateways);
    var box = new CredentialBox(cipher, mapper, registry::reach);
    if (builder.bindsFormerCredentials()) {
      ConnectionModule.bindFormer(store, box, builder.clock());
    }
    var roles = new Roles(groups, services.clock());
    var rights = new RightsLog(events, services.clock());
    var grants = new Grants(store.grants(), groups, rights, services.clock(), changes);
    var flows = new UsingFlows(builder.hostFlows());
    var usages = new Usages(store, builder.auditStore(store), flows, roles);
    var access = new ConnectionAccess(store, grants, usages::of, auditor);
    var module =
        new ConnectionModule(store, registry, box, mapper, services, events, access, changes);
    gateways.resealing(module.sealedRows());
    this.connections = module.connections();
    this.care = module.care();
    var resolver =
        new Resolver(
            store,
            module.open(),
            roles,
            grants,
            builder.attendedOnly(registry),
            services.clock(),
            changes);
    changes.onChange(resolver::changed);
    ChangeWatch.over(changes, freshness, workers);
    if (stored != null) {
      stored.onChange(key -> module.open().forget(key.environment(), key.connector()));
      stored.onChange(key -> governance.connectorsChanged());
    }
    module.onConnectionsChanged(resolver::connectionsChanged);
    gateways.whilePresent(module::testThrough);
    governance.onConnectionUrls(resolver::baseUrl);
    module.beforeHandOver(
        (connection, owner) ->
            new HandedOverReferences(store.bindings(), flows, grants, resolver)
                .move(connection, owner));
    this.invoker =
        new Invoker(registry, resolver, schemas, services, mapper, events, changes.count());
    module.onOutdated(id -> invoker.forgetConnections());
    TriggerModule.requireUsable(registry);
    this.parts =
        new HostParts(
            new HostParts.Made(
                store,
                builder.auditStore(store),
                cipher,
                mapper,
                schemas,
                registry,
                services,
                events,
                module,
                box,
                new RedirectUris(registry, builder.hostOrigins()),
                resolver,
                grants,
                groups,
                builder.hostFlows(),
                flows,
                builder.privilegedAccounts(registry),
                invoker,
                builder.triggers()));
    module.beforeDeletion(connection -> triggerModule().isLeft(connection));
    auditor.start();
    KeepAlive.Plan plan = builder.keepAlive();
    this.keepAlive =
        plan == null ? null : new KeepAlive(plan, care, services.sleeper(), services.random());
  }

  TriggerModule triggerModule() {
    return parts.triggers();
  }

  private Relay relay(LineDirectory directory, RuntimeBuilder builder, JsonMapper mapper) {
    var line =
        new LineSettings(LINE_PING, LINE_STREAMS, System::nanoTime, workers, workers.timer());
    return new Relay(
        directory, RelaySettings.standard(line, mapper, builder.clock(), builder.random()));
  }

  private static Registry registry(
      RuntimeBuilder builder, Plugins plugins, @Nullable StoredDefinitions stored) {
    return new Registry(
        stored == null ? PresentConnectors.of(plugins.connectors()) : stored,
        plugins.authStrategies(),
        builder.clients(),
        builder.clientName());
  }

  /** Returns a builder with all settings at their defaults. */
  public static RuntimeBuilder builder() {
    return new RuntimeBuilder();
  }

  /** Returns what makes, lists, tests, changes and deletes connections. */
  public Connections connections() {
    return connections;
  }

  /**
   * Renews the idle credentials of all connections in the store, because some services end refresh
   * tokens that nobody uses. It also publishes a {@link CredentialExpiring} event for every
   * credential that ends by itself within 14 days, such as a client certificate, at most once a
   * day.
   *
   * <p>Call it regularly, such as once a day from one process, or have {@link
   * RuntimeBuilder#keepAlive} do so. By default nobody calls it. A renewal that fails is reported
   * by an event; the other credentials are still looked at.
   *
   * @param unusedFor renews credentials that were not renewed for this long; choose less than the
   *     service allows
   * @return how many credentials were renewed
   * @throws dev.connectorsdk.api.error.StoreException if the connections cannot be listed
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread is interrupted
   */
  public int keepAlive(Duration unusedFor) {
    return care.keepAlive(unusedFor);
  }

  /** Returns the gateways to inside networks. */
  public Gateways gateways() {
    return gateways.gateways();
  }

  /** Returns what binds references to connections, and says which references are ready. */
  public References references() {
    return parts.references();
  }

  /** Returns what administrators allow: which connectors may be used, and together. */
  public Policies policies() {
    return governance.policies();
  }

  /**
   * Returns the connectors that administrators register, replace and remove while this runs.
   *
   * @throws IllegalStateException if they may not; see {@link RuntimeBuilder#storedDefinitions()}
   */
  public Definitions definitions() {
    Definitions known = definitions;
    if (known == null) {
      throw new IllegalStateException(
          "No connector is registered while this runtime runs: say storedDefinitions() to its"
              + " builder");
    }
    return known;
  }

  /** Returns what lets users sign in. */
  public Consents consents() {
    return parts.consents();
  }

  /** Returns what helps people to fill in inputs: choices, and schemas that depend on choices. */
  public Forms forms() {
    return parts.forms();
  }

  /** Returns the records of what was done, if {@link RuntimeBuilder#audit} has them kept. */
  public Audit audit() {
    return parts.audit();
  }

  /** Returns what has handlers called for the events of triggers. */
  public Triggers triggers() {
    requireOpen();
    return triggerModule().triggers();
  }

  /**
   * Does on this thread what is due of subscriptions: polls, registers and removes callbacks, and
   * hands events over, until nothing more is due by the clock. For a runtime that was built with
   * {@link RuntimeBuilder#triggersByHand}.
   *
   * @return how much was done; 0 if nothing was due
   */
  public int runDueTriggers() {
    requireOpen();
    return triggerModule().runDue();
  }

  /**
   * Returns the connectors of the caller's environment, public and custom ones, in no order. Each
   * id is there once.
   */
  public Collection<Connector> connectors(Caller caller) {
    return registry.connectors(caller.environment());
  }

  /**
   * Returns the connector that has this id in the caller's environment.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if none has; it names those that are there
   */
  public Connector connector(Caller caller, ConnectorId id) {
    return registry.connector(caller.environment(), id);
  }

  /** Returns the connector that has this id, as {@link #connector(Caller, ConnectorId)} does. */
  public Connector connector(Caller caller, String id) {
    return connector(caller, ConnectorId.of(id));
  }

  /** Returns the plugins that were found and could not be used, with the reason. */
  public List<PluginDiscovery.Problem> pluginProblems() {
    return pluginProblems;
  }

  /** Returns the JSON Schema (2020-12) of an input, output, configuration or event. */
  public JsonNode schema(Shape<?> shape) {
    return schemas.schemaOf(shape);
  }

  /**
   * Runs an action for a caller, on the connection that the reference leads to, and returns its
   * output. Blocks the calling thread; an interrupt cancels the call within a fraction of a second.
   *
   * @param action one of the actions of the reference's connector
   * @param input what the action takes; not {@code null}
   * @throws IllegalStateException if the runtime is closed
   * @throws dev.connectorsdk.api.error.ConnectorException of the type that says what went wrong:
   *     {@code PolicyException}, {@code ResolutionException}, {@code InvalidInputException}, {@code
   *     AuthenticationException}, {@code ServiceException}, {@code TransportException}, {@code
   *     CallCancelledException} (with the interrupt flag set), ...
   */
  public <I, O> O invoke(
      Caller caller, ConnectionReference reference, Action<I, O> action, I input) {
    return invoke(caller, reference, action, input, CallOptions.standard());
  }

  /**
   * Runs an action with options; see {@link #invoke(Caller, ConnectionReference, Action, Object)}.
   */
  public <I, O> O invoke(
      Caller caller,
      ConnectionReference reference,
      Action<I, O> action,
      I input,
      CallOptions options) {
    requireOpen();
    return invoker.invoke(
        action, Objects.requireNonNull(input, "input"), caller, reference, options);
  }

  /**
   * Runs an action by its id, as for connectors that are written as data or come from a plugin.
   *
   * @param input JSON, or anything that Jackson can turn into JSON, such as a {@link java.util.Map}
   * @throws dev.connectorsdk.api.error.ConnectorException as in {@link #invoke(Caller,
   *     ConnectionReference, Action, Object)}; {@code NotFoundException} if there is no such action
   */
  public JsonNode invoke(
      Caller caller, ConnectionReference reference, String actionId, Object input) {
    return invoke(caller, reference, actionId, input, CallOptions.standard());
  }

  /** Runs an action by its id with options. */
  public JsonNode invoke(
      Caller caller,
      ConnectionReference reference,
      String actionId,
      Object input,
      CallOptions options) {
    requireOpen();
    return invoker.invoke(actionId, input, caller, reference, options);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The runtime is closed");
    }
  }

  /**
   * Begins no more polls, and hands no more events over; lets those that run come to their end for
   * up to 10 s. Calls go on, and deliveries of webhooks are still stored. For hosts that stop in
   * steps, before {@link #close}; there is no way back.
   */
  public void drain() {
    TriggerModule running = parts.triggersAskedFor();
    if (running != null) {
      running.close();
    }
  }

  /**
   * Lets polls and handlers of triggers come to their end for up to 10 s, cancels running calls,
   * ends all threads and closes the store. Nothing is lost of a trigger that is cut off; it goes on
   * with the next start. If a credential is being renewed, this waits for up to about 10 s until
   * the answer is stored: the old credential may have been spent. A second close does nothing.
   */
  @Override
  public void close() {
    closed = true;
    if (keepAlive != null) {
      keepAlive.close();
    }
    drain();
    transport.stopActions();
    gateways.close();
    workers.close();
    transport.close();
    auditor.close();
    store.close();
  }
}

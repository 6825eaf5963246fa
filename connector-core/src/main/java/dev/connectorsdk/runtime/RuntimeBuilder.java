package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.event.ConnectorListener;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.Memberships;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.connection.Connectors;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.governance.GovernanceModule;
import dev.connectorsdk.internal.http.HeaderRules;
import dev.connectorsdk.internal.http.HttpSettings;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.observation.MicrometerObservations;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.reference.PrivilegedAccounts;
import dev.connectorsdk.internal.registration.StoredDefinitions;
import dev.connectorsdk.internal.sharing.HostFlows;
import dev.connectorsdk.internal.trigger.RegisteredHandler;
import dev.connectorsdk.internal.trigger.TriggerModule;
import dev.connectorsdk.plugin.AllowedPlugins;
import dev.connectorsdk.runtime.Plugins.Registration;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.EventHandler;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings of a runtime. All are optional, and none may be {@code null}. Not safe for use by
 * several threads.
 */
public final class RuntimeBuilder {

  private final List<Registration> connectors = new ArrayList<>();
  private final List<ConnectorProvider> providers = new ArrayList<>();
  private final List<ClassLoader> classLoaders = new ArrayList<>();
  private @Nullable AllowedPlugins allowedPlugins;
  private final List<AuthStrategy<?>> authStrategies = new ArrayList<>();
  private final Map<ClientKey, ClientRegistration> clients = new HashMap<>();
  private final List<ConnectorListener> listeners = new ArrayList<>();
  private List<String> hostOrigins = List.of();
  private @Nullable String clientName;
  private @Nullable ConnectorStore store;
  private @Nullable SecretCipher cipher;
  private @Nullable OkHttpClient httpClient;
  private AddressPolicy addressPolicy = AddressPolicy.publicOnly();
  private HttpLimits limits = HttpLimits.standard();
  private HttpLimits tokenLimits = HttpLimits.forTokens();
  private @Nullable String userAgent;
  private @Nullable Path temporaryFiles;
  private Clock clock = Clock.systemUTC();
  private @Nullable RandomGenerator random;
  private Sleeper sleeper = pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  private KeepAlive.@Nullable Plan keepAlive;
  private final Set<ConnectorId> unblockable = new HashSet<>();
  private boolean callsNeedFlow;
  private @Nullable Function<ConnectorId, LoadOptions> storedDefinitions;
  private Duration freshness = Duration.ofSeconds(5);
  private boolean bindsFormerCredentials;
  private final Map<String, RegisteredHandler<?>> handlers = new HashMap<>();
  private @Nullable FlowDirectory flows;
  private @Nullable Memberships memberships;
  private final Set<ConnectorId> attendedOnly = new LinkedHashSet<>();
  private final Set<ConnectorId> sensitive = new LinkedHashSet<>();
  private Predicate<Connection> privileged = connection -> false;
  private @Nullable AuditSettings audit;
  private Observations observations = Observations.NONE;
  private @Nullable URI publicAddress;
  private int largestDelivery = 1024 * 1024;
  private Duration longestRemoval = Duration.ofHours(1);
  private boolean triggersByHand;

  RuntimeBuilder() {}

  /** Registers public connectors, such as those of a catalogue of definitions. */
  public RuntimeBuilder connectors(Collection<? extends Connector> connectors) {
    connectors.forEach(connector -> connector(connector));
    return this;
  }

  /**
   * Registers custom connectors, such as those of a catalogue of definitions; see {@link
   * #connector(Connector, String...)}.
   */
  public RuntimeBuilder connectors(
      Collection<? extends Connector> connectors, String... environments) {
    connectors.forEach(connector -> connector(connector, environments));
    return this;
  }

  /**
   * Registers a public connector, which is available in every environment. Connectors of plugins
   * are public too.
   */
  public RuntimeBuilder connector(Connector connector) {
    connectors.add(new Registration(Objects.requireNonNull(connector, "connector"), Set.of()));
    return this;
  }

  /**
   * Registers a custom connector, which is available in these environments alone. Others may have
   * another connector with the same id; no public connector may.
   *
   * @param environments names as {@code Environment} has them, at least one
   * @throws IllegalArgumentException if there is none, or one is no name
   */
  public RuntimeBuilder connector(Connector connector, String... environments) {
    connectors.add(
        new Registration(
            Objects.requireNonNull(connector, "connector"), environments(environments)));
    return this;
  }

  private static Set<Environment> environments(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("Name at least one environment, or leave the list out");
    }
    return Arrays.stream(names).map(Environment::of).collect(Collectors.toUnmodifiableSet());
  }

  /** Lets administrators register connectors while the runtime runs; with the default options. */
  public RuntimeBuilder storedDefinitions() {
    return storedDefinitions(id -> LoadOptions.standard());
  }

  /**
   * Lets administrators register connectors while the runtime runs; see {@link
   * ConnectorRuntime#definitions}. Their definitions are in the store, which is asked for changes
   * once in {@linkplain #freshness a while}. By default there are none.
   *
   * <p>Clients may be registered for connectors that are not there yet. One with a secret is sent
   * only to origins that it names by {@link ClientRegistration#sentTo}, since whoever saves a
   * definition says where the token endpoint is.
   *
   * @param options with which a definition is loaded, as by {@link
   *     dev.connectorsdk.definition.DefinitionCatalogue#load}; asked each time one is. It is safe
   *     for use by several threads, says the same in all processes on the store, and does not use
   *     the runtime
   */
  public RuntimeBuilder storedDefinitions(Function<ConnectorId, LoadOptions> options) {
    this.storedDefinitions = Objects.requireNonNull(options, "options");
    return this;
  }

  /** Registers the connectors and strategies of a plugin. */
  public RuntimeBuilder provider(ConnectorProvider provider) {
    providers.add(Objects.requireNonNull(provider, "provider"));
    return this;
  }

  /**
   * Registers the plugins that {@link java.util.ServiceLoader} finds with this class loader. A
   * plugin that cannot be used is skipped, logged, and listed in {@link
   * ConnectorRuntime#pluginProblems}.
   */
  public RuntimeBuilder discover(ClassLoader classLoader) {
    classLoaders.add(Objects.requireNonNull(classLoader, "classLoader"));
    return this;
  }

  /**
   * Limits {@link #discover} to plugins from these jars. No code of another plugin runs, and it is
   * listed in {@link ConnectorRuntime#pluginProblems}. By default all are allowed.
   */
  public RuntimeBuilder allowedPlugins(AllowedPlugins allowed) {
    this.allowedPlugins = Objects.requireNonNull(allowed, "allowed");
    return this;
  }

  /** Adds a strategy for an auth scheme of your own, or replaces the one for a standard scheme. */
  public RuntimeBuilder authStrategy(AuthStrategy<?> strategy) {
    authStrategies.add(Objects.requireNonNull(strategy, "strategy"));
    return this;
  }

  /**
   * Registers the OAuth client that this host has at a public connector's provider. If the
   * connector may be one of a plugin that was skipped, that is listed in {@link
   * ConnectorRuntime#pluginProblems}.
   */
  public RuntimeBuilder client(
      String connector, String authOption, ClientRegistration registration) {
    clients.put(
        new ClientKey(null, ConnectorId.of(connector), authOption),
        Objects.requireNonNull(registration, "registration"));
    return this;
  }

  /**
   * Registers the OAuth client that this host has at the provider of a custom connector. The paths
   * of its redirect URIs name the environment before the connector, as in {@code
   * /callback/dev/contoso}.
   *
   * @param environments those in which the connector has this client, at least one
   * @throws IllegalArgumentException if there is none, or one is no name
   */
  public RuntimeBuilder client(
      String connector,
      String authOption,
      ClientRegistration registration,
      String... environments) {
    Objects.requireNonNull(registration, "registration");
    ConnectorId id = ConnectorId.of(connector);
    environments(environments)
        .forEach(one -> clients.put(new ClientKey(one, id, authOption), registration));
    return this;
  }

  /**
   * Keeps connections in {@code store}, which the runtime closes. Secrets in it are encrypted with
   * {@code cipher}, which must know the keys of what is stored already. The default is memory and a
   * random key.
   */
  public RuntimeBuilder store(ConnectorStore store, SecretCipher cipher) {
    this.store = Objects.requireNonNull(store, "store");
    this.cipher = Objects.requireNonNull(cipher, "cipher");
    return this;
  }

  /**
   * Sends requests with the proxy, DNS, sockets, TLS settings, listeners and interceptors of {@code
   * client}. Its interceptors see credentials. Its redirects, repetitions, cookies, cache and
   * connection pool are not used: each connection has sockets of its own. The runtime does not
   * close it.
   */
  public RuntimeBuilder httpClient(OkHttpClient client) {
    this.httpClient = Objects.requireNonNull(client, "client");
    return this;
  }

  /**
   * Sets where hosts may be that users choose, by connection parameters or through what a service
   * names. The default is {@link AddressPolicy#publicOnly}. A service on this machine, in tests and
   * in development, needs {@link AddressPolicy#allowAll} if its address is a parameter; hosts that
   * stand in a connector are free. It holds under every {@link #httpClient} too. A proxy looks
   * names up by itself, and has to refuse addresses of the inside network by itself.
   */
  public RuntimeBuilder addressPolicy(AddressPolicy policy) {
    this.addressPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** Sets limits on time, size and attempts. The default is {@link HttpLimits#standard}. */
  public RuntimeBuilder limits(HttpLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Sets limits on time and size for requests to token endpoints, for metadata, revocation and
   * sign-ins. The default is {@link HttpLimits#forTokens}. Their number of attempts is not used:
   * when such a request is repeated follows from rules of its own. A request for a token ends after
   * 15 s even if more is allowed, so that it can be repeated while the service remembers it.
   */
  public RuntimeBuilder tokenLimits(HttpLimits limits) {
    this.tokenLimits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Sets the header {@code User-Agent} of all requests for which neither a connector nor the user
   * of an unwrapped client sets one, such as {@code Example-App/2.1 (+https://example.com/bot)}.
   * Some services refuse requests that do not say whose they are. The default is OkHttp's.
   *
   * @throws IllegalArgumentException if it is empty, or has a character that headers cannot have
   */
  public RuntimeBuilder userAgent(String product) {
    this.userAgent = HeaderRules.requireUserAgent(product);
    return this;
  }

  /**
   * Sets the folder for temporary files: what is downloaded to a file is written there until it is
   * whole. It is made when it is first needed, and may be shared by the runtimes of one machine.
   * What is in it is gone when the call ends, or the runtime is closed, or at the next {@link
   * #build} after a process has ended without that.
   *
   * <p>A folder on the file system of the files spares a copy of each. The default is one below
   * {@code java.io.tmpdir}, for the user of this process alone; that can be in memory.
   */
  public RuntimeBuilder temporaryFiles(Path folder) {
    this.temporaryFiles = Objects.requireNonNull(folder, "folder");
    return this;
  }

  /** Sets the clock for expiry, deadlines and freshness. The default is the system's, in UTC. */
  public RuntimeBuilder clock(Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets the source of random ids, states, keys and pauses. It must be unpredictable. The default
   * is a {@link SecureRandom}; anything else is for tests.
   */
  public RuntimeBuilder random(RandomGenerator random) {
    this.random = Objects.requireNonNull(random, "random");
    return this;
  }

  /** Sets how to wait between attempts. For tests; the default sleeps. */
  public RuntimeBuilder sleeper(Sleeper sleeper) {
    this.sleeper = Objects.requireNonNull(sleeper, "sleeper");
    return this;
  }

  /**
   * Sets how long what is stored, such as connections, bindings, policies and definitions, is used
   * from memory before the store is asked again. A store that {@linkplain
   * dev.connectorsdk.api.spi.ConnectorStore#changes says} what was changed is asked for that alone,
   * twice in this time. It is how long a change by another process can go unnoticed. The default is
   * 5 s; with zero the store is asked each time.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public RuntimeBuilder freshness(Duration freshness) {
    if (freshness.isNegative()) {
      throw new IllegalArgumentException("Freshness must not be negative, but was " + freshness);
    }
    this.freshness = freshness;
    return this;
  }

  /**
   * Has {@link #build} bring up to date what an earlier snapshot stored, which bound credentials to
   * their row alone: they are bound to owner, connector, auth option and parameters of their
   * connection as it is stored now. Without this they are not used. How many were, and which were
   * not because they cannot be read or only some of a connection's are former ones, is logged;
   * their owners update these connections, or sign in again.
   *
   * <p>For one start after the upgrade, with all other processes on the store stopped. Take it out
   * afterwards: while it is here, whoever can write into the store, and has a copy of what was in
   * it before, can give a credential to another owner or send it to another address.
   */
  public RuntimeBuilder bindFormerCredentials() {
    this.bindsFormerCredentials = true;
    return this;
  }

  /**
   * Has the runtime call {@link ConnectorRuntime#keepAlive} by itself, on a daemon thread that
   * {@link ConnectorRuntime#close} ends. Several processes on one store may all do so: a credential
   * that one has renewed is not idle for the others. By default nobody does.
   *
   * @param unusedFor how long a refresh token may lie idle; less than services allow, such as 20
   *     days
   * @param interval how often to look, such as once a day
   */
  public RuntimeBuilder keepAlive(Duration unusedFor, Duration interval) {
    if (unusedFor.isNegative()) {
      throw new IllegalArgumentException("unusedFor must not be negative, but was " + unusedFor);
    }
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval must be positive, but was " + interval);
    }
    this.keepAlive = new KeepAlive.Plan(unusedFor, interval);
    return this;
  }

  /**
   * Names the origins of the host, such as {@code https://app.example.com}. With them, a sign-in
   * takes redirect URIs on these and on this machine only, and may end on any of them; without, it
   * ends on the origin of its redirect URI.
   */
  public RuntimeBuilder hostOrigins(String... origins) {
    this.hostOrigins = List.of(origins);
    return this;
  }

  /**
   * Sets the name of this application that services show where a sign-in registers it as a client;
   * see {@code OAuth2Scheme.registeringClients}. The default is the title of the connector.
   */
  public RuntimeBuilder clientName(String name) {
    this.clientName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Registers what the host does about the events of subscriptions that name this handler. With at
   * least one, the runtime polls and hands over from {@link #build} on, on threads that {@link
   * ConnectorRuntime#close} ends. Subscriptions of handlers that are not registered are left to
   * other processes.
   *
   * @param name as in {@code SubscriptionSpec.of}
   * @param type what the payloads are read as: a record, or {@code JsonNode}
   * @throws IllegalArgumentException if there is a handler with this name
   */
  public <E> RuntimeBuilder handler(String name, Class<E> type, EventHandler<E> handler) {
    var registered =
        new RegisteredHandler<>(
            Objects.requireNonNull(type, "type"), Objects.requireNonNull(handler, "handler"));
    if (handlers.putIfAbsent(name, registered) != null) {
      throw new IllegalArgumentException("Two handlers have the name '" + name + "'");
    }
    return this;
  }

  /**
   * Has no thread poll, register and hand over: all of it is done when {@link
   * ConnectorRuntime#runDueTriggers} is called. For tests, and for hosts with a schedule of their
   * own. By default the runtime does it by itself.
   */
  public RuntimeBuilder triggersByHand() {
    this.triggersByHand = true;
    return this;
  }

  /**
   * Sets where the host's flows are found. Triggers need it: each is for a flow, and used while its
   * owner has it.
   */
  public RuntimeBuilder flows(FlowDirectory flows) {
    this.flows = Objects.requireNonNull(flows, "flows");
    return this;
  }

  /**
   * Excludes connectors from runs that no person has started: whatever calls them, a user has to be
   * the caller. Triggers of theirs are not subscribed to.
   *
   * @param connectors ids of registered connectors
   * @throws IllegalArgumentException if one is no id
   */
  public RuntimeBuilder attendedOnly(String... connectors) {
    for (String connector : connectors) {
      attendedOnly.add(ConnectorId.of(connector));
    }
    return this;
  }

  /**
   * Says which connections are of privileged accounts, such as an administrator's at the service.
   * Whoever adds a co-owner, shares an app or binds a reference reads that in the {@linkplain
   * dev.connectorsdk.reference.ImpactPreview preview}; on a {@linkplain #sensitive sensitive}
   * connector it has to be confirmed. By default none is.
   *
   * @param privileged called by several threads at once, with what {@link
   *     dev.connectorsdk.connection.Connections#get} would return to the owner
   */
  public RuntimeBuilder privileged(Predicate<Connection> privileged) {
    this.privileged = Objects.requireNonNull(privileged, "privileged");
    return this;
  }

  /**
   * Names the connectors on which the use of a {@linkplain #privileged privileged} account by
   * others has to be confirmed. If none is named, these are all that have an action which is not
   * {@link dev.connectorsdk.api.Effect#READ}. Those that administrators register while the runtime
   * runs are sensitive by the same rule, even if others are named.
   *
   * @param connectors ids of registered connectors; with {@link #storedDefinitions}, also of such
   *     as are not there yet
   * @throws IllegalArgumentException if one is no id
   */
  public RuntimeBuilder sensitive(String... connectors) {
    for (String connector : connectors) {
      sensitive.add(ConnectorId.of(connector));
    }
    return this;
  }

  /**
   * Sets who knows the members of the host's groups. Without it, whoever could have a right only as
   * the member of a group is refused with {@link dev.connectorsdk.api.error.MembershipException}.
   */
  public RuntimeBuilder memberships(Memberships memberships) {
    this.memberships = Objects.requireNonNull(memberships, "memberships");
    return this;
  }

  /**
   * Sets where services can call this application, such as {@code https://app.example.com/hooks}.
   * Whatever arrives below that has to be handed to {@link
   * dev.connectorsdk.trigger.Triggers#receive}. Without it, webhooks cannot be subscribed to.
   *
   * @param url absolute, https, or http on this machine; without user, query and fragment
   * @throws IllegalArgumentException if it is something else
   */
  public RuntimeBuilder publicAddress(String url) {
    this.publicAddress = PublicAddress.of(url);
    return this;
  }

  /**
   * Sets within which time it is tried five times to remove a callback that was registered at a
   * service and is not wanted any more. What is not removed by then is given up, and counted by
   * {@link dev.connectorsdk.trigger.Subscription#orphans}. The credential of a connection that its
   * owner has deleted is kept as long for this alone. Zero removes nothing of such a connection,
   * and tries the rest once. The default is an hour.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public RuntimeBuilder longestRemoval(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("The time must not be negative, but was " + time);
    }
    this.longestRemoval = time;
    return this;
  }

  /**
   * Sets how many bytes a delivery at a callback URL may have. The default is 1 MiB.
   *
   * @throws IllegalArgumentException if it is not positive, or more than 64 MiB
   */
  public RuntimeBuilder largestDelivery(int bytes) {
    if (bytes < 1 || bytes > 64 * 1024 * 1024) {
      throw new IllegalArgumentException("1 byte to 64 MiB, not " + bytes);
    }
    this.largestDelivery = bytes;
    return this;
  }

  /**
   * Has the runtime keep records of what is done with it: each call, poll and refusal, and each
   * change of a connection, a right or a policy. By default there are none.
   */
  public RuntimeBuilder audit(AuditSettings settings) {
    this.audit = Objects.requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Names connectors that no data policy may block, nor single operations of them, because work
   * depends on them. Where a policy blocks what it does not list, they are in Non-business.
   *
   * @throws IllegalArgumentException if one of them is no connector id
   */
  public RuntimeBuilder unblockable(String... connectors) {
    for (String connector : connectors) {
      unblockable.add(ConnectorId.of(connector));
    }
    return this;
  }

  /**
   * Refuses calls that belong to no flow, whatever the data policies say. By default such a call is
   * one person's single act: what is blocked is refused, and nothing can be mixed.
   */
  public RuntimeBuilder callsNeedFlow() {
    this.callsNeedFlow = true;
    return this;
  }

  /**
   * Tells {@code registry} of calls, HTTP exchanges, polls, deliveries and handlers, for metrics
   * and traces: {@code connector.call}, {@code connector.unwrapped}, {@code connector.http}, {@code
   * connector.poll}, {@code connector.delivery} and {@code connector.handling}. Names and values of
   * metrics are few: connector, operation, method and outcome. With a tracer among its handlers,
   * requests tell the service which trace they belong to (W3C Trace Context); nothing else that a
   * tracer sends along, such as baggage, leaves. By default nobody is told, and {@code
   * io.micrometer:micrometer-observation} need not be there.
   */
  public RuntimeBuilder observations(ObservationRegistry registry) {
    this.observations = new MicrometerObservations(Objects.requireNonNull(registry, "registry"));
    return this;
  }

  /** Adds a listener. */
  public RuntimeBuilder listener(ConnectorListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Returns the runtime.
   *
   * @throws IllegalArgumentException if two connectors have the same id in an environment, a custom
   *     connector has the id of a public one, a client is registered for a connector or an auth
   *     option that is not there, or has a redirect URI or a webhook secret that cannot be used
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if the store was written with keys
   *     that the cipher does not have
   * @throws IllegalStateException if another runtime uses the file of {@link AuditSettings}
   * @throws java.io.UncheckedIOException if that file cannot be written
   */
  public ConnectorRuntime build() {
    ConnectorRuntime runtime = stopped();
    if (!handlers.isEmpty() && !triggersByHand) {
      runtime.triggerModule().start();
    }
    return runtime;
  }

  /** Returns the runtime before it polls by itself. */
  ConnectorRuntime stopped() {
    return new ConnectorRuntime(
        this, Plugins.gather(connectors, providers, classLoaders, allowedPlugins, authStrategies));
  }

  ConnectorStore store() {
    ConnectorStore chosen = store;
    return chosen == null ? new InMemoryStore(clock) : chosen;
  }

  /**
   * Returns whether nothing can have been written to the store before, so that no key can be wrong.
   * What the JVM cannot encrypt then shows when the first secret is stored.
   */
  boolean isStoreNew() {
    return store == null;
  }

  SecretCipher cipher() {
    SecretCipher chosen = cipher;
    return chosen == null ? KeyRing.random() : chosen;
  }

  Map<ClientKey, ClientRegistration> clients() {
    return clients;
  }

  @Nullable String clientName() {
    return clientName;
  }

  List<String> hostOrigins() {
    return hostOrigins;
  }

  List<ConnectorListener> listeners() {
    return listeners;
  }

  Transport transport(JsonMapper mapper, EventHub events) {
    var settings =
        new HttpSettings(httpClient, addressPolicy, limits, tokenLimits, userAgent, temporaryFiles);
    return new Transport(settings, mapper, clock, random(), sleeper, events, observations);
  }

  /** Follows a clock of the host's own; the system's may be set while something is measured. */
  LongSupplier ticker() {
    return clock.equals(Clock.system(clock.getZone()))
        ? () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())
        : clock::millis;
  }

  Set<ConnectorId> attendedOnly(Registry registry) {
    return registered(attendedOnly, registry, "is for attended runs only");
  }

  private Set<ConnectorId> registered(Set<ConnectorId> named, Registry registry, String what) {
    for (ConnectorId id : named) {
      if (storedDefinitions == null && registry.isUnknown(id)) {
        throw new IllegalArgumentException(
            "Connector '" + id + "', which " + what + ", is not registered");
      }
    }
    return named;
  }

  HostFlows hostFlows() {
    return new HostFlows(flows);
  }

  PrivilegedAccounts privilegedAccounts(Registry registry) {
    return new PrivilegedAccounts(
        registry, privileged, registered(sensitive, registry, "is sensitive"));
  }

  /** Returns the definitions that are registered while the runtime runs, if any may be. */
  @Nullable StoredDefinitions storedDefinitions(DefinitionStore store, Connectors fixed) {
    Function<ConnectorId, LoadOptions> options = storedDefinitions;
    return options == null ? null : new StoredDefinitions(store, fixed, options, clock, freshness);
  }

  @Nullable Memberships memberships() {
    return memberships;
  }

  Auditor auditor(ConnectorStore store, JsonMapper mapper) {
    AuditSettings settings = audit;
    return settings == null
        ? Auditor.none(clock)
        : Auditor.of(
            settings, auditStore(store), mapper, clock, Long.toHexString(random().nextLong()));
  }

  /** Returns where records are, of this runtime or of others. */
  AuditStore auditStore(ConnectorStore store) {
    AuditSettings settings = audit;
    return settings == null ? store.audit() : settings.store().orElseGet(store::audit);
  }

  Clock clock() {
    return clock;
  }

  RandomGenerator random() {
    RandomGenerator chosen = random;
    return chosen == null ? new SecureRandom() : chosen;
  }

  KeepAlive.@Nullable Plan keepAlive() {
    return keepAlive;
  }

  Duration freshness() {
    return freshness;
  }

  GovernanceModule.Settings governance() {
    return new GovernanceModule.Settings(unblockable, callsNeedFlow, hostFlows());
  }

  TriggerModule.Settings triggers() {
    return new TriggerModule.Settings(
        Map.copyOf(handlers),
        flows,
        freshness,
        new TriggerModule.Webhooks(publicAddress, largestDelivery, longestRemoval));
  }

  boolean bindsFormerCredentials() {
    return bindsFormerCredentials;
  }
}

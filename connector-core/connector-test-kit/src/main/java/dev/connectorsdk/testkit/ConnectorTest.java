package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests a connector: gives each test a runtime in memory, a connection of the connector, a clock
 * that stands still, and a service on this machine to which every request of the connector leads.
 *
 * <pre>{@code
 * @RegisterExtension final ConnectorTest tasks = ConnectorTest.of(new TasksPlugin());
 *
 * @Test
 * void addsATaskThoughTheTokenHasExpired() {
 *   tasks.service().answerInTurn(post("/api/tasks"), unauthorized(), okJson(MILK));
 *
 *   assertThat(tasks.invoke(ADD_TASK, new NewTask("Milk"))).isEqualTo(new Task("7", "Milk"));
 *   assertThat(tasks.service().tokensIssued()).isEqualTo(2);
 * }
 * }</pre>
 *
 * <p>An extension of JUnit 5.14 or later, and of JUnit 6. What its methods without arguments return
 * belongs to the test that runs: each test gets them anew, and after it all is closed. For tests
 * that do not run at the same time in one instance of a test class, as is JUnit's default.
 */
public final class ConnectorTest
    implements BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver,
        TestExecutionExceptionHandler {

  private static final String HOOKS = "https://host.test/hooks";
  private static final String HANDLER = "watch";
  private static final Caller CALLER = Principal.user("ada").in("test");

  private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)\\]");

  private final List<Connector> connectors;
  private final List<AuthStrategy<?>> strategies;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<Consumer<RuntimeBuilder>> settings = new ArrayList<>();
  private @Nullable String authOption;
  private @Nullable Path recordings;
  private @Nullable RecordedNetwork recorded;
  private @Nullable Running running;

  /** What one test gets. */
  private record Running(
      TestService service,
      SettableClock clock,
      Supplier<ConnectorRuntime> anotherRuntime,
      ConnectorRuntime runtime,
      FirstSignIn signIn,
      KnownRegistrations registrations,
      List<Rig.Handled> handled,
      Connection connection) {}

  private ConnectorTest(List<Connector> connectors, List<AuthStrategy<?>> strategies) {
    if (connectors.isEmpty()) {
      throw new IllegalArgumentException("The plugin has no connector");
    }
    this.connectors = connectors;
    this.strategies = strategies;
  }

  /**
   * Tests a connector, written in code or loaded from a definition.
   *
   * @param connector the connector
   */
  public static ConnectorTest of(Connector connector) {
    return new ConnectorTest(List.of(connector), List.of());
  }

  /**
   * Tests the first connector of a plugin.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static ConnectorTest of(ConnectorProvider plugin) {
    return new ConnectorTest(
        List.copyOf(plugin.connectors()), List.copyOf(plugin.authStrategies()));
  }

  /**
   * Has the connection authenticate by this option; else by the first one of the connector.
   *
   * @param id of one of the connector's auth options
   */
  public ConnectorTest authenticatingBy(String id) {
    this.authOption = Objects.requireNonNull(id, "id");
    return this;
  }

  /**
   * Gives a parameter of the connection a value. Those that are required and get none have a
   * sample: the address of a service that does not exist where the base URL begins with the
   * parameter, the first choice, {@code test}, 1 or {@code true}; and secrets by chance.
   */
  public ConnectorTest with(String parameter, Object value) {
    values.put(parameter, value);
    return this;
  }

  /** Gives a secret parameter of the connection a value. */
  public ConnectorTest secret(String parameter, Secret value) {
    values.put(parameter, value);
    return this;
  }

  /**
   * Has the service answer as it has answered before: each test has a file in {@code folder}, named
   * after its class and method, with the number of the invocation if it has several. With the
   * system property {@code connectorsdk.record=true} requests go to the real service instead, and
   * the files of tests that succeed are written anew, without secrets: what the runtime holds, all
   * that is in members and parameters whose names say so, what is sent in headers of
   * authentication, and what has the shape of a token or key. What cannot be cleaned is not
   * written, and the test fails: all but JSON, also one in each line, forms, and plain text without
   * {@code =} and <code>{</code>.
   *
   * <p>A request belongs to a recorded one if both are the same without secrets; one that belongs
   * to none fails the test. {@link #service} gets no requests then.
   */
  public ConnectorTest recordedIn(Path folder) {
    this.recordings = Objects.requireNonNull(folder, "folder");
    return this;
  }

  /** Has a runtime that is set up further, before it is built. */
  public ConnectorTest configured(Consumer<RuntimeBuilder> setting) {
    settings.add(setting);
    return this;
  }

  /**
   * Returns the contract of the connector, with a connection like the one of the tests: the same
   * auth option, parameters and settings. Each call returns another one, outside of a test, too.
   *
   * @throws IllegalStateException if the plugin has several connectors
   */
  public ConnectorContract contract() {
    if (connectors.size() > 1) {
      throw new IllegalStateException(
          "The plugin has several connectors; name one: ConnectorContract.of(connector)");
    }
    ConnectorContract contract = ConnectorContract.of(connectors.get(0), strategies);
    if (authOption != null) {
      contract.authenticatingBy(authOption);
    }
    values.forEach(contract::with);
    settings.forEach(contract::configured);
    return contract;
  }

  /** Gives a test's parameter of the type {@link ConnectorContract} what {@link #contract} does. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == ConnectorContract.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return contract();
  }

  /**
   * Starts the service and the runtime, and makes the connection, without testing it. A user's
   * sign-in is done by asking for it and coming back with a code.
   */
  @Override
  public void beforeEach(ExtensionContext context) {
    FirstSignIn signIn = signIn();
    Path folder = recordings;
    recorded =
        folder == null
            ? null
            : RecordedNetwork.of(folder.resolve(fileOf(context)), secrets(signIn));
    TestService service = new TestService();
    service.start();
    try {
      running = start(service, signIn);
    } catch (RuntimeException e) {
      service.stop();
      throw e;
    }
  }

  /** Each invocation of a test that is repeated has a file of its own. */
  private static String fileOf(ExtensionContext context) {
    return context.getRequiredTestClass().getName()
        + "."
        + context.getRequiredTestMethod().getName()
        + INVOCATION
            .matcher(context.getUniqueId())
            .results()
            .map(one -> "." + one.group(1))
            .collect(Collectors.joining())
        + ".json";
  }

  private Running start(TestService service, FirstSignIn signIn) {
    SettableClock clock = new SettableClock();
    InMemoryStore store = new InMemoryStore(clock);
    KeyRing keys = KeyRing.random();
    KnownRegistrations registrations = new KnownRegistrations();
    List<Rig.Handled> handled = new CopyOnWriteArrayList<>();
    RecordedNetwork network = recorded;
    Supplier<ConnectorRuntime> runtimes =
        () -> {
          RuntimeBuilder builder =
              ConnectorRuntime.builder()
                  .connectors(connectors.stream().map(registrations::watch).toList())
                  .store(store, keys)
                  .addressPolicy(AddressPolicy.allowAll())
                  .httpClient(
                      network == null ? LocalNetwork.leadingTo(service.url()) : network.client())
                  .clock(clock)
                  .sleeper(clock)
                  .flows(FlowDirectory.of(flow()))
                  .publicAddress(HOOKS)
                  .triggersByHand()
                  .handler(
                      HANDLER, JsonNode.class, (payload, event) -> add(handled, event, payload));
          strategies.forEach(builder::authStrategy);
          signIn.register(builder);
          settings.forEach(setting -> setting.accept(builder));
          return builder.build();
        };
    ConnectorRuntime runtime = runtimes.get();
    try {
      Connection connection = signIn.connect(runtime, CALLER);
      runtime.references().bind(CALLER, embedded(), connection.id());
      return new Running(
          service, clock, runtimes, runtime, signIn, registrations, handled, connection);
    } catch (RuntimeException e) {
      runtime.close();
      throw e;
    }
  }

  private static void add(List<Rig.Handled> handled, HandledEvent event, JsonNode payload) {
    handled.add(new Rig.Handled(event.subscription(), event.id(), payload));
  }

  private ConnectionReference embedded() {
    return ConnectionReference.embedded("watch", connectors.get(0).id());
  }

  private Flow flow() {
    return Flow.of("test", CALLER.principal()).using(embedded());
  }

  Caller flowCaller() {
    return CALLER.running(flow());
  }

  KnownRegistrations.@Nullable Known registration(String trigger) {
    return running().registrations().of(trigger);
  }

  Map<String, Object> values() {
    return running().signIn().spec().values();
  }

  List<Rig.Handled> handled(String subscription) {
    return running().handled().stream()
        .filter(event -> event.subscription().equals(subscription))
        .toList();
  }

  private FirstSignIn signIn() {
    Connector connector = connectors.get(0);
    AuthOption option = FirstSignIn.option(connector, authOption);
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id()).untested();
    return new FirstSignIn(option, SampleValues.complete(spec, connector, option, values));
  }

  /** Closes the runtime, then the service. */
  @Override
  public void afterEach(ExtensionContext context) {
    Running now = running;
    running = null;
    if (now != null) {
      now.runtime().close();
      now.service().stop();
      RecordedNetwork network = recorded;
      if (network != null) {
        network.end(context.getExecutionException().isEmpty());
      }
    }
  }

  /** Says which requests have got no answer, if the test fails. */
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    Running now = running;
    throw now == null ? failure : now.service().explained(failure);
  }

  private static Set<String> secrets(FirstSignIn signIn) {
    Set<String> secrets = new HashSet<>();
    signIn.spec().values().values().stream()
        .filter(Secret.class::isInstance)
        .forEach(secret -> secrets.add(((Secret) secret).reveal()));
    secrets.add(signIn.clientSecret());
    return secrets;
  }

  private Running running() {
    if (running == null) {
      throw new IllegalStateException(
          "Only within a test, and with @RegisterExtension at the field");
    }
    return running;
  }

  /** Returns the service that gets the requests of the test. */
  public TestService service() {
    return running().service();
  }

  /**
   * Returns the clock of the runtime. It moves when a test moves it, and by the pauses of calls.
   */
  public SettableClock clock() {
    return running().clock();
  }

  /** Returns the runtime of the test. */
  public ConnectorRuntime runtime() {
    return running().runtime();
  }

  /** Returns the connection of the test as it is now. */
  public Connection connection() {
    Running now = running();
    return now.runtime().connections().get(CALLER, now.connection().id());
  }

  /** Returns who makes the calls of the test, and owns the connection. */
  public Caller caller() {
    return CALLER;
  }

  /**
   * Runs an action over the connection.
   *
   * @throws dev.connectorsdk.api.error.ConnectorException as {@link ConnectorRuntime#invoke(Caller,
   *     ConnectionReference, Action, Object)}
   */
  public <I, O> O invoke(Action<I, O> action, I input) {
    return runtime().invoke(CALLER, reference(), action, input);
  }

  /**
   * Runs an action by its id over the connection.
   *
   * @param input JSON, or what Jackson can turn into JSON, such as a map
   * @throws dev.connectorsdk.api.error.ConnectorException as {@link ConnectorRuntime#invoke(Caller,
   *     ConnectionReference, String, Object)}
   */
  public JsonNode invoke(String action, Object input) {
    return runtime().invoke(CALLER, reference(), action, input);
  }

  /**
   * Subscribes to a trigger: polls it a first time, or has it register its callback. What the
   * service answers to that is to be said before.
   *
   * @throws dev.connectorsdk.api.error.ConnectorException as {@link
   *     dev.connectorsdk.trigger.Triggers#subscribe}
   */
  public <C, E> TriggerWatch<E> watch(Trigger<C, E> trigger, C configuration) {
    JsonMapper mapper = JsonMapper.shared();
    JavaType type = mapper.constructType(trigger.event().type());
    return watch(trigger, (Object) configuration, payload -> mapper.convertValue(payload, type));
  }

  /**
   * Subscribes to a trigger by its id; see {@link #watch(Trigger, Object)}.
   *
   * @param configuration JSON, or what Jackson can turn into JSON, such as a map
   * @throws IllegalArgumentException if the connector has no such trigger
   */
  public TriggerWatch<JsonNode> watch(String trigger, Object configuration) {
    Trigger<?, ?> known =
        connectors
            .get(0)
            .trigger(trigger)
            .orElseThrow(
                () -> new IllegalArgumentException("The connector has no trigger " + trigger));
    return watch(known, configuration, payload -> payload);
  }

  private <E> TriggerWatch<E> watch(
      Trigger<?, ?> trigger, Object configuration, Function<JsonNode, E> reading) {
    SubscriptionSpec spec =
        SubscriptionSpec.of(embedded(), trigger.id(), configuration, HANDLER)
            .starting(
                trigger instanceof PollingTrigger<?, ?, ?> polling
                    ? SyntheticActions.start(polling)
                    : new PollingTrigger.Start.Now());
    Subscription made = runtime().triggers().subscribe(flowCaller(), spec);
    runtime().runDueTriggers();
    return new TriggerWatch<>(
        this, made, trigger instanceof WebhookTrigger<?, ?> webhook ? webhook : null, reading);
  }

  /** Closes the runtime, and goes on with another one on the same store, as after a restart. */
  public void restart() {
    Running now = running();
    now.runtime().close();
    running =
        new Running(
            now.service(),
            now.clock(),
            now.anotherRuntime(),
            now.anotherRuntime().get(),
            now.signIn(),
            now.registrations(),
            now.handled(),
            now.connection());
  }

  private ConnectionReference reference() {
    return ConnectionReference.invoker("test", connectors.get(0).id().value());
  }
}

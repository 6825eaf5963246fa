package dev.connectorsdk.internal.invocation;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.ConnectorEvent.CallEnded;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.cache.ChangeCount;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.invocation.AllowedCalls.AllowedCall;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.reference.ForeignFailures;
import dev.connectorsdk.internal.reference.Resolver;
import dev.connectorsdk.internal.schema.InputValidator;
import dev.connectorsdk.internal.schema.ReadsInputOnly;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.invocation.CallOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs actions: resolve, validate, execute, record. Safe for several threads. */
public final class Invoker {

  private static final Logger log = LoggerFactory.getLogger(Invoker.class);

  private final Registry registry;
  private final Resolver resolver;
  private final Schemas schemas;
  private final Transport transport;
  private final JsonMapper mapper;
  private final UsedKeys usedKeys;
  private final EventHub events;
  private final Auditor auditor;
  private final PolicyGate policies;
  private final Clock clock;
  private final CallBudgets budgets;
  private final ChangeCount changes;
  private final AllowedCalls allowed;

  /**
   * For the runtime.
   *
   * @param changes counts what is changed of what calls depend on
   */
  public Invoker(
      Registry registry,
      Resolver resolver,
      Schemas schemas,
      RuntimeServices services,
      JsonMapper mapper,
      EventHub events,
      ChangeCount changes) {
    this.registry = registry;
    this.resolver = resolver;
    this.schemas = schemas;
    this.transport = services.transport();
    this.mapper = mapper;
    this.usedKeys = new UsedKeys(mapper);
    this.events = events;
    this.auditor = services.auditor();
    this.policies = services.policies();
    this.clock = services.clock();
    this.budgets = new CallBudgets(clock, services.random(), transport.limits().callTimeout());
    this.changes = changes;
    this.allowed = new AllowedCalls(changes);
  }

  /** Drops the connections of earlier calls, because something of one of them is gone. */
  public void forgetConnections() {
    allowed.forget();
  }

  /** Runs an action with an input of its own type. */
  public <I, O> O invoke(
      Action<I, O> action,
      I input,
      Caller caller,
      ConnectionReference reference,
      CallOptions options) {
    return run(null, caller, reference, action, options, input, false);
  }

  /**
   * Runs an action by its id, with an output as JSON.
   *
   * @param input JSON, or what can be turned into JSON
   */
  public JsonNode invoke(
      String actionId,
      Object input,
      Caller caller,
      ConnectionReference reference,
      CallOptions options) {
    JsonNode json = json(actionId, input);
    Action<?, ?> action = action(caller, reference, actionId);
    return json(action, invokeJson(null, caller, reference, action, json, options));
  }

  /** Returns an operation's input as JSON. */
  JsonNode json(String operation, Object input) {
    try {
      return input instanceof JsonNode node ? node : mapper.valueToTree(input);
    } catch (JacksonException e) {
      throw new InvalidInputException(operation, "", "cannot be written as JSON");
    } catch (StackOverflowError e) {
      throw new InvalidInputException(operation, "", "holds itself, or is nested too deep");
    }
  }

  /** Runs an action on a connection that was found for the caller and reference just now. */
  JsonNode invokeOn(
      OpenConnection connection,
      Caller caller,
      ConnectionReference reference,
      String actionId,
      JsonNode input) {
    Action<?, ?> action = action(caller, reference, actionId);
    return json(
        action, invokeJson(connection, caller, reference, action, input, CallOptions.standard()));
  }

  private JsonNode json(Action<?, ?> action, Object output) {
    if (output instanceof JsonNode json) {
      return json;
    }
    try {
      return mapper.valueToTree(output);
    } catch (JacksonException e) {
      throw new ActionFailedException(
          "Action '"
              + action.id()
              + "' returned what cannot be written as JSON: "
              + action.output());
    }
  }

  private <I, O> O invokeJson(
      @Nullable OpenConnection connection,
      Caller caller,
      ConnectionReference reference,
      Action<I, O> action,
      JsonNode input,
      CallOptions options) {
    return run(connection, caller, reference, action, options, input, true);
  }

  @SuppressWarnings("unchecked") // The validator refuses what is of another type.
  private static <I> I checked(InputValidator<?> validator, Action<I, ?> action, Object input) {
    validator.checkTyped(action.id(), input);
    return (I) input;
  }

  @SuppressWarnings(
      "unchecked") // Whoever only reads JSON takes JSON; the validator is the action's.
  private static <I> I read(InputValidator<?> validator, Action<I, ?> action, JsonNode input) {
    if (action instanceof ReadsInputOnly) {
      validator.check(action.id(), input);
      return (I) input;
    }
    return (I) validator.read(action.id(), input);
  }

  private Action<?, ?> action(Caller caller, ConnectionReference reference, String id) {
    Connector connector = registry.connector(caller.environment(), reference.connector());
    Optional<Action<?, ?>> action = connector.action(id);
    if (action.isEmpty()) {
      throw new NotFoundException(
          "action",
          id,
          "Connector '"
              + connector.id()
              + "' offers "
              + connector.actions().stream().map(Action::id).limit(50).toList()
              + ".");
    }
    return action.get();
  }

  /**
   * A call goes to the connector that the reference names in the caller's environment, so the
   * action must be one of its own.
   */
  private void requireRegistered(
      Caller caller, ConnectionReference reference, Action<?, ?> action) {
    Action<?, ?> registered = action(caller, reference, action.id());
    if (registered != action && !registered.equals(action)) {
      throw new IllegalArgumentException(
          "Action '"
              + action.id()
              + "' is not the one that connector '"
              + reference.connector()
              + "' was registered with");
    }
  }

  /**
   * Runs an action.
   *
   * @param isJson whether the input is JSON to be read, else it is of the action's own type
   */
  private <I, O> O run(
      @Nullable OpenConnection found,
      Caller caller,
      ConnectionReference reference,
      Action<I, O> action,
      CallOptions options,
      Object input,
      boolean isJson) {
    AllowedCall known = found == null ? allowed.find(caller, reference, action) : null;
    if (known == null && !isJson) {
      requireRegistered(caller, reference, action);
    }
    Auditor.Call audited = auditor.begin(caller, reference, action.id(), action.effect());
    Observations.Running observed =
        transport
            .observations()
            .begin(Observations.What.CALL, caller, reference.connector(), action.id());
    Instant began = events.isQuiet() ? Instant.EPOCH : clock.instant();
    var call = new ActionCall(transport, budgets, options, caller, action);
    UsedKeys.Use noted = null;
    try {
      long now = clock.millis();
      OpenConnection connection;
      InputValidator<?> validator;
      if (known != null && known.holds(now, changes.get())) {
        connection = known.connection();
        validator = known.validator();
        call.use(connection);
      } else {
        long seen = changes.get();
        Moment at = new Moment(clock);
        requirePermitted(found, caller, reference, action, at);
        connection = found == null ? resolver.resolve(caller, reference, at) : found;
        call.use(connection);
        resolver.requireOperation(caller, reference, action.id(), at);
        requireScopes(connection, action);
        validator = schemas.validatorFor(action.input());
        now = at.millis();
        if (found == null && !registry.isReplaceable(caller.environment(), reference.connector())) {
          allowed.add(
              new AllowedCall(
                  caller, reference, action, connection, validator, seen, now, at.end()));
        }
      }
      I checked =
          isJson ? read(validator, action, (JsonNode) input) : checked(validator, action, input);
      noted = requireSameInput(connection, action, options, checked);
      call.begin(now);
      connection.requireOwn(action);
      O output = action.execute(checked, call);
      if (output == null) {
        throw new ActionFailedException("Action '" + action.id() + "' returned null");
      }
      observed.end(null);
      auditor.end(audited, connection.view(), null);
      record(began, caller, reference, connection, action, call.spent(), null);
      return output;
    } catch (Exception | LinkageError | StackOverflowError e) {
      // Nothing here gets the call itself, so that a call that goes well need not be an object.
      OpenConnection connection = call.found();
      CallBudget spent = call.spent();
      boolean isUnderWay = call.isUnderWay();
      long start = call.began();
      ConnectorException failure = Failures.from(e, "Action '" + action.id() + "'");
      if (noted != null && (spent == null || spent.exchanges() == 0)) {
        usedKeys.forget(noted);
      }
      observed.end(failure);
      auditor.end(audited, connection == null ? null : connection.view(), failure);
      record(began, caller, reference, connection, action, spent, failure);
      ConnectorException followed =
          connection == null || !isUnderWay
              ? failure
              : connection.followed(failure, caller, budgets.left(options, start));
      throw ForeignFailures.told(followed, caller, reference, connection);
    }
  }

  /** What fills in a form is no call that a flow declares. */
  private void requirePermitted(
      @Nullable OpenConnection found,
      Caller caller,
      ConnectionReference reference,
      Action<?, ?> action,
      Moment at) {
    if (found == null) {
      policies.requireCall(caller, reference, action.id(), at);
    } else {
      policies.requireAct(caller, reference.connector(), action.id());
      at.renew(); // The policies may have been waited for.
    }
  }

  /** Where nobody knows what was granted, the service decides. */
  private static void requireScopes(OpenConnection connection, Action<?, ?> action) {
    Set<String> required = action.requiredScopes();
    List<String> granted = connection.view().grantedScopes();
    if (!required.isEmpty() && !granted.isEmpty() && !granted.containsAll(required)) {
      Set<String> missing = new TreeSet<>(required);
      granted.forEach(missing::remove);
      throw new AuthenticationException(
          connection.id(),
          AuthenticationException.Reason.INSUFFICIENT_SCOPE,
          "action '" + action.id() + "' needs scopes that were not granted: " + missing);
    }
  }

  /** Only keys of callers can come twice. */
  private UsedKeys.@Nullable Use requireSameInput(
      OpenConnection connection, Action<?, ?> action, CallOptions options, Object input) {
    String key = options.idempotencyKey();
    return key == null || action.idempotencyHeader().isEmpty()
        ? null
        : usedKeys.use(connection.id(), action.id(), key, input);
  }

  private void record(
      Instant began,
      Caller caller,
      ConnectionReference reference,
      @Nullable OpenConnection connection,
      Action<?, ?> action,
      @Nullable CallBudget budget,
      @Nullable ConnectorException failure) {
    String error = failure == null ? null : failure.getClass().getSimpleName();
    ConnectionId id = connection == null ? null : connection.id();
    if (log.isDebugEnabled()) {
      log.debug(
          "{} by {} on connection {}: {}", action.id(), caller, id, error == null ? "done" : error);
    }
    if (!events.isQuiet()) {
      Instant now = clock.instant();
      int exchanges = budget == null ? 0 : budget.exchanges();
      Duration took = Duration.between(began, now);
      events.publish(
          new CallEnded(now, caller, reference, id, action.id(), exchanges, took, error));
    }
  }
}

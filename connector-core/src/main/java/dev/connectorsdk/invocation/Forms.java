package dev.connectorsdk.invocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.Failures;
import dev.connectorsdk.connection.OpenConnection;
import dev.connectorsdk.connection.Registry;
import dev.connectorsdk.reference.Resolver;
import dev.connectorsdk.schema.Schemas;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Helps people to fill in the input of an action or the configuration of a trigger, on the
 * connection that they will use.
 *
 * <pre>{@code
 * Choices projects = runtime.forms().choices(ada, reference, "AddTask", "body/project", inputs);
 * FormSchema input = runtime.forms().input(ada, reference, "AddTask", inputs);
 * }</pre>
 *
 * <p>Inputs so far are an object as the operation takes it, incomplete: JSON, or anything that
 * Jackson can turn into it. The service is asked through actions of the connector, which are calls
 * like any other: they are resolved, authorised, limited and reported to listeners. Nothing is
 * asked while an input is missing on which the question depends. Answers are remembered for a
 * minute, for one connection and version of it and one input.
 *
 * <p>All methods block, are safe for use by several threads, and throw what a call of an action
 * throws, and {@link NotFoundException} if there is no such operation or input.
 *
 * <p>Not done: long lists are what the service returns at once, without paging or search.
 */
public final class Forms {

  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final long MAX_CHARACTERS = 16_000_000;

  private final Registry registry;
  private final Resolver resolver;
  private final Invoker invoker;
  private final Schemas schemas;
  private final JsonMapper mapper;
  private final Cache<Asked, JsonNode> answers;

  private record Asked(
      Environment environment,
      ConnectionId connection,
      long version,
      String action,
      JsonNode input) {}

  private record Described(
      String id, Shape<?> input, Shape<?> output, Optional<Form> form, OpenConnection connection) {}

  /** For the runtime. */
  public Forms(
      Registry registry,
      Resolver resolver,
      Invoker invoker,
      Schemas schemas,
      JsonMapper mapper,
      Clock clock) {
    this.registry = registry;
    this.resolver = resolver;
    this.invoker = invoker;
    this.schemas = schemas;
    this.mapper = mapper;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(MAX_CHARACTERS)
            .weigher((Asked asked, JsonNode answer) -> answer.toString().length())
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /**
   * Returns what may be chosen for an input.
   *
   * @param operation the id of an action or trigger of the reference's connector
   * @param path the input, such as {@code project} or {@code body/address/city}
   * @param inputs what was filled in so far
   */
  public Choices choices(
      Caller caller, ConnectionReference reference, String operation, String path, Object inputs) {
    return choices(caller, reference, operation, path, inputs, null);
  }

  /**
   * Returns what may be chosen below a choice of a tree.
   *
   * @param parent a choice that {@link Choice#isParent}; the one that was returned, unchanged
   */
  public Choices choicesBelow(
      Caller caller,
      ConnectionReference reference,
      String operation,
      String path,
      Object inputs,
      Choice parent) {
    return choices(
        caller, reference, operation, path, inputs, Objects.requireNonNull(parent, "parent"));
  }

  private Choices choices(
      Caller caller,
      ConnectionReference reference,
      String operation,
      String path,
      Object inputs,
      @Nullable Choice parent) {
    Described described = describe(caller, reference, operation);
    if (described.form().isEmpty()) {
      return Choices.none();
    }
    JsonNode given = json(operation, inputs);
    return guarded(
        operation,
        () ->
            described
                .form()
                .get()
                .choices(path, given, parent, calls(caller, reference, described.connection())));
  }

  /** Returns what the input of an action or the configuration of a trigger looks like. */
  public FormSchema input(
      Caller caller, ConnectionReference reference, String operation, Object inputs) {
    Described described = describe(caller, reference, operation);
    if (described.form().isEmpty()) {
      return FormSchema.of(schemas.schemaOf(described.input()));
    }
    JsonNode given = json(operation, inputs);
    return guarded(
        operation,
        () ->
            described.form().get().input(given, calls(caller, reference, described.connection())));
  }

  /** Returns what the output of an action or the event of a trigger looks like. */
  public FormSchema output(
      Caller caller, ConnectionReference reference, String operation, Object inputs) {
    Described described = describe(caller, reference, operation);
    if (described.form().isEmpty()) {
      return FormSchema.of(schemas.schemaOf(described.output()));
    }
    JsonNode given = json(operation, inputs);
    return guarded(
        operation,
        () ->
            described.form().get().output(given, calls(caller, reference, described.connection())));
  }

  /** Has the service asked again for everything about the connection behind a reference. */
  public void refresh(Caller caller, ConnectionReference reference) {
    ConnectionId id = resolver.resolve(caller, reference).id();
    answers.asMap().keySet().removeIf(asked -> asked.connection().equals(id));
  }

  private Described describe(Caller caller, ConnectionReference reference, String id) {
    Connector connector = registry.connector(reference.connector());
    Optional<Action<?, ?>> action = connector.action(id);
    if (action.isPresent()) {
      Action<?, ?> a = action.get();
      return new Described(
          id, a.input(), a.output(), a.form(), resolver.resolve(caller, reference));
    }
    for (Trigger<?, ?> t : connector.triggers()) {
      if (t.id().equals(id)) {
        return new Described(
            id, t.configuration(), t.event(), t.form(), resolver.resolve(caller, reference));
      }
    }
    throw new NotFoundException(
        "operation", id, "Connector '" + connector.id() + "' has no action or trigger of that id.");
  }

  private Form.Calls calls(
      Caller caller, ConnectionReference reference, OpenConnection connection) {
    return (action, input) -> {
      Asked asked =
          new Asked(
              connection.view().environment(),
              connection.id(),
              connection.view().version(),
              action,
              input.deepCopy());
      JsonNode answer = answers.getIfPresent(asked);
      if (answer == null) {
        answer = invoker.invokeOn(connection, caller, reference, action, input);
        answers.put(asked, answer);
      }
      return answer.deepCopy();
    };
  }

  private interface Question<T> {
    T ask() throws Exception;
  }

  private static <T> T guarded(String operation, Question<T> question) {
    try {
      return question.ask();
    } catch (Exception e) {
      throw Failures.from(e, "The form of '" + operation + "'");
    }
  }

  private JsonNode json(String operation, Object inputs) {
    try {
      return inputs instanceof JsonNode node ? node : mapper.valueToTree(inputs);
    } catch (JacksonException e) {
      throw new InvalidInputException(
          operation, List.of(new InvalidInputException.Fault("", "cannot be written as JSON")));
    }
  }
}

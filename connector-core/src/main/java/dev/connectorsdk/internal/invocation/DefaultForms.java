package dev.connectorsdk.internal.invocation;

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
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.reference.Resolver;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.invocation.Forms;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Asks a service for choices and schemas through actions of its connector, and remembers the
 * answers.
 */
public final class DefaultForms implements Forms {

  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final long MAX_CHARACTERS = 16_000_000;

  private final Registry registry;
  private final Resolver resolver;
  private final Invoker invoker;
  private final Schemas schemas;
  private final Auditor auditor;
  private final Cache<Asked, JsonNode> answers;

  private record Asked(
      Environment environment,
      ConnectionId connection,
      long version,
      String action,
      JsonNode input) {}

  private record Described(
      String id, Shape<?> input, Shape<?> output, Optional<Form> form, OpenConnection connection) {}

  public DefaultForms(
      Registry registry,
      Resolver resolver,
      Invoker invoker,
      Schemas schemas,
      RuntimeServices services) {
    Clock clock = services.clock();
    this.auditor = services.auditor();
    this.registry = registry;
    this.resolver = resolver;
    this.invoker = invoker;
    this.schemas = schemas;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(MAX_CHARACTERS)
            .weigher((Asked asked, JsonNode answer) -> answer.toString().length())
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Choices choices(
      Caller caller, ConnectionReference reference, String operation, String path, Object inputs) {
    return choices(caller, reference, operation, path, inputs, null);
  }

  @Override
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
    return ask(
        new Asking(caller, reference, operation, inputs),
        described -> Choices.none(),
        (form, given, calls) -> form.choices(path, given, parent, calls));
  }

  @Override
  public FormSchema input(
      Caller caller, ConnectionReference reference, String operation, Object inputs) {
    return ask(
        new Asking(caller, reference, operation, inputs),
        described -> FormSchema.of(schemas.schemaOf(described.input())),
        Form::input);
  }

  @Override
  public FormSchema output(
      Caller caller, ConnectionReference reference, String operation, Object inputs) {
    return ask(
        new Asking(caller, reference, operation, inputs),
        described -> FormSchema.of(schemas.schemaOf(described.output())),
        Form::output);
  }

  private record Asking(
      Caller caller, ConnectionReference reference, String operation, Object inputs) {}

  private interface Question<T> {
    T ask(Form form, JsonNode given, Form.Calls calls) throws Exception;
  }

  /**
   * @param without what to answer for an operation without a form
   */
  private <T> T ask(Asking asking, Function<Described, T> without, Question<T> question) {
    Described described = describe(asking.caller(), asking.reference(), asking.operation());
    if (described.form().isEmpty()) {
      return without.apply(described);
    }
    JsonNode given = invoker.json(asking.operation(), asking.inputs());
    Form.Calls calls = calls(asking.caller(), asking.reference(), described.connection());
    try {
      return question.ask(described.form().get(), given, calls);
    } catch (Exception e) {
      throw Failures.from(e, "The form of '" + asking.operation() + "'");
    }
  }

  @Override
  public void refresh(Caller caller, ConnectionReference reference) {
    ConnectionId id = resolve(caller, reference, "form").id();
    answers.asMap().keySet().removeIf(asked -> asked.connection().equals(id));
  }

  private Described describe(Caller caller, ConnectionReference reference, String id) {
    Connector connector = registry.connector(caller.environment(), reference.connector());
    Optional<Action<?, ?>> action = connector.action(id);
    if (action.isPresent()) {
      Action<?, ?> a = action.get();
      OpenConnection connection = resolve(caller, reference, id);
      return new Described(id, a.input(), a.output(), a.form(), connection);
    }
    Trigger<?, ?> t = connector.trigger(id).orElseThrow(() -> unknown(id, connector));
    OpenConnection connection = resolve(caller, reference, id);
    return new Described(id, t.configuration(), t.event(), t.form(), connection);
  }

  private OpenConnection resolve(Caller caller, ConnectionReference reference, String operation) {
    return auditor.attempt(
        Attempt.toUse(caller, reference, operation), () -> resolver.resolve(caller, reference));
  }

  private static NotFoundException unknown(String id, Connector connector) {
    return new NotFoundException(
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
}

package dev.connectorsdk.api;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One operation that a caller runs: typed input, typed output, and an effect.
 *
 * <p>An action is shared by all connections and threads and keeps no state.
 *
 * <pre>{@code
 * static final Action<City, Forecast> FORECAST =
 *     Action.builder("getForecast", Effect.READ, City.class, Forecast.class)
 *         .titled("Get forecast")
 *         .run((city, call) -> call.http().get("/forecast/{city}", city.name()).fetch(Forecast.class));
 * }</pre>
 *
 * @param <I> the input
 * @param <O> the output
 */
public interface Action<I, O> {

  /** Returns the id, unique among the actions of its connector. */
  String id();

  /** Returns the name that people read. */
  String title();

  /** Returns what the action does, for people and for agents; empty if the author did not say. */
  String description();

  /** Returns what running it does at the service. */
  Effect effect();

  /** Returns what the input looks like. */
  Shape<I> input();

  /** Returns what the output looks like. */
  Shape<O> output();

  /**
   * Returns the header in which the service accepts an idempotency key. A call of an action with
   * such a header may be repeated even if its outcome is unknown.
   */
  default Optional<String> idempotencyHeader() {
    return Optional.empty();
  }

  /**
   * Returns the OAuth scopes without which the service would refuse the action. A call on a
   * connection that is known to lack one fails before anything is sent.
   */
  default Set<String> requiredScopes() {
    return Set.of();
  }

  /**
   * Returns whether an agent should ask a person before each call. The runtime does not ask; what
   * cannot be undone is always to be confirmed unless the author says otherwise.
   */
  default boolean needsConfirmation() {
    return effect() == Effect.DESTRUCTIVE;
  }

  /** Returns whether new work should not use the action any more. It still runs. */
  default boolean isDeprecated() {
    return false;
  }

  /** Returns whether the action is a helper that people are not offered. It still runs. */
  default boolean isInternal() {
    return false;
  }

  /** Returns what helps people to fill in the input, if the schema alone is not enough. */
  default Optional<Form> form() {
    return Optional.empty();
  }

  /**
   * Does the work. Called by the runtime after the input was validated, on the caller's thread, for
   * several connections at once.
   *
   * @param input valid for {@link #input}
   * @param context lent until this method returns
   * @return the output; never {@code null}
   * @throws Exception a {@link dev.connectorsdk.api.error.ConnectorException} reaches the caller as
   *     it is, an {@link java.io.IOException} as a transport failure, anything else as a failed
   *     action; an {@link InterruptedException} as a cancelled call with the interrupt flag set
   */
  O execute(I input, ActionContext context) throws Exception;

  /** Starts an action whose input and output are records or other types that Jackson maps. */
  static <I, O> Builder<I, O> builder(String id, Effect effect, Class<I> input, Class<O> output) {
    return new Builder<>(id, effect, Shape.of(input), Shape.of(output));
  }

  /** Starts an action with any shapes, such as {@link Shape#listOf} as the output. */
  static <I, O> Builder<I, O> builder(String id, Effect effect, Shape<I> input, Shape<O> output) {
    return new Builder<>(id, effect, input, output);
  }

  /** Starts a dynamic action, whose input and output are JSON described by given schemas. */
  static Builder<JsonNode, JsonNode> dynamic(
      String id, Effect effect, JsonNode inputSchema, JsonNode outputSchema) {
    return new Builder<>(id, effect, Shape.json(inputSchema), Shape.json(outputSchema));
  }

  /**
   * The code of an action.
   *
   * @param <I> the input
   * @param <O> the output
   */
  @FunctionalInterface
  interface Handler<I, O> {

    /** Does the work; see {@link Action#execute}. */
    O execute(I input, ActionContext context) throws Exception;
  }

  /**
   * Collects the parts of an action. Not safe for use by several threads.
   *
   * @param <I> the input
   * @param <O> the output
   */
  final class Builder<I, O> {

    private final String id;
    private final Effect effect;
    private final Shape<I> input;
    private final Shape<O> output;
    private String title;
    private String description = "";
    private @Nullable String idempotencyHeader;
    private Set<String> requiredScopes = Set.of();
    private boolean deprecated;
    private boolean internal;

    private Builder(String id, Effect effect, Shape<I> input, Shape<O> output) {
      Names.require("Action id", id);
      this.id = id;
      this.effect = Objects.requireNonNull(effect, "effect");
      this.input = Objects.requireNonNull(input, "input");
      this.output = Objects.requireNonNull(output, "output");
      this.title = id;
    }

    /** Sets the name that people read. The default is the id. */
    public Builder<I, O> titled(String title) {
      this.title = Objects.requireNonNull(title, "title");
      return this;
    }

    /** Sets what the action does, in a few sentences. */
    public Builder<I, O> described(String description) {
      this.description = Objects.requireNonNull(description, "description");
      return this;
    }

    /** Says in which header the service accepts an idempotency key. */
    public Builder<I, O> idempotencyHeader(String header) {
      this.idempotencyHeader = Objects.requireNonNull(header, "header");
      return this;
    }

    /** Says which OAuth scopes the action needs, all of them. */
    public Builder<I, O> needingScopes(String... scopes) {
      this.requiredScopes = Set.of(scopes);
      return this;
    }

    /** Says that new work should not use the action any more. */
    public Builder<I, O> deprecated() {
      this.deprecated = true;
      return this;
    }

    /** Says that the action is a helper that people are not offered. */
    public Builder<I, O> internal() {
      this.internal = true;
      return this;
    }

    /** Returns the action that runs {@code handler}. */
    public Action<I, O> run(Handler<I, O> handler) {
      return new BuiltAction<>(
          id,
          title,
          description,
          effect,
          input,
          output,
          Optional.ofNullable(idempotencyHeader),
          requiredScopes,
          deprecated,
          internal,
          Objects.requireNonNull(handler, "handler"));
    }
  }
}

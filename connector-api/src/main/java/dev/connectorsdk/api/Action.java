package dev.connectorsdk.api;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
 *
 * static final Action<City, Nothing> FORGET =
 *     Action.builder("forgetCity", Effect.DESTRUCTIVE, City.class)
 *         .titled("Forget a city")
 *         .run((city, call) -> call.http().delete("/cities/{city}", city.name()).send());
 * }</pre>
 *
 * @param <I> the input
 * @param <O> the output
 */
public non-sealed interface Action<I, O> extends ConnectorOperation {

  /** Returns what running the action does at the service. */
  Effect effect();

  /** Returns what the input looks like. */
  Shape<I> input();

  /** Returns what the output looks like. */
  Shape<O> output();

  /**
   * Returns the header in which the service accepts an idempotency key; empty if there is none. The
   * runtime may repeat a call of an action with such a header even if its outcome is unknown.
   */
  default Optional<String> idempotencyHeader() {
    return Optional.empty();
  }

  /**
   * Returns the OAuth scopes that the service requires for the action. A call on a connection that
   * is known to lack one of them fails before anything is sent.
   */
  default Set<String> requiredScopes() {
    return Set.of();
  }

  /**
   * Returns whether an agent should ask a person before each call; by default, whether the action
   * is {@linkplain Effect#DESTRUCTIVE destructive}. The runtime itself asks nobody.
   */
  default boolean needsConfirmation() {
    return effect() == Effect.DESTRUCTIVE;
  }

  /**
   * Does the work. Called by the runtime after the input was validated, on the caller's thread, for
   * several connections at once.
   *
   * @param input valid for {@link #input}
   * @param context valid until this method returns
   * @return the output; never {@code null}
   * @throws Exception the caller gets a {@link dev.connectorsdk.api.error.ConnectorException} as it
   *     is, an {@link java.io.IOException} as a {@code TransportException}, an {@link
   *     InterruptedException} as a {@code CallCancelledException} with the interrupt flag set, and
   *     anything else as an {@code ActionFailedException}
   */
  O execute(I input, ActionContext context) throws Exception;

  /** Starts an action whose input and output are records or other types that Jackson maps. */
  static <I, O> Builder<I, O, Handler<I, O>> builder(
      String id, Effect effect, Class<I> input, Class<O> output) {
    return builder(id, effect, Shape.of(input), Shape.of(output));
  }

  /** Starts an action with any shapes, such as {@link Shape#listOf} as the output. */
  static <I, O> Builder<I, O, Handler<I, O>> builder(
      String id, Effect effect, Shape<I> input, Shape<O> output) {
    return new Builder<>(id, effect, input, output, handler -> handler);
  }

  /** Starts an action without output: callers get {@link Nothing}. */
  static <I> Builder<I, Nothing, Procedure<I>> builder(String id, Effect effect, Class<I> input) {
    return builder(id, effect, Shape.of(input));
  }

  /** Starts an action with an input of any shape and without output. */
  static <I> Builder<I, Nothing, Procedure<I>> builder(String id, Effect effect, Shape<I> input) {
    return new Builder<>(
        id,
        effect,
        input,
        Shape.of(Nothing.class),
        procedure ->
            (given, context) -> {
              procedure.execute(given, context);
              return Nothing.NOTHING;
            });
  }

  /** Starts a dynamic action, whose input and output are JSON described by given schemas. */
  static Builder<JsonNode, JsonNode, Handler<JsonNode, JsonNode>> dynamic(
      String id, Effect effect, JsonNode inputSchema, JsonNode outputSchema) {
    return builder(id, effect, Shape.json(inputSchema), Shape.json(outputSchema));
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
   * The code of an action without output.
   *
   * @param <I> the input
   */
  @FunctionalInterface
  interface Procedure<I> {

    /** Does the work; see {@link Action#execute}. */
    void execute(I input, ActionContext context) throws Exception;
  }

  /**
   * Collects the parts of an action. Not safe for use by several threads.
   *
   * @param <I> the input
   * @param <O> the output
   * @param <H> the code: a {@link Handler}, or a {@link Procedure} if there is no output
   */
  final class Builder<I, O, H> extends OperationBuilder<Builder<I, O, H>> {

    final Effect effect;
    final Shape<I> input;
    final Shape<O> output;
    @Nullable String idempotencyHeader;
    Set<String> requiredScopes = Set.of();
    @Nullable Boolean confirmation;
    private final Function<H, Handler<I, O>> handling;

    private Builder(
        String id,
        Effect effect,
        Shape<I> input,
        Shape<O> output,
        Function<H, Handler<I, O>> handling) {
      super("Action id", id);
      this.effect = Objects.requireNonNull(effect, "effect");
      this.input = Objects.requireNonNull(input, "input");
      this.output = Objects.requireNonNull(output, "output");
      this.handling = handling;
    }

    @Override
    Builder<I, O, H> self() {
      return this;
    }

    /** Sets the header in which the service accepts an idempotency key. */
    public Builder<I, O, H> idempotencyHeader(String header) {
      this.idempotencyHeader = Objects.requireNonNull(header, "header");
      return this;
    }

    /** Sets the OAuth scopes that the action needs, all of them. */
    public Builder<I, O, H> requiredScopes(String... scopes) {
      this.requiredScopes = Set.of(scopes);
      return this;
    }

    /**
     * Sets whether an agent should ask a person before each call. The default is {@code true} for a
     * destructive action and {@code false} for all others.
     */
    public Builder<I, O, H> needsConfirmation(boolean needed) {
      this.confirmation = needed;
      return this;
    }

    /** Returns the action that runs {@code code}. */
    public Action<I, O> run(H code) {
      return new BuiltAction<>(this, handling.apply(Objects.requireNonNull(code, "code")));
    }
  }
}

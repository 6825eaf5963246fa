package dev.connectorsdk.api;

import java.util.Optional;
import java.util.Set;

/** The action that {@link Action.Builder} makes. */
final class BuiltAction<I, O> extends BuiltOperation implements Action<I, O> {

  private final Effect effect;
  private final Shape<I> input;
  private final Shape<O> output;
  private final Optional<String> idempotencyHeader;
  private final Set<String> requiredScopes;
  private final boolean confirmed;
  private final Action.Handler<I, O> handler;

  BuiltAction(Action.Builder<I, O, ?> from, Action.Handler<I, O> handler) {
    super(from);
    this.effect = from.effect;
    this.input = from.input;
    this.output = from.output;
    this.idempotencyHeader = Optional.ofNullable(from.idempotencyHeader);
    this.requiredScopes = from.requiredScopes;
    Boolean needed = from.confirmation;
    this.confirmed = needed == null ? Action.super.needsConfirmation() : needed;
    this.handler = handler;
  }

  @Override
  public Effect effect() {
    return effect;
  }

  @Override
  public Shape<I> input() {
    return input;
  }

  @Override
  public Shape<O> output() {
    return output;
  }

  @Override
  public Optional<String> idempotencyHeader() {
    return idempotencyHeader;
  }

  @Override
  public Set<String> requiredScopes() {
    return requiredScopes;
  }

  @Override
  public boolean needsConfirmation() {
    return confirmed;
  }

  @Override
  public O execute(I input, ActionContext context) throws Exception {
    return handler.execute(input, context);
  }
}

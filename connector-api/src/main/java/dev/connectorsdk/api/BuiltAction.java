package dev.connectorsdk.api;

import java.util.Optional;
import java.util.Set;

/** The action that {@link Action.Builder} makes. */
record BuiltAction<I, O>(
    String id,
    String title,
    String description,
    Effect effect,
    Shape<I> input,
    Shape<O> output,
    Optional<String> idempotencyHeader,
    Set<String> requiredScopes,
    boolean isDeprecated,
    boolean isInternal,
    Action.Handler<I, O> handler)
    implements Action<I, O> {

  @Override
  public O execute(I input, ActionContext context) throws Exception {
    return handler.execute(input, context);
  }

  @Override
  public String toString() {
    return id;
  }
}

package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;

/** The trigger that {@link PollingTrigger.Builder} makes. */
final class BuiltPollingTrigger<C, E> extends BuiltTrigger<C, E> implements PollingTrigger<C, E> {

  private final PollingTrigger.Handler<C, E> handler;

  BuiltPollingTrigger(PollingTrigger.Builder<C, E> from, PollingTrigger.Handler<C, E> handler) {
    super(from);
    this.handler = handler;
  }

  @Override
  public Batch<E> poll(C configuration, @Nullable String cursor, int limit, ActionContext context)
      throws Exception {
    return handler.poll(configuration, cursor, limit, context);
  }
}

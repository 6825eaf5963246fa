package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;

/** The trigger that {@link PollingTrigger#of} makes. */
record BuiltPollingTrigger<C, E>(
    String id,
    String title,
    String description,
    Shape<C> configuration,
    Shape<E> event,
    PollingTrigger.Handler<C, E> handler)
    implements PollingTrigger<C, E> {

  @Override
  public Batch<E> poll(C configuration, @Nullable String cursor, int limit, ActionContext context)
      throws Exception {
    return handler.poll(configuration, cursor, limit, context);
  }

  @Override
  public String toString() {
    return id;
  }
}

package dev.connectorsdk.api;

/** The trigger that {@link PollingTrigger.Builder} makes. */
final class BuiltPollingTrigger<C, K, E> extends BuiltPolling<C, E>
    implements PollingTrigger<C, K, E> {

  private final Shape<K> cursor;
  private final PollingTrigger.Handler<C, K, E> handler;

  BuiltPollingTrigger(
      PollingTrigger.Builder<C, K, E> from, PollingTrigger.Handler<C, K, E> handler) {
    super(from);
    this.cursor = from.cursor;
    this.handler = handler;
  }

  @Override
  public Shape<K> cursor() {
    return cursor;
  }

  @Override
  public Batch<K, E> poll(Poll<C, K> poll, ActionContext context) throws Exception {
    return handler.poll(poll, context);
  }
}

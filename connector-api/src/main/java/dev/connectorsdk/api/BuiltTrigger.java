package dev.connectorsdk.api;

/** What triggers of both kinds have that a builder made. */
abstract class BuiltTrigger<C, E> extends BuiltOperation {

  private final Shape<C> configuration;
  private final Shape<E> event;

  BuiltTrigger(TriggerBuilder<C, E, ?> from) {
    super(from);
    this.configuration = from.configuration;
    this.event = from.event;
  }

  public final Shape<C> configuration() {
    return configuration;
  }

  public final Shape<E> event() {
    return event;
  }
}

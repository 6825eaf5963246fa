package dev.connectorsdk.trigger;

/**
 * What the host does about an event. Safe for use by several threads.
 *
 * @param <E> the type that the payload is read as
 */
@FunctionalInterface
public interface EventHandler<E> {

  /**
   * Handles an event. A return accepts it. It may come again, with the same id, if the process ends
   * before that is stored.
   *
   * <p>After an exception the event comes again later, with growing pauses up to 10 min, until it
   * has been tried as often as its subscription says; then it is parked. A call that takes longer
   * than 5 min is interrupted, what it is sending is cancelled, and it counts as failed.
   *
   * @param payload what happened
   * @param event which event it is, and as whom to act
   * @throws Exception if the event is to come again
   */
  void handle(E payload, HandledEvent event) throws Exception;
}

package dev.connectorsdk.jdbc;

import dev.connectorsdk.trigger.HandledEvent;
import java.sql.Connection;

/**
 * What the host does about an event in a transaction, together with which the event is accepted.
 * Safe for use by several threads.
 *
 * @param <E> the type that the payload is read as
 */
@FunctionalInterface
public interface TransactionalHandler<E> {

  /**
   * Handles an event. After a return the transaction is committed. After an exception it is rolled
   * back, and the event comes again as {@link dev.connectorsdk.trigger.EventHandler#handle} says.
   *
   * @param payload what happened
   * @param event which event it is, and as whom to act
   * @param connection with the transaction open; it must not be committed, rolled back or closed
   * @throws Exception if the event is to come again
   */
  void handle(E payload, HandledEvent event, Connection connection) throws Exception;
}

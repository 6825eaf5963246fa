package dev.connectorsdk.api.event;

/**
 * Hears of events as they happen.
 *
 * <p>Called on the thread that did the work, by several threads at once. It must be quick; what it
 * throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface ConnectorListener {

  /** Takes notice of {@code event}. */
  void on(ConnectorEvent event);
}

package dev.connectorsdk.api.event;

/**
 * Receives events as they happen.
 *
 * <p>Called on the thread that did the work, by several threads at once. It must return quickly;
 * what it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface ConnectorListener {

  /** Handles {@code event}. */
  void on(ConnectorEvent event);
}

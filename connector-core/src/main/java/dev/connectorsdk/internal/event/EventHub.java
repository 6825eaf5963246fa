package dev.connectorsdk.internal.event;

import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener, and keeps the failure of one from the others and from the call. */
public final class EventHub {

  private static final Logger log = LoggerFactory.getLogger(EventHub.class);

  private final List<ConnectorListener> listeners;

  /** Returns a hub for these listeners, told in this order. */
  public EventHub(List<ConnectorListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Returns whether nobody listens, so that an event need not be made. */
  public boolean isQuiet() {
    return listeners.isEmpty();
  }

  /** Tells every listener. */
  public void publish(ConnectorEvent event) {
    for (ConnectorListener listener : listeners) {
      try {
        listener.on(event);
      } catch (RuntimeException e) {
        log.warn(
            "Listener {} failed on {}: {}",
            listener.getClass().getName(),
            event.getClass().getSimpleName(),
            e.getClass().getName());
      }
    }
  }
}

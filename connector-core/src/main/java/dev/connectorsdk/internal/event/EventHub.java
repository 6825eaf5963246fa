package dev.connectorsdk.internal.event;

import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorListener;
import dev.connectorsdk.internal.audit.Auditor;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the audit record an event, and tells every listener. It keeps the failure of one from the
 * others and from the call.
 */
public final class EventHub {

  private static final Logger log = LoggerFactory.getLogger(EventHub.class);

  private final Auditor auditor;
  private final List<ConnectorListener> listeners;

  /** Returns a hub for these listeners, told in this order. */
  public EventHub(Auditor auditor, List<ConnectorListener> listeners) {
    this.auditor = auditor;
    this.listeners = List.copyOf(listeners);
  }

  /** Returns whether nobody listens, so that an event need not be made. */
  public boolean isQuiet() {
    return listeners.isEmpty() && auditor.isOff();
  }

  /** Returns what records what somebody was refused. */
  public Auditor auditor() {
    return auditor;
  }

  /**
   * Checks, before something is changed, that there is room for the record of the event that will
   * tell of it.
   *
   * @throws dev.connectorsdk.api.error.StoreException if there is none, and the host wants such
   *     changes to be refused
   */
  public void requireRoom() {
    auditor.requireRoom();
  }

  /** Tells every listener. */
  public void publish(ConnectorEvent event) {
    auditor.done(event);
    for (ConnectorListener listener : listeners) {
      try {
        listener.on(event);
      } catch (Exception | LinkageError | StackOverflowError e) { // The call goes on all the same.
        log.warn(
            "Listener {} failed on {}: {}",
            listener.getClass().getName(),
            event.getClass().getSimpleName(),
            e.getClass().getName());
      }
    }
  }
}

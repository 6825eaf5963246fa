package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a service knows of the callbacks of a connector, so that its deliveries can be played. */
final class KnownRegistrations {

  /** One callback, and what the trigger returned for it. */
  record Known(WebhookTrigger.Callback callback, Registration registration) {}

  private final Map<String, Known> newest = new ConcurrentHashMap<>();

  /** Returns the connector, whose webhook triggers are listened to. */
  Connector watch(Connector connector) {
    List<Trigger<?, ?>> triggers = new ArrayList<>();
    for (Trigger<?, ?> trigger : connector.triggers()) {
      triggers.add(trigger instanceof WebhookTrigger<?, ?> webhook ? watch(webhook) : trigger);
    }
    return new AdaptedConnector(
        connector, connector.actions(), triggers, connector.connectionTest());
  }

  private <C, E> WebhookTrigger<C, E> watch(WebhookTrigger<C, E> trigger) {
    return new WatchedWebhook<>(trigger, this);
  }

  void add(String trigger, Known known) {
    newest.put(trigger, known);
  }

  /** Returns the newest registration of a trigger, or {@code null} if there is none. */
  @Nullable Known of(String trigger) {
    return newest.get(trigger);
  }
}

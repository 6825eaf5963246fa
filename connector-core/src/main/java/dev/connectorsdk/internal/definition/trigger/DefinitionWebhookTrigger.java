package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.request.DeliveredBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trigger of a definition that has the service call back. Definitions know no signatures: that
 * the callback URL cannot be guessed is all that a delivery proves.
 */
final class DefinitionWebhookTrigger extends DefinitionTrigger
    implements WebhookTrigger<JsonNode, JsonNode> {

  /** Definitions say nothing of ids, and many a body only says that there is news. */
  private static final Signature UNSIGNED = Signature.unsigned().bodyIsNoId().build();

  private final String callbackInput;
  private final ServiceLocation locations;

  /**
   * @param callbackInput the input that takes the callback URL, such as {@code body/hook/url}
   */
  DefinitionWebhookTrigger(
      TriggerOperation trigger, String callbackInput, ServiceLocation locations) {
    super(trigger);
    this.callbackInput = callbackInput;
    this.locations = locations;
  }

  /** The id of the registration is the Location of the answer, or empty if there was none. */
  @Override
  public Registration subscribe(JsonNode configuration, Callback callback, ActionContext context) {
    ObjectNode further = JsonNodeFactory.instance.objectNode();
    further.put(callbackInput, callback.url().toString());
    JsonNode output =
        trigger
            .client()
            .exchange(TriggerOperation.with(configuration, further), context, request -> {});
    String location = Lookup.findText(output.path("headers"), "location");
    return Registration.of(location == null ? "" : location);
  }

  /** What has no id cannot be removed, and is not asked for. */
  @Override
  public void unsubscribe(Registration registration, ActionContext context) {
    if (!registration.id().isEmpty()) {
      trigger.requireDirect(context);
      locations.delete(registration.id(), context);
    }
  }

  @Override
  public Signature signature() {
    return UNSIGNED;
  }

  @Override
  public Received<JsonNode> receive(Delivery delivery) {
    return Received.events(
        trigger.events().in(DeliveredBody.of(delivery)).stream()
            .map(event -> new Event<>("", event))
            .toList());
  }
}

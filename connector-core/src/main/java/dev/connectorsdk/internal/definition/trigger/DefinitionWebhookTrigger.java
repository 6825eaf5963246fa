package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trigger of a definition that has the service call back. Definitions know no signatures: that
 * the callback URL cannot be guessed is all that a delivery proves.
 */
final class DefinitionWebhookTrigger extends DefinitionTrigger
    implements WebhookTrigger<JsonNode, JsonNode> {

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

  /** The id of the subscription is the Location of the answer, or empty if there was none. */
  @Override
  public Subscription subscribe(
      JsonNode configuration, URI callback, Secret secret, ActionContext context) {
    ObjectNode further = JsonNodeFactory.instance.objectNode();
    further.put(callbackInput, callback.toString());
    JsonNode output =
        trigger
            .client()
            .exchange(TriggerOperation.with(configuration, further), context, request -> {});
    String location = Lookup.findText(output.path("headers"), "location");
    return new Subscription(location == null ? "" : location, null);
  }

  /** What has no id cannot be removed, and is not asked for. */
  @Override
  public void unsubscribe(Subscription subscription, ActionContext context) {
    if (!subscription.id().isEmpty()) {
      trigger.requireDirect(context);
      locations.delete(subscription.id(), context);
    }
  }

  @Override
  public List<Event<JsonNode>> receive(Delivery delivery, Secret secret) {
    return trigger.events().in(body(delivery)).stream()
        .map(event -> new Event<>("", event))
        .toList();
  }

  private static JsonNode body(Delivery delivery) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (delivery.body().length == 0) {
      return json.objectNode();
    }
    String text = new String(delivery.body(), StandardCharsets.UTF_8);
    String type =
        Lookup.lower(String.join(",", delivery.headers().getOrDefault("content-type", List.of())));
    if (type.contains(ContentTypes.FORM)) {
      ObjectNode fields = json.objectNode();
      for (QueryParameter field : QueryParameter.parse(text, true)) {
        fields.put(field.name(), field.value());
      }
      return fields;
    }
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException notJson) {
      return json.stringNode(text);
    }
  }
}

package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.request.DeliveredBody;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trigger of a definition that has the service call back. Definitions know no signatures: unless
 * the host has said how deliveries are signed, that the callback URL cannot be guessed is all that
 * they prove.
 */
final class DefinitionWebhookTrigger extends DefinitionTrigger
    implements WebhookTrigger<JsonNode, JsonNode> {

  private final String callbackInput;
  private final SignedDeliveries signing;
  private final ServiceLocation locations;

  /**
   * @param callbackInput the input that takes the callback URL, such as {@code body/hook/url}
   */
  DefinitionWebhookTrigger(
      TriggerOperation trigger,
      String callbackInput,
      SignedDeliveries signing,
      ServiceLocation locations) {
    super(trigger);
    this.signing = signing;
    this.callbackInput = callbackInput;
    this.locations = locations;
  }

  /**
   * The id of the registration is the Location of the answer, and what else its removal asks for;
   * empty if there was none.
   */
  @Override
  public Registration subscribe(JsonNode configuration, Callback callback, ActionContext context) {
    ObjectNode further = JsonNodeFactory.instance.objectNode();
    further.put(callbackInput, callback.url().toString());
    signing.fill(further, callback.secret());
    JsonNode output =
        trigger
            .client()
            .exchange(TriggerOperation.with(configuration, further), context, request -> {});
    String location = Lookup.findText(output.path("headers"), "location");
    Registration made =
        Registration.of(location == null ? "" : locations.made(location, configuration).id());
    try {
      Secret secret = signing.answered(output);
      return secret == null ? made : made.signedWith(secret);
    } catch (ResponseException e) {
      leave(made, context, e);
      throw e;
    }
  }

  /** Removes what was made and cannot be used. */
  private void leave(Registration made, ActionContext context, ResponseException reason) {
    try {
      unsubscribe(made, context);
    } catch (ConnectorException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void unsubscribe(Registration registration, ActionContext context) {
    if (registration.id().isEmpty()) {
      throw new OperationUnsupportedException(
          id(), "the service has not said by a Location how to remove the callback");
    }
    locations.delete(MadeSubscription.of(registration.id()), context);
  }

  @Override
  public Signature signature() {
    return signing.signature();
  }

  @Override
  public boolean isSignedByApplication() {
    return signing.ofApplication();
  }

  @Override
  public Optional<String> secretParameter() {
    return Optional.ofNullable(signing.parameter());
  }

  @Override
  public Received<JsonNode> receive(Delivery delivery) {
    return Received.events(
        trigger.events().in(DeliveredBody.of(delivery)).stream()
            .map(event -> new Event<>("", event))
            .toList());
  }
}

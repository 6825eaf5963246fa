package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.api.internal.WireText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a service sends to a callback, as JSON, whatever it is. */
public final class DeliveredBody {

  private DeliveredBody() {}

  /**
   * Returns the fields of a form, JSON as it is, other text as text, what is no text as a file, and
   * an empty object for an empty body.
   */
  public static JsonNode of(Delivery delivery) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (delivery.body().length == 0) {
      return json.objectNode();
    }
    String declared = delivery.header("content-type");
    String type = declared == null ? "" : declared;
    Delivery readable =
        new Delivery(
            delivery.method(),
            delivery.headers(),
            delivery.query(),
            WireText.utf8(delivery.body(), declared));
    if (ContentTypes.isForm(type)) {
      return fields(readable.text());
    }
    try {
      return readable.json();
    } catch (ResponseException notJson) {
      return isText(readable.body())
          ? json.stringNode(readable.text())
          : FileContent.write(delivery.body(), type.isEmpty() ? ContentTypes.OCTETS : type);
    }
  }

  private static ObjectNode fields(String form) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (QueryParameter field : QueryParameter.parse(form, true)) {
      fields.put(field.name(), field.value());
    }
    return fields;
  }

  private static boolean isText(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException binary) {
      return false;
    }
  }
}

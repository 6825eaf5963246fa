package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * {@code setproperty}: adds or replaces a property, below an array in each of its elements. What it
 * would belong to must be there: none is made.
 */
record SetPropertyStep(Call parent, JsonPath sub, PolicyText value) implements MessageStep {

  static MessageStep read(PolicyArguments arguments) {
    return new SetPropertyStep(
        arguments.place("newPropertyParentPathTemplate"),
        arguments.path("newPropertySubPathTemplate"),
        arguments.bodyText("propertyValuePathTemplate"));
  }

  @Override
  public void apply(Message message) {
    if (message.json() == null && parent.path().isSelf() && message.mayBeginBody()) {
      message.setJson(JsonNodeFactory.instance.objectNode());
    }
    JsonNode found = message.node(parent, null);
    if (found == null) {
      return;
    }
    if (found.isArray() && !sub.isSelf()) {
      for (JsonNode element : found) {
        set(message, element);
      }
    } else {
      set(message, found);
    }
  }

  private void set(Message message, JsonNode element) {
    JsonNode made = value(message, element);
    if (made == null) {
      return;
    }
    JsonNode copy = made.deepCopy();
    if (!sub.isSelf()) {
      if (sub.set(element, copy)) {
        message.jsonWasChanged();
      }
    } else if (parent.path().isSelf()) {
      message.setJson(copy);
    } else {
      JsonNode root = message.json();
      if (root != null && parent.path().set(root, copy)) {
        message.jsonWasChanged();
      }
    }
  }

  /** Returns the value, or {@code null} if what it is made of is missing. */
  private @Nullable JsonNode value(Message message, JsonNode item) {
    Call only = value.onlyCall();
    if (only != null && only.source().isJson()) {
      return message.node(only, item);
    }
    String start = message.text(new Literal(literalStart()), item).stripLeading();
    if (start.startsWith("[") || start.startsWith("{")) {
      String json = spliced(message, item);
      if (json == null) {
        return null;
      }
      JsonNode read = ExactJson.read(json.getBytes(StandardCharsets.UTF_8));
      if (read != null && read.isContainer()) {
        return read;
      }
    }
    return JsonNodeFactory.instance.stringNode(message.text(value, item));
  }

  private String literalStart() {
    return !value.pieces().isEmpty() && value.pieces().get(0) instanceof Literal literal
        ? literal.text()
        : "";
  }

  /** Returns the text with inserts as JSON; {@code null} if its only insert is missing. */
  private @Nullable String spliced(Message message, JsonNode item) {
    StringBuilder text = new StringBuilder();
    int calls = 0;
    int missing = 0;
    for (Piece piece : value.pieces()) {
      if (!(piece instanceof Call call)) {
        text.append(message.text(piece, item));
        continue;
      }
      calls++;
      if (isInString(text)) {
        text.append(JsonStringEncoder.getInstance().quoteAsCharArray(message.text(call, item)));
      } else if (call.source().isJson()) {
        JsonNode node = message.node(call, item);
        missing += node == null ? 1 : 0;
        text.append(node == null ? "null" : node);
      } else {
        text.append(message.text(call, item));
      }
    }
    return calls == 1 && missing == 1 ? null : text.toString();
  }

  private static boolean isInString(CharSequence text) {
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && inside) {
        i++;
      } else if (c == '"') {
        inside = !inside;
      }
    }
    return inside;
  }
}

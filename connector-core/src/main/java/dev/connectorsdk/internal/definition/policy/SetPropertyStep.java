package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code setproperty}: adds or replaces a property, below an array in each of its elements. */
record SetPropertyStep(Call parent, JsonPath sub, PolicyText value) implements Policy.Step {

  @Override
  public @Nullable WireResponse apply(PolicyRun run, HostRules hosts) {
    if (run.json() == null && run.mayBeginBody()) {
      run.setJson(JsonNodeFactory.instance.objectNode());
    }
    JsonNode root = run.json();
    if (root == null) {
      return null;
    }
    JsonNode found = run.node(parent, null);
    if (found == null || found.isNull()) {
      found = JsonNodeFactory.instance.objectNode();
      if (run.isAnswer() || !parent.path().set(root, found)) {
        return null;
      }
    }
    if (found.isArray() && !sub.isSelf()) {
      for (JsonNode element : found) {
        set(run, element);
      }
    } else {
      set(run, found);
    }
    return null;
  }

  private void set(PolicyRun run, JsonNode element) {
    JsonNode made = value(run, element);
    if (made == null) {
      return;
    }
    JsonNode copy = made.deepCopy();
    if (!sub.isSelf()) {
      if (sub.set(element, copy)) {
        run.jsonWasChanged();
      }
    } else if (parent.path().isSelf()) {
      run.setJson(copy);
    } else {
      JsonNode root = run.json();
      if (root != null && parent.path().set(root, copy)) {
        run.jsonWasChanged();
      }
    }
  }

  /** Returns the value, or {@code null} if what it is made of is missing. */
  private @Nullable JsonNode value(PolicyRun run, JsonNode item) {
    Call only = value.onlyCall();
    if (only != null) {
      return run.node(only, item);
    }
    String start = run.text(new Literal(literalStart()), item).stripLeading();
    if (start.startsWith("[") || start.startsWith("{")) {
      String json = spliced(run, item);
      if (json == null) {
        return null;
      }
      try {
        JsonNode read = JsonMapper.shared().readTree(json);
        if (read.isContainer()) {
          return read;
        }
      } catch (JacksonException notJson) {
        // It is a text that begins like JSON.
      }
    }
    return JsonNodeFactory.instance.stringNode(run.text(value, item));
  }

  private String literalStart() {
    return !value.pieces().isEmpty() && value.pieces().get(0) instanceof Literal literal
        ? literal.text()
        : "";
  }

  /** Returns the text with inserts as JSON; {@code null} if its only insert is missing. */
  private @Nullable String spliced(PolicyRun run, JsonNode item) {
    StringBuilder text = new StringBuilder();
    int calls = 0;
    int missing = 0;
    for (Piece piece : value.pieces()) {
      if (!(piece instanceof Call call)) {
        text.append(run.text(piece, item));
        continue;
      }
      calls++;
      JsonNode node = run.node(call, item);
      if (isInString(text)) {
        text.append(JsonStringEncoder.getInstance().quoteAsCharArray(run.text(call, item)));
      } else if (node == null) {
        missing++;
        text.append("null");
      } else {
        text.append(node);
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

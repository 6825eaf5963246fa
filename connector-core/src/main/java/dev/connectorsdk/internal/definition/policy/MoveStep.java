package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code moveproperties}: moves a property, or the members of one, to another place. */
record MoveStep(
    Call sourceParent, JsonPath source, Call targetParent, JsonPath target, boolean members)
    implements MessageStep {

  static MessageStep read(PolicyArguments arguments) {
    return new MoveStep(
        arguments.place("srcParentPath"),
        arguments.path("srcSubPath"),
        arguments.place("dstParentPath"),
        arguments.path("dstSubPath"),
        arguments.is("copyOnlySubProperties", false));
  }

  @Override
  public void apply(Message message) {
    JsonNode from = message.json() == null ? null : message.node(sourceParent, null);
    if (from == null || source.isSelf()) {
      return;
    }
    if (from.isArray()) {
      boolean same = sourceParent.equals(targetParent);
      for (JsonNode element : from) {
        move(message, element, same ? element : message.node(targetParent, element));
      }
    } else {
      move(message, from, message.node(targetParent, null));
    }
  }

  private void move(Message message, JsonNode from, @Nullable JsonNode to) {
    JsonNode value = source.find(from);
    if (value == null || to == null) {
      return;
    }
    if (!members) {
      source.remove(from);
      JsonPath place = target.isSelf() ? new JsonPath(List.of(source.last())) : target;
      place.make(to, value);
      message.jsonWasChanged();
      return;
    }
    if (!value.isObject()) {
      return;
    }
    JsonNode place = target.isSelf() ? to : target.find(to);
    if (place == null) {
      place = JsonNodeFactory.instance.objectNode();
      target.make(to, place);
    }
    source.remove(from);
    if (place instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : new ArrayList<>(value.properties())) {
        object.set(member.getKey(), member.getValue());
      }
    }
    message.jsonWasChanged();
  }
}

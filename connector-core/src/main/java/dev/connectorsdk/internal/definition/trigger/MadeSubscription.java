package dev.connectorsdk.internal.definition.trigger;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept of a subscription at the service until it is removed.
 *
 * @param location the header Location of the answer to it
 * @param inputs with which it was made and that its removal asks for, too
 */
record MadeSubscription(String location, ObjectNode inputs) {

  private static final char END = '\n'; // which no header has

  /** As long as the id of a registration may be. */
  private static final int LONGEST = 4_000;

  /** Reads what {@link #id} has written, or a Location alone. */
  static MadeSubscription of(String id) {
    int end = id.indexOf(END);
    return end < 0
        ? new MadeSubscription(id, JsonNodeFactory.instance.objectNode())
        : new MadeSubscription(id.substring(0, end), inputs(id.substring(end + 1)));
  }

  private static ObjectNode inputs(String json) {
    try {
      return (ObjectNode) JsonMapper.shared().readTree(json);
    } catch (JacksonException | ClassCastException e) {
      throw new IllegalStateException("What was kept of a subscription cannot be read", e);
    }
  }

  /** Returns the id of the registration: inputs that are too long for it are left out. */
  String id() {
    String whole = location + END + inputs;
    return inputs.isEmpty() || whole.length() > LONGEST ? location : whole;
  }
}

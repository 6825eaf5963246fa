package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The input of one call by parameter name. Members of the body given one by one, {@code
 * "body/address/city"}, are put together again; in them {@code ~1} stands for a slash.
 */
public final class Arguments {

  private final Map<String, JsonNode> byName;

  private Arguments(Map<String, JsonNode> byName) {
    this.byName = byName;
  }

  /** Takes an input apart; what does not belong to the operation becomes a fault. */
  public static Arguments of(DeclaredRequest request, JsonNode input, List<Fault> faults) {
    Map<String, JsonNode> byName = new HashMap<>();
    if (!input.isObject()) {
      if (!input.isNull() && !input.isMissingNode()) {
        faults.add(new Fault("", "must be an object with one member per parameter"));
      }
      return new Arguments(byName);
    }
    Parameter body = request.body();
    String prefix = body == null ? null : body.name() + "/";
    for (Map.Entry<String, JsonNode> member : input.properties()) {
      if (request.parameters().stream().anyMatch(p -> p.name().equals(member.getKey()))) {
        byName.put(member.getKey(), member.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> member : input.properties()) {
      String name = member.getKey();
      if (byName.containsKey(name)) {
        continue;
      }
      String pointer = Lookup.pointer("", name);
      if (body == null || prefix == null || !name.startsWith(prefix)) {
        faults.add(
            new Fault(pointer, "is not a parameter of operation '" + request.operation() + "'"));
        continue;
      }
      JsonNode whole = byName.get(body.name());
      ObjectNode object =
          whole == null || whole.isNull()
              ? JsonNodeFactory.instance.objectNode()
              : whole instanceof ObjectNode given ? given.deepCopy() : null;
      if (object == null || !put(object, name.substring(prefix.length()), member.getValue())) {
        faults.add(new Fault(pointer, "does not fit the rest of the body"));
      } else {
        byName.put(body.name(), object);
      }
    }
    return new Arguments(byName);
  }

  private static boolean put(ObjectNode object, String path, JsonNode value) {
    ObjectNode parent = object;
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      String name = unescaped(names[i]);
      JsonNode next = parent.get(name);
      if (next == null || next.isNull()) {
        parent = parent.putObject(name);
      } else if (next instanceof ObjectNode child) {
        parent = child;
      } else {
        return false;
      }
    }
    String last = unescaped(names[names.length - 1]);
    if (parent.has(last)) {
      return false;
    }
    parent.set(last, value);
    return true;
  }

  private static String unescaped(String name) {
    return name.replace("~1", "/").replace("~0", "~");
  }

  /** Returns what the caller gave, or {@code null} if that is nothing or a JSON null. */
  public @Nullable JsonNode get(Parameter parameter) {
    JsonNode given = byName.get(parameter.name());
    return given == null || given.isNull() ? null : given;
  }
}

package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.JsonPointers;
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

  private final JsonNode input;
  private final @Nullable JsonNode[] given; // in the order of the parameters
  private @Nullable JsonNode body; // put together of its members

  private Arguments(JsonNode input, int parameters) {
    this.input = input;
    this.given = new @Nullable JsonNode[parameters];
  }

  /** Takes an input apart; what does not belong to the operation becomes a fault. */
  public static Arguments of(DeclaredRequest request, JsonNode input, List<Fault> faults) {
    Arguments arguments = new Arguments(input, request.parameters().size());
    if (!input.isObject()) {
      if (!input.isNull() && !input.isMissingNode()) {
        faults.add(new Fault("", "must be an object with one member per parameter"));
      }
      return arguments;
    }
    for (Map.Entry<String, JsonNode> member : input.properties()) {
      int parameter = request.indexOf(member.getKey());
      if (parameter >= 0) {
        arguments.given[parameter] = member.getValue();
        continue;
      }
      String problem = arguments.put(request, member.getKey(), member.getValue());
      if (problem != null) {
        faults.add(new Fault(JsonPointers.child("", member.getKey()), problem));
      }
    }
    return arguments;
  }

  /** Puts a member into the body; returns what is wrong with it, or {@code null}. */
  private @Nullable String put(DeclaredRequest request, String member, JsonNode value) {
    String unsent = request.whyUnsent(member);
    if (unsent != null) {
      return value.isNull() ? null : unsent;
    }
    Parameter body = request.body();
    if (body == null || !member.startsWith(body.name() + "/")) {
      return "is not a parameter of operation '" + request.operation() + "'";
    }
    JsonNode whole = get(body);
    ObjectNode object =
        whole == null
            ? JsonNodeFactory.instance.objectNode()
            : whole instanceof ObjectNode given ? given.deepCopy() : null;
    if (object == null || !put(object, member.substring(body.name().length() + 1), value)) {
      return "does not fit the rest of the body";
    }
    this.body = object;
    return null;
  }

  private static boolean put(ObjectNode object, String path, JsonNode value) {
    ObjectNode parent = object;
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      String name = JsonPointers.unescape(names[i]);
      JsonNode next = parent.get(name);
      if (next == null || next.isNull()) {
        parent = parent.putObject(name);
      } else if (next instanceof ObjectNode child) {
        parent = child;
      } else {
        return false;
      }
    }
    String last = JsonPointers.unescape(names[names.length - 1]);
    if (parent.has(last)) {
      return false;
    }
    parent.set(last, value.deepCopy()); // Further members may be added to it.
    return true;
  }

  /** Returns what the caller gave, or {@code null} if that is nothing or a JSON null. */
  public @Nullable JsonNode get(Parameter parameter) {
    return something(parameter.isBody() && body != null ? body : input.get(parameter.name()));
  }

  /** Returns the same for a parameter that is not the body, without a look at its name. */
  @Nullable JsonNode get(SentParameter sent) {
    return sent.index() < 0 ? get(sent.parameter()) : something(given[sent.index()]);
  }

  private static @Nullable JsonNode something(@Nullable JsonNode given) {
    return given == null || given.isNull() ? null : given;
  }
}

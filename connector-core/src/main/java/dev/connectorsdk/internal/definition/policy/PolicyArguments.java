package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of one policy. What they lack is an {@link IllegalArgumentException} whose message
 * goes on after the name of the template.
 *
 * @param parameters as declared
 * @param plainScheme whether the definition itself asks for http
 */
record PolicyArguments(JsonNode parameters, boolean plainScheme) {

  private static final String PREFIX = "x-ms-apimTemplateParameter.";
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");

  @Nullable JsonNode json(String name) {
    JsonNode value = Lookup.find(parameters, PREFIX + name);
    return value == null ? Lookup.find(parameters, name) : value;
  }

  @Nullable String find(String name) {
    JsonNode value = json(name);
    return value == null ? null : value.isString() ? value.stringValue() : value.toString();
  }

  String get(String name) {
    String value = find(name);
    if (value == null) {
      throw new IllegalArgumentException("lacks '" + name + "'");
    }
    return value;
  }

  String getOr(String name, String otherwise) {
    String value = find(name);
    return value == null ? otherwise : value;
  }

  /** Returns a text that is no template, such as a name. */
  String plain(String name) {
    return requirePlain(name, get(name));
  }

  String plainOr(String name, String otherwise) {
    return requirePlain(name, getOr(name, otherwise));
  }

  private static String requirePlain(String name, String given) {
    PolicyText text = read(name, given);
    text.calls().forEach(call -> require(false, name, call));
    return given;
  }

  /** Returns a text with inserts; there is no item. */
  PolicyText text(String name) {
    PolicyText text = read(name, get(name));
    text.calls().forEach(call -> require(call.source() != Source.ITEM, name, call));
    return text;
  }

  private static PolicyText read(String name, String given) {
    PolicyText text = PolicyText.of(given);
    requireRead(name, text);
    return text;
  }

  static void requireRead(String name, PolicyText text) {
    String misread = text.misread();
    if (misread != null) {
      throw new IllegalArgumentException(
          "has a '" + name + "' with '" + misread + "', which cannot be understood");
    }
  }

  /** Returns a text whose inserts come from the body; nothing else is given to such a policy. */
  PolicyText bodyText(String name) {
    PolicyText text = read(name, get(name));
    for (Call call : text.calls()) {
      require(call.source().isJson() || call.source() == Source.ENVIRONMENT, name, call);
    }
    return text;
  }

  /** Returns a place in the body. */
  Call place(String name) {
    return call(name, Source.BODY, Source.ITEM);
  }

  /** Returns the call that an argument is, of one of these functions. */
  Call call(String name, Source... sources) {
    Call call = PolicyText.target(get(name));
    if (call == null) {
      throw notUnderstood(name);
    }
    require(List.of(sources).contains(call.source()), name, call);
    return call;
  }

  static void require(boolean supported, String name, Call call) {
    if (!supported) {
      throw new IllegalArgumentException(
          "has a '" + name + "' with " + call.source().text() + ", which is not supported there");
    }
  }

  private static IllegalArgumentException notUnderstood(String name) {
    return new IllegalArgumentException("has a '" + name + "' that cannot be understood");
  }

  JsonPath path(String name) {
    JsonPath path = JsonPath.whole(plainOr(name, ""));
    if (path == null) {
      throw notUnderstood(name);
    }
    return path;
  }

  boolean is(String name, boolean otherwise) {
    String value = find(name);
    return value == null ? otherwise : value.trim().equalsIgnoreCase("true");
  }

  /** Returns an HTTP method that is named outright, or {@code null}. */
  @Nullable String method(String name) {
    String declared = Lookup.upper(getOr(name, "").trim());
    return METHODS.contains(declared) ? declared : null;
  }

  /** Returns a number, or 0. */
  int number(String name) {
    try {
      return Integer.parseInt(getOr(name, "").trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Returns what to do with what is there already. */
  Existing existing() {
    return switch (Lookup.lower(getOr("existsAction", "").trim())) {
      case "skip" -> Existing.SKIP;
      case "append" -> Existing.APPEND;
      default -> Existing.OVERRIDE;
    };
  }
}

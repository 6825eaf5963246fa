package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The connection parameters of one group: of the connector as a whole, or of one parameter set.
 *
 * @param values those that whoever makes a connection is asked for, in order
 * @param signIns those that stand for a sign-in, in order
 */
record DeclaredParameters(List<ConnectionParameter> values, List<SignIn> signIns) {

  private static final Pattern SECRET_NAME =
      Pattern.compile("secret|password|token$|key", Pattern.CASE_INSENSITIVE);

  /**
   * A parameter of type {@code oauthSetting}.
   *
   * @param name the parameter's name, which also begins the names of its sub-parameters
   * @param settings how to sign in, or {@code null} if the file does not say
   */
  record SignIn(String name, @Nullable JsonNode settings, JsonNode node) {}

  DeclaredParameters {
    values = List.copyOf(values);
    signIns = List.copyOf(signIns);
  }

  /** Returns the parameter called {@code name} in any case, or {@code null}. */
  @Nullable ConnectionParameter find(String name) {
    return values.stream().filter(p -> p.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }

  static DeclaredParameters read(@Nullable JsonNode group, String pointer, Warnings warnings) {
    Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<ConnectionParameter> values = new ArrayList<>();
    List<SignIn> signIns = new ArrayList<>();
    if (group != null && !group.isObject()) {
      warnings.add(pointer, "is not an object; it declares no parameters");
    }
    if (group == null || !group.isObject()) {
      return new DeclaredParameters(values, signIns);
    }
    for (Map.Entry<String, JsonNode> entry : group.properties()) {
      String name = entry.getKey();
      String at = Lookup.pointer(pointer, name);
      JsonNode node = entry.getValue();
      if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl)) {
        warnings.add(at, "has a name that cannot be used, and was left out");
        continue;
      }
      if (names.putIfAbsent(name, name) != null) {
        warnings.add(at, "differs only in case from another parameter, and was left out");
        continue;
      }
      String type = Lookup.findText(node, "type");
      switch (type == null ? "" : Lookup.lower(type)) {
        case "oauthsetting" ->
            signIns.add(new SignIn(name, Lookup.find(node, "oAuthSettings"), node));
        case "gatewaysetting" ->
            warnings.add(at, "asks for an on-premises gateway, which is not supported yet");
        case "securestring", "secureobject" ->
            values.add(value(name, true, "", node, at, warnings));
        case "int", "integer" -> values.add(value(name, false, "int", node, at, warnings));
        case "bool", "boolean" -> values.add(value(name, false, "bool", node, at, warnings));
        case "string" -> values.add(value(name, false, "", node, at, warnings));
        default -> {
          warnings.add(at, "has an unknown type and is asked for as text");
          values.add(value(name, false, "", node, at, warnings));
        }
      }
    }
    return new DeclaredParameters(values, signIns);
  }

  private static ConnectionParameter value(
      String name, boolean secure, String type, JsonNode node, String pointer, Warnings warnings) {
    JsonNode form = Lookup.find(node, "uiDefinition");
    JsonNode constraints = Lookup.find(form, "constraints");
    List<String> choices = choices(node, constraints);
    boolean secret =
        secure || (type.isEmpty() && choices.isEmpty() && SECRET_NAME.matcher(name).find());
    ConnectionParameter parameter =
        secret
            ? ConnectionParameter.secret(name)
            : switch (type) {
              case "int" -> ConnectionParameter.integer(name);
              case "bool" -> ConnectionParameter.bool(name);
              default -> ConnectionParameter.text(name);
            };
    parameter = labelled(parameter, form);
    boolean hidden = Lookup.isTrue(Lookup.find(constraints, "hidden"));
    if (hidden) {
      parameter = parameter.hidden();
    }
    if (hidden || !Lookup.isTrue(Lookup.find(constraints, "required"))) {
      parameter = parameter.optional();
    }
    if (!choices.isEmpty() && type.isEmpty() && !secret) {
      parameter = parameter.oneOf(choices.toArray(String[]::new));
    }
    JsonNode declared = Lookup.find(node, "defaultValue");
    if (declared == null) {
      return parameter;
    }
    Object value = secret ? null : defaultValue(declared, type);
    if (value == null) {
      warnings.add(pointer, "has a default that does not fit its type or is a secret; not used");
      return parameter;
    }
    return parameter.withDefault(value);
  }

  /** Returns a copy with the labels that the file gives. */
  static ConnectionParameter labelled(ConnectionParameter parameter, @Nullable JsonNode form) {
    ConnectionParameter labelled = parameter;
    String title = Lookup.findText(form, "displayName");
    if (title != null && !title.isBlank()) {
      labelled = labelled.titled(title.trim());
    }
    String description = Lookup.findText(form, "description");
    if (description == null || description.isBlank()) {
      description = Lookup.findText(form, "tooltip");
    }
    return description == null ? labelled : labelled.described(description.trim());
  }

  /** Returns the same parameter as a secret, for one that turns out to be a credential. */
  static ConnectionParameter asSecret(ConnectionParameter parameter) {
    ConnectionParameter secret =
        ConnectionParameter.secret(parameter.name())
            .titled(parameter.title())
            .described(parameter.description());
    secret = parameter.isRequired() ? secret : secret.optional();
    return parameter.isHidden() ? secret.hidden() : secret;
  }

  private static List<String> choices(JsonNode node, @Nullable JsonNode constraints) {
    JsonNode list = Lookup.find(constraints, "allowedValues");
    if (list == null) {
      list = Lookup.find(node, "allowedValues");
    }
    List<String> choices = new ArrayList<>();
    if (list != null) {
      for (JsonNode choice : list) {
        JsonNode value = choice.isObject() ? Lookup.find(choice, "value") : choice;
        String text = value == null ? null : Scalars.text(value);
        if (text != null) {
          choices.add(text);
        }
      }
    }
    return choices;
  }

  private static @Nullable Object defaultValue(JsonNode declared, String type) {
    String text = Scalars.text(declared);
    if (text == null) {
      return null;
    }
    return switch (type) {
      case "int" -> {
        try {
          yield new BigDecimal(text.trim()).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
          yield null;
        }
      }
      case "bool" ->
          (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
              ? Boolean.valueOf(text)
              : null;
      default -> text;
    };
  }
}

package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one connection parameter that holds a value. */
final class ConnectionParameterReader {

  private static final Pattern SECRET_NAME =
      Pattern.compile("secret|password|token$|key", Pattern.CASE_INSENSITIVE);

  /** What a value is. */
  enum Kind {
    TEXT,
    SECRET,
    INTEGER,
    BOOLEAN
  }

  private final String name;
  private final Kind kind;
  private final @Nullable JsonNode form;
  private final @Nullable JsonNode constraints;
  private final List<String> choices;
  private final @Nullable JsonNode declaredDefault;
  private final boolean isForWindows;

  ConnectionParameterReader(String name, Kind declared, JsonNode node) {
    this.name = name;
    this.form = Lookup.find(node, "uiDefinition");
    this.constraints = Lookup.find(form, "constraints");
    this.choices = choices(node, constraints);
    this.declaredDefault = Lookup.find(node, "defaultValue");
    boolean hadChoices = !choices.isEmpty();
    this.isForWindows =
        WindowsAuthentication.isChosenBy(name)
            && (choices.removeIf(WindowsAuthentication::is) || (!hadChoices && isWindowsDefault()));
    // Many secrets are declared as texts.
    boolean secret = declared == Kind.TEXT && choices.isEmpty() && SECRET_NAME.matcher(name).find();
    this.kind = secret ? Kind.SECRET : declared;
  }

  /**
   * Returns the kind of a declared type, or {@code null} if it is not known.
   *
   * @param type in lower case
   */
  static @Nullable Kind kind(String type) {
    return switch (type) {
      case "string" -> Kind.TEXT;
      case "securestring", "secureobject" -> Kind.SECRET;
      case "int", "integer" -> Kind.INTEGER;
      case "bool", "boolean" -> Kind.BOOLEAN;
      default -> null;
    };
  }

  /** Returns whether its value says how to authenticate, and nothing is left to choose. */
  boolean isForWindowsAlone() {
    return isForWindows && choices.isEmpty();
  }

  private boolean isWindowsDefault() {
    String text = declaredDefault == null ? null : Scalars.text(declaredDefault);
    return text != null && WindowsAuthentication.is(text);
  }

  ConnectionParameter read(String pointer, Warnings warnings) {
    if (isForWindows) {
      warnings.add(pointer, "offers a choice that was left out: " + WindowsAuthentication.REFUSED);
    }
    ConnectionParameter parameter = forCapability(DeclaredParameters.labelled(plain(), form));
    boolean hidden = Lookup.isTrue(Lookup.find(constraints, "hidden"));
    if (hidden) {
      parameter = parameter.hidden();
    }
    if (hidden || !Lookup.isTrue(Lookup.find(constraints, "required"))) {
      parameter = parameter.optional();
    }
    if (!choices.isEmpty() && kind == Kind.TEXT) {
      parameter = parameter.oneOf(choices.toArray(String[]::new));
    }
    if (declaredDefault == null || (isForWindows && isWindowsDefault())) {
      return parameter;
    }
    Object value = defaultValue(declaredDefault);
    if (value == null) {
      warnings.add(pointer, "has a default that does not fit its type or is a secret; not used");
      return parameter;
    }
    return parameter.withDefault(value);
  }

  /** With both capabilities, as with none, every connection has it. */
  private ConnectionParameter forCapability(ConnectionParameter parameter) {
    boolean gateway = false;
    boolean cloud = false;
    JsonNode declared = Lookup.find(constraints, "capability");
    if (declared != null) {
      for (JsonNode each : declared.isArray() ? declared : List.of(declared)) {
        gateway |= each.asString("").trim().equalsIgnoreCase("gateway");
        cloud |= each.asString("").trim().equalsIgnoreCase("cloud");
      }
    }
    if (gateway == cloud) {
      return parameter;
    }
    return gateway ? parameter.onlyThroughGateway() : parameter.onlyDirect();
  }

  private ConnectionParameter plain() {
    return switch (kind) {
      case TEXT -> ConnectionParameter.text(name);
      case SECRET -> ConnectionParameter.secret(name);
      case INTEGER -> ConnectionParameter.integer(name);
      case BOOLEAN -> ConnectionParameter.bool(name);
    };
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

  private @Nullable Object defaultValue(JsonNode declared) {
    String text = Scalars.text(declared);
    if (text == null) {
      return null;
    }
    return switch (kind) {
      case SECRET -> null;
      case INTEGER -> integer(text);
      case BOOLEAN ->
          (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
              ? Boolean.valueOf(text)
              : null;
      case TEXT -> text;
    };
  }

  private static @Nullable Long integer(String text) {
    try {
      return new BigDecimal(text.trim()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }
}

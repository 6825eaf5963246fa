package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The connection parameters of one group: of the connector as a whole, or of one parameter set.
 *
 * @param values those that whoever makes a connection is asked for, in order
 * @param signIns those that stand for a sign-in, in order
 * @param needsGateway whether connections cannot do without an on-premises gateway
 * @param isForWindowsAlone whether {@link WindowsAuthentication} is the only way to authenticate
 */
record DeclaredParameters(
    List<ConnectionParameter> values,
    List<SignIn> signIns,
    boolean needsGateway,
    boolean isForWindowsAlone) {

  private static final DeclaredParameters NONE =
      new DeclaredParameters(List.of(), List.of(), false, false);

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
    if (group == null) {
      return NONE;
    }
    if (!group.isObject()) {
      warnings.add(pointer, "is not an object; it declares no parameters");
      return NONE;
    }
    return new Reading(warnings).read(group, pointer);
  }

  /** The reading of one group. */
  private static final class Reading {

    private final Warnings warnings;
    private final Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final List<ConnectionParameter> values = new ArrayList<>();
    private final List<SignIn> signIns = new ArrayList<>();
    private final List<ConnectionParameter> forWindows = new ArrayList<>();
    private boolean needsGateway;

    Reading(Warnings warnings) {
      this.warnings = warnings;
    }

    DeclaredParameters read(JsonNode group, String pointer) {
      for (Map.Entry<String, JsonNode> entry : group.properties()) {
        String name = entry.getKey();
        String at = JsonPointers.child(pointer, name);
        if (name.isBlank()
            || name.length() > 200
            || name.chars().anyMatch(Character::isISOControl)) {
          warnings.add(at, "has a name that cannot be used, and was left out");
        } else if (!names.add(name)) {
          warnings.add(at, "differs only in case from another parameter, and was left out");
        } else {
          add(name, entry.getValue(), at);
        }
      }
      return new DeclaredParameters(values, signIns, needsGateway, isForWindowsAlone());
    }

    /** What only connections through a gateway choose leaves direct ones their own way. */
    private boolean isForWindowsAlone() {
      return forWindows.stream().anyMatch(choice -> needsGateway || choice.isFor(false));
    }

    private void add(String name, JsonNode node, String at) {
      String declared = Lookup.findText(node, "type");
      String type = declared == null ? "" : Lookup.lower(declared);
      switch (type) {
        case "oauthsetting" ->
            signIns.add(new SignIn(name, Lookup.find(node, "oAuthSettings"), node));
        case "gatewaysetting" -> addGateway(node);
        default -> {
          ConnectionParameterReader.Kind kind = ConnectionParameterReader.kind(type);
          if (kind == null) {
            warnings.add(at, "has an unknown type and is asked for as text");
          }
          var reader =
              new ConnectionParameterReader(
                  name, kind == null ? ConnectionParameterReader.Kind.TEXT : kind, node);
          // Where Windows is all that could be chosen, nobody is asked.
          (reader.isForWindowsAlone() ? forWindows : values).add(reader.read(at, warnings));
        }
      }
    }

    /** The value is a gateway's id, which whoever makes a connection says by itself. */
    private void addGateway(JsonNode node) {
      JsonNode constraints = Lookup.find(Lookup.find(node, "uiDefinition"), "constraints");
      needsGateway |= Lookup.isTrue(Lookup.find(constraints, "required"));
    }
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
    if (!parameter.isFor(false)) {
      secret = secret.onlyThroughGateway();
    }
    if (!parameter.isFor(true)) {
      secret = secret.onlyDirect();
    }
    return parameter.isHidden() ? secret.hidden() : secret;
  }
}

package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a definition says about a sign-in, with the connection parameters that replace it.
 *
 * @param prefix of connection parameters that belong to the sign-in, such as {@code token:}
 */
record OAuthSource(JsonNode settings, String prefix, DeclaredParameters declared) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{+\\s*([^{}]+?)\\s*}+");

  /** Returns a custom parameter; empty if there is none. */
  String custom(String name) {
    String value =
        Lookup.findText(Lookup.find(Lookup.find(settings, "customParameters"), name), "value");
    return value == null ? "" : value.trim();
  }

  String customOr(String name, String otherwise) {
    String value = custom(name);
    return value.isEmpty() ? otherwise : value;
  }

  @Nullable ConnectionParameter parameter(String name) {
    return declared.find(prefix + name);
  }

  /** Returns a setting, which a connection parameter of the same name replaces. */
  String replaceable(String name, String setting) {
    ConnectionParameter parameter = parameter(name);
    return parameter == null
        ? setting
        : "{" + parameter.name() + (setting.isEmpty() ? "" : "=" + setting) + "}";
  }

  /** Returns the scopes, with placeholders of this library. */
  List<String> scopes() {
    List<String> scopes = declaredScopes();
    ConnectionParameter replacing = parameter("scopes");
    if (replacing == null && scopes.stream().noneMatch(scope -> scope.indexOf('{') >= 0)) {
      replacing = parameter("scope");
    }
    if (replacing != null) {
      String name = replacing.name();
      return List.of(replaceable(name.substring(name.indexOf(':') + 1), String.join(" ", scopes)));
    }
    return scopes.stream().map(this::template).filter(scope -> !scope.isEmpty()).toList();
  }

  private List<String> declaredScopes() {
    List<String> scopes = new ArrayList<>();
    JsonNode declaredScopes = Lookup.find(settings, "scopes");
    for (JsonNode entry : declaredScopes == null ? List.<JsonNode>of() : declaredScopes) {
      for (String scope : (entry.isString() ? entry.stringValue() : "").split("[\\s,]+", -1)) {
        if (!scope.isEmpty() && !scopes.contains(scope)) {
          scopes.add(scope);
        }
      }
    }
    return scopes;
  }

  private String template(String scope) {
    return PLACEHOLDER
        .matcher(scope)
        .replaceAll(
            match -> {
              ConnectionParameter parameter = parameter(match.group(1));
              return parameter == null
                  ? ""
                  : Matcher.quoteReplacement("{" + parameter.name() + "}");
            });
  }
}

package dev.connectorsdk.definition;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.definition.DeclaredParameters.SignIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a sign-in of a definition is done.
 *
 * @param scheme the sign-in, or {@code null} if it cannot be done
 * @param limitation why it cannot be done, or {@code null} if it can
 */
record OAuthSettings(@Nullable OAuth2Scheme scheme, @Nullable String limitation) {

  // Braces would be templates, a fragment would swallow the query that is added.
  private static final Pattern URL =
      Pattern.compile(
          "https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
              + "(\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]{1,253}");
  // An identifier of a protected API: a URI or an application's GUID, and no placeholder.
  private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9._~:/?=&%+-]+");

  static OAuthSettings of(SignIn signIn, DeclaredParameters declared) {
    JsonNode settings = signIn.settings();
    String provider = Lookup.findText(settings, "identityProvider");
    if (settings == null || provider == null) {
      return limited("the definition does not say how to sign in");
    }
    JsonNode custom = Lookup.find(settings, "customParameters");
    String override = override(signIn, declared);
    if (override != null) {
      return limited(
          "the sign-in is set up by the connection parameter '"
              + override
              + "', which is not supported yet");
    }
    List<String> scopes = scopes(Lookup.find(settings, "scopes"));
    if (scopes.stream().anyMatch(s -> s.startsWith("@") || s.indexOf('{') >= 0)) {
      return limited("its scopes come from connection parameters, which is not supported yet");
    }
    return switch (Lookup.lower(provider.trim())) {
      case "oauth2" -> standard(custom, scopes);
      case "aad", "aadcertificate" -> entra(signIn, custom, scopes, declared);
      default -> limited("sign-in by '" + provider + "' is not supported yet");
    };
  }

  private static OAuthSettings standard(@Nullable JsonNode custom, List<String> scopes) {
    String authorization = custom(custom, "authorizationUrl");
    String token = custom(custom, "tokenUrl");
    String refresh = custom(custom, "refreshUrl");
    if (!isUrl(authorization) || !isUrl(token)) {
      return limited("its sign-in or token URL is missing, not https, or not a plain URL");
    }
    if (!refresh.isEmpty() && !refresh.equals(token)) {
      return limited(
          "it renews tokens at another URL than it gets them, which is not supported yet");
    }
    return of(OAuth2Scheme.authorizationCode(authorization, token).scopes(array(scopes)));
  }

  private static OAuthSettings entra(
      SignIn signIn, @Nullable JsonNode custom, List<String> scopes, DeclaredParameters declared) {
    if (custom(custom, "grantType").equalsIgnoreCase("client_credentials")) {
      return limited("it signs in without a user, which is not supported yet");
    }
    String login = custom(custom, "loginUri");
    if (login.isEmpty()) {
      login = custom(custom, "loginUriAAD");
    }
    if (login.isEmpty()) {
      login = "https://login.microsoftonline.com";
    }
    while (login.endsWith("/")) {
      login = login.substring(0, login.length() - 1);
    }
    String tenant = custom(custom, "tenantId");
    if (tenant.isEmpty()) {
      tenant = "common";
    }
    if (!isUrl(login) || login.indexOf('?') >= 0 || !TENANT.matcher(tenant).matches()) {
      return limited("its login URL or tenant is a placeholder");
    }
    ConnectionParameter asked = declared.find(signIn.name() + ":TenantId");
    if (asked != null && !asked.isHidden() && !asked.isSecret()) {
      return limited("the tenant comes from a connection parameter, which is not supported yet");
    }
    String resource = custom(custom, "resourceUri");
    String base = login + "/" + tenant + "/oauth2";
    if (resource.isEmpty()) {
      if (scopes.isEmpty()) {
        return limited("it names neither a resource nor scopes to sign in for");
      }
      return of(
          OAuth2Scheme.authorizationCode(base + "/v2.0/authorize", base + "/v2.0/token")
              .scopes(array(scopes))
              .authorizationParameter("prompt", "select_account"));
    }
    if (!RESOURCE.matcher(resource).matches()) {
      return limited("the resource to sign in for is a placeholder");
    }
    return of(
        OAuth2Scheme.authorizationCode(base + "/authorize", base + "/token")
            .authorizationParameter("resource", resource)
            .authorizationParameter("prompt", "select_account")
            .tokenParameter("resource", resource));
  }

  /** Returns a connection parameter that replaces a setting, or {@code null} if there is none. */
  private static @Nullable String override(SignIn signIn, DeclaredParameters declared) {
    String prefix = signIn.name().toLowerCase(Locale.ROOT) + ":";
    Set<String> replacing =
        Set.of(
            "clientid",
            "clientsecret",
            "resourceuri",
            "authorizationurl",
            "tokenurl",
            "refreshurl",
            "scope",
            "scopes",
            "granttype");
    for (ConnectionParameter parameter : declared.values()) {
      String name = Lookup.lower(parameter.name());
      if (name.startsWith(prefix) && replacing.contains(name.substring(prefix.length()))) {
        return parameter.name();
      }
    }
    return null;
  }

  private static List<String> scopes(@Nullable JsonNode declared) {
    List<String> scopes = new ArrayList<>();
    if (declared != null) {
      for (JsonNode entry : declared) {
        if (entry.isString()) {
          for (String scope : entry.stringValue().split("[\\s,]+", -1)) {
            if (!scope.isEmpty() && !scopes.contains(scope)) {
              scopes.add(scope);
            }
          }
        }
      }
    }
    return scopes;
  }

  private static String custom(@Nullable JsonNode custom, String name) {
    String value = Lookup.findText(Lookup.find(custom, name), "value");
    return value == null ? "" : value.trim();
  }

  private static boolean isUrl(String text) {
    return URL.matcher(text).matches();
  }

  private static String[] array(List<String> scopes) {
    return scopes.toArray(String[]::new);
  }

  private static OAuthSettings of(OAuth2Scheme scheme) {
    return new OAuthSettings(
        scheme.clientOfHost().clientAuthentication(ClientAuthentication.POST).withoutPkce(), null);
  }

  private static OAuthSettings limited(String reason) {
    return new OAuthSettings(null, reason);
  }
}

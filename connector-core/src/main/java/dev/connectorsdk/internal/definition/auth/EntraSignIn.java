package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Sign-in at Entra ID: version 1 for a resource, version 2 for scopes. */
final class EntraSignIn {

  private static final String OFFLINE = "offline_access";
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]{1,253}");
  // An identifier of a protected API: a URI or an application's GUID, and no placeholder.
  private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9._~:/?=&%+-]+");

  private final OAuthSource source;
  private final List<String> scopes;
  private final String login;
  private final String tenant;
  private final String resource;
  private final boolean asksForResource;

  EntraSignIn(OAuthSource source, List<String> scopes) {
    this.source = source;
    this.scopes = scopes;
    this.login = login(source);
    this.tenant = source.replaceable("TenantId", source.customOr("tenantId", "common"));
    this.resource = source.custom("resourceUri");
    this.asksForResource = source.parameter("resourceUri") != null;
  }

  private static String login(OAuthSource source) {
    String login =
        source.customOr(
            "loginUri", source.customOr("loginUriAAD", "https://login.microsoftonline.com"));
    while (login.endsWith("/")) {
      login = login.substring(0, login.length() - 1);
    }
    return login;
  }

  OAuthSettings read() {
    boolean isLogin = OAuthSettings.isUrl(login) && login.indexOf('?') < 0;
    if (!isLogin || !TENANT.matcher(OAuthSettings.plain(tenant)).matches()) {
      return OAuthSettings.limited("its login URL or tenant is a placeholder");
    }
    if (isPlaceholder() && !asksForResource) {
      return OAuthSettings.limited("the resource to sign in for is a placeholder");
    }
    if (resource.isEmpty() && !byScopes() && !asksForResource) {
      return OAuthSettings.limited("it names neither a resource nor scopes to sign in for");
    }
    return schemes(login + "/" + tenant + "/oauth2" + (byScopes() ? "/v2.0" : ""));
  }

  private boolean isPlaceholder() {
    return !resource.isEmpty() && !RESOURCE.matcher(resource).matches();
  }

  private boolean byScopes() {
    return resource.isEmpty() && !scopes.isEmpty();
  }

  private OAuthSettings schemes(String base) {
    OAuth2Scheme byApplication = targeted(OAuth2Scheme.clientCredentials(base + "/token"));
    boolean chosen = source.parameter("grantType") != null;
    if (!chosen && source.custom("grantType").equalsIgnoreCase("client_credentials")) {
      return OAuthSettings.of(source, byApplication, Map.of());
    }
    Map<String, OAuth2Scheme> others = new LinkedHashMap<>();
    if (chosen) {
      others.put(OAuthSettings.APPLICATION, byApplication);
    }
    if (source.custom("enableOnbehalfOfLogin").equalsIgnoreCase("true")) {
      others.put(OAuthSettings.ON_BEHALF_OF, targeted(OAuth2Scheme.onBehalfOf(base + "/token")));
    }
    return OAuthSettings.of(source, byUser(base), others);
  }

  private OAuth2Scheme byUser(String base) {
    OAuth2Scheme scheme =
        targeted(
            OAuth2Scheme.authorizationCode(base + "/authorize", base + "/token")
                .authorizationParameter("prompt", "select_account"));
    if (!byScopes()) {
      return scheme;
    }
    // What version 2 grants does not name offline_access, and a renewal without it gives no further
    // refresh token.
    scheme = scheme.refresh(request -> request.parameter("scope", "{scope} " + OFFLINE));
    if (scopes.contains(OFFLINE)) {
      return scheme;
    }
    // Version 1 gives refresh tokens to all, version 2 to those who ask.
    List<String> lasting = new ArrayList<>(scopes);
    lasting.add(OFFLINE);
    return scheme.scopes(lasting.toArray(String[]::new));
  }

  /** Says for what a token is asked. */
  private OAuth2Scheme targeted(OAuth2Scheme scheme) {
    if (byScopes()) {
      return scheme.scopes(scopes.toArray(String[]::new));
    }
    String named = source.replaceable("resourceUri", isPlaceholder() ? "" : resource);
    OAuth2Scheme targeted = scheme.tokenParameter("resource", named);
    return scheme.authorizationUrl() == null
        ? targeted
        : targeted.authorizationParameter("resource", named);
  }
}

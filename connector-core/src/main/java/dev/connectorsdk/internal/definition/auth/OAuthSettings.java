package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.internal.definition.auth.DeclaredParameters.SignIn;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a sign-in of a definition is done.
 *
 * @param schemes the ways to sign in, each with what its id ends with; empty if there is none
 * @param hosts the connection parameters that hold a whole host name
 * @param limitation why it cannot be done, or {@code null} if it can
 */
record OAuthSettings(
    Map<String, OAuth2Scheme> schemes, Set<String> hosts, @Nullable String limitation) {

  /** The end of the id of a way that needs no user. */
  static final String APPLICATION = "-application";

  /** The end of the id of a way that takes the host's token for the user. */
  static final String ON_BEHALF_OF = "-on-behalf-of";

  private static final String OFFLINE = "offline_access";

  private static final Pattern URL =
      Pattern.compile(
          "https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
              + "(\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
              // The route of a page, which takes the query that is added.
              + "(#!?/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");
  private static final Pattern IN_BRACES = Pattern.compile("\\{[^{}]+}");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]{1,253}");
  // An identifier of a protected API: a URI or an application's GUID, and no placeholder.
  private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9._~:/?=&%+-]+");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{+\\s*([^{}]+?)\\s*}+");

  /** What a definition says, with the connection parameters that replace it. */
  private record Source(JsonNode settings, String prefix, DeclaredParameters declared) {

    String custom(String name) {
      String value =
          Lookup.findText(Lookup.find(Lookup.find(settings, "customParameters"), name), "value");
      return value == null ? "" : value.trim();
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
  }

  static OAuthSettings of(SignIn signIn, DeclaredParameters declared) {
    JsonNode settings = signIn.settings();
    String provider = Lookup.findText(settings, "identityProvider");
    if (settings == null || provider == null) {
      return limited("the definition does not say how to sign in");
    }
    Source source = new Source(settings, signIn.name() + ":", declared);
    List<String> scopes = scopes(source);
    if (scopes.stream().anyMatch(scope -> scope.startsWith("@"))) {
      return limited("its scopes are an expression that nothing gives a value");
    }
    String name = Lookup.lower(provider.trim());
    return switch (name) {
      case "oauth2" -> standard(source, scopes, "", "", UnaryOperator.identity());
      case "oauth2generic" -> generic(source, scopes);
      case "aad", "aadcertificate", "azureactivedirectory" -> entra(source, scopes);
      default -> named(source, scopes, name, provider);
    };
  }

  private static OAuthSettings named(
      Source source, List<String> scopes, String name, String provider) {
    NamedProvider known = NamedProvider.of(name, source.custom("loginUri"));
    if (known == null && source.custom("authorizationUrl").isEmpty()) {
      return limited("sign-in by '" + provider + "' is not known");
    }
    return known == null
        ? standard(source, scopes, "", "", UnaryOperator.identity())
        : standard(source, scopes, known.authorizationUrl(), known.tokenUrl(), known.quirks());
  }

  private static OAuthSettings standard(
      Source source,
      List<String> scopes,
      String usualAuthorization,
      String usualToken,
      UnaryOperator<OAuth2Scheme> quirks) {
    String authorization = setting(source, "authorizationUrl", usualAuthorization);
    String token = setting(source, "tokenUrl", usualToken);
    String refresh = setting(source, "refreshUrl", "");
    if (!isReplaceableUrl(authorization) || !isReplaceableUrl(token)) {
      return limited("its sign-in or token URL is missing, not https, or not a plain URL");
    }
    if (!refresh.isEmpty() && !isReplaceableUrl(refresh)) {
      return limited("the URL at which it renews tokens is not https, or not a plain URL");
    }
    OAuth2Scheme scheme =
        quirks.apply(OAuth2Scheme.authorizationCode(authorization, token).scopes(array(scopes)));
    return of(source, refresh.isEmpty() ? scheme : scheme.refreshUrl(refresh), Map.of());
  }

  private static String setting(Source source, String name, String usual) {
    String custom = source.custom(name);
    return source.replaceable(name, custom.isEmpty() ? usual : custom);
  }

  private static OAuthSettings generic(Source source, List<String> scopes) {
    OAuth2Scheme scheme =
        new GenericOAuth(source.settings(), source.prefix(), source.declared()).scheme(scopes);
    return scheme == null
        ? limited("its sign-in or token URL is missing, or its template does not give an https URL")
        : of(source, scheme, Map.of());
  }

  private static OAuthSettings entra(Source source, List<String> scopes) {
    String login = source.custom("loginUri");
    if (login.isEmpty()) {
      login = source.custom("loginUriAAD");
    }
    if (login.isEmpty()) {
      login = "https://login.microsoftonline.com";
    }
    while (login.endsWith("/")) {
      login = login.substring(0, login.length() - 1);
    }
    String tenant = source.custom("tenantId");
    tenant = source.replaceable("TenantId", tenant.isEmpty() ? "common" : tenant);
    String plainTenant = IN_BRACES.matcher(tenant).replaceAll("x");
    if (!isUrl(login) || login.indexOf('?') >= 0 || !TENANT.matcher(plainTenant).matches()) {
      return limited("its login URL or tenant is a placeholder");
    }
    String resource = source.custom("resourceUri");
    boolean asked = source.parameter("resourceUri") != null;
    boolean isPlaceholder = !resource.isEmpty() && !RESOURCE.matcher(resource).matches();
    if (isPlaceholder && !asked) {
      return limited("the resource to sign in for is a placeholder");
    }
    String base = login + "/" + tenant + "/oauth2";
    boolean byScopes = resource.isEmpty() && !scopes.isEmpty();
    if (!byScopes && resource.isEmpty() && !asked) {
      return limited("it names neither a resource nor scopes to sign in for");
    }
    String named = source.replaceable("resourceUri", isPlaceholder ? "" : resource);
    UnaryOperator<OAuth2Scheme> target =
        scheme -> byScopes ? scheme.scopes(array(scopes)) : withResource(scheme, named);
    String version = byScopes ? "/v2.0" : "";
    OAuth2Scheme byUser =
        target.apply(
            OAuth2Scheme.authorizationCode(base + version + "/authorize", base + version + "/token")
                .authorizationParameter("prompt", "select_account"));
    if (byScopes && !scopes.contains(OFFLINE)) {
      // Version 1 gives refresh tokens to all, version 2 to those who ask.
      List<String> lasting = new ArrayList<>(scopes);
      lasting.add(OFFLINE);
      byUser = byUser.scopes(array(lasting));
    }
    OAuth2Scheme byApplication =
        target.apply(OAuth2Scheme.clientCredentials(base + version + "/token"));
    String grant = source.custom("grantType");
    if (grant.equalsIgnoreCase("client_credentials") && source.parameter("grantType") == null) {
      return of(source, byApplication, Map.of());
    }
    Map<String, OAuth2Scheme> others = new LinkedHashMap<>();
    if (source.parameter("grantType") != null) {
      others.put(APPLICATION, byApplication);
    }
    if (source.custom("enableOnbehalfOfLogin").equalsIgnoreCase("true")) {
      others.put(ON_BEHALF_OF, target.apply(OAuth2Scheme.onBehalfOf(base + version + "/token")));
    }
    return of(source, byUser, others);
  }

  private static OAuth2Scheme withResource(OAuth2Scheme scheme, String resource) {
    OAuth2Scheme named = scheme.tokenParameter("resource", resource);
    return scheme.authorizationUrl() == null
        ? named
        : named.authorizationParameter("resource", resource);
  }

  private static OAuthSettings of(
      Source source, OAuth2Scheme scheme, Map<String, OAuth2Scheme> others) {
    Map<String, OAuth2Scheme> all = new LinkedHashMap<>();
    all.put("", finished(source, scheme));
    others.forEach((ending, other) -> all.put(ending, finished(source, other)));
    Set<String> hosts = new HashSet<>();
    for (OAuth2Scheme one : all.values()) {
      List<String> urls = new ArrayList<>(one.endpoints());
      String authorization = one.authorizationUrl();
      if (authorization != null) {
        urls.add(authorization);
      }
      urls.forEach(url -> hosts.addAll(HostParameters.of(url)));
    }
    return new OAuthSettings(all, hosts, null);
  }

  /** The client is the host's, unless a connection brings its own; PKCE has to be asked for. */
  private static OAuth2Scheme finished(Source source, OAuth2Scheme scheme) {
    OAuth2Scheme finished = scheme.clientOfHost().withoutPkce();
    if (scheme.clientAuthentication() == ClientAuthentication.BASIC) {
      finished = finished.clientAuthentication(ClientAuthentication.POST_OR_BASIC);
    }
    ConnectionParameter id = source.parameter("clientId");
    ConnectionParameter secret = source.parameter("clientSecret");
    if (id != null) {
      finished =
          finished.clientOfConnectionIf(
              id.name(), secret == null ? source.prefix() + "clientSecret" : secret.name());
    }
    boolean needsClient =
        scheme.clientAuthentication() != ClientAuthentication.AS_WRITTEN
            || scheme.exchange().parameters().values().stream()
                .anyMatch(value -> value.contains("{client_"));
    return needsClient ? finished : finished.withoutClient();
  }

  private static List<String> scopes(Source source) {
    List<String> scopes = new ArrayList<>();
    JsonNode declared = Lookup.find(source.settings(), "scopes");
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
    ConnectionParameter replacing = source.parameter("scopes");
    if (replacing == null && scopes.stream().noneMatch(scope -> scope.indexOf('{') >= 0)) {
      replacing = source.parameter("scope");
    }
    if (replacing != null) {
      String usual = String.join(" ", scopes);
      return List.of(source.replaceable(last(replacing.name()), usual));
    }
    List<String> templates = new ArrayList<>();
    for (String scope : scopes) {
      templates.add(
          PLACEHOLDER
              .matcher(scope)
              .replaceAll(
                  match -> {
                    ConnectionParameter parameter = source.parameter(match.group(1));
                    return parameter == null
                        ? ""
                        : Matcher.quoteReplacement("{" + parameter.name() + "}");
                  }));
    }
    templates.removeIf(String::isEmpty);
    return templates;
  }

  private static String last(String name) {
    return name.substring(name.indexOf(':') + 1);
  }

  private static boolean isUrl(String text) {
    return URL.matcher(text).matches();
  }

  /** Returns whether a setting, or what stands in for it, is a URL. */
  private static boolean isReplaceableUrl(String template) {
    if (!template.startsWith("{")) {
      return isUrl(template);
    }
    int usual = template.indexOf('=');
    return usual < 0 || isUrl(template.substring(usual + 1, template.length() - 1));
  }

  /** Returns whether a template gives an https URL, whatever is filled in. */
  static boolean isUrlTemplate(String template) {
    String start =
        template.startsWith("{") ? IN_BRACES.matcher(template).replaceFirst("https://x") : template;
    return isUrl(IN_BRACES.matcher(start).replaceAll("x"));
  }

  private static String[] array(List<String> scopes) {
    return scopes.toArray(String[]::new);
  }

  private static OAuthSettings limited(String reason) {
    return new OAuthSettings(Map.of(), Set.of(), reason);
  }
}

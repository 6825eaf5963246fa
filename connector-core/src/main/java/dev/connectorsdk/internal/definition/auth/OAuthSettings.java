package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.internal.definition.auth.DeclaredParameters.SignIn;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
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

  private static final Pattern URL =
      Pattern.compile(
          "https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
              + "(\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
              // The route of a page, which takes the query that is added.
              + "(#!?/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");

  static OAuthSettings of(SignIn signIn, DeclaredParameters declared) {
    JsonNode settings = signIn.settings();
    String provider = Lookup.findText(settings, "identityProvider");
    if (settings == null || provider == null) {
      return limited("the definition does not say how to sign in");
    }
    OAuthSource source = new OAuthSource(settings, signIn.name() + ":", declared);
    List<String> scopes = source.scopes();
    if (scopes.stream().anyMatch(scope -> scope.startsWith("@"))) {
      return limited("its scopes are an expression that nothing gives a value");
    }
    String name = Lookup.lower(provider.trim());
    return switch (name) {
      case "oauth2" -> standard(source, scopes, "", "", UnaryOperator.identity());
      case "oauth2generic" -> generic(source, scopes);
      case "aad", "aadcertificate", "azureactivedirectory" ->
          new EntraSignIn(source, scopes).read();
      default -> named(source, scopes, name, provider);
    };
  }

  private static OAuthSettings named(
      OAuthSource source, List<String> scopes, String name, String provider) {
    NamedProvider known = NamedProvider.of(name, source.custom("loginUri"));
    if (known == null && source.custom("authorizationUrl").isEmpty()) {
      return limited("sign-in by '" + provider + "' is not known");
    }
    return known == null
        ? standard(source, scopes, "", "", UnaryOperator.identity())
        : standard(source, scopes, known.authorizationUrl(), known.tokenUrl(), known.quirks());
  }

  private static OAuthSettings standard(
      OAuthSource source,
      List<String> scopes,
      String usualAuthorization,
      String usualToken,
      UnaryOperator<OAuth2Scheme> quirks) {
    if (!isUrlOrParameter(source, "authorizationUrl", usualAuthorization)
        || !isUrlOrParameter(source, "tokenUrl", usualToken)) {
      return limited("its sign-in or token URL is missing, not https, or not a plain URL");
    }
    String authorization = setting(source, "authorizationUrl", usualAuthorization);
    String token = setting(source, "tokenUrl", usualToken);
    String written = source.custom("refreshUrl");
    boolean none = PlatformRedirect.is(written);
    String refresh = none ? "" : setting(source, "refreshUrl", "");
    if (!none && !written.isEmpty() && !isUrlOrParameter(source, "refreshUrl", "")) {
      return limited("the URL at which it renews tokens is not https, or not a plain URL");
    }
    OAuth2Scheme scheme =
        quirks.apply(OAuth2Scheme.authorizationCode(authorization, token).scopes(array(scopes)));
    return of(source, refresh.isEmpty() ? scheme : scheme.refreshUrl(refresh), Map.of());
  }

  private static String setting(OAuthSource source, String name, String usual) {
    String setting = source.customOr(name, usual);
    return source.replaceable(name, isUrl(setting) ? setting : "");
  }

  private static OAuthSettings generic(OAuthSource source, List<String> scopes) {
    var written = new GenericOAuth(source.settings(), source.prefix(), source.declared());
    if (written.isOutdated()) {
      return limited(
          "it asks for a token by the implicit or the password grant, which is not used");
    }
    OAuth2Scheme scheme = written.scheme(scopes);
    if (!written.unknown().isEmpty()) {
      return limited(
          "its templates ask for "
              + String.join(", ", written.unknown())
              + ", which nothing gives a value");
    }
    return scheme == null
        ? limited("its sign-in or token URL is missing, or its template does not give an https URL")
        : of(source, scheme, Map.of());
  }

  static OAuthSettings of(
      OAuthSource source, OAuth2Scheme scheme, Map<String, OAuth2Scheme> others) {
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
  private static OAuth2Scheme finished(OAuthSource source, OAuth2Scheme scheme) {
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

  static boolean isUrl(String text) {
    return URL.matcher(text).matches();
  }

  /** Returns whether a setting is a URL, or a connection parameter gives one in its place. */
  private static boolean isUrlOrParameter(OAuthSource source, String name, String usual) {
    return source.parameter(name) != null || isUrl(source.customOr(name, usual));
  }

  /** Returns whether a template gives an https URL, whatever is filled in. */
  static boolean isUrlTemplate(String template) {
    String plain = plain(template);
    return isUrl(template.startsWith("{") ? "https://" + plain : plain);
  }

  static String plain(String template) {
    return Placeholders.replace(template, inBraces -> "x");
  }

  private static String[] array(List<String> scopes) {
    return scopes.toArray(String[]::new);
  }

  static OAuthSettings limited(String reason) {
    return new OAuthSettings(Map.of(), Set.of(), reason);
  }
}

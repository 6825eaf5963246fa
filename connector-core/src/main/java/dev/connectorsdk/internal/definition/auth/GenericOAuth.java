package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The templates of the identity provider {@code oauth2generic}, as templates of this library: names
 * without regard to case, defaults where one is missing, and nothing sent that is not written.
 */
final class GenericOAuth {

  private static final String AUTHORIZATION =
      "response_type=code&client_id={ClientId}&redirect_uri={RedirectUrl}&scope={Scopes}"
          + "&state={State}";
  private static final String TOKEN =
      "client_id={ClientId}&client_secret={ClientSecret}&code={Code}&redirect_uri={RedirectUrl}"
          + "&grant_type=authorization_code";
  private static final String REFRESH =
      "client_id={ClientId}&client_secret={ClientSecret}&refresh_token={RefreshToken}"
          + "&redirect_uri={RedirectUrl}&grant_type=refresh_token";

  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "redirecturl", "{redirect_uri}",
          "clientid", "{client_id}",
          "clientsecret", "{client_secret}",
          "code", "{code}",
          "scopes", "{scope}",
          "state", "{state}",
          "refreshtoken", "{refresh_token}");

  /** Other names that authors use, where a definition gives these no meaning of its own. */
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "redirecturi", "{redirect_uri}",
          "redirect_uri", "{redirect_uri}",
          "redirect_url", "{redirect_uri}",
          "client_id", "{client_id}",
          "client_secret", "{client_secret}",
          "scope", "{scope}",
          "refresh_token", "{refresh_token}");

  private final JsonNode settings;
  private final @Nullable JsonNode custom;
  private final String prefix;
  private final DeclaredParameters declared;
  private final Set<String> unknown = new TreeSet<>();

  /**
   * @param prefix of connection parameters that belong to the sign-in, such as {@code token:}
   */
  GenericOAuth(JsonNode settings, String prefix, DeclaredParameters declared) {
    this.settings = settings;
    this.custom = Lookup.find(settings, "customParameters");
    this.prefix = prefix;
    this.declared = declared;
  }

  /** Returns the sign-in, or {@code null} if a URL is missing or cannot be one. */
  @Nullable OAuth2Scheme scheme(List<String> scopes) {
    String authorizationUrl =
        url("authorizationUrlTemplate", "authorizationUrlQueryStringTemplate");
    String tokenUrl = url("tokenUrlTemplate", "tokenUrlQueryStringTemplate");
    if (authorizationUrl == null || tokenUrl == null) {
      return null;
    }
    Map<String, String> authorization = parameters(authorizationUrl);
    if (authorization.isEmpty()) {
      authorization = pairs(translated(AUTHORIZATION));
    }
    Map<String, String> sent = authorization;
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(withoutQuery(authorizationUrl), tokenUrl)
            .scopes(scopes.toArray(String[]::new))
            .clientAuthentication(ClientAuthentication.AS_WRITTEN)
            .authorization(request -> with(request, sent))
            .exchange(request -> with(request, pairs(body("tokenBodyTemplate", TOKEN))));
    String delimiter = untrimmed("scopeListDelimiter");
    if (!delimiter.isEmpty()) {
      scheme = scheme.scopeSeparator(delimiter);
    }
    if (isNull("refreshUrlTemplate")) {
      scheme = scheme.renewal(Renewal.NEVER);
    } else {
      String url = url("refreshUrlTemplate", "refreshUrlQueryStringTemplate");
      scheme =
          scheme.refresh(
              request ->
                  with(
                      request.to(url == null ? tokenUrl : url),
                      pairs(body("refreshBodyTemplate", REFRESH))));
    }
    return scheme;
  }

  /**
   * Returns whether it is written for a token that comes with the browser, or for a password: RFC
   * 9700 sections 2.1.2 and 2.4 allow neither.
   */
  boolean isOutdated() {
    String url = url("authorizationUrlTemplate", "authorizationUrlQueryStringTemplate");
    String type = url == null ? "" : parameters(url).getOrDefault("response_type", "");
    String grant = pairs(body("tokenBodyTemplate", TOKEN)).getOrDefault("grant_type", "");
    return List.of(Lookup.lower(type).split(" ", -1)).contains("token")
        || Lookup.lower(grant).equals("password");
  }

  /** A setting that is there and says nothing. */
  private boolean isNull(String name) {
    return isSetting(name) && Lookup.find(Lookup.find(custom, name), "value") == null;
  }

  private static RequestTemplate with(RequestTemplate request, Map<String, String> parameters) {
    RequestTemplate all = request.withoutParameters();
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      all = all.parameter(parameter.getKey(), parameter.getValue());
    }
    return all;
  }

  private @Nullable String url(String urlName, String queryName) {
    String template = value(urlName);
    if (template.isEmpty()) {
      return null;
    }
    String query = value(queryName);
    String joined =
        template.indexOf('?') >= 0 && query.startsWith("?")
            ? template + "&" + query.substring(1)
            : template + query;
    String url = translated(joined);
    return OAuthSettings.isUrlTemplate(url) ? url : null;
  }

  private String body(String name, String standard) {
    String template = value(name);
    return translated(template.isEmpty() ? standard : template);
  }

  private static Map<String, String> parameters(String url) {
    int query = queryOf(url);
    return query < 0 ? Map.of() : pairs(url.substring(query + 1));
  }

  private static String withoutQuery(String url) {
    int query = queryOf(url);
    return query < 0 ? url : url.substring(0, query);
  }

  /** A question mark between braces asks for a value. */
  private static int queryOf(String url) {
    int depth = 0;
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == '?' && depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Every inserted value is encoded when it is sent; what is written is encoded already. */
  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (QueryParameter pair : QueryParameter.parse(text, true)) {
      if (!pair.name().isBlank()) {
        pairs.put(pair.name(), returning(pair));
      }
    }
    return pairs;
  }

  /** A sign-in returns to the host, whatever page a definition has written out. */
  private static String returning(QueryParameter pair) {
    boolean elsewhere = pair.name().equals("redirect_uri") && pair.value().startsWith("https:");
    return elsewhere ? "{redirect_uri}" : pair.value();
  }

  /** Returns a template whose names are this library's. */
  String translated(String template) {
    return Placeholders.replace(
        PlatformRedirect.replaced(template), name -> replacement(name.trim()));
  }

  private String replacement(String name) {
    ConnectionParameter parameter = declared.find(prefix + name);
    String standard = PLACEHOLDERS.get(Lookup.lower(name));
    if (standard != null) {
      return standard;
    }
    if (parameter != null) {
      return "{" + parameter.name() + "}";
    }
    JsonNode condition = Lookup.find(Lookup.find(settings, "additionalParameters"), name);
    String value = value(name);
    if (condition != null) {
      return conditional(name, value, condition);
    }
    if (isSetting(name) && value.indexOf('{') < 0 && value.indexOf('}') < 0) {
      return value;
    }
    String synonym = SYNONYMS.get(Lookup.lower(name));
    if (synonym == null) {
      unknown.add(name);
    }
    return synonym == null ? "" : synonym;
  }

  private boolean isSetting(String name) {
    return custom != null && Lookup.match(custom.propertyNames(), name) != null;
  }

  /** Returns what the templates that were read ask for and nothing gives a value. */
  Set<String> unknown() {
    return unknown;
  }

  private String conditional(String name, String value, JsonNode condition) {
    String lower = Lookup.lower(name);
    if (lower.endsWith("clientid")) {
      return isFirst(name, "clientid") ? "{client_id}" : "";
    }
    if (lower.endsWith("clientsecret")) {
      return isFirst(name, "clientsecret") ? "{client_secret}" : "";
    }
    return value.isEmpty() || value.indexOf('{') >= 0 ? "" : chosen(value, condition);
  }

  private String chosen(String value, JsonNode condition) {
    JsonNode when = Lookup.find(condition, "applicableWhen");
    JsonNode rule = when == null || when.isEmpty() ? null : when.get(0);
    String parameterName = Lookup.findText(rule, "parameter");
    ConnectionParameter parameter =
        parameterName == null ? null : declared.find(prefix + parameterName);
    JsonNode values = Lookup.find(rule, "oneOf");
    if (parameter == null || values == null) {
      return "";
    }
    List<String> wanted = new ArrayList<>();
    for (JsonNode one : values) {
      wanted.add(one.isNull() ? "" : one.asString(""));
    }
    // An empty one is for a parameter without a value.
    return "{" + parameter.name() + "?" + String.join(",", wanted) + "=" + value + "}";
  }

  /** A client for each region is the registered one, whichever region it is. */
  private boolean isFirst(String name, String ending) {
    JsonNode all = Lookup.find(settings, "additionalParameters");
    if (all == null) {
      return false;
    }
    for (String other : all.propertyNames()) {
      if (Lookup.lower(other).endsWith(ending)) {
        return other.equalsIgnoreCase(name);
      }
    }
    return false;
  }

  private String value(String name) {
    return untrimmed(name).trim();
  }

  private String untrimmed(String name) {
    String value = Lookup.findText(Lookup.find(custom, name), "value");
    return value == null ? "" : value;
  }
}

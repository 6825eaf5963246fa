package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A provider that definitions name without saying its URLs.
 *
 * @param login where users sign in unless a definition says so, which stands before both URLs;
 *     empty if a definition has no say
 * @param quirks how it differs from the standard
 */
record NamedProvider(
    String login, String authorizationUrl, String tokenUrl, UnaryOperator<OAuth2Scheme> quirks) {

  private static final Map<String, NamedProvider> ALL =
      Map.ofEntries(
          Map.entry(
              "facebook",
              at(
                      "https://www.facebook.com/dialog/oauth",
                      "https://graph.facebook.com/oauth/access_token")
                  .with(scheme -> scheme.scopeSeparator(","))),
          Map.entry(
              "docusign", below("https://account.docusign.com", "/oauth/auth", "/oauth/token")),
          Map.entry(
              "google",
              at(
                      "https://accounts.google.com/o/oauth2/v2/auth",
                      "https://oauth2.googleapis.com/token")
                  .with(
                      scheme ->
                          scheme
                              .authorizationParameter("access_type", "offline")
                              .authorizationParameter("prompt", "consent"))),
          Map.entry(
              "github",
              at(
                  "https://github.com/login/oauth/authorize",
                  "https://github.com/login/oauth/access_token")),
          Map.entry(
              "dropbox",
              at(
                      "https://www.dropbox.com/oauth2/authorize",
                      "https://api.dropboxapi.com/oauth2/token")
                  .with(scheme -> scheme.authorizationParameter("token_access_type", "offline"))),
          Map.entry("salesforce", salesforce()),
          Map.entry("salesforcev2", salesforce()),
          Map.entry(
              "linkedin",
              at(
                  "https://www.linkedin.com/oauth/v2/authorization",
                  "https://www.linkedin.com/oauth/v2/accessToken")),
          Map.entry(
              "yammer",
              at(
                      "https://www.yammer.com/oauth2/authorize",
                      "https://www.yammer.com/oauth2/access_token")
                  .with(
                      scheme ->
                          scheme.answer(
                              answer ->
                                  answer.accessToken("/access_token/token", "/access_token")))),
          Map.entry(
              "box",
              at(
                  "https://account.box.com/api/oauth2/authorize",
                  "https://api.box.com/oauth2/token")),
          Map.entry(
              "slack",
              at("https://slack.com/oauth/v2/authorize", "https://slack.com/api/oauth.v2.access")
                  .with(
                      scheme ->
                          scheme
                              .scopeSeparator(",")
                              .answer(answer -> answer.successIf("/ok", "true"))
                              .bearerTokenTypes("bot", "user"))));

  /**
   * Returns the provider of a name.
   *
   * @param name in lower case
   * @param loginUri where a definition says that users sign in; empty if it does not
   * @return {@code null} if the name is not known
   */
  static @Nullable NamedProvider of(String name, String loginUri) {
    NamedProvider known = ALL.get(name);
    return known == null ? null : known.signingInAt(loginUri);
  }

  private static NamedProvider at(String authorizationUrl, String tokenUrl) {
    return below("", authorizationUrl, tokenUrl);
  }

  private static NamedProvider below(String login, String authorization, String token) {
    return new NamedProvider(login, authorization, token, UnaryOperator.identity());
  }

  private static NamedProvider salesforce() {
    return below(
        "https://login.salesforce.com", "/services/oauth2/authorize", "/services/oauth2/token");
  }

  private NamedProvider with(UnaryOperator<OAuth2Scheme> quirks) {
    return new NamedProvider(login, authorizationUrl, tokenUrl, quirks);
  }

  private NamedProvider signingInAt(String loginUri) {
    if (login.isEmpty()) {
      return this;
    }
    String chosen = loginUri.isEmpty() ? login : loginUri;
    String base = chosen.endsWith("/") ? chosen.substring(0, chosen.length() - 1) : chosen;
    return new NamedProvider("", base + authorizationUrl, base + tokenUrl, quirks);
  }
}

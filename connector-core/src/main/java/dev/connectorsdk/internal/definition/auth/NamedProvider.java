package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A provider that definitions name without saying its URLs.
 *
 * @param quirks how it differs from the standard
 */
record NamedProvider(String authorizationUrl, String tokenUrl, UnaryOperator<OAuth2Scheme> quirks) {

  /**
   * Returns the provider of a name.
   *
   * @param name in lower case
   * @param loginUri where a definition says that users sign in; empty if it does not
   * @return {@code null} if the name is not known
   */
  static @Nullable NamedProvider of(String name, String loginUri) {
    return switch (name) {
      case "facebook" ->
          at(
              "https://www.facebook.com/dialog/oauth",
              "https://graph.facebook.com/oauth/access_token",
              scheme -> scheme.scopeSeparator(","));
      case "docusign" -> {
        String login = base(loginUri, "https://account.docusign.com");
        yield at(login + "/oauth/auth", login + "/oauth/token");
      }
      case "google" ->
          at(
              "https://accounts.google.com/o/oauth2/v2/auth",
              "https://oauth2.googleapis.com/token",
              scheme ->
                  scheme
                      .authorizationParameter("access_type", "offline")
                      .authorizationParameter("prompt", "consent"));
      case "github" ->
          at(
              "https://github.com/login/oauth/authorize",
              "https://github.com/login/oauth/access_token");
      case "dropbox" ->
          at(
              "https://www.dropbox.com/oauth2/authorize",
              "https://api.dropboxapi.com/oauth2/token",
              scheme -> scheme.authorizationParameter("token_access_type", "offline"));
      case "salesforce", "salesforcev2" -> {
        String login = base(loginUri, "https://login.salesforce.com");
        yield at(login + "/services/oauth2/authorize", login + "/services/oauth2/token");
      }
      case "linkedin" ->
          at(
              "https://www.linkedin.com/oauth/v2/authorization",
              "https://www.linkedin.com/oauth/v2/accessToken");
      case "yammer" ->
          at(
              "https://www.yammer.com/oauth2/authorize",
              "https://www.yammer.com/oauth2/access_token",
              scheme ->
                  scheme.answer(
                      answer -> answer.accessToken("/access_token/token", "/access_token")));
      case "box" ->
          at("https://account.box.com/api/oauth2/authorize", "https://api.box.com/oauth2/token");
      case "slack" ->
          at(
              "https://slack.com/oauth/v2/authorize",
              "https://slack.com/api/oauth.v2.access",
              scheme ->
                  scheme.scopeSeparator(",").answer(answer -> answer.successIf("/ok", "true")));
      default -> null;
    };
  }

  private static NamedProvider at(String authorizationUrl, String tokenUrl) {
    return at(authorizationUrl, tokenUrl, UnaryOperator.identity());
  }

  private static NamedProvider at(
      String authorizationUrl, String tokenUrl, UnaryOperator<OAuth2Scheme> quirks) {
    return new NamedProvider(authorizationUrl, tokenUrl, quirks);
  }

  private static String base(String loginUri, String usual) {
    String login = loginUri.isEmpty() ? usual : loginUri;
    return login.endsWith("/") ? login.substring(0, login.length() - 1) : login;
  }
}

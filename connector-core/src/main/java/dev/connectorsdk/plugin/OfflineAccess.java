package dev.connectorsdk.plugin;

import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which providers give a refresh token only to those who ask for it, and how they want it. */
final class OfflineAccess {

  private record Provider(String host, @Nullable String scope, String parameter, String value) {

    static Provider byScope(String host, String scope) {
      return new Provider(host, scope, "", "");
    }

    static Provider byParameter(String host, String parameter, String value) {
      return new Provider(host, null, parameter, value);
    }
  }

  private static final List<Provider> PROVIDERS =
      List.of(
          Provider.byScope("login.microsoftonline.com", "offline_access"),
          Provider.byScope("auth.atlassian.com", "offline_access"),
          Provider.byScope("login.xero.com", "offline_access"),
          Provider.byParameter("accounts.google.com", "access_type", "offline"),
          Provider.byParameter("www.dropbox.com", "token_access_type", "offline"),
          Provider.byParameter("www.reddit.com", "duration", "permanent"));

  private OfflineAccess() {}

  /** Returns what the scheme lacks to get a refresh token, or {@code null} if nothing is known. */
  static @Nullable String missingIn(OAuth2Scheme scheme) {
    for (Provider provider : PROVIDERS) {
      String url = scheme.authorizationUrl();
      if (url != null && url.startsWith("https://" + provider.host() + "/")) {
        String scope = provider.scope();
        if (scope != null) {
          return scheme.scopes().contains(scope) ? null : "the scope " + scope;
        }
        return provider.value().equals(scheme.authorizationParameters().get(provider.parameter()))
            ? null
            : "the authorization parameter " + provider.parameter() + "=" + provider.value();
      }
    }
    return null;
  }
}

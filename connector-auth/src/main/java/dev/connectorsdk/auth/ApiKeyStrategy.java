package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import java.util.List;

/** Keys in headers, the query or cookies. */
final class ApiKeyStrategy implements AuthStrategy<ApiKeyScheme> {

  @Override
  public Class<ApiKeyScheme> schemeType() {
    return ApiKeyScheme.class;
  }

  @Override
  public Authenticator open(ApiKeyScheme scheme, AuthContext context) {
    List<Injection> keys = scheme.keys().stream().map(key -> injection(key, context)).toList();
    Injection all =
        request -> {
          for (Injection key : keys) {
            key.into(request);
          }
        };
    return (keys.size() == 1 ? keys.get(0) : all).unchanging();
  }

  private static Injection injection(ApiKeyScheme.Key key, AuthContext context) {
    String name = key.name();
    String parameter = key.parameter();
    String text = CredentialText.required(context, parameter);
    String value = key.prefix() + text;
    return switch (key.placement()) {
      case HEADER -> {
        CredentialText.header(context, parameter, name, text);
        yield Injection.header(name, value);
      }
      case COOKIE -> {
        CredentialText.cookie(context, parameter, name, text);
        yield request -> request.addCookie(name, value);
      }
      case QUERY -> request -> request.setQueryParameter(name, value);
    };
  }
}

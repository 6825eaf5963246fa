package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.BearerScheme;

/** A token that somebody got elsewhere, in the Authorization header. */
final class BearerStrategy implements AuthStrategy<BearerScheme> {

  @Override
  public Class<BearerScheme> schemeType() {
    return BearerScheme.class;
  }

  @Override
  public Authenticator open(BearerScheme scheme, AuthContext context) {
    String parameter = scheme.parameter();
    String token = CredentialText.required(context, parameter);
    CredentialText.header(context, parameter, "Authorization", token);
    return Injection.header("Authorization", "Bearer " + token).unchanging();
  }
}

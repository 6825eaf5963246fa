package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.NoneScheme;

/** Leaves requests as they are. */
final class NoneStrategy implements AuthStrategy<NoneScheme> {

  @Override
  public Class<NoneScheme> schemeType() {
    return NoneScheme.class;
  }

  @Override
  public Authenticator open(NoneScheme scheme, AuthContext context) {
    return request -> 0;
  }
}

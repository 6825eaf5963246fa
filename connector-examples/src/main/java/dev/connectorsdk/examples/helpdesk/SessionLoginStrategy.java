package dev.connectorsdk.examples.helpdesk;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;

/** Logs in as {@link SessionLogin} says. */
// tag::strategy[]
public final class SessionLoginStrategy implements AuthStrategy<SessionLogin> {

  @Override
  public Class<SessionLogin> schemeType() {
    return SessionLogin.class;
  }

  @Override
  public Authenticator open(SessionLogin scheme, AuthContext context) {
    return new SessionAuthenticator(context, context.expand(scheme.loginUrl()).toString());
  }
}
// end::strategy[]

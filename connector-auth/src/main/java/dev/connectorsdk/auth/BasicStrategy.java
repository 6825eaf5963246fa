package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.BasicScheme;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * HTTP Basic, RFC 7617, in UTF-8. Either part may be empty: services exist that take a key as user
 * name or as password and nothing as the other.
 */
final class BasicStrategy implements AuthStrategy<BasicScheme> {

  @Override
  public Class<BasicScheme> schemeType() {
    return BasicScheme.class;
  }

  @Override
  public Authenticator open(BasicScheme scheme, AuthContext context) {
    String user = user(scheme, context);
    String password = text(context.secret(scheme.passwordParameter()));
    if (user.indexOf(':') >= 0) {
      throw CredentialText.fault(context, scheme.userParameter(), "must not contain a colon");
    }
    String pair =
        CredentialText.withoutControls(context, scheme.userParameter(), user)
            + ":"
            + CredentialText.withoutControls(context, scheme.passwordParameter(), password);
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    return Injection.header("Authorization", "Basic " + encoded).unchanging();
  }

  /** Some services take a key as user name, so a connector may declare it secret. */
  private static String user(BasicScheme scheme, AuthContext context) {
    String user = context.parameter(scheme.userParameter());
    return user == null ? text(context.secret(scheme.userParameter())) : user;
  }

  private static String text(@Nullable Secret secret) {
    return secret == null ? "" : secret.reveal();
  }
}

package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth1Scheme.SignatureMethod;
import dev.connectorsdk.api.internal.Placeholder;
import dev.connectorsdk.api.internal.Placeholders;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/** OAuth 1.0, RFC 5849, with credentials that the connection brings. */
final class OAuth1Strategy implements AuthStrategy<OAuth1Scheme> {

  @Override
  public Class<OAuth1Scheme> schemeType() {
    return OAuth1Scheme.class;
  }

  @Override
  public Authenticator open(OAuth1Scheme scheme, AuthContext context) {
    boolean rsa = scheme.method() == SignatureMethod.RSA_SHA1;
    PrivateKey key = rsa ? rsaKey(context) : null;
    String consumer = context.parameter(OAuth1Scheme.CONSUMER_KEY);
    if (consumer == null || consumer.isEmpty()) {
      throw CredentialText.fault(context, OAuth1Scheme.CONSUMER_KEY, "has no value");
    }
    return new OAuth1Signature(
        scheme,
        context,
        realm(scheme, context),
        consumer,
        rsa ? "" : CredentialText.required(context, OAuth1Scheme.CONSUMER_SECRET),
        text(context.secret(OAuth1Scheme.TOKEN)),
        text(context.secret(OAuth1Scheme.TOKEN_SECRET)),
        key);
  }

  private static PrivateKey rsaKey(AuthContext context) {
    PrivateKey key = PrivateKeyText.required(context, OAuth1Scheme.PRIVATE_KEY);
    if (!key.getAlgorithm().equals("RSA")) {
      throw CredentialText.fault(context, OAuth1Scheme.PRIVATE_KEY, "is not an RSA key");
    }
    return key;
  }

  private static @Nullable String realm(OAuth1Scheme scheme, AuthContext context) {
    String template = scheme.realm();
    if (template == null) {
      return null;
    }
    return Placeholders.replace(template, inBraces -> inRealm(inBraces, context));
  }

  private static String inRealm(String inBraces, AuthContext context) {
    Placeholder placeholder = Placeholder.parse(inBraces);
    String name = placeholder.names().get(0);
    String value = placeholder.value(context::parameter);
    if (value == null || value.indexOf('"') >= 0 || value.indexOf('\\') >= 0) {
      throw CredentialText.fault(context, name, "is needed for the realm, without quotes");
    }
    return CredentialText.header(context, name, "Authorization", value);
  }

  private static String text(@Nullable Secret secret) {
    return secret == null ? "" : secret.reveal();
  }
}

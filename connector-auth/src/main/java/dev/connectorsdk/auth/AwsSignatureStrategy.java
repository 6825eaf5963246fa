package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** AWS Signature Version 4. */
final class AwsSignatureStrategy implements AuthStrategy<AwsSignatureScheme> {

  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,63}");

  @Override
  public Class<AwsSignatureScheme> schemeType() {
    return AwsSignatureScheme.class;
  }

  @Override
  public Authenticator open(AwsSignatureScheme scheme, AuthContext context) {
    String secret = CredentialText.required(context, AwsSignatureScheme.SECRET);
    Secret token = context.secret(AwsSignatureScheme.SESSION_TOKEN);
    @Nullable String sessionToken =
        token == null || token.isEmpty()
            ? null
            : CredentialText.header(
                context, AwsSignatureScheme.SESSION_TOKEN, "X-Amz-Security-Token", token.reveal());
    String fixed = scheme.region();
    return new AwsSignature(
        scheme,
        fixed != null ? fixed : matching(context, AwsSignatureScheme.REGION, REGION),
        matching(context, AwsSignatureScheme.KEY_ID, KEY_ID),
        secret,
        sessionToken,
        context.clock());
  }

  private static String matching(AuthContext context, String parameter, Pattern pattern) {
    String value = context.parameter(parameter);
    if (value == null || !pattern.matcher(value).matches()) {
      throw CredentialText.fault(
          context, parameter, "is needed, and must match " + pattern.pattern());
    }
    return value;
  }
}

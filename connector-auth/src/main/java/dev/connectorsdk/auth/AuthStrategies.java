package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The strategies for the schemes of {@link dev.connectorsdk.api.auth}. They keep nothing of a
 * connection but what its issuer says of itself and which token endpoints fail, and may be shared
 * by runtimes. Each is made when it is first asked for, and the same from then on. Safe for several
 * threads.
 *
 * <p>Opening a connection whose parameters cannot be sent throws an {@link
 * dev.connectorsdk.api.error.InvalidInputException} which names the parameter, never its value.
 */
public final class AuthStrategies {

  private final Map<Class<?>, AuthStrategy<?>> made = new HashMap<>(); // guarded by this

  /** Makes none yet. */
  public AuthStrategies() {}

  /** Returns one strategy for each scheme that the API module declares. */
  public static List<AuthStrategy<?>> standard() {
    AuthStrategies all = new AuthStrategies();
    return Stream.<Class<? extends AuthScheme>>of(
            NoneScheme.class,
            BasicScheme.class,
            ApiKeyScheme.class,
            BearerScheme.class,
            OAuth2Scheme.class,
            OAuth1Scheme.class,
            AzureSharedKeyScheme.class,
            AwsSignatureScheme.class,
            SignatureScheme.class,
            ClientCertificateScheme.class)
        .<AuthStrategy<?>>map(type -> all.find(type).orElseThrow())
        .toList();
  }

  /** Returns the strategy for a type of scheme, if the API module declares that. */
  public synchronized Optional<AuthStrategy<?>> find(Class<? extends AuthScheme> type) {
    AuthStrategy<?> known = made.get(type);
    if (known == null) {
      known = newStrategy(type);
      if (known != null) {
        made.put(type, known);
      }
    }
    return Optional.ofNullable(known);
  }

  /** The usual ones first: each comparison loads a type. */
  private @Nullable AuthStrategy<?> newStrategy(Class<?> type) {
    if (type == OAuth2Scheme.class) {
      return new OAuth2Strategy();
    } else if (type == ApiKeyScheme.class) {
      return new ApiKeyStrategy();
    } else if (type == NoneScheme.class) {
      return new NoneStrategy();
    } else if (type == BearerScheme.class) {
      return new BearerStrategy();
    } else if (type == BasicScheme.class) {
      return new BasicStrategy();
    } else if (type == OAuth1Scheme.class) {
      return new OAuth1Strategy();
    } else if (type == AzureSharedKeyScheme.class) {
      return new AzureSharedKeyStrategy();
    } else if (type == AwsSignatureScheme.class) {
      return new AwsSignatureStrategy();
    } else if (type == SignatureScheme.class) {
      return new SignatureStrategy();
    }
    return type == ClientCertificateScheme.class ? new ClientCertificateStrategy(this) : null;
  }
}

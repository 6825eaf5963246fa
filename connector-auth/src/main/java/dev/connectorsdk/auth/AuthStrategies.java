package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthStrategy;
import java.util.ArrayList;
import java.util.List;

/** The strategies for the schemes of {@link dev.connectorsdk.api.auth}. */
public final class AuthStrategies {

  private AuthStrategies() {}

  /**
   * Returns one strategy for each scheme that the API module declares. They keep nothing of a
   * connection but what its issuer says of itself and which token endpoints fail, and may be shared
   * by runtimes.
   *
   * <p>Opening a connection whose parameters cannot be sent throws an {@link
   * dev.connectorsdk.api.error.InvalidInputException} which names the parameter, never its value.
   */
  public static List<AuthStrategy<?>> standard() {
    List<AuthStrategy<?>> all = new ArrayList<>();
    all.add(new NoneStrategy());
    all.add(new BasicStrategy());
    all.add(new ApiKeyStrategy());
    all.add(new BearerStrategy());
    all.add(new OAuth2Strategy());
    all.add(new OAuth1Strategy());
    all.add(new AzureSharedKeyStrategy());
    all.add(new AwsSignatureStrategy());
    all.add(new SignatureStrategy());
    all.add(new ClientCertificateStrategy(List.copyOf(all)));
    return List.copyOf(all);
  }
}
